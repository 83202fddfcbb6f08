import type { Considered, SkipCounts } from '../matching/matcher.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** One entry of the log that explains why a call waited. */
export interface WaitEntry {
  readonly entryId: string;
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly at: Date;
  readonly waitedMs: number;
  /**
   * `queued`: entered the queue; `waits`: examined and offered to nobody; `offered`: rings at the chosen agents; `left`: no longer waits.
   */
  readonly what: 'queued' | 'waits' | 'offered' | 'left';
  /** Only with `queued`: what the call asks for. */
  readonly priority?: number;
  readonly skills?: Readonly<Record<string, number>>;
  readonly preferredAgentId?: string;
  /** Only with `waits`: how many calls are ahead in its queue. */
  readonly ahead?: number;
  /** Only with `waits` and `offered`: the decision. */
  readonly loweredBy?: number;
  readonly chosen?: readonly string[];
  readonly considered?: readonly Considered[];
  readonly skipped?: SkipCounts;
  /** Only with `left`: `answered`, or the reason in `call.dequeued`. */
  readonly outcome?: string;
  readonly agentId?: AgentId;
}

export type WaitCause =
  | 'ringing'
  | 'behind-others'
  | 'waiting-for-preferred'
  | 'skill-missing'
  | 'avoided'
  | 'no-sound'
  | 'seat-busy'
  | 'all-busy'
  | 'nobody-there'
  | 'unknown';

/** A part of the wait with one cause. */
export interface WaitSpan {
  readonly queueId: QueueId;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: WaitCause;
  /** The calls ahead of it in the queue, at the last look. */
  readonly ahead: number;
  /** What the members were doing, at the last look. */
  readonly skipped: SkipCounts;
  /** The agents at whom it rang. */
  readonly agents: readonly string[];
}

/** The whole wait of a call: its stretches, and how it ended. */
export interface WaitExplanation {
  readonly callId: CallId;
  readonly waitedMs: number;
  /** Absent while the call waits. */
  readonly outcome?: string;
  readonly agentId?: AgentId;
  readonly spans: readonly WaitSpan[];
}

const busy = ['not-ready:on-call', 'not-ready:wrap-up', 'not-ready:offered'];

/** Why a call was offered to nobody in this round. A cause in the rules takes precedence over one in the agents. */
export function causeOf(entry: Pick<WaitEntry, 'considered' | 'skipped'>): WaitCause {
  const counts = entry.skipped ?? {};
  const some = (reason: string): boolean => (counts[reason] ?? 0) > 0;
  if (entry.considered?.some(({ verdict }) => verdict !== 'skipped') === true) return 'behind-others';
  for (const reason of ['waiting-for-preferred', 'skill-missing', 'avoided', 'no-sound', 'seat-busy'] as const)
    if (some(reason)) return reason;
  return busy.some(some) ? 'all-busy' : 'nobody-there';
}

/** "Why did this caller wait 94 s?": the entries of one call, in order of time, as stretches that add up to the wait. */
export function explainWait(callId: CallId, entries: readonly WaitEntry[], nowMs: number): WaitExplanation {
  const spans: WaitSpan[] = [];
  entries.forEach((entry, place) => {
    if (entry.what === 'left') return;
    const next = entries[place + 1];
    // The first look comes a moment after the entry, and also explains why the call had to wait in that moment.
    const told = entry.what === 'queued' && next?.what === 'waits' ? next : entry;
    const cause = told.what === 'waits' ? causeOf(told) : told.what === 'offered' ? 'ringing' : 'unknown';
    const span: WaitSpan = {
      queueId: entry.queueId,
      fromMs: entry.at.getTime(),
      toMs: next?.at.getTime() ?? nowMs,
      cause,
      ahead: told.ahead ?? 0,
      skipped: told.skipped ?? {},
      agents: cause === 'ringing' ? (told.chosen ?? []) : [],
    };
    const last = spans.at(-1);
    if (last !== undefined && last.cause === cause && last.queueId === span.queueId && cause !== 'ringing')
      spans[spans.length - 1] = { ...span, fromMs: last.fromMs };
    else if (span.toMs > span.fromMs) spans.push(span);
  });
  const left = entries.findLast(({ what }) => what === 'left');
  const isOver = left !== undefined && entries.at(-1) === left;
  return {
    callId,
    waitedMs: spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
    ...(isOver && left.outcome !== undefined ? { outcome: left.outcome } : {}),
    ...(isOver && left.agentId !== undefined ? { agentId: left.agentId } : {}),
    spans,
  };
}
