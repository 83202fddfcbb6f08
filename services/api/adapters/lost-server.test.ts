import { expect, test } from '@jest/globals';
import { untilPageMustLeave } from './lost-server.js';

const FIRST = new URL('ws://10.0.0.11:5062');
const SECOND = new URL('ws://10.0.0.12:5062');

/** When the page must leave, in milliseconds after its server was gone; each fact holds from the time on that is given. */
async function leavesAfter({ backMs = Infinity, movedMs = Infinity, leftMs = Infinity }): Promise<number> {
  let now = 0;
  await untilPageMustLeave({
    server: FIRST,
    serverNow: async () => (now >= movedMs ? SECOND : FIRST),
    hasLeft: () => now >= leftMs,
    isThere: async () => now >= backMs,
    clock: {
      nowMs: () => now,
      after(ms, run) {
        now += ms;
        run();
        return () => undefined;
      },
    },
  });
  return now;
}

test('a page leaves at once a server that has only closed this connection, and one that was started again as soon as it is there', async () => {
  expect(await leavesAfter({ backMs: 0 })).toBe(0);
  expect(await leavesAfter({ backMs: 900 })).toBe(1_000);
});

test('it stays when another server takes over, which asks it for another session, and leaves in the end', async () => {
  expect(await leavesAfter({ movedMs: 3_000 })).toBe(23_000);
  expect(await leavesAfter({ movedMs: 3_000, leftMs: 4_000 })).toBe(4_000);
});

test('it leaves after 10 s when nobody takes over', async () => {
  expect(await leavesAfter({})).toBe(10_000);
});
