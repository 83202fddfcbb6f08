import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createCallbackDesk } from './callback-desk.js';
import type { Callback } from './callback.js';

const at = (minutes: number): string => new Date(minutes * 60_000).toISOString();

function rig() {
  let nowMs = 0;
  const stored = new Map<string, Callback>();
  const lined = new Map<string, string>();
  const dialled: string[] = [];
  const told: (readonly string[])[] = [];
  let fails: Error | undefined;
  const desk = createCallbackDesk({
    desk: {
      queue: () => ({}),
      waiting: (id: string) => (lined.has(id) ? {} : undefined),
      rings: () => false,
      enqueue: ({ callId, queueId }: { callId: string; queueId: string }) => void lined.set(callId, queueId),
      dequeue: (id: string) => void lined.delete(id),
      offerEnded: () => undefined,
    } as never,
    store: {
      open: async () => [...stored.values()].filter(({ state }) => state === 'waiting' || state === 'dialling'),
      put: async (callback) => void stored.set(callback.callId, callback),
      joinedTo: async (callId) => [...stored.values()].filter(({ state, joinedTo }) => state === 'joined' && joinedTo === callId),
      joined: async () => [...stored.values()].filter(({ state }) => state === 'joined'),
      one: async (callId) => stored.get(callId),
      list: async () => [...stored.values()],
    },
    commands: {
      send: async (_name: string, { callId }: { callId: string }) => {
        if (fails !== undefined) throw fails;
        dialled.push(callId);
        return { callId: `out-${callId}` };
      },
    } as never,
    freeAgent: () => undefined,
    tellReached: ({ callId, callerHash, outboundId }) => void told.push([callId, callerHash, outboundId]),
    now: () => new Date(nowMs),
    log: silentLogger,
  });
  const asks = (callId: string, minute: number, callerHash: string | undefined, queueId = 'service', clientUnit?: string) => {
    nowMs = minute * 60_000;
    const event = { callId, at: at(minute), queueId, language: 'zh-CN', waitingSince: at(minute), priority: 0, skills: {}, choices: [] };
    return desk.asked({
      ...event,
      ...(callerHash === undefined ? {} : { callerHash }),
      ...(clientUnit === undefined ? {} : { clientUnit }),
    });
  };
  return { desk, stored, lined, dialled, told, asks, fail: (error: Error) => void (fails = error) };
}
const stateOf = (stored: ReadonlyMap<string, Callback>, callId: string) => [stored.get(callId)?.state, stored.get(callId)?.joinedTo];

test('who asks twice is called once, by the queue that was asked first; others are others', async () => {
  const { desk, stored, lined, asks } = rig();
  await asks('c1', 0, 'person');
  await asks('c2', 1, 'person', 'sales');
  await asks('c3', 2, 'other');
  await asks('c4', 3, undefined);
  await asks('c5', 4, undefined);
  desk.lineUp();
  expect(stateOf(stored, 'c2')).toEqual(['joined', 'c1']);
  expect([...lined.values()]).toEqual(['service', 'service', 'service', 'service']);
  expect([...lined.keys()]).toEqual(['callback-c1', 'callback-c3', 'callback-c4', 'callback-c5']);
  expect(desk.of({ callerHash: 'person' })).toMatchObject({ callId: 'c1', queueId: 'service' });
});

test('what two client units owe one person is two callbacks', async () => {
  const { desk, stored, asks } = rig();
  await asks('c1', 0, 'person', 'service', 'bank');
  await asks('c2', 1, 'person', 'service', 'insurer');
  await asks('c3', 2, 'person', 'sales', 'insurer');
  expect(['c1', 'c2', 'c3'].map((callId) => stateOf(stored, callId))).toEqual([
    ['waiting', undefined],
    ['waiting', undefined],
    ['joined', 'c2'],
  ]);
  expect(desk.of({ callerHash: 'person', clientUnit: 'insurer' })).toMatchObject({ callId: 'c2' });
  expect(desk.of({ callerHash: 'person' })).toBeUndefined();
});

test('that a person was reached is told, for whoever else has promised a call', async () => {
  const { desk, told, asks } = rig();
  await asks('c1', 0, 'person');
  desk.lineUp();
  await desk.dial('c1', 'anna');
  expect(told).toEqual([]);
  await desk.connected('out-c1');
  expect(told).toEqual([['c1', 'person', 'out-c1']]);
});

