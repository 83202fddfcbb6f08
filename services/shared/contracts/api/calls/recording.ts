import { z } from 'zod';
import { file, type Endpoints } from '../endpoint.js';
import { CALL_LIST_ROWS } from './calls.js';
import { AgentId, CallId, QueueId, asAgentId, asCallId, asQueueId, ComplaintId } from '../../ids.js';

const optionalBoolean = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

const Found = z.object({
  number: z.string().max(32).optional(),
  called: z.string().max(32).optional(),
  agentId: asAgentId(z.string().max(64)).optional(),
  queueId: asQueueId(z.string().max(64)).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  minMs: z.coerce.number().int().nonnegative().optional(),
  maxMs: z.coerce.number().int().nonnegative().optional(),
  disposition: z.string().max(64).optional(),
  minScore: z.coerce.number().int().optional(),
  maxScore: z.coerce.number().int().optional(),
  complaint: optionalBoolean,
  held: optionalBoolean,
  note: z.string().min(1).max(100).optional(),
  cause: z.string().max(40).optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
});
export type RecordingsFound = z.infer<typeof Found>;

const Search = Found.extend({
  cursor: z
    .string()
    .regex(/^[0-9TZ:.-]{20,30}_[\w-]{1,64}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const Gap = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  kind: z.string(),
  reason: z.string(),
});
export type Gap = z.infer<typeof Gap>;

export const Note = z.object({
  id: z.string(),
  atMs: z.number(),
  text: z.string(),
  by: z.string(),
  at: z.string(),
});
export type Note = z.infer<typeof Note>;

export const LegalHold = z.object({
  id: z.string(),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
});
export type LegalHold = z.infer<typeof LegalHold>;

/** A recording in the archive, with the facts of its call. */
export const Recording = z.object({
  facets: z.object({
    direction: z.enum(['inbound', 'outbound']),
    callerMasked: z.string(),
    called: z.string(),
    agentIds: z.array(AgentId),
    queueId: QueueId.optional(),
    /** The path through the queue's results, as codes. A search for its last code finds the call. */
    disposition: z.array(z.string()).optional(),
    cause: z.string().optional(),
    score: z.number().optional(),
    complaintIds: z.array(ComplaintId).optional(),
  }),
  callId: CallId,
  ledgerNumber: z.number(),
  startedAt: z.string(),
  endedAt: z.string(),
  durationMs: z.number(),
  /** The hash of the audio file as it is played, in hex. */
  sha256: z.string(),
  sizeBytes: z.number(),
  codec: z.literal('opus'),
  marks: z.array(
    z.object({
      atMs: z.number(),
      what: z.string(),
    }),
  ),
  gaps: z.array(Gap),
  notes: z.array(Note),
  retentionClass: z.string(),
  keepUntil: z.string(),
  lockedUntil: z.string().optional(),
  holds: z.array(LegalHold),
  archivedAt: z.string(),
  deletion: z
    .object({
      at: z.string(),
      by: z.string(),
      rule: z.string(),
    })
    .optional(),
});
export type Recording = z.infer<typeof Recording>;

export const recordingApi = {
  'GET /recordings': {
    right: 'recordings.play',
    summary: 'Recordings by number, agent, queue, time, length, disposition, score, complaint, note, cause and direction, newest first.',
    query: Search,
    answer: z.object({
      recordings: z.array(Recording),
      next: z.string().nullable(),
    }),
    failures: [],
  },
  'GET /recordings/export.csv': {
    right: 'recordings.play',
    summary: `The filtered list of recordings as CSV with masked numbers, without audio, ${CALL_LIST_ROWS} at most.`,
    query: Found,
    answer: file('text/csv'),
    failures: ['too-large'],
  },
  'GET /recordings/export.xlsx': {
    right: 'recordings.play',
    summary: `The filtered list of recordings as a workbook with masked numbers, without audio, ${CALL_LIST_ROWS} at most.`,
    query: Found,
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['too-large'],
  },
  'GET /recordings/:callId': {
    right: 'recordings.play',
    summary: 'One recording: length, hash, gaps, marks, notes, holds.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    answer: Recording,
    failures: ['not-found'],
  },
  'GET /recordings/:callId/peaks': {
    right: 'recordings.play',
    summary: 'The loudest sample of each bucket, 0-255, per channel, for drawing.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    answer: z.object({
      bucketMs: z.number(),
      durationMs: z.number(),
      caller: z.array(z.number()),
      agent: z.array(z.number()),
    }),
    failures: ['not-found'],
  },
  'GET /recordings/:callId/audio': {
    right: 'recordings.play',
    summary: 'The audio as Ogg Opus (caller left, agent right) with Range, or as WAV; its hash is checked before the first byte.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    query: z.object({ format: z.enum(['ogg', 'wav']).default('ogg') }),
    answer: file('audio/ogg', 'audio/wav'),
    failures: ['not-found', 'recording-damaged', 'recording-missing', 'recording-truncated', 'service-unavailable'],
  },
  'GET /recordings/:callId/download': {
    right: 'recordings.download',
    summary: 'The file for download, with person and time in its name and metadata; needs a reason.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    query: z.object({ reason: z.string().trim().min(3).max(300) }),
    answer: file('audio/ogg'),
    failures: ['not-found', 'recording-damaged', 'recording-missing', 'recording-truncated', 'service-unavailable'],
  },
  'POST /recordings/:callId/notes': {
    right: 'recordings.review',
    summary: 'A note at a point in the recording.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    body: z.object({ atMs: z.int().nonnegative(), text: z.string().trim().min(1).max(1_000) }),
    answer: z.object({
      by: z.string(),
      at: z.string(),
      atMs: z.number(),
      text: z.string(),
      id: z.string(),
    }),
    failures: ['not-found'],
  },
} satisfies Endpoints;
export type RecordingApi = typeof recordingApi;
