import type { DaySheet, SheetClock } from '../../../services/recording/ledger/day-sheet.js';
import type { Planted } from './planted.js';
import { heldPlants } from './plants-held.js';
import { QUALITY_PDF, receiptFiles, sheetsOver, resealed, STAMP_NAME, visit, witnessFiles } from './planted-packs.js';

const DAY = '2026-10-05';
const isOfDay = ({ callId }: { readonly callId: string }): boolean => callId.includes(DAY);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (files: Map<string, Uint8Array>, name: string): string => Buffer.from(files.get(name) ?? []).toString();
const change = (name: string, edit: (text: string) => string) => (files: Map<string, Uint8Array>) =>
  void files.set(name, utf8(edit(textOf(files, name))));
const drop = <Row>(rows: Row[], isGone: (row: Row) => boolean): void =>
  void rows.splice(0, rows.length, ...rows.filter((row) => !isGone(row)));
type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);

/** Sixty bytes with a date and the digest, as anybody can write them. */
const forgedStamp = (files: Map<string, Uint8Array>): void => {
  files.set(STAMP_NAME, utf8('20260101000000Z'.padEnd(60, '0')));
};

/** Stored complaint figures of an hour without complaints, set against its inbound calls or all its calls. */
const storedAgainst = (formulaVersion: number, which: 'inbound' | 'all') => (files: Map<string, Uint8Array>) => {
  const [head = '', ...lines] = textOf(files, 'rows/calls.csv').trim().split('\n');
  const [direction, invited] = ['direction', 'invitedAtMs'].map((column) => head.split(',').indexOf(column));
  const calls = lines.map((line) => line.split(','));
  const atOf = (call: readonly string[] | undefined): number => Number(call?.[invited ?? 0]);
  const [fromMs, untilMs] = [atOf(calls[6]), atOf(calls[18])];
  const counted = calls.filter((call) => atOf(call) >= fromMs && atOf(call) < untilMs);
  const against = counted.filter((call) => which === 'all' || call[direction ?? 0] === 'inbound').length;
  const none = { received: 0, answeredInTime: 0, answeredLate: 0, openOverdue: 0, upheld: 0, appeals: 0 };
  const figures = { ...none, calls: against, per10000Calls: 0, byKind: {}, satisfactionMean: null, satisfactionAnswers: 0 };
  const row = { what: 'complaints', period: '2026-10', fromMs, untilMs, asOfMs: untilMs + 86_400_000, formulaVersion, figures };
  files.set('stored-figures.json', utf8(JSON.stringify([row])));
};

/** The Chinese text of a formula as packs had it until 1 December 2026. */
const inWordsOfBefore = (text: string): string =>
  text.replaceAll('拨测次数', '验证呼叫数').replaceAll('拨测', '验证呼叫').replaceAll('回拨', '回呼');

/** The last day, sealed under this clock. */
const clocked = (sheets: readonly DaySheet[], clock: Partial<SheetClock> & Pick<SheetClock, 'source'>): DaySheet[] => [
  ...sheets.slice(0, -1),
  resealed(sheets.at(-1)!, { clock: { jumps: [], moreJumps: 0, ...clock } }),
];

