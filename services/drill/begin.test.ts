import { expect, test } from '@jest/globals';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { Drill } from './drill.js';
import { UserId } from '../shared/contracts/ids.js';
import { beginDrill, type DrillHttp } from './http.js';
import { seedInForce, seedOf } from '../shared/domain/licence/seed.js';

function site() {
  const stored: Drill[] = [];
  const file = {
    rules: { title: { zh: '', en: '' }, columns: [], rows: [{ key: 'R1', values: { title: '制度' }, shown: [] }] },
  } as unknown as LicenceFile;
  const none = { count: async () => 0 };
  const needs: Parameters<typeof beginDrill>[3] = {
    drills: {
      newest: async () => [...stored],
      one: async () => undefined,
      add: async (drill) => {
        if (stored.some(({ drillId }) => drillId === drill.drillId)) return false;
        stored.push(drill);
        return true;
      },
      replace: async () => false,
      countOf: async (prefix) => stored.filter(({ drillId }) => drillId.startsWith(prefix)).length,
    },
    drillReads: { calls: none, recordings: none, consents: none } as unknown as DrillHttp['drillReads'],
    licenceFile: { read: async () => file },
    calendar: { today: () => '2026-11-28' },
    now: () => new Date('2026-11-28T01:00:00Z'),
    newSeed: () => 'own',
    namedSeed: async () => undefined,
    zone: 'Asia/Shanghai',
    newestWitnessed: async () => undefined,
    equipmentNow: async () => [],
  };
  return { stored, needs };
}

test('of two who begin at once one has the drill, however long the draw of the other takes', async () => {
  const { stored, needs } = site();
  const slow = beginDrill('a', 30, 'slow', {
    ...needs,
    // The other drill is drawn and stored while this one is still reading the pools.
    equipmentNow: async () => {
      expect(await needs.drills.add(await beginDrill('b', 30, 'quick', needs))).toBe(true);
      return [];
    },
  });
  expect(await needs.drills.add(await slow)).toBe(false);
  expect(stored.map(({ by }) => by)).toEqual(['quick']);
});

test('no drill begins while one runs, and the next one of the day has the next number', async () => {
  const { stored, needs } = site();
  const first = await beginDrill('a', 30, 'x', needs);
  await needs.drills.add(first);
  await expect(beginDrill('b', 30, 'x', needs)).rejects.toMatchObject({ code: 'wrong-state', details: { refused: 'running' } });
  stored[0] = { ...first, endedAt: needs.now() };
  expect((await beginDrill('b', 30, 'x', needs)).drillId).toBe('MN-20261128-02');
});

const named = { seed: '4711', by: UserId.parse('inspector-1'), name: 'Inspector', at: new Date('2026-11-28T00:30:00Z') };

test('a seed that an inspector named draws the next drill, which says who named it; no other seed draws it', async () => {
  const { stored, needs } = site();
  const withSeed = { ...needs, namedSeed: async () => named };
  await expect(beginDrill('of the house', 30, 'x', withSeed)).rejects.toMatchObject({ details: { refused: 'seed-named' } });
  const drill = await beginDrill(undefined, 30, 'x', withSeed);
  expect(drill).toMatchObject({ seed: '4711', seedFrom: 'inspector', seedBy: { by: 'inspector-1', name: 'Inspector', at: named.at } });
  const { items } = await beginDrill('4711', 30, 'x', needs);
  expect(drill.items).toEqual(items);
  // Everybody knows by now what it draws.
  stored.push({ ...drill, endedAt: needs.now() });
  expect(await beginDrill('of the house', 30, 'x', withSeed)).toMatchObject({ seed: 'of the house', seedFrom: 'outside' });
});

test('a seed of an inspector is in force for 24 hours, before that of a day sheet, and gives way to one that is typed for a draw', async () => {
  expect(seedInForce(named, new Date('2026-11-29T00:29:59Z'))).toBe(named);
  expect(seedInForce(named, new Date('2026-11-29T00:30:00Z'))).toBeUndefined();
  const sources = { namedSeed: async () => named, newestWitnessed: async () => 'hash', newSeed: () => 'own' };
  expect(await seedOf(undefined, sources)).toMatchObject({ seed: '4711', seedFrom: 'inspector' });
  expect(await seedOf(' 4711 ', sources)).toMatchObject({ seedFrom: 'inspector' });
  expect(await seedOf('other', sources)).toEqual({ seed: 'other', seedFrom: 'outside' });
  expect(await seedOf(' ', { ...sources, namedSeed: async () => undefined })).toEqual({ seed: 'hash', seedFrom: 'day-sheet' });
});
