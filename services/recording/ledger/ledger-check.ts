import type { Finding } from '../../shared/contracts/api/calls/retention.js';
import type { Words } from '../../shared/domain/language.js';
import { checkRecording, numberWords, type ArchiveTally, type Draw, type Found, type RecordingWitness } from './archive-check.js';
import type { DayFacts, LedgerRow, LedgerStore, SheetAnchors, SheetStore } from './ports.js';
import { startOfDay, nextDay } from './days.js';
import type { DaySheet } from './day-sheet.js';
import { canonical, FIRST_PREVIOUS, GaplessCheck, hashOf, SheetBuilder, type Sha256Hex } from './sheet.js';

/** By how much the dialog's times and the account may differ. */
const TOLERANCE_MS = 1_500;
const LISTED = 100;

export interface LedgerVerdict {
  readonly ok: boolean;
  readonly rows: number;
  readonly open: number;
  readonly sheets: number;
  readonly seconds: Readonly<Record<string, number>>;
  /**
   * What was seen of the archive: objects that exist with their length, recordings that were read and compared, lawful and unlawful
   * deletions.
   */
  readonly archive: Readonly<ArchiveTally>;
  readonly findings: readonly Finding[];
}

/** The first `LISTED` findings of a check, and how to note one. */
function listOfFindings(): { readonly findings: Finding[]; readonly found: Found } {
  const findings: Finding[] = [];
  return {
    findings,
    found(what, { zh, en }) {
      if (findings.length < LISTED) findings.push({ what, detail: en, zh });
    },
  };
}

/**
 * Recomputes the ledger from its rows and compares it with the sealed sheets, with every version of their copies outside the database, and
 * with the archive: each object exists with its length, the day's share of objects is read and compared with its hashes, and each deletion
 * is judged by its rule. Writes nothing but when a recording was opened.
 */
export async function checkLedger({
  ledger,
  sheets,
  anchors,
  recordings,
  draw,
  facts,
  sha256,
}: {
  readonly ledger: LedgerStore;
  readonly sheets: SheetStore;
  readonly anchors: Pick<SheetAnchors, 'all'>;
  readonly recordings: RecordingWitness;
  readonly draw: Draw;
  readonly facts: DayFacts;
  readonly sha256: Sha256Hex;
}): Promise<LedgerVerdict> {
  const { findings, found } = listOfFindings();
  const ms: Record<string, number> = { recorded: 0, paused: 0, 'no-media': 0, lost: 0 };
  const gapless = new GaplessCheck(await ledger.head());
  const numbers = new Map<number, string>();
  const archive: ArchiveTally = { present: 0, opened: 0, deleted: 0 };
  const asked = { recordings, draw, sha256, tally: archive, found };
  const compared = new Set<string>();
  let open = 0;
  for await (const row of ledger.inOrder()) {
    gapless.push(row.number);
    numbers.set(row.number, row.callId);
    for (const [kind, sum] of Object.entries(row.account?.ms ?? {})) ms[kind] = (ms[kind] ?? 0) + sum;
    if (row.state === 'intended' || row.state === 'answered') open += 1;
    const { zh, en } = numberWords(row.number);
    for (const problem of problemsOf(row)) found('account-incomplete', { zh: `${zh}：${problem.zh}`, en: `${en}: ${problem.en}` });
    if (row.recording === undefined) continue;
    await checkRecording(row.number, row.callId, row.recording.sha256, asked);
    compared.add(row.callId);
  }
  for (const [from, to] of gapless.finish()) found('number-missing', numbersWords(from, to));
  for await (const { callId, ledgerNumber } of recordings.all()) {
    if (numbers.get(ledgerNumber) !== callId)
      found('recording-without-row', {
        zh: `录音库中一份录音所载的编号 ${ledgerNumber}`,
        en: `number ${ledgerNumber} of an archived recording`,
      });
    // Found after its day was sealed: the row does not name the recording, so its own entry is all there is to compare with.
    if (!compared.has(callId)) await checkRecording(ledgerNumber, callId, undefined, asked);
  }
  const count = await checkSheets({ ledger, sheets, anchors, facts, sha256, found });
  await checkOwners({ ledger, sheets, facts, now: draw.now, found });
  const seconds = Object.fromEntries(Object.entries(ms).map(([kind, sum]) => [kind, Math.round(sum / 1_000)]));
  return { ok: findings.length === 0, rows: numbers.size, open, sheets: count, seconds, archive, findings };
}

