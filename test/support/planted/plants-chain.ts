import { HISTORY } from '../../../services/evidence/pack/history.js';
import { madeAtOf, type PlantedChain } from './planted-chain.js';

/** Inspection packs a, c and d, and between them b for a renewal. */
const four: PlantedChain['packs'] = {
  a: { hour: 1 },
  b: { hour: 2, after: ['a'], kind: 'renewal' },
  c: { hour: 3, after: ['a', 'b'] },
  d: { hour: 4, after: ['a', 'b', 'c'] },
};
/** Made in the place of another, with other rows behind it. */
const otherRows = {
  beforeSealing: (rows: { calls: readonly object[] }) => void Object.assign(rows.calls[0] ?? {}, { lossPercent: 0.2 }),
};
const restoredAt = (hour: number) => ({ at: madeAtOf(hour).replace(':00:00', ':30:00'), backup: '2026-10-05T1800' });
const other = {
  key: 'other.pem',
  inManifest: (manifest: object) => void Object.assign(manifest, { company: '他人', licence: '京B2-20249999' }),
};

/** Several packs at once, with what every verifier must say of them. */
export const chainPlants: Readonly<Record<string, PlantedChain>> = {
  'four packs that follow one another': { packs: four, given: ['a', 'b', 'c', 'd'], expected: 'green' },
  'the same in another order': { packs: four, given: ['d', 'a', 'c', 'b'], expected: 'green' },
  'a pack of another kind between them was given to others': { packs: four, given: ['a', 'c', 'd'], expected: 'green' },
  'the first ones are not given': { packs: four, given: ['c', 'd'], expected: 'green' },
  'one of the same kind between them is missing': { packs: four, given: ['a', 'd'], expected: 'amber', codes: ['pack-missing'] },
  'the same pack twice': { packs: four, given: ['a', 'b', 'a'], expected: 'amber', codes: ['pack-doubled'] },
  'two packs with the same number': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b'], plant: otherRows } },
    given: ['c', 'e'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'the first pack of all was made twice': {
    packs: { a: { hour: 1 }, e: { hour: 5, plant: otherRows } },
    given: ['a', 'e'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'a later pack follows another one than the pack that was handed in': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b'], plant: otherRows }, f: { hour: 6, after: ['a', 'b', 'e'] } },
    given: ['c', 'f'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'a pack that was handed in is forgotten by a longer chain': {
    packs: { ...four, e: { hour: 5, after: ['a'] }, f: { hour: 6, after: ['a', 'e'] }, g: { hour: 7, after: ['a', 'e', 'f'] } },
    given: ['a', 'b', 'g'],
    expected: 'red',
    codes: ['pack-fork', 'pack-missing'],
  },
  'a fork, with a restore from a backup in between': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b'], restores: [restoredAt(4)], plant: otherRows } },
    given: ['c', 'e'],
    expected: 'amber',
    codes: ['pack-fork-restored'],
  },
  'two forks, and a restore from a backup before the first alone': {
    packs: {
      ...four,
      e: { hour: 5, after: ['a', 'b'], restores: [restoredAt(4)], plant: otherRows },
      f: { hour: 6, after: ['a', 'b', 'e'] },
    },
    given: ['c', 'e', 'f'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'a fork, and a restore that was before both': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b'], restores: [restoredAt(2)], plant: otherRows } },
    given: ['c', 'e'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'a restore and no fork': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b', 'c', 'd'], restores: [restoredAt(4)] } },
    given: ['d', 'e'],
    expected: 'green',
  },
  'a missing pack is said to be of another kind': {
    packs: {
      ...four,
      e: { hour: 5, after: ['a', 'b', 'c', 'd'], inHistory: ({ packs }) => void packs.splice(2, 1, { ...packs[2]!, kind: 'annual' }) },
    },
    given: ['c', 'e'],
    expected: 'red',
    codes: ['pack-fork', 'pack-missing'],
  },
  'the list of the packs before is cut': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b', 'c'], inHistory: ({ packs }) => void packs.shift() } },
    given: ['e'],
    expected: 'red',
    codes: ['history-differs'],
  },
  'the list of the packs before ends with another one': {
    packs: {
      ...four,
      e: { hour: 5, after: ['a', 'b'], inHistory: ({ packs }) => void packs.splice(1, 1, { ...packs[1]!, sha256: 'e'.repeat(64) }) },
    },
    given: ['e'],
    expected: 'red',
    codes: ['history-differs'],
  },
  'the list of the packs before is no list': {
    packs: {
      ...four,
      e: { hour: 5, after: ['a'], plant: { inFiles: (files) => void files.set(HISTORY, new TextEncoder().encode('{"packs":7}')) } },
    },
    given: ['e'],
    expected: 'red',
    codes: ['history-differs'],
  },
  'the list of the packs before is left out': {
    packs: { ...four, e: { hour: 5, after: ['a'], plant: { inFiles: (files) => void files.delete(HISTORY) } } },
    given: ['e'],
    expected: 'red',
    codes: ['held-missing'],
  },
  'packs of before, which list none': {
    packs: { a: { hour: 1, isOld: true }, b: { hour: 2, after: ['a'], isOld: true } },
    given: ['a', 'b'],
    expected: 'green',
  },
  'packs of before, and one between them is missing': {
    packs: { a: { hour: 1, isOld: true }, b: { hour: 2, after: ['a'], isOld: true }, c: { hour: 3, after: ['a', 'b'], isOld: true } },
    given: ['a', 'c'],
    expected: 'amber',
    codes: ['pack-missing'],
  },
  'packs of before, and the second follows another one': {
    packs: {
      a: { hour: 1, isOld: true },
      e: { hour: 2, isOld: true, plant: otherRows },
      f: { hour: 3, after: ['e'], isOld: true },
    },
    given: ['a', 'f'],
    expected: 'red',
    codes: ['pack-fork'],
  },
  'a pack of another company among them': {
    packs: { ...four, e: { hour: 5, plant: other } },
    given: ['a', 'b', 'e'],
    fingerprint: 'none',
    expected: 'amber',
    codes: ['key-not-compared', 'pack-foreign'],
  },
  'one of them is changed': {
    packs: {
      ...four,
      e: {
        hour: 5,
        after: ['a', 'b', 'c', 'd'],
        plant: { inArchive: (files) => void files.set('figures.json', new TextEncoder().encode('{}')) },
      },
    },
    given: ['d', 'e'],
    expected: 'red',
    codes: ['changed'],
  },
  'one of them is no pack': {
    packs: { ...four, e: { hour: 5, after: ['a', 'b', 'c', 'd'], plant: { afterwards: (bytes) => bytes.subarray(0, 900) } } },
    given: ['d', 'e'],
    expected: 'no-pack',
  },
};
