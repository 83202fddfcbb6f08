import type { Logger } from '../../shared/platform/processes/logger.js';
import { FactsReader } from '../archive/assembly.js';
import type { CallIndex } from '../archive/ports.js';
import type { LedgerRow, LedgerStore, RowPause } from '../ledger/ports.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { CallMedia, RelayCopies, Spool, SpoolFile } from './ports.js';
import { markRecord, readRecords, type Mark } from './records.js';
import { addPauses, isSettled, openFromRow } from './row-to-spool.js';
import type { ToldRecording } from './told-recordings.js';

export interface LeftCallsDependencies {
  readonly spool: Pick<Spool, 'list' | 'open' | 'create' | 'remove'>;
  readonly copies: Pick<RelayCopies, 'look' | 'startCapture' | 'stopCapture'>;
  readonly ledger: Pick<LedgerStore, 'open' | 'ofCall'>;
  readonly calls: Pick<CallIndex, 'find'>;
  readonly finish: (callId: CallId) => void;
  readonly listenAgain: (file: SpoolFile) => Promise<void>;
  /** Does the work unless this recorder has, or is getting, the call by an order of its own. */
  readonly unlessKnown: (callId: CallId, work: () => Promise<void>) => Promise<void>;
  /** What telephony says of its live calls. */
  readonly toldOf: () => Promise<ReadonlyMap<CallId, ToldRecording>>;
  /** For the ledger: the spool of another machine may come back and go on. */
  readonly notePause: (file: SpoolFile, pause: RowPause) => void;
  readonly wallMs: () => number;
  readonly log: Logger;
}

/** What the last recorder left, in this spool or on another machine: ended calls are finished, live calls are copied again. */
export async function takeUpLeft(deps: LeftCallsDependencies): Promise<void> {
  const { spool, ledger, copies, finish, log } = deps;
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
      const { callId, answeredAt, media } = row;
      if (inSpool.has(callId) || media === undefined) continue;
      // Without an answer nobody knows yet whether there is anything to record, unless the relay has the call.
      if (answeredAt === undefined && !(await mayBeThere(media, copies))) continue;
      await deps.unlessKnown(callId, async () => {
        const file = await openFromRow(spool, row);
        if (file !== undefined) await goOnOrFinish(file, deps);
      });
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
  if (await mayBeThere(file.header, deps.copies)) {
    await asTold(file, deps);
    await deps.listenAgain(file);
  } else
    await finishGone(file, deps).catch((error: unknown) =>
      deps.log.warn({ err: error, callId: file.header.callId }, 'it is not known how a call that the relay no longer has ended'),
    );
}

/** Includes a call that a relay, being down, says nothing about. Once the relay is back, the tick requests the copies. */
function mayBeThere(media: CallMedia, copies: Pick<RelayCopies, 'look'>): Promise<boolean> {
  return copies.look(media).then(
    (view) => view !== undefined,
    () => true,
  );
}

/**
 * An order to pause or to go on that was carried out just before its machine died may be in no spool and in no row. Telephony knows of it,
 * and the page shows it. An order that telephony has not given yet finds this recorder, or is given again.
 */
async function asTold(file: SpoolFile, { toldOf, copies, notePause, wallMs, log }: LeftCallsDependencies): Promise<void> {
  const { callId, originWallMs } = file.header;
  const told = (await toldOf()).get(callId);
  const facts = new FactsReader(originWallMs);
  for (const record of readRecords(await file.read(0)).records) facts.push(record);
  const { lastMs } = facts.facts();
  const mark = (sinceMs: number, what: Mark & { readonly kind: 'paused' | 'resumed' }): void => {
    const atMs = Math.max(sinceMs - originWallMs, lastMs);
    file.append(markRecord(atMs, what));
    notePause(file, { at: new Date(originWallMs + atMs).toISOString(), ...(what.kind === 'paused' ? { reason: what.reason } : {}) });
  };
  const warn = (error: unknown): void => log.warn({ err: error, callId }, 'the relay did not pause or resume its capture');
  if (told?.recording === 'paused' && told.pause !== undefined && !facts.isPaused) {
    const { reason, since } = told.pause;
    mark(Date.parse(since), { kind: 'paused', reason });
    await copies.stopCapture(file.header).catch(warn);
  } else if (told?.recording === 'on' && facts.isPaused) {
    mark(wallMs(), { kind: 'resumed' });
    await copies.startCapture(file.header).catch(warn);
  } else return;
  await file.settle();
}

/** The relay no longer has the call. Its end may have been reported to a recorder on another machine. */
async function finishGone(file: SpoolFile, { ledger, calls, spool, finish, wallMs }: LeftCallsDependencies): Promise<void> {
  const { callId, originWallMs } = file.header;
  const row = await ledger.ofCall(callId);
  if (row !== undefined && isSettled(row)) {
    await spool.remove(callId);
    return;
  }
  const { answeredAt, endedAt } = (await calls.find(callId)) ?? {};
  // Without a record of the call the end is still to be reported: telephony reports the end of every call that it lost.
  if (endedAt === undefined) return;
  if (answeredAt === undefined) {
    // The end of a call that nobody answered is reported too, and closes its row.
    await spool.remove(callId);
    return;
  }
  file.append(markRecord(Date.parse(answeredAt) - originWallMs, { kind: 'answered', at: answeredAt }));
  file.append(markRecord(wallMs() - originWallMs, { kind: 'ended', at: endedAt }));
  await file.settle();
  finish(callId);
}
