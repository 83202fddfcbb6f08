import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSigner } from '../../../services/evidence/adapters/signing-key.js';
import { cellsLine } from '../../../services/evidence/adapters/csv-file.js';
import { readFixedFiles } from '../../../services/evidence/adapters/workshop.js';
import { createZip } from '../../../services/evidence/adapters/zip-writer.js';
import {
  MANIFEST,
  manifestText,
  SIGNATURE,
  SM2_SIGNATURE,
  STAMP,
  type Manifest,
  type PackedFile,
} from '../../../services/evidence/pack/manifest.js';
import { heldRows } from '../../../services/evidence/pack/attachments.js';
import { createDraw, type Draw } from '../../../services/evidence/pack/draw.js';
import * as columns from '../../../services/evidence/quality/call-row.js';
import * as proof from '../../../services/evidence/quality/proof-row.js';
import * as witness from '../../../services/evidence/quality/witness-row.js';
import { TABLES } from '../../../services/evidence/pack/row-files.js';
import { readableRows } from '../../../services/evidence/quality/readable-rows.js';
import { speak } from '../../../services/shared/domain/language.js';
import { formulas, type Figure } from '../../../services/evidence/quality/formulas.js';
import { sealFacts } from '../../../services/evidence/quality/sealed-facts.js';
import { figureRow, headsOf, widths } from '../../../services/evidence/documents/quality-documents.js';
import { table } from '../../../services/shared/domain/licence/document.js';
import { renderPdf } from '../../../services/shared/platform/paper/pdf-renderer.js';
import { createTally } from '../../../services/evidence/quality/tally.js';
import { statementOf } from '../../../services/witness/statement.js';
import type { StoredRows } from '../../../services/evidence/ports.js';
import type { DaySheet } from '../../../services/recording/ledger/day-sheet.js';
import type { LedgerRow } from '../../../services/recording/ledger/ports.js';
import { HOLDS_JUMPS, JUMPS, type ClockJumps } from '../../../services/evidence/pack/clock-jumps.js';
import { ledgerNumbers, type LedgerNumbers } from '../../../services/recording/ledger/numbers.js';
import { canonicalRow, FIRST_PREVIOUS, hashOf, SheetBuilder } from '../../../services/recording/ledger/sheet.js';

// Packs for the verifiers: an honest one, and what somebody made of it.
const ZONE = 'Asia/Shanghai';
const DAYS = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05'];
const CALLS_A_DAY = 40;
const DAY_MS = 86_400_000;
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
const FROM = startOf('2026-10-01');
const UNTIL = startOf('2026-10-06');
const sha256 = (body: string | Uint8Array): string => createHash('sha256').update(body).digest('hex');

export interface Rows {
  calls: columns.CallRow[];
  recordings: columns.RecordingRow[];
  complaints: columns.ComplaintRow[];
  surveys: columns.SurveyRow[];
  proofs: columns.ProofRow[];
  states: columns.StateRow[];
  reviews: columns.ReviewRow[];
  alarms: columns.AlarmRow[];
  attempts: columns.AttemptRow[];
  consents: proof.ConsentRow[];
  legs: proof.LegRow[];
  clocks: proof.ClockRow[];
  attachments: proof.AttachmentRow[];
  ledger: proof.LedgerEntry[];
  turns: witness.TurnRow[];
  answers: witness.AnswerRow[];
  cases: witness.CaseRow[];
  seats: witness.SeatRow[];
  /** Only in the pack of a plant with a draw. */
  drawn: proof.DrawnRow[];
}

const heads: Readonly<Record<keyof Rows, readonly string[]>> = {
  calls: columns.callColumns,
  recordings: columns.recordingColumns,
  complaints: columns.complaintColumns,
  surveys: columns.surveyColumns,
  proofs: columns.proofColumns,
  states: columns.stateColumns,
  reviews: columns.reviewColumns,
  alarms: columns.alarmColumns,
  attempts: columns.attemptColumns,
  consents: proof.consentColumns,
  legs: proof.legColumns,
  clocks: proof.clockColumns,
  attachments: proof.attachmentColumns,
  ledger: proof.ledgerColumns,
  turns: witness.turnColumns,
  answers: witness.answerColumns,
  cases: witness.caseColumns,
  seats: witness.seatColumns,
  drawn: proof.drawnColumns,
};

