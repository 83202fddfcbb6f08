import type { Draw } from '../../../services/evidence/pack/draw.js';
import { drawnRows, recordingBody, witnessFiles, type Rows } from './planted-packs.js';
import type { Planted } from './planted.js';

type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
const SEED = '检查组 2026-10-06 第 4719 号';
/** Five recordings by the seed that the inspector named. Seed and number are typed. */
const drawn = { draw: (): Draw => ({ asked: 5, seed: SEED, seedFrom: 'outside' }), seed: SEED, count: 5 };
const pathOf = (files: Map<string, Uint8Array>, place: number): string =>
  [...files.keys()].filter((name) => name.startsWith('recordings/'))[place - 1] ?? '';
const bodyOf = (files: Map<string, Uint8Array>, place: number): Uint8Array => files.get(pathOf(files, place)) ?? new Uint8Array();
/** The recordings that the seed does not draw. */
const others = ({ recordings, drawn: rows }: Rows) => recordings.filter(({ callId }) => !rows.some((row) => row.callId === callId));
const leaveOut = (place: number) => (files: Map<string, Uint8Array>) => void files.delete(pathOf(files, place));

/** The store has the first drawn recording no longer. */
const firstIs = (kept: 'missing' | 'deleted') => (rows: Rows) => {
  const [first] = drawnRows(rows, drawn.draw());
  edit(
    rows.recordings.find(({ callId }) => callId === first?.callId),
    { kept },
  );
};