/** Without the key: the archive is changed, the manifest is not. */
const inTheArchive: Record<string, Planted> = {
  'a byte of the figures is changed': {
    inArchive: change('figures.json', (text) => text.replace(/\d/, '7')),
    expected: 'red',
    codes: ['changed'],
  },
  'a file is missing': { inArchive: (files) => void files.delete('rows/states.csv'), expected: 'red', codes: ['missing'] },
  'a recording row is cut': {
    inArchive: change('rows/recordings.csv', (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
    expected: 'red',
    codes: ['rows-cut'],
  },
  'a file is added': { inArchive: (files) => void files.set('note.txt', utf8('x')), expected: 'red', codes: ['not-listed'] },
  'the signature is removed': { inArchive: (files) => void files.delete('manifest.sig'), expected: 'red', codes: ['signature-missing'] },
  'the SM2 signature is removed': {
    inArchive: (files) => void files.delete('manifest.sm2'),
    expected: 'red',
    codes: ['signature-missing'],
  },
  'the SM2 signature has other numbers': {
    inArchive: change('manifest.sm2', (text) => text.replace(/(?<="signature":".{30})./, (one) => (one === 'A' ? 'B' : 'A'))),
    expected: 'red',
    codes: ['signature-invalid'],
  },
  'the SM2 signature is no text': {
    inArchive: change('manifest.sm2', (text) => text.replace(/(?<="signature":)".+"/, '7')),
    expected: 'red',
    codes: ['signature-invalid'],
  },
  'the manifest is edited': {
    inArchive: change('manifest.json', (text) => text.replace('示例', '他人')),
    expected: 'red',
    codes: ['signature-invalid'],
  },
  'a stamp of sixty bytes is added': { inArchive: forgedStamp, expected: 'red', codes: ['stamp-foreign'] },
  'the archive is cut off': { afterwards: (bytes) => bytes.subarray(0, bytes.length - 500), expected: 'no-pack' },
  'bytes are put behind the archive': { afterwards: (bytes) => Buffer.concat([bytes, Buffer.alloc(40)]), expected: 'no-pack' },
};

/** By whoever holds the key, or has another: everything is signed. */
const byTheKey: Record<string, Planted> = {
  'another key, everything made up': { key: 'other.pem', expected: 'red', codes: ['key-differs'] },
  'another key, and the fingerprint of the SM2 key is typed': {
    key: 'other.pem',
    fingerprint: 'sm2',
    expected: 'red',
    codes: ['key-differs'],
  },
  'the SM2 signature is left out, and its fingerprint is typed': {
    inManifest: (manifest) => {
      delete manifest.publicKeySm2;
    },
    fingerprint: 'sm2',
    expected: 'red',
    codes: ['key-differs'],
  },
  'the SM2 key is another': {
    inManifest: (manifest) => void (manifest.publicKeySm2 = String(manifest.publicKeySm2).replace(/.{8}$/, 'AAAAAA==')),
    expected: 'red',
    codes: ['signature-invalid'],
  },
  'the SM2 key is no text': {
    inManifest: (manifest) => void Object.assign(manifest, { publicKeySm2: 7 }),
    expected: 'red',
    codes: ['signature-invalid'],
  },
  'another key, and no fingerprint is typed': { key: 'other.pem', fingerprint: 'none', expected: 'amber', codes: ['key-not-compared'] },
  'another key with a verifier of its own in the pack': {
    key: 'other.pem',
    inFiles: (files) => void files.set('verify.html', utf8('<h1>VERIFIED</h1>')),
    expected: 'red',
    codes: ['key-differs'],
  },
  'a figure is altered': {
    inFigures: ({ figures }) =>
      edit(
        figures.find(({ formula }) => formula === 'serviceLevel20'),
        { numerator: 999 },
      ),
    expected: 'red',
    codes: ['figure-differs'],
  },
  'the service level is left out': {
    inFigures: (file) => void (file.figures = file.figures.filter(({ formula }) => !formula.startsWith('serviceLevel'))),
    expected: 'red',
    codes: ['figure-missing'],
  },
  'the service level is left out with its formulas': {
    inFigures(file) {
      file.figures = file.figures.filter(({ formula }) => !formula.startsWith('serviceLevel'));
      file.formulas = file.formulas.filter(({ key }) => !key.startsWith('serviceLevel'));
    },
    expected: 'red',
    codes: ['figure-missing', 'formula-missing'],
  },
  'the figures are emptied': {
    inFigures: (file) => Object.assign(file, { figures: [], formulas: [] }),
    expected: 'red',
    codes: ['figure-missing', 'formula-missing'],
  },
  'the figures are no figures': {
    inFiles: (files) => void files.set('figures.json', utf8('{}')),
    expected: 'red',
    codes: ['figures-unreadable'],
  },
  'a figure is listed twice': {
    inFigures: ({ figures }) => void figures.push({ ...figures[0]!, numerator: 1 }),
    expected: 'red',
    codes: ['figure-doubled'],
  },
  'the text of a formula is another': {
    inFigures: ({ formulas }) => void (formulas[0]!.text = { zh: '人工接听量 ÷ 人工接听量', en: 'handled ÷ handled' }),
    expected: 'red',
    codes: ['formula-changed'],
  },
  'a pack of before the words 拨测 and 回拨': {
    inFigures: ({ formulas }) => {
      for (const one of formulas) edit(one, { text: { ...one.text, zh: inWordsOfBefore(one.text.zh) } });
    },
    expected: 'green',
  },
  'a formula of its own': {
    inFigures: ({ formulas }) => void formulas.push({ ...formulas[0]!, key: 'niceRate' }),
    expected: 'red',
    codes: ['formula-unknown'],
  },
  'a formula claims another version': {
    inFigures: ({ formulas, figures }) => {
      formulas.find(({ key }) => key === 'serviceLevel20')!.version = 99;
      edit(
        figures.find(({ formula }) => formula === 'serviceLevel20'),
        { numerator: 999 },
      );
    },
    expected: 'amber',
    codes: ['formula-version'],
  },
  'the figures are of another period': {
    inFigures: (file) => void (file.untilMs -= 86_400_000),
    expected: 'red',
    codes: ['period-differs'],
  },
  'a recording is left out, figures counted anew': {
    inStore: ({ recordings }) => drop(recordings, ({ callId }) => callId === 'call-2026-10-02-1'),
    expected: 'red',
    codes: ['call-differs', 'facts-changed'],
  },
  'a recording is left out, figures kept': {
    inRows: ({ recordings }) => drop(recordings, ({ callId }) => callId === 'call-2026-10-02-1'),
    expected: 'red',
    codes: ['call-differs', 'facts-changed', 'figure-differs'],
  },
  'all recordings of calls out are left out': {
    inStore: ({ recordings }) => drop(recordings, ({ handled }) => !handled),
    expected: 'red',
    codes: ['call-differs', 'facts-changed'],
  },
  'the bad day is left out': {
    inStore: (rows) => {
      drop(rows.calls, isOfDay);
      drop(rows.recordings, isOfDay);
      drop(rows.surveys, isOfDay);
      drop(rows.attempts, isOfDay);
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the bad day is left out with its sheet': {
    inStore: (rows) => {
      drop(rows.calls, isOfDay);
      drop(rows.recordings, isOfDay);
    },
    inSheets: (sheets) => sheets.slice(0, -1),
    expected: 'red',
    codes: ['answer-unwitnessed', 'sheet-missing'],
  },
  'a day in the middle is left out with its sheet': {
    inStore: (rows) => {
      drop(rows.calls, ({ callId }) => callId.includes('2026-10-03'));
      drop(rows.recordings, ({ callId }) => callId.includes('2026-10-03'));
    },
    inSheets: (sheets) => sheets.filter(({ day }) => day !== '2026-10-03'),
    expected: 'red',
    codes: ['answer-unwitnessed', 'sheet-missing', 'sheet-not-chained'],
  },
  'the tail of the last day is cut': {
    inStore: (rows) => {
      drop(rows.calls, ({ ledgerNumber = 0 }) => ledgerNumber > 190);
      drop(rows.recordings, ({ callId }) => !rows.calls.some((call) => call.callId === callId));
    },
    expected: 'red',
    codes: ['answer-unwitnessed', 'facts-changed'],
  },
  'no sheets are in the pack': { inFiles: (files) => void files.delete('sheets.json'), expected: 'amber', codes: ['no-sheets'] },
  'a sheet without its facts': {
    inSheets: (sheets) => sheets.map((sheet, i) => (i === 4 ? { ...sheet, facts: {} } : sheet)),
    expected: 'red',
    codes: ['day-unsealed', 'sheet-changed'],
  },
  'a sheet sealed again over other rows': {
    inStore: ({ calls }) =>
      edit(
        calls.find(({ cause }) => cause === 'abandoned-in-queue'),
        { cause: 'completed' },
      ),
    inSheets: async (sheets, rows) => {
      const [first] = await sheetsOver(rows);
      return [resealed(sheets[0]!, { facts: first!.facts! }), ...sheets.slice(1)];
    },
    expected: 'red',
    codes: ['call-differs', 'sheet-not-chained'],
  },
  'the hashes of two recordings are exchanged': {
    inRows: ({ recordings }) => {
      const [a, b] = [recordings[0]!.sha256, recordings[1]!.sha256];
      edit(recordings[0], { sha256: b });
      edit(recordings[1], { sha256: a });
    },
    expected: 'red',
    codes: ['facts-changed', 'ledger-recording-differs'],
  },
  'six rows are repeated for six that are missing': {
    inRows: ({ recordings }) => {
      const [first] = recordings;
      drop(recordings, ({ callId }) => /call-2026-10-02-[0-6]$/.test(callId));
      for (let i = 0; i < 6; i += 1) recordings.push({ ...first! });
    },
    expected: 'red',
    codes: ['call-differs', 'facts-changed', 'row-doubled', 'figure-differs'],
  },
  'one recording stands for two calls': {
    inStore: ({ recordings }) => edit(recordings[1], { sha256: recordings[0]!.sha256 }),
    expected: 'red',
    codes: ['facts-changed', 'ledger-recording-differs', 'recording-doubled'],
  },
  'a recording of no call': {
    inRows: ({ recordings }) => void recordings.push({ ...recordings[9]!, callId: 'no-call', sha256: 'f'.repeat(64), handled: false }),
    expected: 'red',
    codes: ['facts-changed', 'recording-without-call'],
  },
  'a call stands twice': {
    inStore: ({ calls }) => void calls.push({ ...calls[7]! }),
    expected: 'red',
    codes: ['facts-changed', 'number-doubled', 'row-doubled'],
  },
  'a ledger number stands twice': {
    inStore: ({ calls }) => edit(calls[8], { ledgerNumber: 8 }),
    expected: 'red',
    codes: ['facts-changed', 'number-doubled'],
  },
  'good calls of another month': {
    inStore: ({ calls }) =>
      void calls.push({ ...calls[0]!, callId: 'september', ledgerNumber: 9_999, invitedAtMs: calls[0]!.invitedAtMs - 30 * 86_400_000 }),
    expected: 'red',
    codes: ['row-outside'],
  },
  'the making is back-dated': {
    inManifest: (manifest) => void (manifest.madeAt = '2026-10-03T02:00:00.000Z'),
    expected: 'red',
    codes: ['row-after-making'],
  },
  'the clock was behind the pack before': {
    inManifest: (manifest) => void (manifest.clock = 'before-the-last-pack'),
    expected: 'amber',
    codes: ['clock-before-last'],
  },
  'another file in place of the report': {
    inFiles: (files) => void files.set(QUALITY_PDF, utf8('PK\u0003\u0004 a letter')),
    expected: 'red',
    codes: ['document-form', 'document-unread'],
  },
  'a refused request to call out is left out': {
    inStore: ({ attempts }) => drop(attempts, ({ allowed }) => !allowed),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the script in the pack is another': {
    inFiles: (files) => void files.set('recompute.py', utf8('print("0 differ")\n')),
    inFigures: ({ figures }) =>
      edit(
        figures.find(({ formula }) => formula === 'recorded'),
        { numerator: 999 },
      ),
    expected: 'red',
    codes: ['figure-differs'],
  },
  'stored complaints of today, against calls that came in': { inFiles: storedAgainst(4, 'inbound'), expected: 'green' },
  'stored complaints of before, against all calls': { inFiles: storedAgainst(3, 'all'), expected: 'green' },
  'stored complaints of today, against all calls': { inFiles: storedAgainst(4, 'all'), expected: 'red', codes: ['stored-differs'] },
  'a stored figure that no row gives': {
    inFiles: (files) =>
      void files.set(
        'stored-figures.json',
        utf8(JSON.stringify([{ what: 'satisfaction', period: '2026-10', fromMs: 0, untilMs: 1, asOfMs: 2, figures: { invited: 99 } }])),
      ),
    expected: 'red',
    codes: ['stored-differs'],
  },
};

/** By whoever holds the database: the product makes and signs the pack of what it finds. */
const inTheStores: Record<string, Planted> = {
  'abandoned calls become answered after the day was sealed': {
    inStore: ({ calls }) => {
      for (const call of calls)
        if (call.cause === 'abandoned-in-queue')
          edit(call, {
            ...{ cause: 'completed', agentId: 'agent1', agentAnsweredAtMs: call.queuedAtMs! + 3_000, visits: visit(3_000, 'answered') },
            handlings: 1,
          });
    },
    expected: 'red',
    codes: ['answer-doubtful', 'facts-changed'],
  },
  'visits that nobody can read stand in a row': {
    inRows: ({ calls }) => edit(calls.find(isOfDay), { visits: '{"queue":[1' }),
    expected: 'red',
    codes: ['facts-changed', 'figure-differs'],
  },
  'waits are shortened after the day was sealed': {
    inStore: ({ calls }) => edit(calls.find(isOfDay), { visits: visit(1_000, 'answered') }),
    expected: 'red',
    codes: ['call-differs', 'facts-changed'],
  },
  'a failed test call is made good': {
    inStore: ({ proofs }) => edit(proofs[2], { totalMs: 1 }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'an invitation to a survey is removed': {
    inStore: ({ surveys }) => void surveys.splice(3, 1),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a recording that turned up late stands in an amendment': {
    inStore: ({ recordings, calls }) => {
      const { callId, answeredAtMs = 0, endedAtMs } = calls.find((call) => call.callId === 'call-2026-10-02-3')!;
      const durationMs = endedAtMs - answeredAtMs;
      recordings.push({ ...recordings[9]!, callId, atMs: answeredAtMs, durationMs, sha256: 'e'.repeat(64), handled: false });
    },
    inSheets: (sheets) => {
      const amendment = { number: 44, callId: 'call-2026-10-02-3', at: '2026-10-04T12:00:00.000Z', row: '{}' };
      return [...sheets.slice(0, -1), resealed(sheets.at(-1)!, { amendments: [amendment] })];
    },
    expected: 'green',
  },
  'a clock that is set by chrony': { inSheets: (sheets) => clocked(sheets, { source: 'chrony', offsetMs: 3 }), expected: 'green' },
  'a clock that is hours behind the time server that answers': {
    inSheets: (sheets) => clocked(sheets, { source: 'ntp:time.example.cn', offsetMs: 7_200_000 }),
    expected: 'amber',
    codes: ['clock-wrong'],
  },
  'a clock that jumped while a day was open': {
    inSheets: (sheets) => clocked(sheets, { source: 'chrony', jumps: [{ at: '2026-10-05T11:00:00.000Z', byMs: -3_600_000 }] }),
    expected: 'amber',
    codes: ['clock-jumped'],
  },
  'a clock that jumped and whose jumps are only counted, without a source of the time': {
    inSheets: (sheets) => clocked(sheets, { source: 'none', moreJumps: 2 }),
    expected: 'amber',
    codes: ['clock-jumped', 'clock-unwatched'],
  },
  'a jump of the clock is taken out of a sealed sheet': {
    inSheets: (sheets) => {
      const [last] = clocked(sheets, { source: 'chrony', jumps: [{ at: '2026-10-05T11:00:00.000Z', byMs: -3_600_000 }] }).slice(-1);
      return [...sheets.slice(0, -1), { ...last!, clock: { source: 'chrony', jumps: [], moreJumps: 0 } }];
    },
    expected: 'red',
    codes: ['sheet-changed'],
  },
  'an object is gone from the store': {
    inStore: ({ recordings }) => edit(recordings[5], { kept: 'missing' }),
    expected: 'amber',
    codes: ['recording-lost'],
  },
  'the day was not sealed yet': {
    inManifest: (manifest) => void (manifest.madeAt = '2026-10-05T17:00:00.000Z'),
    inSheets: (sheets) => sheets.slice(0, -1),
    expected: 'amber',
    codes: ['day-unsealed'],
  },
  'calls are made good before the day is sealed, and their visits still say that the callers gave up': {
    beforeSealing: ({ calls }) =>
      edit(
        calls.find(({ cause }) => cause === 'abandoned-in-queue'),
        { cause: 'completed' },
      ),
    expected: 'red',
    codes: ['call-differs'],
  },
  'every sheet is written anew over other rows, with the key: only what left the house can tell': {
    inStore: (rows) => {
      drop(rows.calls, isOfDay);
      drop(rows.recordings, isOfDay);
      drop(rows.surveys, isOfDay);
      drop(rows.answers, ({ surveyId }) => surveyId.includes('2026-10-05'));
    },
    inSheets: (_sheets, rows) => sheetsOver(rows),
    expected: 'green',
  },
};

const DAY_MS = 86_400_000;
/** By whoever holds database, bucket and key: the last day is taken out, and every sheet sealed anew. */
const writtenAnew: Pick<Planted, 'inStore' | 'inSheets'> = {
  inStore: (rows) => {
    drop(rows.calls, isOfDay);
    drop(rows.recordings, isOfDay);
    drop(rows.surveys, isOfDay);
    drop(rows.answers, ({ surveyId }) => surveyId.includes('2026-10-05'));
  },
  inSheets: (_sheets, rows) => sheetsOver(rows),
};

/** What of the sheets left the house, and what somebody who holds everything inside does about it. */
const withOutsiders: Record<string, Planted> = {
  'nothing is planted, the sheets were stamped, and the hash that was kept is typed': {
    leftTheHouse: witnessFiles,
    told: 'last-sheet',
    expected: 'green',
  },
  'every sheet is written anew, with all keys; the stamps of before stay in the pack': {
    ...writtenAnew,
    leftTheHouse: witnessFiles,
    expected: 'red',
    codes: ['witness-differs'],
  },
  'the https witness confirmed each day': { leftTheHouse: receiptFiles, expected: 'green' },
  'every sheet is written anew, with all keys; the receipts of the https witness stay in the pack': {
    ...writtenAnew,
    leftTheHouse: receiptFiles,
    expected: 'red',
    codes: ['witness-differs'],
  },
  'every sheet, statement and receipt is written anew, with all keys; the https witness is asked for the hash that it has': {
    ...writtenAnew,
    leftTheHouse: receiptFiles,
    inFiles: (files) => {
      const sheets = JSON.parse(textOf(files, 'sheets.json')) as DaySheet[];
      for (const [name] of files) if (name.startsWith('witness/')) files.delete(name);
      for (const [name, body] of receiptFiles(sheets)) files.set(name, body);
    },
    told: 'last-sheet',
    expected: 'red',
    codes: ['sheet-not-told'],
  },
  'a receipt of the https witness is no receipt': {
    leftTheHouse: (sheets) => receiptFiles(sheets).map(([name, body]) => [name, name.includes('03.receipt') ? utf8('[7]') : body]),
    expected: 'red',
    codes: ['witness-differs'],
  },
  'a receipt of the https witness has a note that is no UTF-8': {
    leftTheHouse: (sheets) =>
      receiptFiles(sheets).map(([name, body]): readonly [string, Uint8Array] => {
        if (!name.endsWith('receipt.json')) return [name, body];
        return [name, Buffer.concat([body.subarray(0, -1), utf8(',"note":"'), Uint8Array.of(0xca, 0xd5), utf8('"}')])];
      }),
    expected: 'green',
  },
  'the receipt of one day is taken out': {
    leftTheHouse: (sheets) => receiptFiles(sheets).filter(([name]) => !name.includes('2026-10-02.receipt')),
    inManifest: (manifest) => void (manifest.madeAt = '2026-10-07T02:00:00.000Z'),
    expected: 'amber',
    codes: ['receipt-missing'],
  },
  'every sheet is written anew, with all keys; somebody outside kept the hash': {
    ...writtenAnew,
    told: 'last-sheet',
    expected: 'red',
    codes: ['sheet-not-told'],
  },
  'every sheet is written anew and stamped anew a month later': {
    leftTheHouse: (sheets) => witnessFiles(sheets, 30 * DAY_MS),
    expected: 'amber',
    codes: ['witness-late'],
  },
  'the stamp of one day is put beside the statement of another': {
    leftTheHouse: (sheets) =>
      witnessFiles(sheets).map(([name, body], i, all) => (name === 'witness/2026-10-03.1.tsr' ? [name, all[i - 2]![1]] : [name, body])),
    expected: 'red',
    codes: ['witness-foreign'],
  },
  'what left the house of one day is taken out': {
    leftTheHouse: (sheets) => witnessFiles(sheets).filter(([name]) => !name.includes('2026-10-02')),
    inManifest: (manifest) => void (manifest.madeAt = '2026-10-07T02:00:00.000Z'),
    expected: 'amber',
    codes: ['witness-missing'],
  },
};

export const plants: Record<string, Planted> = {
  'nothing is planted': { expected: 'green' },
  'nothing is planted, and the fingerprint of the SM2 key is typed': { fingerprint: 'sm2', expected: 'green' },
  'a pack of before, without an SM2 key': {
    inManifest: (manifest) => {
      delete manifest.publicKeySm2;
    },
    expected: 'green',
  },
  'an SM2 signature beside a manifest that names no key for it': {
    inManifest: (manifest) => {
      delete manifest.publicKeySm2;
    },
    inArchive: (files) => void files.set('manifest.sm2', utf8('{"algorithm":"SM2-SM3","signature":""}')),
    expected: 'red',
    codes: ['not-listed'],
  },
  'nothing is planted, and no fingerprint is typed': { fingerprint: 'none', expected: 'amber', codes: ['key-not-compared'] },
  ...inTheArchive,
  ...byTheKey,
  ...inTheStores,
  ...withOutsiders,
  ...heldPlants,
};