/** The visits of a call as its row has them: here one. */
export const visit = (waitMs: number, outcome: string): string => JSON.stringify([['service', waitMs, outcome]]);

/** Five days: on the fifth everybody waits long. Every tenth call is abandoned, every fifth goes out. */
export function honestRows(): Rows {
  const rows: Rows = {
    calls: [],
    recordings: [],
    complaints: [],
    surveys: [],
    proofs: [],
    states: [],
    reviews: [],
    alarms: [],
    attempts: [],
    consents: [],
    legs: [],
    clocks: [],
    attachments: [],
    ledger: [],
    turns: [],
    answers: [],
    cases: [],
    seats: [],
    drawn: [],
  };
  addProofs(rows);
  for (const [day, name] of DAYS.entries())
    for (let i = 0; i < CALLS_A_DAY; i += 1) {
      const callId = `call-${name}-${i}`;
      const invitedAtMs = startOf(name) + 9 * 3_600_000 + i * 300_000;
      const isOut = i % 5 === 4;
      const leaves = i % 10 === 3;
      const answeredAtMs = invitedAtMs + 800;
      const waitMs = day === 4 ? 60_000 + i * 100 : 2_000 + i * 250;
      const queuedAtMs = answeredAtMs + 5_000;
      const takenAtMs = queuedAtMs + waitMs;
      const talkMs = 40_000 + i * 1_000;
      const endedAtMs = leaves ? queuedAtMs + 9_000 : takenAtMs + talkMs;
      rows.calls.push({
        callId,
        direction: isOut ? 'outbound' : 'inbound',
        ...{ invitedAtMs, answeredAtMs, endedAtMs, called: '4001000', queueId: isOut ? '' : 'service', agentId: leaves ? '' : 'agent1' },
        ...(isOut ? { postDialDelayMs: 1_200 + i } : { queuedAtMs, ...(leaves ? {} : { agentAnsweredAtMs: takenAtMs }) }),
        ...{ trunkId: 'carrier-1', callerKey: `person${i % 17}`, cause: leaves ? 'abandoned-in-queue' : 'completed', releasedBy: 'caller' },
        ...{ talkMs: leaves ? 0 : talkMs, holdMs: 0, lossPercent: 0.1, jitterMs: 3, roundTripMs: 40 },
        class: 'service',
        ...{ handlings: leaves ? 0 : 1, visits: isOut ? '[]' : visit(leaves ? 9_000 : waitMs, leaves ? 'abandoned' : 'answered') },
        ledgerNumber: day * CALLS_A_DAY + i + 1,
      });
      rows.ledger.push(
        ledgerEntry(day * CALLS_A_DAY + i + 1, callId, invitedAtMs + 100, leaves ? undefined : sha256(recordingBody(callId)), {
          answeredAtMs,
          endedAtMs,
        }),
      );
      if (!leaves)
        rows.recordings.push({
          ...{ callId, atMs: answeredAtMs, sha256: sha256(recordingBody(callId)), durationMs: endedAtMs - answeredAtMs },
          sizeBytes: recordingBody(callId).length,
          ...{ queueId: isOut ? '' : 'service', called: '4001000', handled: !isOut, kept: 'stored' },
        });
      if (isOut)
        rows.attempts.push({
          ...{ callId, atMs: invitedAtMs - 500, allowed: i !== 9, reason: i === 9 ? 'no-consent' : '', purpose: 'complaint-return' },
          ...{
            personKey: `person${i % 7}`,
            numberMasked: '138****0000',
            shown: '4001000',
            trunkId: 'carrier-1',
            consentId: i === 9 ? '' : 'c1',
          },
        });
      if (!leaves && !isOut && i % 4 === 0) addSurvey(rows, callId, endedAtMs, i % 8 === 0);
      if (i === 0) {
        rows.proofs.push({
          proofId: `p-${name}`,
          atMs: invitedAtMs,
          ok: true,
          totalMs: 9_000,
          origin: 'canary',
          linesDown: day === 1 ? 'carrier-1' : '',
          over: day === 2 ? 'carrier-1>(echo)' : '',
        });
        rows.states.push({ agentId: 'agent1', fromMs: invitedAtMs, untilMs: invitedAtMs + 3_600_000, state: 'ready', ofService: false });
        rows.states.push({
          ...{ agentId: 'agent1', fromMs: invitedAtMs + 3_600_000, untilMs: invitedAtMs + 3_690_000 },
          state: 'wrap-up',
          ofService: true,
        });
        rows.reviews.push({
          reviewId: `r-${name}`,
          callId,
          atMs: endedAtMs,
          queueId: 'service',
          agentId: 'agent1',
          scorePercent: 90,
          critical: 0,
          fatal: 0,
        });
        rows.complaints.push({
          ...{ number: `TS${name}`, receivedAtMs: invitedAtMs, dueAtMs: invitedAtMs + 15 * DAY_MS, answeredAtMs: invitedAtMs + 3_600_000 },
          ...{ kind: 'waiting', source: 'call', upheld: '', reopened: false, appeal: false, state: 'answered', earlier: '[]' },
        });
      }
      if (!leaves && !isOut)
        rows.states.push({ agentId: 'agent1', fromMs: takenAtMs, untilMs: endedAtMs + 500, state: 'on-call', ofService: false });
    }
  addWitnesses(rows);
  return rows;
}

