import { CallCentreError } from '../../shared/domain/failure.js';
import type { TransferScope, TransferTarget } from '../../shared/domain/figures/report.js';
import { isMember } from '../../shared/domain/people/team.js';
import { withinReach, type Reach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import type { Reads } from '../../shared/records/reads.js';
import { LONGEST_CALL_MS } from '../facts.js';
import { isHandOver } from '../../shared/domain/figures/hand-over.js';
import type { Span } from '../report.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** A larger matrix is not readable. */
export const MOST_TRANSFERS = 50_000;

/** An agent transferred a caller. */
export interface Transfer {
  readonly callId: CallId;
  readonly atMs: number;
  readonly agentId: AgentId;
  /** The queue that the caller was in last; missing when the call was in no queue. */
  readonly queueId: QueueId | undefined;
  readonly target: TransferTarget;
  /** The queue or the agent. Empty for a number outside, which is personal data, and for a colleague whose seat was not found. */
  readonly to: string;
}

type TransferredCall = Pick<StoredCall, '_id' | 'visits' | 'history'>;

/** The transfers of one call in order of time. The target colleague is the one whose seat rings afterwards, or who was consulted before. */
export function transfersOf({ _id, visits, history }: TransferredCall): Transfer[] {
  return history.flatMap((mark, place): Transfer[] => {
    if (!isHandOver(mark)) return [];
    const { atMs, agentId = '', detail, queueId } = mark;
    // A transfer to a queue begins the next visit at the same moment, so it came from the visit before.
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
 * The transfers of service calls in a period, inbound and outbound, within a part of the centre: of calls whose queue and number lie in it,
 * or by members of a team. Fails with `invalid-request` when there are too many for a matrix.
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

/** A person with teams does not read the name of a colleague who was in another team. */
const namedFor =
  ({ members }: Reach) =>
  (transfer: Transfer): Transfer =>
    members === undefined || transfer.target !== 'agent' || isMember(members, transfer.to, transfer.atMs)
      ? transfer
      : { ...transfer, to: '' };

export interface TransferCell {
  /** The queue or the agent that it came from; empty when the call was in no queue. */
  readonly from: string;
  readonly target: TransferTarget;
  readonly to: string;
  readonly count: number;
}

/** The source and the target of a transfer. Grouped by queue, all colleagues are one target; the matrix by agent names them. */
export const endsOf = (by: TransferScope, { agentId, queueId = '', target, to }: Transfer): Omit<TransferCell, 'count'> => ({
  from: by === 'agent' ? agentId : queueId,
  target,
  to: by === 'queue' && target === 'agent' ? '' : to,
});

const keyOf = ({ from, target, to }: Omit<TransferCell, 'count'>): string => JSON.stringify([from, target, to]);

/** The number of transfers for each pair of source and target. */
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