const DAY_MS = 86_400_000;
/** So many sealed days are compared beside those that are not sealed. */
const COMPARED_DAYS = 7;
/** A call is written into the ledger a moment after it arrived. */
const INTENDED_WITHIN_MS = 3_600_000;

/**
 * The owners of a call must agree about it. This is the only check that sees a call which was rewritten before its day is sealed. Whoever
 * rewrites a sealed day is found by its sheet, so that only the newest sealed days are compared again.
 */
async function checkOwners({
  ledger,
  sheets,
  facts,
  now,
  found,
}: Pick<Parameters<typeof checkSheets>[0], 'ledger' | 'sheets' | 'facts' | 'found'> & { readonly now: Date }): Promise<void> {
  const [newest, first] = await Promise.all([sheets.newest(), ledger.first()]);
  const fromMs =
    newest === undefined
      ? Date.parse(first?.intendedAt ?? now.toISOString())
      : startOfDay(newest.day, newest.timeZone).getTime() - (COMPARED_DAYS - 1) * DAY_MS;
  for (let dayMs = fromMs - INTENDED_WITHIN_MS; dayMs < now.getTime(); dayMs += DAY_MS) {
    const day = { fromMs: dayMs, untilMs: Math.min(now.getTime(), dayMs + DAY_MS) };
    const rows = ledger.between(new Date(dayMs).toISOString(), new Date(day.untilMs + INTENDED_WITHIN_MS).toISOString());
    for (const contradiction of await facts.contradictions(day, rows)) found('facts-disagree', contradiction);
  }
}

/** Compares the sealed days with the rows of the stores and with the copies outside; opens no recording. Only reads. */
export async function checkSealedDays(
  needs: Omit<Parameters<typeof checkSheets>[0], 'found'>,
): Promise<{ readonly sheets: number; readonly findings: readonly Finding[] }> {
  const { findings, found } = listOfFindings();
  return { sheets: await checkSheets({ ...needs, found }), findings };
}

async function checkSheets({
  ledger,
  sheets,
  anchors,
  facts,
  sha256,
  found,
}: {
  readonly ledger: LedgerStore;
  readonly sheets: SheetStore;
  readonly anchors: Pick<SheetAnchors, 'all'>;
  readonly facts: DayFacts;
  readonly sha256: Sha256Hex;
  readonly found: Found;
}): Promise<number> {
  const outside = new Map<string, DaySheet[]>();
  for (const copy of await anchors.all()) outside.set(copy.day, [...(outside.get(copy.day) ?? []), copy]);
  const late = new Set<string>();
  for await (const { amendments } of sheets.inOrder()) for (const { callId } of amendments) late.add(callId);
  let previous = FIRST_PREVIOUS;
  let count = 0;
  for await (const sheet of sheets.inOrder()) {
    count += 1;
    if (hashOf(sheet, sha256) !== sheet.hash)
      found('sheet-changed', {
        zh: `${sheet.day} 的日结表与其自身的哈希值不符`,
        en: `the sheet of ${sheet.day} does not have its own hash`,
      });
    if (sheet.previousHash !== previous)
      found('sheet-not-chained', {
        zh: `${sheet.day} 的日结表未与前一张相连`,
        en: `the sheet of ${sheet.day} does not follow the one before it`,
      });
    const anchored = outside.get(sheet.day);
    if (anchored === undefined)
      found('sheet-missing', {
        zh: `${sheet.day} 的日结表在数据库之外的副本已不存在`,
        en: `the copy of ${sheet.day} outside the database is gone`,
      });
    else if (anchored.some((copy) => copy.hash !== sheet.hash || hashOf(copy, sha256) !== copy.hash))
      found('sheet-changed', {
        zh: `${sheet.day} 的日结表与数据库之外的副本不同`,
        en: `the sheet of ${sheet.day} differs from a copy of it outside the database`,
      });
    outside.delete(sheet.day);
    await checkRows(ledger, sheet, sha256, found);
    await checkFacts(sheet, facts, late, found);
    previous = sheet.hash;
  }
  for (const day of outside.keys())
    found('sheet-missing', { zh: `${day} 的日结表已不在数据库中`, en: `the sheet of ${day} is gone from the database` });
  return count;
}

