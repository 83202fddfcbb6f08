import type { Logger } from '../../shared/platform/processes/logger.js';
import { FactsReader } from '../archive/assembly.js';
import type { CallIndex } from '../archive/ports.js';
import type { LedgerRow, LedgerStore } from '../ledger/ports.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { RelayCopies, Spool, SpoolFile } from './ports.js';
import { markRecord, readRecords } from './records.js';
import { addPauses, isSettled, openFromRow } from './row-to-spool.js';

export interface LeftCallsDependencies {
  readonly spool: Pick<Spool, 'list' | 'open' | 'create' | 'remove'>;
  readonly copies: Pick<RelayCopies, 'look'>;
  readonly ledger: Pick<LedgerStore, 'open' | 'ofCall'>;
  readonly calls: Pick<CallIndex, 'find'>;
  readonly finish: (callId: CallId) => void;
  readonly listenAgain: (file: SpoolFile) => Promise<void>;
  readonly wallMs: () => number;
  readonly log: Logger;
}

/** What the last recorder left, in this spool or on another machine: ended calls are finished, live calls are copied again. */
export async function takeUpLeft(deps: LeftCallsDependencies): Promise<void> {
  const { spool, ledger, finish, log } = deps;
  const inSpool = new Set(spool.list());
  for (const callId of inSpool) {
    const file = await spool.open(callId);
    const row = await rowOf(callId, ledger);
    if (file === undefined || (row !== undefined && isRecorded(row))) {
      await spool.remove(callId);
      continue;
    }
    const facts = new FactsReader(file.header.originWallMs);
    for (const record of readRecords(await file.read(0)).records) facts.push(record);
    const { endedAt, lastMs } = facts.facts();
    if (endedAt !== undefined) {
      finish(callId);
      continue;
    }
    if (row !== undefined) await addPauses(file, row, lastMs);
    await goOnOrFinish(file, deps);
  }
  try {
    for (const row of await ledger.open()) {
      const file = inSpool.has(row.callId) ? undefined : await openFromRow(spool, row);
      if (file !== undefined) await goOnOrFinish(file, deps);
    }
  } catch (error) {
    log.warn({ err: error }, 'open ledger rows could not be read at the start');
  }
}

/** Unknown while the ledger is away: then the call is finished, or copied again, once more. */
const rowOf = (callId: CallId, ledger: Pick<LedgerStore, 'ofCall'>): Promise<LedgerRow | undefined> =>
  ledger.ofCall(callId).catch(() => undefined);

/**
 * Whether the archive has the call's recording, or had it until it was removed: made by a recorder on another machine, or by this one, which
 * then died.
 */
const isRecorded = (row: LedgerRow): boolean => isSettled(row) && row.recording !== undefined;

async function goOnOrFinish(file: SpoolFile, deps: LeftCallsDependencies): Promise<void> {
  if (await mayGoOn(file, deps)) await deps.listenAgain(file);
  else
    await finishGone(file, deps).catch((error: unknown) =>
      deps.log.warn({ err: error, callId: file.header.callId }, 'it is not known how a call that the relay no longer has ended'),
    );
}

/** Includes a call that a relay, being down, says nothing about. Once the relay is back, the tick requests the copies. */
function mayGoOn(file: SpoolFile, { copies }: LeftCallsDependencies): Promise<boolean> {
  return copies.look(file.header).then(
    (view) => view !== undefined,
    () => true,
  );
}

/** The relay no longer has the call. Its end may have been reported to a recorder on another machine. */
async function finishGone(file: SpoolFile, { ledger, calls, spool, finish, wallMs }: LeftCallsDependencies): Promise<void> {
  const { callId, originWallMs } = file.header;
  const row = await ledger.ofCall(callId);
  if (row !== undefined && isSettled(row)) {
    await spool.remove(callId);
    return;
  }
  const endedAt = (await calls.find(callId))?.endedAt;
  // Without a record of the call the end is still to be reported: telephony reports the end of every call that it lost.
  if (endedAt === undefined) return;
  file.append(markRecord(wallMs() - originWallMs, { kind: 'ended', at: endedAt }));
  await file.settle();
  finish(callId);
}
