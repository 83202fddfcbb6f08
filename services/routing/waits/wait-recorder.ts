import type { Desk } from '../matching/desk.js';
import { waitedInAll, type Decision, type WaitingCall } from '../matching/matcher.js';
import type { WaitStore } from '../ports.js';
import type { WaitEntry } from './wait-log.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

const FIRST_LOOK_MS = 5_000;
/** With steps of at most this length, a call that waits for an hour is looked at about ten times, not seven hundred. */
const LONGEST_STEP_MS = 600_000;

/** Records why calls wait: at once when nobody can be offered the call, then at intervals that double. */
export function createWaitRecorder({
  desk,
  waits,
  now,
  newId,
}: {
  readonly desk: Desk;
  readonly waits: WaitStore;
  readonly now: () => Date;
  readonly newId: () => string;
}) {
  const due = new Map<string, { readonly atMs: number; readonly stepMs: number }>();

  function entry(call: WaitingCall, more: Partial<WaitEntry> & Pick<WaitEntry, 'what'>) {
    const at = now();
    const { callId, queueId } = call;
    waits.add({ entryId: newId(), callId, queueId, at, waitedMs: waitedInAll(call, at.getTime()), ...more });
  }

  return {
    queued(call: WaitingCall): void {
      const { priority, skills, preferredAgentId } = call;
      entry(call, { what: 'queued', priority, skills, ...(preferredAgentId === undefined ? {} : { preferredAgentId }) });
      due.set(call.callId, { atMs: now().getTime(), stepMs: FIRST_LOOK_MS });
    },
    /** Puts a call back in line after an offer that failed. */
    again(callId: CallId): void {
      if (desk.waiting(callId) !== undefined) due.set(callId, { atMs: now().getTime(), stepMs: FIRST_LOOK_MS });
    },
    /** The id under which the decision is kept. */
    offered(decision: Decision): string {
      const entryId = newId();
      waits.add({ ...decision, entryId, at: now(), what: 'offered' });
      return entryId;
    },
    left(call: WaitingCall, outcome: string, agentId?: AgentId): void {
      due.delete(call.callId);
      entry(call, { what: 'left', outcome, ...(agentId === undefined ? {} : { agentId }) });
    },
    /** Records the calls whose next look is due. */
    look(): void {
      const atMs = now().getTime();
      for (const [callId, { atMs: dueMs, stepMs }] of due) {
        if (dueMs > atMs) continue;
        const call = desk.waiting(callId);
        if (call === undefined) {
          due.delete(callId);
          continue;
        }
        due.set(callId, { atMs: atMs + stepMs, stepMs: Math.min(2 * stepMs, LONGEST_STEP_MS) });
        const decision = desk.explain(callId, atMs);
        if (decision === undefined) continue;
        const { loweredBy, chosen, considered, skipped } = decision;
        entry(call, { what: 'waits', ahead: (desk.position(callId) ?? 1) - 1, loweredBy, chosen, considered, skipped });
      }
    },
  };
}

export type WaitRecorder = ReturnType<typeof createWaitRecorder>;
