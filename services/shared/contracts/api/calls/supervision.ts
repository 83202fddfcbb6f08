import { z } from 'zod';
import {
  acknowledgementStates,
  listeningNotices,
  listeningReasons,
  monitoringModes,
  withoutAcknowledgement,
} from '../../../domain/calls/listening.js';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { AgentId, CallId, QueueId, UserId } from '../../ids.js';

/** A longer period is exported in parts. */
export const LISTENING_EXPORT_ROWS = 20_000;

/** The text that agents read and acknowledge, in both languages. */
const RuleText = z.object({ 'zh-CN': z.string().trim().min(20).max(4_000), en: z.string().trim().min(20).max(4_000) });
export type RuleText = z.infer<typeof RuleText>;

const rule = {
  notice: z.enum(listeningNotices),
  withoutAcknowledgement: z.enum(withoutAcknowledgement),
  text: RuleText,
};

export const ListeningRule = z.object({
  ...rule,
  /** The document that permits listening without notifying agents. */
  document: z.string().optional(),
  /** Raised with each change of the text. */
  textVersion: z.int(),
  revision: z.int(),
  changedBy: z.string().optional(),
});
export type ListeningRule = z.infer<typeof ListeningRule>;

const person = z.object({ userId: UserId, name: z.string() });

export const ListeningRow = z.object({
  id: z.string(),
  callId: CallId,
  listener: person,
  /** The agent in charge of the call when the listening began. */
  agent: person,
  queueId: QueueId.optional(),
  /** Missing when the row was made from the event alone. */
  reason: z.enum(listeningReasons).optional(),
  note: z.string().optional(),
  notice: z.enum(listeningNotices),
  beganAt: z.iso.datetime(),
  /** Missing while the listening lasts. */
  endedAt: z.iso.datetime().optional(),
  seconds: z.number(),
  parts: z.array(z.object({ mode: z.enum(monitoringModes), agentId: AgentId, beganAt: z.iso.datetime(), seconds: z.number() })),
});
export type ListeningRow = z.infer<typeof ListeningRow>;

const userId = z.string().min(1).max(64);
const period = {
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  listenerId: userId.optional(),
  agentId: userId.optional(),
  reason: z.enum(listeningReasons).optional(),
};
export const ListeningSearch = z.object(period);
export type ListeningSearch = z.infer<typeof ListeningSearch>;

export const supervisionApi = {
  'GET /listening/rule': {
    right: 'listening.read',
    summary: 'When agents are notified of listening, what applies to those who have not acknowledged the rule, and its text.',
    answer: ListeningRule,
    failures: [],
  },
  'PUT /listening/rule': {
    right: 'listening.edit',
    summary:
      'Sets the rule for listening that begins from now on. `never` needs the document that permits it; when the text changes, every agent has to acknowledge it again.',
    body: z
      .object({ ...rule, document: z.string().trim().min(3).max(200).optional(), revision: z.int() })
      .refine(({ notice, document }) => notice !== 'never' || document !== undefined, { path: ['document'], message: 'needed with never' }),
    answer: ListeningRule,
    failures: ['changed-meanwhile'],
  },
  'GET /listening/acknowledgements': {
    right: 'listening.read',
    summary: 'Agents within reach with their last acknowledgement of the rule; agents without a valid one come first.',
    answer: z.object({
      people: z.array(
        person.extend({
          state: z.enum(acknowledgementStates),
          at: z.iso.datetime().optional(),
          textVersion: z.int().optional(),
        }),
      ),
    }),
    failures: ['timed-out'],
  },
  'GET /listening/report': {
    right: 'listening.read',
    summary: 'Who listened to whom, why, in which mode and how long, newest first, for calls within reach.',
    query: ListeningSearch.extend({
      skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ rows: z.array(ListeningRow), total: z.number(), people: z.array(person) }),
    failures: [],
  },
  'GET /listening/report.csv': {
    right: 'listening.read',
    summary: `The same as CSV, one line for each mode, ${LISTENING_EXPORT_ROWS} rows at most; it contains no phone numbers.`,
    query: ListeningSearch,
    answer: file('text/csv'),
    failures: ['too-large'],
  },
  'GET /listening/mine': {
    right: 'seat.use',
    summary: 'What the person at a seat has to know: the text not yet acknowledged, and who listened to past calls.',
    answer: z.object({
      acknowledge: z.object({ text: RuleText, textVersion: z.int(), state: z.enum(acknowledgementStates) }).optional(),
      listened: z.array(
        z.object({
          id: z.string(),
          callId: CallId,
          listenerName: z.string(),
          beganAt: z.iso.datetime(),
          seconds: z.number(),
          modes: z.array(z.enum(monitoringModes)),
          reason: z.enum(listeningReasons).optional(),
        }),
      ),
    }),
    failures: [],
  },
  'POST /listening/mine/acknowledgement': {
    right: 'seat.use',
    summary: 'Acknowledges the listening rule, for a year or until its text changes.',
    body: z.object({ textVersion: z.int() }),
    answer: nothing,
    failures: ['changed-meanwhile'],
  },
  'POST /listening/mine/seen': {
    right: 'seat.use',
    summary: 'The person has read that these calls were listened to.',
    body: z.object({ ids: z.array(z.string().max(64)).min(1).max(100) }),
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type SupervisionApi = typeof supervisionApi;
