import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createRelayMemory } from './relay-memory.js';

/** A live state that answers after `takesMs`, or not at all. */
function watched() {
  let now = 0;
  let takesMs: number | undefined = 1;
  let restated = 0;
  const memory = createRelayMemory({
    ping: async () => {
      if (takesMs === undefined) throw new Error('away');
      now += takesMs;
    },
    restateAll: async () => void (restated += 1),
    nowMs: () => now,
    log: silentLogger,
  });
  return {
    restated: () => restated,
    lost: () => memory.lost(),
    look: async (seconds: number, answers: number | undefined): Promise<void> => {
      takesMs = answers;
      for (let second = 0; second < seconds; second += 1) {
        now += 1_000;
        await memory.look();
      }
    },
  };
}

test('nothing is stated again while the live state is well', async () => {
  const { look, restated } = watched();
  await look(60, 5);
  expect(restated()).toBe(0);
});

test.each([
  ['was away', undefined],
  ['hung', 9_000],
])('a live state that %s: all legs are stated again, once, when the relay writes again', async (_what, answers) => {
  const { look, restated } = watched();
  await look(3, answers);
  await look(5, 2);
  expect(restated()).toBe(0);
  await look(4, 2);
  expect(restated()).toBe(1);
  await look(30, 2);
  expect(restated()).toBe(1);
});

test('a live state that went and came back between two looks: all legs are stated again', async () => {
  const { look, restated, lost } = watched();
  await look(2, 2);
  lost();
  await look(9, 2);
  expect(restated()).toBe(1);
});

test('one that is slow all the time: all legs are stated again once a minute', async () => {
  const { look, restated } = watched();
  await look(150, 120);
  expect(restated()).toBe(2);
});

test('one that was slow for a moment: the relay writes nothing for a while, so it is waited for as after an outage', async () => {
  const { look, restated } = watched();
  await look(20, 5);
  await look(1, 300);
  await look(5, 5);
  expect(restated()).toBe(0);
  await look(3, 5);
  expect(restated()).toBe(1);
});

test('one that comes and goes is waited for', async () => {
  const { look, restated } = watched();
  for (let turn = 0; turn < 5; turn += 1) {
    await look(1, undefined);
    await look(4, 2);
  }
  expect(restated()).toBe(0);
});