/** An invitation to score a call; the caller presses 5, and 1 for a solved matter, six seconds later. */
function addSurvey({ surveys, answers, calls }: Rows, callId: string, atMs: number, isAnswered: boolean): void {
  const surveyId = `s-${callId}`;
  const invited = { surveyId, callId, atMs, method: 'keys' as const, queueId: 'service', agentId: 'agent1' };
  if (!isAnswered) return void surveys.push({ ...invited, answers: '[]' });
  const [first, second] = [`a-${callId}`, `b-${callId}`];
  const [scoredAtMs, solvedAtMs] = [atMs + 4_000, atMs + 10_000];
  answers.push({ answerId: first, surveyId, atMs: scoredAtMs, score: 5, corrects: '', by: 'caller' });
  answers.push({ answerId: second, surveyId, atMs: solvedAtMs, score: 5, solved: true, corrects: first, by: 'caller' });
  surveys.push({
    ...{ ...invited, score: 5, solved: true },
    answers: JSON.stringify([
      { id: first, atMs: scoredAtMs, score: 5, solved: null, corrects: null },
      { id: second, atMs: solvedAtMs, score: 5, solved: true, corrects: first },
    ]),
  });
  const keys = [
    { question: 'score', key: '5', atMs: scoredAtMs },
    { question: 'solved', key: '1', atMs: solvedAtMs },
  ];
  calls.push({ ...calls.pop()!, surveyKeys: JSON.stringify(keys) });
}

/** The seats of the agents, an agent who stays away over midnight, and the complaints as they were recorded. */
function addWitnesses({ turns, states, cases, seats }: Rows): void {
  for (const day of DAYS) {
    const at = startOf(day) + 9 * 3_600_000;
    for (const agentId of ['agent1', 'agent2'])
      seats.push({ seatId: `${agentId}-${day}`, agentId, atMs: at - 60_000, offlineAtMs: at + 10 * 3_600_000 });
    cases.push({ number: `TS${day}`, atMs: at, receivedAtMs: at, source: 'call', joinedInto: '' });
    const away = { agentId: 'agent2', fromMs: at + 8 * 3_600_000, state: 'away' };
    const untilMs = at + DAY_MS - 3_600_000;
    states.push({ ...away, untilMs, ofService: false });
    turns.push({ turnId: `t-${day}/began`, ...away, atMs: away.fromMs, what: 'began' });
    turns.push({ turnId: `t-${day}/ended`, ...away, atMs: untilMs, what: 'ended' });
  }
}