test('while the first is being dialled the second joins it', async () => {
  const { desk, stored, dialled, asks } = rig();
  await asks('c1', 0, 'person');
  desk.lineUp();
  await desk.dial('c1', 'anna');
  await asks('c2', 1, 'person');
  expect(stateOf(stored, 'c2')).toEqual(['joined', 'c1']);
  await desk.connected('out-c1');
  expect([stateOf(stored, 'c1')[0], desk.of({ callerHash: 'person' }), dialled]).toEqual(['reached', undefined, ['c1']]);
  // A request made after the person was reached is a new callback.
  await asks('c3', 2, 'person');
  expect(stateOf(stored, 'c3')).toEqual(['waiting', undefined]);
});

test('who calls again before the next try waits for it no longer', async () => {
  const { desk, stored, asks } = rig();
  await asks('c1', 0, 'person');
  desk.lineUp();
  await desk.dial('c1', 'anna');
  await desk.ended('out-c1');
  expect(stored.get('c1')?.notBefore).toEqual(new Date(10 * 60_000));
  await asks('c2', 3, 'person');
  expect(stored.get('c1')?.notBefore).toEqual(new Date(3 * 60_000));
});

test('when the first is taken back, what was promised for the second call is kept', async () => {
  const { desk, stored, asks } = rig();
  await asks('c1', 0, 'person');
  await asks('c2', 1, 'person', 'sales');
  await asks('c3', 2, 'person');
  expect(await desk.cancel('c1')).toBe(true);
  expect([stateOf(stored, 'c1'), stateOf(stored, 'c2'), stateOf(stored, 'c3')]).toEqual([
    ['cancelled', undefined],
    ['waiting', undefined],
    ['joined', 'c2'],
  ]);
  expect(desk.of({ callerHash: 'person' })).toMatchObject({ callId: 'c2', queueId: 'sales' });
});

test('those that were joined end together with the first: when the person is reached, and when nobody tries any more', async () => {
  const { desk, stored, asks } = rig();
  await asks('c1', 0, 'person');
  await asks('c2', 1, 'person', 'sales');
  desk.lineUp();
  await desk.dial('c1', 'anna');
  await desk.connected('out-c1');
  expect(stored.get('c2')).toMatchObject({ state: 'reached', joinedTo: 'c1', outboundId: 'out-c1', agentId: 'anna' });
  // A later request is a new callback, and is given up after its last attempt.
  await asks('c3', 10, 'person');
  await asks('c4', 11, 'person', 'sales');
  for (let tries = 0; tries < 3; tries += 1) {
    expect(stateOf(stored, 'c4')).toEqual(['joined', 'c3']);
    await desk.dial('c3', 'anna');
    await desk.ended('out-c3');
  }
  expect([stateOf(stored, 'c3'), stateOf(stored, 'c4'), stored.get('c2')?.state]).toEqual([
    ['not-reached', undefined],
    ['not-reached', 'c3'],
    'reached',
  ]);
});

test('a process that dies between the two ends leaves none behind: the next one ends them, or keeps the promise that is left', async () => {
  const { desk, stored, asks } = rig();
  await asks('c1', 0, 'person');
  await asks('c2', 1, 'person', 'sales');
  await asks('c3', 0, 'other');
  await asks('c4', 1, 'other', 'sales');
  await asks('c5', 2, 'other');
  const died = (callId: string, state: Callback['state']): void => {
    const row = stored.get(callId);
    if (row !== undefined) stored.set(callId, { ...row, state });
  };
  died('c1', 'reached');
  died('c3', 'cancelled');
  const next = rig();
  for (const [callId, row] of stored) next.stored.set(callId, row);
  await next.desk.restore(new Set());
  expect(['c1', 'c2', 'c4', 'c5'].map((callId) => stateOf(next.stored, callId))).toEqual([
    ['reached', undefined],
    ['reached', 'c1'],
    ['waiting', undefined],
    ['joined', 'c4'],
  ]);
  expect(next.desk.of({ callerHash: 'person' })).toBeUndefined();
  expect(next.desk.of({ callerHash: 'other' })).toMatchObject({ callId: 'c4' });
  expect(desk.of({ callerHash: 'nobody' })).toBeUndefined();
});
