import { expect, test } from '@jest/globals';
import { createDailyReadings } from './daily-limit.js';

const LIMIT_MS = 1_000;

/** Readings under a clock that moves only when told to. */
function rig() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const read = createDailyReadings(
    {
      after(ms, run) {
        const timer = { atMs: nowMs + ms, run };
        timers.push(timer);
        return () => void (timers = timers.filter((each) => each !== timer));
      },
    },
    LIMIT_MS,
  );
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    read,
    settled,
    open: () => timers.length,
    async pass(ms: number): Promise<void> {
      await settled();
      nowMs += ms;
      for (const { run } of timers.filter(({ atMs }) => atMs <= nowMs)) run();
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      await settled();
    },
  };
}
const never = (): Promise<never> => new Promise(() => undefined);

test('twenty who ask the same at once cost one reading, and get the same answer', async () => {
  const { read, open } = rig();
  let made = 0;
  const answers = await Promise.all(Array.from({ length: 20 }, () => read('a', async () => (made += 1))));
  expect([made, new Set(answers)]).toEqual([1, new Set([1])]);
  // A later request is counted anew.
  expect(await read('a', async () => (made += 1))).toBe(2);
  expect(open()).toBe(0);
});

test('different questions are read one after the other', async () => {
  const { read } = rig();
  let [now, most] = [0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
  };
  await Promise.all(['a', 'b', 'c'].map((question) => read(question, work)));
  expect(most).toBe(1);
});

test('a store that does not answer fails its part when the time is over, and says how to go on', async () => {
  const { read, pass } = rig();
  const parts = read('a', async ({ within, isOver }) => [
    await within(Promise.resolve('there')),
    await within(never()).catch((error: unknown) => error),
    isOver(),
  ]);
  await pass(LIMIT_MS);
  expect(await parts).toEqual([
    'there',
    expect.objectContaining({ code: 'timed-out', message: expect.stringMatching(/fewer days/) }),
    true,
  ]);
});

test('whoever waits too long for others is told so; what was read goes on, and those after it are read', async () => {
  const { read, pass, settled } = rig();
  let finish: (value: string) => void = () => undefined;
  const first = read('slow', () => new Promise<string>((resolve) => (finish = resolve)));
  const second = read('second', async () => 'second').catch((error: unknown) => error);
  await pass(LIMIT_MS);
  expect(await second).toMatchObject({ code: 'timed-out' });
  const third = read('third', async () => 'third');
  finish('slow');
  await settled();
  expect([await first, await third]).toEqual(['slow', 'third']);
});

test('one that fails does not hold up the next', async () => {
  const { read } = rig();
  await expect(read('a', () => Promise.reject(new Error('the store is away')))).rejects.toThrow('away');
  expect(await read('a', async () => 'there')).toBe('there');
});