/** The bytes of the attached files, by their id, to which the rows refer. */
export const attachedBody = (fileId: string): Uint8Array => Buffer.from(`what was attached as ${fileId}`);

/** The recording of a call, as it was before it was encrypted for the store. */
export const recordingBody = (callId: string): Uint8Array => Buffer.from(`OggS the sound of ${callId}`);

interface AnsweredTime {
  readonly answeredAtMs: number;
  readonly endedAtMs: number;
}
const iso = (atMs: number): string => new Date(atMs).toISOString();

const ledgerRow = (number: number, callId: string, intendedAtMs: number, recording: string | undefined, of?: AnsweredTime): LedgerRow => ({
  ...{ number, callId, state: 'accounted', intendedAt: iso(intendedAtMs) },
  ...(of === undefined ? {} : { answeredAt: iso(of.answeredAtMs), endedAt: iso(of.endedAtMs) }),
  ...(recording === undefined
    ? { account: { answeredMs: 1_000, ms: { recorded: 0, paused: 0, 'no-media': 1_000, lost: 0 }, stretches: [] } }
    : {
        account: { answeredMs: 1_000, ms: { recorded: 1_000, paused: 0, 'no-media': 0, lost: 0 }, stretches: [] },
        recording: { objectKey: `recordings/${callId}`, sha256: recording, durationMs: 1_000 },
      }),
});
export const ledgerEntry = (
  number: number,
  callId: string,
  atMs: number,
  recording: string | undefined,
  of?: AnsweredTime,
): proof.LedgerEntry => ({
  ...{ number, callId, atMs, row: canonicalRow(ledgerRow(number, callId, atMs, recording, of)) },
});

/** One consent from before the period and one within it, a transfer, the clocks of the complaints, and three attached files. */
function addProofs(rows: Rows): void {
  const consent = {
    ...{ personKey: 'person4', numberMasked: '138****0000', purposes: 'complaint-return', channel: 'written', clientUnit: '' },
    ...{ original: '', originalSha256: '' },
  };
  rows.consents.push({ ...consent, consentId: 'c1', atMs: FROM - 30 * DAY_MS, givenAtMs: FROM - 31 * DAY_MS });
  const second = FROM + DAY_MS + 10 * 3_600_000;
  const original = { original: 'file', originalSha256: sha256(attachedBody('consent-c2')) };
  rows.consents.push({ ...consent, ...original, consentId: 'c2', atMs: second, givenAtMs: second - 1_000 });
  rows.legs.push({
    ...{
      legId: 'leg-1',
      callId: 'call-2026-10-02-1',
      atMs: startOf('2026-10-02') + 9 * 3_600_000 + 320_000,
      way: 'transfer',
      allowed: true,
      reason: '',
      purpose: 'transfer',
    },
    ...{ personKey: 'person2', numberMasked: '139****0000', shown: '4001000', trunkId: 'carrier-1' },
  });
  for (const day of DAYS) {
    const received = startOf(day) + 9 * 3_600_000;
    const number = `TS${day}`;
    rows.clocks.push({
      ...{ eventId: `${number}/1/started`, number, atMs: received, what: 'started', dueAtMs: received + 15 * DAY_MS, ruleId: 'default' },
    });
    rows.clocks.push({ eventId: `${number}/1/stopped`, number, atMs: received + 3_600_000, what: 'stopped', ruleId: '' });
  }
  const attach = (fileId: string, of: proof.AttachmentRow['of'], subject: string, atMs: number, kept: 'packed' | 'listed'): void => {
    const body = attachedBody(fileId);
    rows.attachments.push({
      ...{ fileId, of, subject, atMs, fileName: `${fileId}.pdf`, sizeBytes: body.length, sha256: sha256(body), kept },
      path: kept === 'packed' ? `attachments/${of}/${fileId}.pdf` : '',
    });
  };
  attach('licence', 'register', 'materials/business-licence', FROM - 100 * DAY_MS, 'packed');
  attach('consent-c2', 'consent', 'c2', second + 60_000, 'packed');
  attach('evidence-1', 'complaint', 'TS2026-10-03', startOf('2026-10-03') + 11 * 3_600_000, 'packed');
  attach('evidence-2', 'complaint', 'TS2026-10-03', startOf('2026-10-03') + 11 * 3_600_000 + 1, 'packed');
  attach('letter-1', 'letter', 'TS2026-10-03', startOf('2026-10-03') + 12 * 3_600_000, 'listed');
}