async function checkRows(ledger: LedgerStore, sheet: DaySheet, sha256: Sha256Hex, found: Found): Promise<void> {
  const builder = new SheetBuilder(sha256);
  const to = startOfDay(nextDay(sheet.day), sheet.timeZone);
  for await (const row of ledger.between(startOfDay(sheet.day, sheet.timeZone).toISOString(), to.toISOString())) builder.push(row);
  const again = builder.seal(sheet);
  if (again.rowsHash === sheet.rowsHash) return;
  const detail =
    canonical(again.numbers) === canonical(sheet.numbers)
      ? { zh: `${sheet.day} 有台账行与封存时不同`, en: `a row of ${sheet.day} is not what was sealed` }
      : {
          zh: `${sheet.day} 封存时为 ${sheet.legs} 通，现为 ${again.legs} 通`,
          en: `${sheet.day} was sealed with ${sheet.legs} legs and has ${again.legs} now`,
        };
  found('rows-changed', detail);
}

/** What the rows of each kind of facts are. */
const ROWS_OF: Readonly<Record<string, Words>> = {
  calls: { zh: '通话', en: 'calls' },
  reviews: { zh: '录音质检', en: 'reviews' },
  surveys: { zh: '满意度邀请', en: 'invitations to a survey' },
  answers: { zh: '满意度作答', en: 'answers to surveys' },
  states: { zh: '坐席状态', en: 'states of agents' },
  turns: { zh: '跨零点的坐席状态', en: 'states of agents over midnight' },
  seats: { zh: '上线的话机', en: 'seats that came online' },
  cases: { zh: '投诉登记', en: 'complaints as they were recorded' },
  clocks: { zh: '投诉时限记录', en: "events of complaints' clocks" },
  attempts: { zh: '外呼请求', en: 'requests to call out' },
  proofs: { zh: '拨测', en: 'proof calls' },
  legs: { zh: '转外线的通话段', en: 'legs to numbers outside' },
  recordings: { zh: '录音', en: 'recordings' },
  consents: { zh: '同意记录', en: 'consents' },
  attachments: { zh: '附件', en: 'attachments' },
};
/** The rows of other slices must be the same as when the day was sealed. */
async function checkFacts(
  { day, timeZone, facts: sealed }: DaySheet,
  facts: DayFacts,
  late: ReadonlySet<string>,
  found: Found,
): Promise<void> {
  if (sealed === undefined) return;
  const columns = Object.fromEntries(Object.entries(sealed).map(([kind, fact]) => [kind, fact.columns]));
  const stretch = { fromMs: startOfDay(day, timeZone).getTime(), untilMs: startOfDay(nextDay(day), timeZone).getTime() };
  const now = await facts.of(stretch, { columns, late });
  for (const [kind, { rows, sha256 }] of Object.entries(sealed)) {
    const present = now[kind];
    if (present?.sha256 !== sha256)
      found('facts-changed', changeOf(ROWS_OF[kind] ?? { zh: kind, en: kind }, day, rows, present?.rows ?? 0));
  }
}

function changeOf(rowsOf: Words, day: string, sealed: number, now: number): Words {
  const isAltered = sealed === now;
  return {
    zh: `${day} ${rowsOf.zh}：封存时 ${sealed} 条，${isAltered ? '之后有一条或多条被改动或调换' : `现有 ${now} 条`}`,
    en: `${day}, ${rowsOf.en}: sealed with ${sealed}, ${isAltered ? 'and one or more of them altered or exchanged since' : `now ${now}`}`,
  };
}

/** What is wrong with one row on its own: its stretches must tile the answered time. */
export function problemsOf(row: LedgerRow): Words[] {
  const { account, answeredAt, endedAt } = row;
  if (account === undefined) return [];
  const problems: Words[] = [];
  let at = 0;
  for (const { fromMs, toMs } of account.stretches) {
    if (fromMs !== at) problems.push({ zh: `第 ${at} 至 ${fromMs} 毫秒未入账`, en: `${at} to ${fromMs} ms are not accounted for` });
    at = toMs;
  }
  if (at !== account.answeredMs)
    problems.push({
      zh: `末尾第 ${at} 至 ${account.answeredMs} 毫秒被截去`,
      en: `the tail from ${at} to ${account.answeredMs} ms is cut`,
    });
  if (answeredAt !== undefined && endedAt !== undefined) {
    const talkMs = Date.parse(endedAt) - Date.parse(answeredAt);
    if (Math.abs(talkMs - account.answeredMs) > TOLERANCE_MS)
      problems.push({
        zh: `通话历时 ${talkMs} 毫秒，时间账为 ${account.answeredMs} 毫秒`,
        en: `the dialog lasted ${talkMs} ms, the account ${account.answeredMs} ms`,
      });
  }
  return problems;
}

/** Numbers of the ledger that nobody has. */
const numbersWords = (from: number, to: number): Words =>
  from === to ? numberWords(from) : { zh: `编号 ${from} 至 ${to}`, en: `numbers ${from} to ${to}` };
