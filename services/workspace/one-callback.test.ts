import { expect, test } from '@jest/globals';
import type { SeatCallback } from '../shared/contracts/workspace.js';
import { createOneCallback } from './one-callback.js';
import type { CallFacts } from './ports.js';

const call = (callId: string, queueId: string): CallFacts => ({ callId, queueId, called: '4001000' }) as CallFacts;

function rig(kept: { callId: string; queueId: string } | null = null) {
  const rows = new Map<string, SeatCallback & { callerHash?: string | undefined }>();
  const open = () => [...rows.values()].filter(({ state }) => state === 'open');
  const later = () => new Promise((resolve) => setImmediate(resolve));
  const promise = createOneCallback({
    callbacks: {
      add: async (callback, callerHash) => {
        await later();
        rows.set(callback.id, { ...callback, callerHash });
      },
      openOf: async (callId) => open().find((each) => each.callId === callId || each.also?.some((other) => other.callId === callId)),
      openOfPerson: async (callerHash) => open().find((each) => each.callerHash === callerHash),
      join: async (id, other) => {
        const row = rows.get(id);
        if (row?.state !== 'open') return undefined;
        const joined = { ...row, also: [...(row.also ?? []), other] };
        rows.set(id, joined);
        return joined;
      },
    },
    commands: { send: (async () => kept) as never },
  });
  const ask = (person: string, callId: string, queueId: string) =>
    promise(person, call(callId, queueId), () => ({
      ...{
        id: `p-${callId}`,
        callId,
        queueId,
        callerMasked: '139****0001',
        dueAt: '2026-11-30T00:00:00Z',
        note: '',
        state: 'open',
        tries: [],
      },
    }));
  return { ask, rows };
}

test('two calls of one person, in two queues and pressed at once, are one callback of the first queue', async () => {
  const { ask, rows } = rig();
  const both = await Promise.all([ask('person', 'c1', 'service'), ask('person', 'c2', 'sales')]);
  expect(both.map(({ id }) => id)).toEqual(['p-c1', 'p-c1']);
  expect([rows.size, rows.get('p-c1')?.also]).toEqual([1, [{ callId: 'c2', queueId: 'sales' }]]);
  // Asking the same again adds nothing.
  expect((await ask('person', 'c2', 'sales')).also).toHaveLength(1);
  expect((await ask('other', 'c3', 'sales')).id).toBe('p-c3');
});

test('one that is under way answers the next call as well; one that is over does not', async () => {
  const { ask, rows } = rig();
  const first = await ask('person', 'c1', 'service');
  rows.set(first.id, { ...first, callerHash: 'person', tries: [{ callId: 'out', by: 'anna', at: '' }] });
  expect((await ask('person', 'c2', 'service')).id).toBe('p-c1');
  rows.set(first.id, { ...first, state: 'done' });
  expect((await ask('person', 'c4', 'service')).id).toBe('p-c4');
});

test('whoever keeps a place in line is called by the queue, and not a second time', async () => {
  const { ask, rows } = rig({ callId: 'c0', queueId: 'service' });
  await expect(ask('person', 'c1', 'service')).rejects.toMatchObject({ code: 'already-exists' });
  expect(rows.size).toBe(0);
});
