import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { Callback } from './callback.js';
import { createCallbackWrites } from './callback-writes.js';

const callback = (state: Callback['state'], tries: number): Callback => ({
  callId: 'c1',
  queueId: 'service',
  askedAt: new Date(0),
  waitingSince: new Date(0),
  priority: 0,
  skills: {},
  state,
  tries,
  notBefore: new Date(0),
});

function rig() {
  const stored: Callback[] = [];
  const written: string[] = [];
  let isAway = false;
  const writes = createCallbackWrites(
    {
      store: {
        async put(each) {
          if (isAway) throw new Error('away');
          stored.push(each);
        },
      },
      log: silentLogger,
    },
    async ({ state }) => void written.push(state),
  );
  return { writes, stored, written, away: (is: boolean) => void (isAway = is) };
}

test('what the store did not take is written when it is back, once, and as it is by then', async () => {
  const { writes, stored, written, away } = rig();
  away(true);
  await writes.put(callback('dialling', 1));
  writes.again();
  await writes.put(callback('reached', 1));
  expect([stored, written]).toEqual([[], []]);
  away(false);
  writes.again();
  writes.again();
  await Promise.resolve();
  await writes.put({ ...callback('waiting', 0), callId: 'c2' });
  expect(stored.filter(({ callId }) => callId === 'c1')).toEqual([callback('reached', 1)]);
  expect(written[0]).toBe('reached');
  writes.again();
  expect(stored).toHaveLength(2);
});
