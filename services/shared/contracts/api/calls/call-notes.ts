import { z } from 'zod';
import { CALL_NOTE_LENGTH } from '../../calls/text-lengths.js';
import { type Endpoints, nothing } from '../endpoint.js';
import { asCallId } from '../../ids.js';

/** Of one call. */
export const MOST_CALL_NOTES = 200;

const callId = z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) });

/** A note on a call: by whom and when. */
export const CallNote = z.object({ noteId: z.string(), at: z.iso.datetime(), by: z.string(), text: z.string() });
export type CallNote = z.infer<typeof CallNote>;

export const callNotesApi = {
  'GET /calls/:callId/notes': {
    right: 'calls.see',
    summary: 'The notes on a live or ended call, oldest first.',
    params: callId,
    answer: z.object({ notes: z.array(CallNote) }),
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'POST /calls/:callId/notes': {
    right: 'calls.note',
    summary:
      'Adds a note to a live call; its agents and everybody who has its page open see it at once. Sending the same `noteId` again adds nothing.',
    params: callId,
    body: z.object({
      /** Made by the writer, so that a note can be sent again if no answer came. */
      noteId: z.string().regex(/^[0-9a-z-]{8,64}$/),
      text: z.string().trim().min(1).max(CALL_NOTE_LENGTH),
    }),
    answer: nothing,
    failures: ['not-found', 'wrong-state', 'too-large', 'service-unavailable', 'timed-out'],
  },
} satisfies Endpoints;
export type CallNotesApi = typeof callNotesApi;
