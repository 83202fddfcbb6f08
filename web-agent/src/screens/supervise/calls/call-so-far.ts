import type { AnswerOf } from '../../../session/api.js';
import type { CallRecord } from './call-record.js';

export type CallSoFar = AnswerOf<'GET /calls/:callId/live'>;

/** A call as its page shows it: while it is live it has no end yet, and it may wait in a queue and have people who listen. */
export type ShownCall = Omit<CallRecord, 'cause' | 'by' | 'sipStatus'> &
  Partial<Pick<CallRecord, 'cause' | 'by' | 'sipStatus'>> &
  Partial<Pick<CallSoFar, 'state' | 'waiting' | 'listeners'>>;

/** Whether a call is still there to be ended: a caller who hears the closing sentence, or is gone, cannot be told again. */
export const canBeEnded = ({ state }: Pick<ShownCall, 'state'>): boolean => state !== 'closing' && state !== 'ended';

/** A page that has heard nothing for this long stops extending the call. */
export const GROWS_FOR_MS = 10_000;

/** A live call some time after the server reported it: whatever had not ended by then is extended. */
export function grown(call: CallSoFar, sinceMs: number): CallSoFar {
  const byMs = Math.min(GROWS_FOR_MS, Math.max(0, sinceMs));
  const untilMs = Date.parse(call.endedAt);
  const later = (at: string): string => new Date(Date.parse(at) + byMs).toISOString();
  const span = <T extends { readonly to: string }>(of: T): T => (of.to === call.endedAt ? { ...of, to: later(of.to) } : of);
  return {
    ...call,
    endedAt: later(call.endedAt),
    talks: call.talks?.map(span),
    holds: call.holds.map(span),
    pauses: call.pauses.map(span),
    segments: call.segments?.map((segment) => (segment.toMs === untilMs ? { ...segment, toMs: untilMs + byMs } : segment)),
    dialled: call.dialled.map((leg) => (leg.endedAt === call.endedAt ? { ...leg, endedAt: later(leg.endedAt) } : leg)),
  };
}
