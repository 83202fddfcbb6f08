import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Trunk } from '../../shared/contracts/calls/flow.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import { createTrunkLoad, takeFor, type TrunkLoad } from './trunk-load.js';

const trunk = (more: Partial<Trunk>): Trunk => Trunk.parse({ id: 'carrier', name: 'carrier', addresses: ['192.0.2.1'], ...more });

let talking: number;
let load: TrunkLoad;
beforeEach(() => {
  jest.useFakeTimers();
  talking = 0;
  load = createTrunkLoad({ talking: () => talking, every: (ms, run) => systemClock.every(ms, run), nowMs: Date.now });
});
afterEach(() => {
  jest.useRealTimers();
});

/** What has become of a call so far: `waits`, `begins` or `refused`. */
function called(of: Trunk, direction: 'in' | 'out', signal?: AbortSignal) {
  const call = { state: 'waits', end: (): void => undefined };
  void load.take(of, direction, signal).then((end) => {
    call.state = end === undefined ? 'refused' : 'begins';
    if (end !== undefined) call.end = end;
  });
  return call;
}

test('a trunk without limits takes every call at once', async () => {
  const calls = Array.from({ length: 500 }, () => called(trunk({}), 'in'));
  await jest.advanceTimersByTimeAsync(0);
  expect(new Set(calls.map(({ state }) => state))).toEqual(new Set(['begins']));
});

test('a call waits for a channel, has the first that is free, and is refused after two seconds', async () => {
  const two = trunk({ channels: 2 });
  talking = 1;
  const first = called(two, 'in');
  const [second, third] = [called(two, 'out'), called(two, 'in')];
  await jest.advanceTimersByTimeAsync(1_000);
  expect([first.state, second.state, third.state]).toEqual(['begins', 'waits', 'waits']);
  expect(load.view('carrier')).toEqual({ calls: 2, waiting: 2, refused: 0 });
  first.end();
  first.end();
  await jest.advanceTimersByTimeAsync(100);
  expect([second.state, third.state]).toEqual(['begins', 'waits']);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(third.state).toBe('refused');
  expect(load.view('carrier')).toEqual({ calls: 2, waiting: 0, refused: 1 });
});

test('calls a second are counted in each direction by itself; those over it follow in the next second, in their order', async () => {
  const limited = trunk({ callsPerSecondIn: 2, callsPerSecondOut: 1 });
  const comings = Array.from({ length: 5 }, () => called(limited, 'in'));
  const [out, secondOut] = [called(limited, 'out'), called(limited, 'out')];
  await jest.advanceTimersByTimeAsync(100);
  expect(comings.map(({ state }) => state)).toEqual(['begins', 'begins', 'waits', 'waits', 'waits']);
  expect([out.state, secondOut.state]).toEqual(['begins', 'waits']);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(comings.map(({ state }) => state)).toEqual(['begins', 'begins', 'begins', 'begins', 'waits']);
  expect(secondOut.state).toBe('begins');
});

test('a caller who gives up while waiting takes no channel, and is not counted as refused', async () => {
  const one = trunk({ channels: 1 });
  const first = called(one, 'in');
  const given = new AbortController();
  const second = called(one, 'in', given.signal);
  given.abort();
  await jest.advanceTimersByTimeAsync(50);
  expect(second.state).toBe('refused');
  first.end();
  const third = called(one, 'in');
  await jest.advanceTimersByTimeAsync(50);
  expect(third.state).toBe('begins');
  expect(load.view('carrier').refused).toBe(0);
});

test('a call to the police waits for no channel, and is counted until its set-up is over', async () => {
  const one = trunk({ channels: 1, callsPerSecondOut: 1 });
  called(one, 'out');
  const end = load.begin(one, 'out');
  await jest.advanceTimersByTimeAsync(0);
  expect(load.view('carrier').calls).toBe(2);
  end();
  expect(load.view('carrier').calls).toBe(1);
});

test('an emergency call waits for no channel; another call out does', async () => {
  const full = trunk({ channels: 1 });
  talking = 1;
  const { signal } = new AbortController();
  expect(await takeFor(load, full, { emergency: true }, signal)).toBeDefined();
  const other = takeFor(load, full, {}, signal);
  await jest.advanceTimersByTimeAsync(2_100);
  expect(await other).toBeUndefined();
});
