import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { TrunkState } from '../../shared/contracts/trunks/trunk-state.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { faultOf, watchTrunks } from './trunk-watch.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const since = '2026-11-28T00:00:00.000Z';
type WayState = TrunkState['ways'][number]['state'];
const trunk = (...states: readonly WayState[]): TrunkState => ({
  trunkId: 'carrier',
  calls: 0,
  waiting: 0,
  refused: 0,
  ways: states.map((state, place) => ({ uri: `192.0.2.${String(place + 1)}`, place, state, since, history: [] })),
});

test('an address that does not answer and a refused registration are faults; what was not asked yet is none', () => {
  expect(faultOf(trunk('up', 'unknown'))).toBeUndefined();
  expect(faultOf(trunk())).toBeUndefined();
  // Calls go through, so there is no outage.
  expect(faultOf(trunk('no-options', 'up'))).toBeUndefined();
  expect(faultOf({ ...trunk('up'), registration: 'registered' })).toBeUndefined();
  expect(faultOf(trunk('up', 'down'))?.en).toBe('Trunk carrier: 1 of 2 addresses of the carrier do not answer.');
  expect(faultOf({ ...trunk('up'), registration: 'not-allowed' })?.['zh-CN']).toBe('中继 carrier：运营商未接受注册。');
});

test('the alarm of a trunk is raised once, stands, and is cleared when every address answers or the trunk is switched off', async () => {
  const published: string[] = [];
  let states: readonly TrunkState[] = [trunk('unknown')];
  const watch = watchTrunks({
    states: () => states,
    bus: {
      async publish(name) {
        published.push(name);
      },
    },
    log: silentLogger,
    everyMs: 1_000,
  });
  const next = async (now: readonly TrunkState[]): Promise<string[]> => {
    states = now;
    await jest.advanceTimersByTimeAsync(3_000);
    return published.splice(0);
  };
  expect(await next([trunk('unknown')])).toEqual([]);
  expect(await next([trunk('down', 'up')])).toEqual(['notice.raised']);
  expect(await next([trunk('down', 'unknown')])).toEqual([]);
  expect(await next([trunk('up', 'up')])).toEqual(['notice.cleared']);
  expect(await next([trunk('down', 'down')])).toEqual(['notice.raised']);
  expect(await next([])).toEqual(['notice.cleared']);
  await watch.stop();
});
