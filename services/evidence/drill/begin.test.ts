import { expect, test } from '@jest/globals';
import type { LicenceFile } from '../licence-file.js';
import type { Drill } from './drill.js';
import { beginDrill, type DrillHttp } from './http.js';

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
