import type { LedgerRow, RowPause } from '../ledger/ports.js';
import type { Spool, SpoolFile } from './ports.js';
import { markRecord, type Mark } from './records.js';

/** A row that has its end: nothing more is recorded or filled in for its call. */
export const isSettled = ({ state }: Pick<LedgerRow, 'state'>): boolean => state !== 'intended' && state !== 'answered';

/**
 * The spool of a call whose recorder had another disk, or lost its own. The ledger says where the call's media is and when it was paused;
 * what was said before is in the relay's capture. A row without an answer is that of a call that was answered while the document store was
 * away: its time begins with the intent until the answer is known. Undefined for a call whose media is not known.
 */
export async function openFromRow(spool: Pick<Spool, 'create'>, row: LedgerRow): Promise<SpoolFile | undefined> {
  const { callId, number: ledgerNumber, intendedAt, answeredAt, media, pauses = [] } = row;
  if (isSettled(row) || media === undefined) return undefined;
  const { ports, ...place } = media;
  const beganAt = answeredAt ?? intendedAt;
  const originWallMs = Date.parse(beganAt);
  const file = await spool.create({ callId, ledgerNumber, ...place, originWallMs });
  const mark = markerOf(file);
  if (ports !== undefined)
    mark(beganAt, { kind: 'relay-ports', caller: [ports.caller], agent: [ports.far], agentAddress: ports.farAddress });
  if (answeredAt !== undefined) mark(answeredAt, { kind: 'answered', at: answeredAt });
  markPauses(file, pauses);
  await file.settle();
  return file;
}

/**
 * A spool that comes back with its machine does not have what happened to the call meanwhile. While a pause lasts that another recorder was
 * told of, nothing may be written. `lastMs`: the last time in the file.
 */
export async function addPauses(file: SpoolFile, { pauses = [] }: LedgerRow, lastMs: number): Promise<void> {
  const missed = pauses.filter(({ at }) => Date.parse(at) - file.header.originWallMs > lastMs);
  if (missed.length === 0) return;
  markPauses(file, missed);
  await file.settle();
}

/** Two orders of one moment may have been written in either order. */
function markPauses(file: SpoolFile, pauses: readonly RowPause[]): void {
  const mark = markerOf(file);
  for (const { at, reason } of [...pauses].sort((a, b) => a.at.localeCompare(b.at)))
    mark(at, reason === undefined ? { kind: 'resumed' } : { kind: 'paused', reason });
}

const markerOf =
  (file: SpoolFile) =>
  (at: string, what: Mark): void =>
    file.append(markRecord(Date.parse(at) - file.header.originWallMs, what));
