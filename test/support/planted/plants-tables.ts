import type { Planted } from './planted.js';

const CALLS = 'tables/通话.csv';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (files: Map<string, Uint8Array>, name: string): string => Buffer.from(files.get(name) ?? []).toString();
const change = (name: string, edit: (lines: string[]) => string[]) => (files: Map<string, Uint8Array>) =>
  void files.set(name, utf8(`${edit(textOf(files, name).trimEnd().split('\r\n')).join('\r\n')}\r\n`));
type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
/** Two cells of each line change places. */
const exchanged = (line: string, a: number, b: number): string => {
  const cells = line.split(',');
  [cells[a], cells[b]] = [cells[b] ?? '', cells[a] ?? ''];
  return cells.join(',');
};
const differs = { expected: 'red', codes: ['table-differs'] } as const;

/** What whoever holds the key can do to the tables for office programs, while the machine-readable rows and the figures stay. */
export const tablePlants: Record<string, Planted> = {
  'nothing is planted in an English pack': { language: 'en', expected: 'green' },
  'a pack of before, without tables': {
    inTableFiles: (files) => {
      for (const name of [...files.keys()]) if (name.startsWith('tables/')) files.delete(name);
    },
    inManifest: (manifest) => {
      manifest.holds = manifest.holds?.filter((each) => each !== 'tables') ?? [];
      delete manifest.language;
    },
    expected: 'green',
  },
  'cells that office programs would run, round or break stand in a table': {
    beforeSealing: ({ legs, attachments, calls }) => {
      edit(legs[0], { shown: '123456789012345678', way: '=1+1' });
      edit(attachments[0], { fileName: '"执照", 正本.pdf' });
      edit(calls[0], { jitterMs: 0.05, roundTripMs: 0.000_3, holdMs: 1_234.567 });
    },
    expected: 'green',
  },
  'a pack of before, with another head and a value that had no word yet': {
    inTableFiles: (files) => {
      change('tables/拨测.csv', (lines) => lines.map((line) => line.replace('不通的中继', '当时不通的中继')))(files);
      change('tables/投诉.csv', (lines) => lines.map((line) => line.replace('等待过久', 'waiting')))(files);
    },
    expected: 'green',
  },
  'a cell of a table is quoted that needs no quotes': {
    inTableFiles: change(CALLS, (lines) => lines.map((line) => line.replace(',completed,', ',"completed",'))),
    expected: 'green',
  },
  'a table shows another wait': {
    inTables: (rows) => {
      rows.calls = rows.calls.map((row, i) => (i === 5 ? { ...row, talkMs: row.talkMs - 10_000 } : row));
    },
    ...differs,
  },
  'a table shows a call as answered that nobody answered': {
    inTables: (rows) => {
      rows.calls = rows.calls.map((row) => (row.cause === 'abandoned-in-queue' ? { ...row, agentAnsweredAtMs: row.endedAtMs } : row));
    },
    ...differs,
  },
  'a table shows moments an hour earlier': {
    inTables: (rows) => {
      rows.complaints = rows.complaints.map((row) => ({ ...row, answeredAtMs: (row.answeredAtMs ?? 0) - 3_600_000 }));
    },
    ...differs,
  },
  'a table shows another word for a value': {
    inTableFiles: change('tables/投诉.csv', (lines) => lines.map((line) => line.replace('等待过久', '其他'))),
    ...differs,
  },
  'a table of an English pack shows another word for a value': {
    language: 'en',
    inTableFiles: change('tables/complaints.csv', (lines) => lines.map((line) => line.replace('waiting', 'other'))),
    ...differs,
  },
  'a row is left out of a table': { inTableFiles: change(CALLS, (lines) => lines.toSpliced(30, 1)), ...differs },
  'the last row is left out of a table': { inTableFiles: change(CALLS, (lines) => lines.slice(0, -1)), ...differs },
  'a row stands twice in a table': { inTableFiles: change(CALLS, (lines) => lines.toSpliced(30, 0, lines[30]!)), ...differs },
  'the last row stands twice in a table': { inTableFiles: change(CALLS, (lines) => [...lines, lines.at(-1)!]), ...differs },
  'two rows of a table are exchanged': {
    inTableFiles: change(CALLS, (lines) => [...lines.slice(0, 40), lines[41]!, lines[40]!, ...lines.slice(42)]),
    ...differs,
  },
  'two columns of a table are exchanged, heads stay': {
    inTableFiles: change(CALLS, ([head = '', ...lines]) => [head, ...lines.map((line) => exchanged(line, 2, 5))]),
    ...differs,
  },
  'two heads of a table are exchanged': {
    inTableFiles: change(CALLS, ([head = '', ...lines]) => [exchanged(head, 2, 5), ...lines]),
    ...differs,
  },
  'a column is added to a table': {
    inTableFiles: change(CALLS, ([head = '', ...lines]) => [`${head},满意`, ...lines.map((line) => `${line},是`)]),
    ...differs,
  },
  'a cell more stands in a row of a table': {
    inTableFiles: change(CALLS, (lines) => lines.map((line, i) => (i === 9 ? `${line},已回访` : line))),
    ...differs,
  },
  'a cell of a table is quoted so that programs read it in different ways': {
    inTableFiles: change(CALLS, (lines) => lines.map((line, i) => (i === 9 ? line.replace('正常结束', '正常"结束"') : line))),
    ...differs,
  },
  'a table has only its heads': { inTableFiles: change(CALLS, (lines) => lines.slice(0, 1)), ...differs },
  'the recordings of another day stand in their table': {
    inTables: (rows) => {
      rows.recordings = rows.recordings.map((row) => ({ ...row, atMs: row.atMs - 86_400_000 }));
    },
    ...differs,
  },
  'a table is left out': {
    inTableFiles: (files) => void files.delete('tables/录音.csv'),
    expected: 'red',
    codes: ['table-missing'],
  },
  'every table is left out of a pack that says it holds them': {
    inTableFiles: (files) => {
      for (const name of [...files.keys()]) if (name.startsWith('tables/')) files.delete(name);
    },
    expected: 'red',
    codes: ['table-missing'],
  },
  'a table of its own stands beside the others': {
    inTableFiles: (files) => void files.set('tables/通话（更正）.csv', files.get(CALLS) ?? utf8('')),
    expected: 'red',
    codes: ['table-extra'],
  },
  'a table in English stands in a Chinese pack': {
    inTableFiles: (files) => void files.set('tables/calls.csv', files.get(CALLS) ?? utf8('')),
    expected: 'red',
    codes: ['table-extra'],
  },
  'a workbook stands among the tables': {
    inTableFiles: (files) => void files.set('tables/通话.xlsx', utf8('PK\u0003\u0004')),
    expected: 'red',
    codes: ['table-extra'],
  },
  'a pack of a later version: rows and a column that this verifier does not know': {
    inTableFiles: (files) => {
      const rows = textOf(files, 'rows/reviews.csv').trimEnd().split('\n');
      files.set('rows/reviews.csv', utf8(rows.map((line, i) => `${line},${i === 0 ? 'later' : 'x'}\n`).join('')));
      change('tables/质检.csv', (lines) => lines.map((line, i) => `${line},${i === 0 ? '以后' : 'x'}`))(files);
      files.set('rows/later.csv', utf8('a\n1\n'));
      files.set('tables/以后.csv', utf8('\u{feff}甲\r\n1\r\n'));
    },
    expected: 'amber',
    codes: ['table-unknown'],
  },
};
