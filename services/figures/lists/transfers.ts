import { CallCentreError } from '../../shared/domain/failure.js';
import type { TransferScope, TransferTarget } from '../../shared/domain/figures/report.js';
import { isMember } from '../../shared/domain/people/team.js';
import { withinReach, type Reach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import type { Reads } from '../../shared/records/reads.js';
import { LONGEST_CALL_MS } from '../facts.js';
import type { Span } from '../report.js';

/** More are no matrix that people read. */
export const MOST_TRANSFERS = 50_000;

/** An agent handed a caller on. */
export interface Transfer {
  readonly callId: string;
  readonly atMs: number;
  readonly agentId: string;
  /** The queue that the caller was in last; none of a call that was in no queue. */
  readonly queueId: string | undefined;
  readonly target: TransferTarget;
  /** The queue or the agent; empty of a number outside, which is personal, and of a colleague whose seat was not found. */
  readonly to: string;
}

type TransferredCall = Pick<StoredCall, '_id' | 'visits' | 'history'>;

/** What an agent did, not the step of a flow nor a supervisor who took over. */
const isHandOver = ({ what, detail, agentId }: StoredCall['history'][number]): boolean =>
  what === 'transferred' && agentId !== undefined && detail !== 'take-over';

/** The transfers of one call, in time. To a colleague: whose seat rings after it, or who was asked before it. */
export function transfersOf({ _id, visits, history }: TransferredCall): Transfer[] {
  return history.flatMap((mark, place): Transfer[] => {
    if (!isHandOver(mark)) return [];
    const { atMs, agentId = '', detail, queueId } = mark;
    // A transfer to a queue begins the next visit at the same moment: it came from the one before.
    const from = { callId: _id, atMs, agentId, queueId: visits.findLast(({ fromMs }) => fromMs < atMs)?.queueId };
    if (detail === 'queue') return [{ ...from, target: 'queue', to: queueId ?? '' }];
    if (detail === 'number') return [{ ...from, target: 'number', to: '' }];
    const next = history[place + 1];
    const asked = history.slice(0, place).findLast(({ what }) => what === 'consult-answered');
    const rung = next?.what === 'offered' && next.atMs === atMs ? next.agentId : undefined;
    return [{ ...from, target: 'agent', to: rung ?? asked?.agentId ?? '' }];
  });
}

/**
 * The transfers of calls of service in a time, in and out, within a part of the centre: of calls whose queue and number lie in it, or by members of a team. Fails with
 * `invalid-request` where they are more than a matrix.
 */
export async function readTransfers(
  { calls }: Pick<Reads, 'calls'>,
  { fromMs, untilMs }: Span,
  reach: Reach,
): Promise<readonly Transfer[]> {
  const transfers: Transfer[] = [];
  const batches = calls.batches(
    {
      invitedAt: { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: new Date(untilMs) },
      class: 'service',
      'history.what': 'transferred',
    },
    { fields: ['visits', 'history', 'called'] },
  );
  for await (const batch of batches) {
    for (const { called, ...call } of batch)
      for (const transfer of transfersOf(call))
        if (transfer.atMs >= fromMs && transfer.atMs < untilMs && withinReach(reach, { ...transfer, called }, transfer.atMs))
          transfers.push(transfer);
    if (transfers.length > MOST_TRANSFERS)
      throw new CallCentreError('invalid-request', `More than ${String(MOST_TRANSFERS)} transfers: choose fewer days.`, {
        details: { limit: 'list-rows', most: MOST_TRANSFERS },
      });
  }
  return transfers.map(namedFor(reach)).sort((a, b) => a.atMs - b.atMs || (a.callId < b.callId ? -1 : 1));
}

/** Whoever leads teams reads no name of a colleague who was in another one. */
const namedFor =
  ({ members }: Reach) =>
  (transfer: Transfer): Transfer =>
    members === undefined || transfer.target !== 'agent' || isMember(members, transfer.to, transfer.atMs)
      ? transfer
      : { ...transfer, to: '' };

export interface TransferCell {
  /** The queue or the agent from which it came; empty where the call was in no queue. */
  readonly from: string;
  readonly target: TransferTarget;
  readonly to: string;
  readonly count: number;
}

/** From whom a transfer came. By queue all colleagues are one target: who of them it was, the matrix by agent says. */
export const endsOf = (by: TransferScope, { agentId, queueId = '', target, to }: Transfer): Omit<TransferCell, 'count'> => ({
  from: by === 'agent' ? agentId : queueId,
  target,
  to: by === 'queue' && target === 'agent' ? '' : to,
});

const keyOf = ({ from, target, to }: Omit<TransferCell, 'count'>): string => JSON.stringify([from, target, to]);

/** How many transfers there are from each to each. */
export function matrixOf(by: TransferScope, transfers: readonly Transfer[]): TransferCell[] {
  const cells = new Map<string, TransferCell>();
  for (const transfer of transfers) {
    const ends = endsOf(by, transfer);
    const key = keyOf(ends);
    cells.set(key, { ...ends, count: (cells.get(key)?.count ?? 0) + 1 });
  }
  return [...cells.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The transfers that a cell counts. */
export const transfersBehind = (
  by: TransferScope,
  transfers: readonly Transfer[],
  cell: Omit<TransferCell, 'count'>,
): readonly Transfer[] => transfers.filter((transfer) => keyOf(endsOf(by, transfer)) === keyOf(cell));
