import { expect, test } from '@jest/globals';
import type { SeatCallback } from '../shared/contracts/workspace.js';
import { createOneCallback } from './one-callback.js';
import type { CallFacts, Promised } from './ports.js';

const call = (callId: string, queueId: string): CallFacts => ({ callId, queueId, called: '4001000' }) as CallFacts;

function rig(kept: { callId: string; queueId: string } | null = null) {
  const rows = new Map<string, SeatCallback & Partial<Promised>>();
  const open = () => [...rows.values()].filter(({ state }) => state === 'open');
  const later = () => new Promise((resolve) => setImmediate(resolve));
  const { promise, refuseKept } = createOneCallback({
    callbacks: {
      add: async (callback, person) => {
        await later();
        rows.set(callback.id, { ...callback, ...person });
      },
      openOf: async (callId) => open().find((each) => each.callId === callId || each.also?.some((other) => other.callId === callId)),
      openOfPerson: async (person) => open().find((each) => each.callerHash === person.callerHash && each.clientUnit === person.clientUnit),
      take: async (id, own) => {
        const row = rows.get(id);
        if (row?.state !== 'open' || (row.agentId !== undefined && row.agentId !== own.agentId)) return undefined;
        rows.set(id, { ...row, ...own });
        return rows.get(id);
      },
      join: async (id, other) => {
        const row = rows.get(id);
        if (row?.state !== 'open') return undefined;
        const joined = { ...row, also: [...(row.also ?? []), other] };
        rows.set(id, joined);
        return joined;
      },
    },
    commands: { send: (async () => kept) as never },
    now: () => new Date(0),
  });
  const ask = (person: string, callId: string, queueId: string, own: Partial<SeatCallback> = {}, clientUnit?: string) =>
    promise({ callerHash: person, clientUnit }, call(callId, queueId), () => ({
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
      ...own,
    }));
  return { ask, rows, refuseKept };
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

const annas = { agentId: 'anna', dueAt: '2026-11-30T07:00:00Z', note: 'The invoice' };

test('what an agent promises in person takes the callback that nobody has yet, with its time: there is one', async () => {
  const { ask, rows } = rig();
  await ask('person', 'c1', 'service', { note: 'Gave up' });
  expect(await ask('person', 'c2', 'sales', annas)).toMatchObject({ id: 'p-c1', ...annas, note: 'Gave up\nThe invoice' });
  expect([...rows.values()].map(({ agentId, dueAt, also }) => [agentId, dueAt, also?.length])).toEqual([['anna', annas.dueAt, 1]]);
  // The same agent agrees upon another time.
  expect(await ask('person', 'c3', 'service', { ...annas, dueAt: '2026-12-01T07:00:00Z' })).toMatchObject({
    dueAt: '2026-12-01T07:00:00Z',
    note: 'Gave up\nThe invoice',
  });
  expect(rows.size).toBe(1);
});

test('one that a colleague has promised stays the colleague’s, and says whose it is; a queue that asks later joins it', async () => {
  const { ask, rows } = rig();
  await ask('person', 'c1', 'service', annas);
  expect(await ask('person', 'c2', 'sales', { agentId: 'bert', dueAt: '2026-11-30T03:00:00Z' })).toMatchObject({ id: 'p-c1', ...annas });
  expect(await ask('person', 'c3', 'sales')).toMatchObject({ id: 'p-c1', ...annas });
  expect([rows.size, rows.get('p-c1')?.also?.map(({ callId }) => callId)]).toEqual([1, ['c2', 'c3']]);
});

test('each client unit owes its own', async () => {
  const { ask, rows } = rig();
  await ask('person', 'c1', 'service', annas, 'bank');
  await ask('person', 'c2', 'service', annas, 'insurer');
  expect([...rows.keys()]).toEqual(['p-c1', 'p-c2']);
});

test('an agent promises nobody a call who keeps a place in line, and makes none that was promised before', async () => {
  const { ask, rows, refuseKept } = rig({ callId: 'c0', queueId: 'service' });
  await expect(ask('person', 'c1', 'service', annas)).rejects.toMatchObject({ code: 'already-exists' });
  await expect(refuseKept({ callerHash: 'person' })).rejects.toMatchObject({ code: 'already-exists' });
  expect(rows.size).toBe(0);
});
