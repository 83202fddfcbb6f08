import type { ToldTransfer } from '../../shared/contracts/calls/told-transfer.js';
import type { AgentId, CallId, QueueId, TrunkId } from '../../shared/domain/ids.js';

/** A handling of a call of service that ended by a transfer of its agent. */
export interface BoardTransfer {
  /** The call, and which of its handlings. */
  readonly transferId: string;
  /** When the handling began. */
  readonly atMs: number;
  readonly agentId: AgentId;
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  readonly trunkId?: TrunkId | undefined;
}

export const transferIdOf = (callId: CallId, handling: number): string => `${callId}/${String(handling)}`;

/** A transfer as the end of its call tells it. */
export const boardTransfer = (
  { handling, at, agentId, queueId }: ToldTransfer,
  { callId, ...line }: { readonly callId: CallId } & Pick<BoardTransfer, 'called' | 'trunkId'>,
): BoardTransfer => ({ transferId: transferIdOf(callId, handling), atMs: Date.parse(at), agentId, queueId, ...line });

/**
 * The transfers of the site's day and of the last half hour, by the scopes that `keysOf` names. Like a report it has one once its call has
 * ended; it counts when the handling began.
 */
export function createDayTransfers(latelyMs: number, keysOf: (transfer: BoardTransfer) => readonly string[]) {
  let midnightMs = Number.NEGATIVE_INFINITY;
  const known = new Map<string, BoardTransfer>();
  const byKey = new Map<string, BoardTransfer[]>();
  const isOfNow = ({ atMs }: BoardTransfer): boolean => atMs >= midnightMs - latelyMs;

  function add(transfer: BoardTransfer): void {
    known.set(transfer.transferId, transfer);
    for (const key of keysOf(transfer)) {
      const of = byKey.get(key);
      if (of === undefined) byKey.set(key, [transfer]);
      else of.push(transfer);
    }
  }

  /** Finds the scopes of all anew, and forgets those that have become old. */
  function again(): void {
    const rest = [...known.values()].filter(isOfNow);
    known.clear();
    byKey.clear();
    rest.forEach(add);
  }

  return {
    /** Takes a transfer from the end of its call or from the record of its call; both say the same. */
    saw(transfer: BoardTransfer): void {
      if (isOfNow(transfer) && !known.has(transfer.transferId)) add(transfer);
    },
    turnTo(beganMs: number): void {
      midnightMs = beganMs;
      again();
    },
    /** A person has changed the team. */
    again,
    of(key: string, nowMs: number): { readonly today: number; readonly lately: number } {
      let [today, lately] = [0, 0];
      for (const { atMs } of byKey.get(key) ?? []) {
        if (atMs >= midnightMs) today += 1;
        if (atMs >= nowMs - latelyMs) lately += 1;
      }
      return { today, lately };
    },
    keys: (): readonly string[] => [...byKey.keys()],
  };
}