/** What can be done to the drawn recordings of a pack by whoever holds the key. */
export const drawnPlants: Record<string, Planted> = {
  'nothing is planted in a pack with drawn recordings': { ...drawn, expected: 'green' },
  'the seed is the hash of a day sheet that left the house, and none is typed': {
    draw: (sheets) => ({ asked: 3, seed: sheets.at(-1)?.hash ?? '', seedFrom: 'day-sheet' }),
    count: 3,
    leftTheHouse: witnessFiles,
    expected: 'green',
  },
  'the seed is the hash of a day sheet that nobody outside has seen': {
    draw: (sheets) => ({ asked: 3, seed: sheets.at(-1)?.hash ?? '', seedFrom: 'day-sheet' }),
    count: 3,
    expected: 'amber',
    codes: ['seed-not-compared'],
  },
  'more are asked for than there are': {
    ...drawn,
    draw: () => ({ asked: 500, seed: SEED, seedFrom: 'outside' }),
    count: 500,
    expected: 'green',
  },
  'a seed was named, and none is typed': { draw: drawn.draw, count: 5, expected: 'amber', codes: ['seed-not-compared'] },
  'the house made the seed by itself': {
    draw: () => ({ asked: 3, seed: 'c0ffee', seedFrom: 'system' }),
    count: 3,
    expected: 'amber',
    codes: ['seed-not-compared'],
  },
  'another seed was taken than the one that was named': {
    draw: () => ({ asked: 5, seed: `${SEED} `, seedFrom: 'outside' }),
    seed: SEED,
    count: 5,
    expected: 'red',
    codes: ['seed-differs'],
  },
  'a seed was named, and the pack has no recordings': { seed: SEED, expected: 'red', codes: ['seed-differs'] },
  'fewer are said to have been asked for': {
    ...drawn,
    inRows: (rows) => void rows.drawn.splice(3),
    inManifest: (manifest) => void (manifest.drawn = { asked: 3, seed: SEED, seedFrom: 'outside' }),
    expected: 'red',
    codes: ['count-differs'],
  },
  'fewer are said to have been asked for, and no number is typed': {
    ...{ draw: drawn.draw, seed: SEED },
    inRows: (rows) => void rows.drawn.splice(3),
    inManifest: (manifest) => void (manifest.drawn = { asked: 3, seed: SEED, seedFrom: 'outside' }),
    expected: 'amber',
    codes: ['count-not-compared'],
  },
  'a number was asked for, and the pack has no recordings': { count: 5, expected: 'red', codes: ['count-differs'] },
  'two drawn recordings are exchanged': {
    ...drawn,
    inFiles: (files) => {
      const [a, b] = [bodyOf(files, 1), bodyOf(files, 2)];
      files.set(pathOf(files, 1), b);
      files.set(pathOf(files, 2), a);
    },
    expected: 'red',
    codes: ['drawn-recording-differs'],
  },
  'two drawn recordings are exchanged with their rows': {
    ...drawn,
    inRows: ({ drawn: rows }) => {
      const [a, b] = [rows[0]!, rows[1]!].map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }));
      edit(rows[0], b!);
      edit(rows[1], a!);
    },
    expected: 'red',
    codes: ['draw-differs'],
  },
  'a drawn recording is cut': {
    ...drawn,
    inFiles: (files) => void files.set(pathOf(files, 2), bodyOf(files, 2).subarray(0, 20)),
    expected: 'red',
    codes: ['drawn-recording-differs'],
  },
  'a drawn recording is another sound, and all its rows say so': {
    ...drawn,
    inRows: ({ drawn: rows, recordings }) => {
      const row = recordings.find(({ callId }) => callId === rows[2]?.callId);
      edit(rows[2], { sha256: 'e'.repeat(64) });
      edit(row, { sha256: 'e'.repeat(64) });
    },
    expected: 'red',
    codes: ['drawn-recording-differs', 'facts-changed', 'ledger-recording-differs'],
  },
  'one drawn recording stands for two': {
    ...drawn,
    inFiles: (files) => void files.set(pathOf(files, 2), bodyOf(files, 1)),
    expected: 'red',
    codes: ['drawn-recording-differs'],
  },
  'two rows share the file of one drawn recording': {
    ...drawn,
    inRows: ({ drawn: rows }) => edit(rows[1], { path: rows[0]!.path }),
    expected: 'red',
    codes: ['drawn-missing', 'drawn-recording-differs'],
  },
  'a drawn recording stands twice in the rows': {
    ...drawn,
    inRows: ({ drawn: rows }) => void rows.splice(1, 0, { ...rows[0]! }),
    expected: 'red',
    codes: ['draw-differs', 'row-doubled'],
  },
  'a drawn recording is left out of the archive': { ...drawn, inArchive: leaveOut(3), expected: 'red', codes: ['missing'] },
  'a drawn recording is left out': { ...drawn, inFiles: leaveOut(3), expected: 'red', codes: ['drawn-missing'] },
  'a drawn recording is left out, and its row says that it is missing': {
    ...drawn,
    inRows: ({ drawn: rows }) => edit(rows[2], { kept: 'missing', path: '' }),
    expected: 'red',
    codes: ['drawn-missing'],
  },
  'a drawn recording is left out, and its row says that it was deleted': {
    ...drawn,
    inRows: ({ drawn: rows }) => edit(rows[2], { kept: 'deleted', path: '' }),
    expected: 'red',
    codes: ['drawn-missing'],
  },
  'a drawn recording is left out with its row': {
    ...drawn,
    inRows: ({ drawn: rows }) => {
      rows.splice(2, 1);
      rows.forEach((row, i) => edit(row, { place: i + 1 }));
    },
    expected: 'red',
    codes: ['draw-differs'],
  },
  'the last drawn recording is left out with its row': {
    ...drawn,
    inRows: ({ drawn: rows }) => void rows.pop(),
    expected: 'red',
    codes: ['draw-differs'],
  },
  'a recording that the house likes better stands in the place of a drawn one': {
    ...drawn,
    inRows: (rows) => {
      const { callId, atMs, durationMs, sizeBytes, sha256 } = others(rows)[0]!;
      edit(rows.drawn[2], { callId, atMs, durationMs, sizeBytes, sha256, path: `recordings/${callId}.ogg` });
    },
    expected: 'red',
    codes: ['draw-differs'],
  },
  'a recording more stands among the drawn ones': {
    ...drawn,
    inFiles: (files) => void files.set('recordings/more.ogg', recordingBody('more')),
    expected: 'red',
    codes: ['drawn-extra'],
  },
  'a recording stands in a pack that was ordered without': {
    inFiles: (files) => void files.set('recordings/more.ogg', recordingBody('more')),
    expected: 'red',
    codes: ['drawn-extra'],
  },
  'the rows of the drawn recordings are left out': {
    ...drawn,
    inFiles: (files) => void files.delete('rows/drawn.csv'),
    expected: 'red',
    codes: ['draw-differs', 'drawn-extra'],
  },
  'the manifest says nothing of a draw': {
    draw: drawn.draw,
    inManifest: (manifest) => {
      delete manifest.drawn;
    },
    expected: 'red',
    codes: ['draw-differs', 'drawn-extra'],
  },
  'the draw of the manifest is none': {
    draw: drawn.draw,
    inManifest: (manifest) => void Object.assign(manifest, { drawn: 7 }),
    expected: 'red',
    codes: ['draw-differs', 'drawn-extra'],
  },
  'a drawn recording has the place of another in the ledger': {
    ...drawn,
    inRows: ({ drawn: rows }) => edit(rows[1], { ledgerNumber: rows[0]!.ledgerNumber! }),
    expected: 'red',
    codes: ['draw-differs'],
  },
  'a drawn recording is no sound file': {
    ...drawn,
    inFiles: (files) => void files.set(pathOf(files, 1), Buffer.from('a letter')),
    expected: 'red',
    codes: ['document-form', 'drawn-recording-differs'],
  },
  'a drawn recording is gone from the store': {
    ...drawn,
    inStore: firstIs('missing'),
    expected: 'amber',
    codes: ['drawn-lost', 'recording-lost'],
  },
  'a drawn recording was deleted by its rule': {
    ...drawn,
    inStore: firstIs('deleted'),
    expected: 'amber',
    codes: ['drawn-deleted'],
  },
};
