import { expect, test } from '@jest/globals';
import { createTurns } from './turns.js';

test('so many at once, the others in their order, one that fails frees its place', async () => {
  const turns = createTurns({ places: 2, waitingMost: 10, waitingOfOne: 10 });
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = (i: number) => async (): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    order.push(i);
    if (i === 1) throw new Error('wrong');
    return i;
  };
  const answers = await Promise.allSettled([0, 1, 2, 3, 4].map((i) => turns(work(i), 'a')));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(await turns(async () => 'free', 'a')).toBe('free');
});

test('more than may wait are refused at once', async () => {
  const turns = createTurns({ places: 1, waitingMost: 1, waitingOfOne: 1 });
  let free = (): void => undefined;
  const first = turns(() => new Promise<void>((resolve) => (free = resolve)), 'a');
  const second = turns(async () => 'second', 'a');
  await expect(turns(async () => 'third', 'b')).rejects.toMatchObject({ code: 'too-many-requests', details: { waitMs: 2_000 } });
  free();
  await first;
  expect(await second).toBe('second');
});

test('one address takes no more than its share of the places to wait', async () => {
  const turns = createTurns({ places: 1, waitingMost: 10, waitingOfOne: 2 });
  let free = (): void => undefined;
  const first = turns(() => new Promise<void>((resolve) => (free = resolve)), 'flood');
  const waiting = [turns(async () => 1, 'flood'), turns(async () => 2, 'flood')];
  await expect(turns(async () => 3, 'flood')).rejects.toMatchObject({ code: 'too-many-requests' });
  const other = turns(async () => 'other', 'colleague');
  free();
  await first;
  expect(await Promise.all(waiting)).toEqual([1, 2]);
  expect(await other).toBe('other');
  expect(await turns(async () => 'again', 'flood')).toBe('again');
});
