import type { Logger } from '../../shared/platform/processes/logger.js';
import { lostEntirely } from './account.js';
import { dayOf, nextDay, startOfDay } from './days.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { DayFacts, LedgerRow, LedgerStore, SheetAnchors, SheetStore } from './ports.js';
import type { DaySheet, SheetClock } from './day-sheet.js';
import { FIRST_PREVIOUS, hashOf, SheetBuilder, type Sha256Hex } from './sheet.js';
import type { CallId } from '../../shared/domain/ids.js';

/**
 * How long sealing waits after midnight for calls that are still being archived: nothing from the last quarter of an hour is ever sealed.
 */
export const GRACE_MS = 15 * 60_000;
/** A call without an account by then is recorded as lost. A recording that turns up later becomes an amendment on a later sheet. */
const LATEST_MS = 6 * 3_600_000;

export interface DayClosingDependencies {
  readonly ledger: LedgerStore;
  readonly sheets: SheetStore;
  readonly anchors: SheetAnchors;
  /** Answer and end of a call according to its own record, when the ledger was not told. */
  readonly recordOf: (callId: CallId) => Promise<{ readonly answeredAt?: string; readonly endedAt?: string } | undefined>;
  /** The newest row of the audit log, which the sheet carries; undefined before there is one. */
  readonly auditHead: () => Promise<DaySheet['auditHead']>;
  /** The rows behind the figures that the stores hold for the day. */
  readonly facts: DayFacts;
  /** What the sheet says of the clock, and what is told when the sheet is filed. */
  readonly clock: () => Promise<SheetClock>;
  readonly clockCarried: (sheet: DaySheet) => Promise<void>;
  readonly sha256: Sha256Hex;
  readonly audit: Audit;
  readonly timeZone: string;
  readonly log: Logger;
}

/** Seals every day that is over and not sealed, oldest first. Returns the sheets made; stops at a day that must still wait. */
export async function closeDays(deps: DayClosingDependencies, now: Date): Promise<DaySheet[]> {
  const made: DaySheet[] = [];
  let previous = await deps.sheets.newest();
  let day = previous === undefined ? await firstDay(deps) : nextDay(previous.day);
  while (day !== undefined && day < dayOf(now, deps.timeZone)) {
    const sheet = await closeDay(deps, day, previous?.hash ?? FIRST_PREVIOUS, now);
    if (sheet === undefined) break;
    made.push(sheet);
    previous = sheet;
    day = nextDay(day);
  }
  return made;
}

async function firstDay({ ledger, timeZone }: DayClosingDependencies): Promise<string | undefined> {
  const first = await ledger.first();
  return first === undefined ? undefined : dayOf(new Date(first.intendedAt), timeZone);
}

async function closeDay(deps: DayClosingDependencies, day: string, previousHash: string, now: Date): Promise<DaySheet | undefined> {
  const { ledger, sheets, anchors, sha256, timeZone, log } = deps;
  const from = startOfDay(day, timeZone);
  const to = startOfDay(nextDay(day), timeZone);
  const overForMs = now.getTime() - to.getTime();
  if (overForMs < GRACE_MS) return undefined;
  const builder = new SheetBuilder(sha256);
  for await (const row of ledger.between(from.toISOString(), to.toISOString())) builder.push(row);
  if (builder.open.length > 0) {
    if (overForMs < LATEST_MS) return undefined;
    for await (const row of ledger.between(from.toISOString(), to.toISOString())) await giveUp(deps, row);
    log.error({ day, legs: builder.open.length }, 'legs without an account are sealed as lost');
    return closeDay(deps, day, previousHash, now);
  }
  // A process that ended between the two writes below left a copy: that copy is the sheet of the day, and no second one is made.
  const left = (await anchors.ofDay(day)).find((copy) => copy.previousHash === previousHash && hashOf(copy, sha256) === copy.hash);
  if (left !== undefined) return file(deps, left);
  const amendments = await sheets.amendmentsSince();
  const auditHead = await deps.auditHead();
  const facts = await deps.facts.of({ fromMs: from.getTime(), untilMs: to.getTime() });
  const clock = await deps.clock();
  const sheet = builder.seal({ day, timeZone, previousHash, sealedAt: now.toISOString(), amendments, auditHead, facts, clock });
  // Written outside the database first: a sheet that only the database had could be replaced along with it.
  await anchors.write(sheet);
  return file(deps, sheet);
}

/** The heads of the audit chain are locked, so this row fixes the sheet there, too. A crash in between repeats the row. */
async function file({ audit, sheets, clockCarried }: DayClosingDependencies, sheet: DaySheet): Promise<DaySheet> {
  await audit({ who: 'system:recording', what: 'ledger.day-sealed', object: sheet.day, success: true, reason: sheet.hash });
  await sheets.add(sheet);
  await clockCarried(sheet);
  return sheet;
}

/** A row that was told of no answer is void only where the record of the call has none either: otherwise a recording is missing. */
async function giveUp({ ledger, recordOf }: DayClosingDependencies, row: LedgerRow): Promise<void> {
  if (row.account !== undefined || row.state === 'not-answered' || row.state === 'void') return;
  const { number, callId } = row;
  const record = await recordOf(callId);
  const answeredAt = row.answeredAt ?? record?.answeredAt;
  if (answeredAt === undefined)
    return ledger.settle({ number, callId, state: 'void', reason: 'neither an answer nor an end of this leg was reported' });
  const until = row.endedAt ?? record?.endedAt ?? answeredAt;
  return ledger.settle({
    number,
    callId,
    state: 'accounted',
    answeredAt,
    endedAt: until,
    account: lostEntirely(Math.max(0, Date.parse(until) - Date.parse(answeredAt)), 'no-account'),
    reason: 'sealed without a recording',
  });
}
