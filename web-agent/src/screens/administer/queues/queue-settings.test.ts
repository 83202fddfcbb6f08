import { expect, test } from '@jest/globals';
import { faultsOf, freshQueue, withNextRing, type QueueSettings } from './queue-settings.js';

const sound: QueueSettings = { ...freshQueue, id: 'sales', name: { 'zh-CN': '销售', en: 'Sales' } };

test.each<[string, Partial<QueueSettings>, string[]]>([
  ['a named queue is whole', {}, []],
  ['an id that another queue has', { id: 'service' }, ['taken']],
  ['an id with capitals', { id: 'Sales' }, ['id']],
  ['without a Chinese name', { name: { 'zh-CN': ' ', en: 'Sales' } }, ['nameZh']],
  ['nobody serves it', { members: [] }, ['members']],
  [
    'a ring that comes before the one before it',
    {
      rings: [
        { afterMs: 30_000, lowerBy: 1 },
        { afterMs: 20_000, lowerBy: 2 },
      ],
    },
    ['rings'],
  ],
  ['overflow into itself', { overflow: { to: 'queue', queueId: 'sales' } }, ['overflowQueue']],
  ['overflow to no number', { overflow: { to: 'number', number: 'x' } }, ['overflowNumber']],
])('%s', (_name, change, faults) => {
  expect(faultsOf({ ...sound, ...change }, ['service'])).toEqual(faults);
});

test('each new ring is later and wider', () => {
  const rings = withNextRing(withNextRing([]));
  expect(rings).toEqual([
    { afterMs: 30_000, lowerBy: 1 },
    { afterMs: 60_000, lowerBy: 2 },
  ]);
  expect(faultsOf({ ...sound, rings }, [])).toEqual([]);
});
