import { z } from 'zod';
import { helpEnds, helpReasons } from '../../../domain/calls/help.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { CallId, QueueId, UserId } from '../../ids.js';

/** The largest number of closed requests in the list. */
export const HELP_ROWS = 500;

const person = z.object({ userId: UserId, name: z.string() });
const helpId = z.object({ helpId: z.string().min(1).max(64) });

const request = {
  id: z.string(),
  at: z.iso.datetime(),
  reason: z.enum(helpReasons).optional(),
  /** The supervisor who is coming. */
  takenBy: person.optional(),
};

/** An open request, as supervisors see it. */
export const OpenHelp = z.object({
  ...request,
  agent: person,
  /** The call of the agent; only for calls within reach. */
  callId: CallId.optional(),
  queueId: QueueId.optional(),
});
export type OpenHelp = z.infer<typeof OpenHelp>;

export const EndedHelp = z.object({
  ...request,
  agent: person,
  endedAt: z.iso.datetime(),
  ended: z.enum(helpEnds),
  /** The time until a supervisor said that they are coming; missing when nobody came. */
  waitedMs: z.number().optional(),
});
export type EndedHelp = z.infer<typeof EndedHelp>;

/** How long agents waited for somebody to come, over the rows of the answer. */
export const HelpFigures = z.object({
  asked: z.int(),
  /** Requests for which a supervisor said that they are coming. */
  taken: z.int(),
  /** The mean and the longest wait of those, in milliseconds; null when there were none. */
  meanMs: z.number().nullable(),
  longestMs: z.number().nullable(),
});
export type HelpFigures = z.infer<typeof HelpFigures>;

export const helpApi = {
  'GET /help/mine': {
    right: 'seat.use',
    summary: 'The open request for help of the person behind a seat, and who is coming.',
    answer: z.object({ request: z.object(request).optional() }),
    failures: [],
  },
  'POST /help/mine': {
    right: 'seat.use',
    summary:
      'Asks the supervisors who reach the agent for help, or gives the open request its reason. The call is the one that the agent is in.',
    body: z.object({ reason: z.enum(helpReasons).optional() }),
    answer: z.object({ request: z.object(request) }),
    failures: [],
  },
  'DELETE /help/mine': {
    right: 'seat.use',
    summary: 'Withdraws the caller’s own request for help.',
    answer: nothing,
    failures: [],
  },
  'GET /help': {
    right: 'help.answer',
    summary: 'Open requests for help of the agents within reach, the oldest first.',
    answer: z.object({ open: z.array(OpenHelp) }),
    failures: ['timed-out'],
  },
  'POST /help/:helpId/taken': {
    right: 'help.answer',
    summary: 'Says that the supervisor is coming. The first one to say so takes the request; the answer names them.',
    params: helpId,
    answer: z.object({ takenBy: person }),
    failures: ['wrong-state', 'timed-out'],
  },
  'POST /help/:helpId/settled': {
    right: 'help.answer',
    summary: 'Closes a request for help that was answered.',
    params: helpId,
    answer: nothing,
    failures: ['timed-out'],
  },
  'GET /help/ended': {
    right: 'help.answer',
    summary: `Requests for help of agents within reach that are over, the newest first, at most ${HELP_ROWS}.`,
    query: z.object({ days: z.coerce.number().int().min(1).max(31).default(7) }),
    answer: z.object({ rows: z.array(EndedHelp), figures: HelpFigures }),
    failures: ['timed-out'],
  },
} satisfies Endpoints;
export type HelpApi = typeof helpApi;
