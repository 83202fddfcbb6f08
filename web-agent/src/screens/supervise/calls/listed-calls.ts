import { sidesOf } from '../../../../../services/shared/domain/calls/call-sides.js';
import type { AnswerOf } from '../../../session/api.js';
import { between, talkedMs, type CallRecord } from './call-record.js';

export type FoundRecording = AnswerOf<'GET /recordings'>['recordings'][number];

/** Filters that both lists know. */
export const commonFilters = ['called', 'agentId', 'queueId', 'from', 'to', 'cause', 'direction'] as const;
/** Filters that only recordings know; `recorded` alone asks for calls with a recording. */
export const recordingFilters = ['minMs', 'maxMs', 'disposition', 'minScore', 'maxScore', 'complaint', 'held', 'note'] as const;
export type FilterName = (typeof commonFilters)[number] | (typeof recordingFilters)[number] | 'recorded';

/** Filters that are folded away until somebody opens them. */
const folded: readonly FilterName[] = ['called', 'cause', 'direction', 'recorded', ...recordingFilters];

/** How many folded filters are set; the two bounds of a score are one. */
export const foldedCount = (address: URLSearchParams): number =>
  folded.filter((name) => name !== 'maxScore' && (address.get(name) ?? '') !== '').length;

/** Which list answers what is asked for, and how it is asked. A whole number is not part of the address, where others would read it. */
export function askedBy(
  address: URLSearchParams,
  text: string,
): { readonly source: 'calls' | 'recordings'; readonly query: URLSearchParams } {
  const isSet = (name: FilterName): boolean => (address.get(name) ?? '') !== '';
  const source = isSet('recorded') || recordingFilters.some(isSet) ? 'recordings' : 'calls';
  const query = new URLSearchParams();
  for (const name of [...commonFilters, ...(source === 'recordings' ? recordingFilters : [])]) {
    const value = address.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  if (text !== '' && source === 'calls') query.set('search', text);
  if (text !== '' && source === 'recordings') query.set('number', text.replaceAll(/[\s-]/g, ''));
  return { source, query };
}

/** Whether a search text is a telephone number, which stays out of the address. */
export const isNumber = (text: string): boolean => /^\+?[\d\s()-]+$/.test(text);

/** A row of the one list of calls, from the record of the call or from its recording. */
export interface ListedCall {
  readonly callId: string;
  readonly at: string;
  readonly direction: 'inbound' | 'outbound';
  readonly caller: string;
  readonly called: string;
  readonly queueId: string | undefined;
  readonly agentIds: readonly string[];
  readonly cause: CallRecord['cause'] | undefined;
  readonly waitedMs: number | null;
  readonly talkedMs: number | null;
  readonly isRecorded: boolean;
  readonly recordingMs: number | null;
  readonly result: readonly string[];
  readonly score: number | undefined;
  readonly marks: { readonly complaint: boolean; readonly held: boolean; readonly notes: number; readonly deleted: boolean };
}

const noMarks = { complaint: false, held: false, notes: 0, deleted: false } as const;

export const listedCall = (call: CallRecord): ListedCall => ({
  callId: call.callId,
  at: call.invitedAt,
  direction: call.direction,
  ...sidesOf(call),
  queueId: call.queueId ?? undefined,
  agentIds: call.agentId === null || call.agentId === undefined ? [] : [call.agentId],
  cause: call.cause,
  waitedMs: between(call.queuedAt, call.agentAnsweredAt ?? call.endedAt),
  talkedMs: talkedMs(call),
  isRecorded: call.answeredAt !== null && call.answeredAt !== undefined,
  recordingMs: null,
  result: [],
  score: undefined,
  marks: noMarks,
});

export const listedRecording = ({ callId, startedAt, durationMs, facets, holds, notes, deletion }: FoundRecording): ListedCall => ({
  callId,
  at: startedAt,
  direction: facets.direction,
  ...sidesOf(facets),
  queueId: facets.queueId,
  agentIds: facets.agentIds,
  cause: facets.cause as ListedCall['cause'],
  waitedMs: null,
  talkedMs: null,
  isRecorded: true,
  recordingMs: durationMs,
  result: facets.disposition ?? [],
  score: facets.score,
  marks: {
    complaint: (facets.complaintIds ?? []).length > 0,
    held: holds.length > 0,
    notes: notes.length,
    deleted: deletion !== undefined,
  },
});
