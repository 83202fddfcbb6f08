import type { LedgerRow } from '../ledger/ports.js';
import type { Spool, SpoolFile } from './ports.js';
import { markRecord, type Mark } from './records.js';

/** A row that has its end: nothing more is recorded or filled in for its call. */
export const isSettled = ({ state }: Pick<LedgerRow, 'state'>): boolean => state !== 'intended' && state !== 'answered';

/**
 * The spool of an answered call whose recorder had another disk, or lost its own. The ledger says where the call's media is and when it was
 * paused; what was said before is in the relay's capture. Undefined for a call of which that is not known.
 */
export async function openFromRow(spool: Pick<Spool, 'create'>, row: LedgerRow): Promise<SpoolFile | undefined> {
  const { callId, number: ledgerNumber, answeredAt, media, pauses = [] } = row;
  if (isSettled(row) || answeredAt === undefined || media === undefined) return undefined;
  const { ports, ...place } = media;
  const originWallMs = Date.parse(answeredAt);
  const file = await spool.create({ callId, ledgerNumber, ...place, originWallMs });
  const mark = (at: string, what: Mark): void => file.append(markRecord(Date.parse(at) - originWallMs, what));
  if (ports !== undefined)
    mark(answeredAt, { kind: 'relay-ports', caller: [ports.caller], agent: [ports.far], agentAddress: ports.farAddress });
  mark(answeredAt, { kind: 'answered', at: answeredAt });
  // Two orders of one moment may have been written in either order.
  for (const { at, reason } of [...pauses].sort((a, b) => a.at.localeCompare(b.at)))
    mark(at, reason === undefined ? { kind: 'resumed' } : { kind: 'paused', reason });
  await file.settle();
  return file;
}