const monthOf = (atMs: number): string => new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 7);

export function figuresOf(rows: Rows): Figure[] {
  const tally = createTally({ monthOf, untilMs: UNTIL });
  rows.calls.forEach(tally.addCall);
  rows.recordings.forEach(tally.addRecording);
  rows.complaints.forEach(tally.addComplaint);
  rows.surveys.forEach(tally.addSurvey);
  rows.proofs.forEach(tally.addProof);
  rows.states.forEach(tally.addState);
  rows.reviews.forEach(tally.addReview);
  rows.attempts.forEach(tally.addAttempt);
  return tally.figures();
}

const storedRows = (rows: Rows): StoredRows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, all]: [string, readonly object[]]) => {
      const time = name === 'calls' ? 'invitedAtMs' : name === 'complaints' ? 'receivedAtMs' : name === 'states' ? 'fromMs' : 'atMs';
      return [
        name,
        async function* ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) {
          yield all.filter((row) => {
            const at = Number((row as Readonly<Record<string, unknown>>)[time]);
            return at >= fromMs && at < untilMs;
          });
        },
      ];
    }),
  ) as unknown as StoredRows;

/** The chained sheets of the five days, made from these rows. */
export async function sheetsOver(rows: Rows): Promise<DaySheet[]> {
  const sheets: DaySheet[] = [];
  for (const day of DAYS) {
    const builder = new SheetBuilder(sha256);
    for (const { row, atMs } of rows.ledger)
      if (atMs >= startOf(day) && atMs < startOf(day) + DAY_MS) builder.push(JSON.parse(row) as LedgerRow);
    const facts = await sealFacts(storedRows(rows), { fromMs: startOf(day), untilMs: startOf(day) + DAY_MS }, sha256);
    sheets.push(
      builder.seal({
        ...{ day, timeZone: ZONE, previousHash: sheets.at(-1)?.hash ?? FIRST_PREVIOUS, amendments: [], facts },
        sealedAt: new Date(startOf(day) + DAY_MS + 1_000_000).toISOString(),
      }),
    );
  }
  return sheets;
}

export const resealed = (sheet: DaySheet, change: Partial<DaySheet>): DaySheet => {
  const { hash: _hash, ...rest } = { ...sheet, ...change };
  return { ...rest, hash: hashOf(rest, sha256) };
};

/** The numbers of the ledger as the product writes them into a pack; a process holds the numbers up to a thousand. */
const numbersIn = (ledger: readonly proof.LedgerEntry[]): LedgerNumbers =>
  ledgerNumbers({
    head: { next: 1_001, leases: [{ owner: 'telephony', from: 1, to: 1_000 }] },
    used: [...new Set(ledger.map(({ number }) => number))].sort((a, b) => a - b),
  });

const csvOf = (name: keyof Rows, all: readonly object[]): string =>
  [heads[name].join(','), ...all.map((row) => heads[name].map((head) => cell((row as Readonly<Record<string, unknown>>)[head])).join(','))]
    .map((line) => `${line}\n`)
    .join('');
const cell = (value: unknown): string => {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A table as the product writes it: the name in the pack, and its bytes. */
const tableOf = (name: keyof Rows, all: readonly object[], language: 'zh-CN' | 'en'): [string, Uint8Array] => {
  const say = speak(language);
  const { title, heads: words, cells } = readableRows(name, say, siteTime);
  return [`${TABLES}${language === 'en' ? name : title}.csv`, utf8(`\u{feff}${[words, ...all.map(cells)].map(cellsLine).join('')}`)];
};
const siteTime = (atMs: number): string => new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

export interface FiguresFile {
  zone: string;
  untilMs: number;
  formulas: { key: string; version: number; text: { zh: string; en: string } }[];
  figures: Figure[];
}

/** What somebody tampers with: the rows before they are counted, what is counted, the sealed files, or the archive. */
export interface Plant {
  /** Changed in the stores before the days are sealed: only an outside witness can know. */
  readonly beforeSealing?: (rows: Rows) => void;
  /** Changed in the stores after the days are sealed; the product makes the pack from that. */
  readonly inStore?: (rows: Rows) => void;
  /** Changed by whoever holds the key: the rows of the pack, with the figures as they were. */
  readonly inRows?: (rows: Rows) => void;
  readonly inFigures?: (figures: FiguresFile) => void;
  /** The jumps of the clock, as the store and the audit log have them when the pack is made. */
  readonly jumps?: Partial<ClockJumps>;
  readonly inSheets?: (sheets: DaySheet[], rows: Rows) => DaySheet[] | Promise<DaySheet[]>;
  /** What the pack holds of what left the house, from the sheets as they were first sealed. */
  readonly leftTheHouse?: (sheets: readonly DaySheet[]) => readonly (readonly [name: string, body: Uint8Array])[];
  readonly inFiles?: (files: Map<string, Uint8Array>) => void;
  /** The rows from which the tables for office programs are made, where they differ. */
  /** The figures as the document prints them, where they are others. */
  readonly inPrinted?: (figures: Figure[]) => Figure[];
  /** The last cell of a figure in the document, where it is another. */
  readonly printedFormula?: (figure: Figure) => string;
  readonly inTables?: (rows: Rows) => void;
  /** Changes the tables as they stand in the pack. */
  readonly inTableFiles?: (files: Map<string, Uint8Array>) => void;
  readonly language?: 'zh-CN' | 'en';
  /** The pack was ordered with drawn recordings. */
  readonly draw?: (sheets: readonly DaySheet[]) => Draw;
  readonly inManifest?: (manifest: { -readonly [K in keyof Manifest]: Manifest[K] }) => void;
  /** Without the key: what the archive holds beside what the manifest lists. */
  readonly inArchive?: (files: Map<string, Uint8Array>) => void;
  readonly afterwards?: (bytes: Buffer) => Buffer;
  readonly key?: string;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const QUALITY_PDF = 'documents/04-服务质量数据.pdf';
/** Setting a document takes longer than all else: most plants have the same one. */
const printedBefore = new Map<string, Promise<Uint8Array>>();

/** The document on service quality, with its tables of figures alone. */
function printedPdf(
  { formulas: listed, figures }: FiguresFile,
  { inPrinted, printedFormula, language = 'zh-CN' }: Plant,
): Promise<Uint8Array> {
  const say = speak(language);
  const ours = figures.filter(({ formula }) => formula in formulas && listed.some(({ key }) => key === formula));
  const printed = inPrinted?.([...ours]) ?? ours;
  const rowsOf = (isOverall: boolean) =>
    printed
      .filter(({ group }) => (group === 'all') === isOverall)
      .map((figure) => {
        const cells = figureRow({ queueNames: { service: { zh: '客服', en: 'Service' } } }, say)(figure);
        return printedFormula === undefined ? cells : [...cells.slice(0, -1), printedFormula(figure)];
      });
  const blocks = [true, false].map((isOverall) => table(headsOf(say), rowsOf(isOverall), { widths }));
  const key = JSON.stringify([language, blocks]);
  const before = printedBefore.get(key);
  if (before !== undefined) return before;
  const pdf = renderPdf(
    { id: 'quality', fileName: '04', title: say('服务质量数据', 'Service quality'), forms: ['pdf'], blocks },
    { company: '示例', licence: '', version: '0', date: '2026-10-06', reference: 'JC', language, dataSha256: 'f'.repeat(64) },
  );
  printedBefore.set(key, pdf);
  return pdf;
}

/** Makes the pack of a plant in a folder. The fingerprint is that of the licensee's own key, as it was told on paper. */
export async function plantedPack(
  folder: string,
  name: string,
  plant: Plant,
): Promise<{ path: string; fingerprint: string; fingerprintSm2: string; lastSheet: string }> {
  const rows = honestRows();
  plant.beforeSealing?.(rows);
  let sheets = await sheetsOver(rows);
  const first = sheets;
  plant.inStore?.(rows);
  const figures: FiguresFile = {
    zone: ZONE,
    untilMs: UNTIL,
    formulas: Object.entries(formulas).map(([key, formula]) => ({ key, ...formula, text: { ...formula.text } })),
    figures: figuresOf(rows),
  };
  const draw = plant.draw?.(sheets);
  const numbers = numbersIn(rows.ledger);
  if (draw !== undefined) rows.drawn = drawnRows(rows, draw);
  plant.inRows?.(rows);
  plant.inFigures?.(figures);
  if (plant.inSheets !== undefined) sheets = await plant.inSheets(sheets, rows);
  const files = new Map<string, Uint8Array>([
    [QUALITY_PDF, await printedPdf(figures, plant)],
    ...(Object.keys(rows) as (keyof Rows)[])
      .filter((each) => each !== 'drawn' || draw !== undefined)
      .map((each) => [`rows/${each}.csv`, utf8(csvOf(each, rows[each]))] as const),
    ...rows.attachments.flatMap(({ fileId, path }) => (path === '' ? [] : [[path, attachedBody(fileId)] as const])),
    ...rows.drawn.flatMap(({ callId, path }) => (path === '' ? [] : [[path, recordingBody(callId)] as const])),
    ['figures.json', utf8(JSON.stringify(figures))],
    ['stored-figures.json', utf8('[]')],
    ['ledger-numbers.json', utf8(JSON.stringify(numbers))],
    [JUMPS, utf8(JSON.stringify({ after: 0, open: [], audited: [], ...plant.jumps }))],
    ['sheets.json', utf8(JSON.stringify(sheets))],
    ...(plant.leftTheHouse?.(first) ?? []),
    ...(await readFixedFiles()).map((file) => [file.name, file.body] as const),
  ]);
  plant.inFiles?.(files);
  const beside = { ...rows };
  plant.inTables?.(beside);
  for (const name of Object.keys(rows) as (keyof Rows)[])
    if (files.has(`rows/${name}.csv`)) files.set(...tableOf(name, beside[name], plant.language ?? 'zh-CN'));
  plant.inTableFiles?.(files);
  const told = await openSigner(join(folder, 'key.pem'));
  const signer = plant.key === undefined ? told : await openSigner(join(folder, plant.key));
  const manifest = {
    ...{ format: 'proofline-pack/1' as const, number: 2, packId: 'JC-20261006-0002', kind: 'inspection' },
    ...{ period: { from: '2026-10-01', to: '2026-10-05', zone: ZONE }, madeAt: '2026-10-06T02:00:00.000Z', productVersion: '0' },
    ...{ company: '示例', licence: '京B2-20240001', dataSha256: '', previous: 'a'.repeat(64), publicKey: signer.publicKey },
    publicKeySm2: signer.sm2.publicKey,
    files: [...files].map(([file, body]): PackedFile => ({
      ...{ name: file, bytes: body.length, sha256: sha256(body) },
      ...(file.endsWith('.csv') ? { rows: Buffer.from(body).toString().split('\n').length - 2 } : {}),
    })),
    ...{ queries: [], openPoints: [], holds: [...heldRows, 'tables', 'printed', 'numbers', HOLDS_JUMPS] },
    language: plant.language ?? 'zh-CN',
    ...(draw === undefined ? {} : { drawn: draw }),
  };
  plant.inManifest?.(manifest);
  const text = manifestText(manifest);
  const held = new Map(files);
  held.set(MANIFEST, utf8(text));
  held.set(SIGNATURE, utf8(JSON.stringify({ algorithm: 'Ed25519', signature: signer.sign(text) })));
  if ('publicKeySm2' in manifest) held.set(SM2_SIGNATURE, utf8(JSON.stringify({ algorithm: 'SM2-SM3', signature: signer.sm2.sign(text) })));
  plant.inArchive?.(held);
  const path = join(folder, `${name}.zip`);
  const zip = await createZip(path);
  for (const [file, body] of held) await zip.add(file, Buffer.from(body));
  await zip.close();
  if (plant.afterwards !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, plant.afterwards(await readFile(path)));
  }
  return { path, fingerprint: told.fingerprint, fingerprintSm2: told.sm2.fingerprint, lastSheet: first.at(-1)?.hash ?? '' };
}

/** The rows of drawn recordings as the product writes them. */
export function drawnRows(rows: Rows, draw: Draw): proof.DrawnRow[] {
  const { add, drawn } = createDraw<columns.RecordingRow>(draw, sha256);
  rows.recordings.forEach(add);
  return drawn().rows.map(({ callId, atMs, durationMs, sizeBytes, sha256: hash, kept }, i) => {
    const ledgerNumber = rows.ledger.find((entry) => entry.callId === callId)?.number ?? 0;
    return {
      ...{ place: i + 1, callId, atMs, durationMs, sizeBytes, sha256: hash, ledgerNumber },
      ...(kept === 'stored' ? { kept: 'packed', path: `recordings/${callId}.ogg` } : { kept, path: '' }),
    };
  });
}

/** The bytes that the verifiers look for in a stamp of RFC 3161 over a text; no authority has signed them. */
const stampOver = (text: string, atMs: number): Uint8Array => {
  const time = new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  const body = Buffer.concat([
    Buffer.from('06092a864886f70d010702060b2a864886f70d01091001040420', 'hex'),
    Buffer.from(sha256(text), 'hex'),
    Buffer.from([0x18, time.length]),
    Buffer.from(time),
    Buffer.alloc(300),
  ]);
  return Buffer.concat([Buffer.from([0x30, 0x82, body.length >> 8, body.length & 255]), body]);
};

/** The statements of sheets with a stamp each, given `afterMs` after the sealing. */
export const witnessFiles = (sheets: readonly DaySheet[], afterMs = 60_000): (readonly [string, Uint8Array])[] =>
  sheets.flatMap((sheet) => {
    const statement = statementOf(sheet, 'f'.repeat(64));
    return [
      [`witness/${sheet.day}.txt`, utf8(statement)],
      [`witness/${sheet.day}.1.tsr`, stampOver(statement, Date.parse(sheet.sealedAt) + afterMs)],
    ] as const;
  });

/** The statements of sheets with the receipt of an https witness each. */
export const receiptFiles = (sheets: readonly DaySheet[]): (readonly [string, Uint8Array])[] =>
  sheets.flatMap((sheet) => [
    [`witness/${sheet.day}.txt`, utf8(statementOf(sheet, 'f'.repeat(64)))] as const,
    [`witness/${sheet.day}.receipt.json`, utf8(JSON.stringify({ sheet: sheet.hash, number: 7 }))] as const,
  ]);

export const STAMP_NAME = STAMP;
export const PERIOD = { from: FROM, until: UNTIL };
