import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { together } from './together.js';

/** Work that stays in progress until the test ends it. */
function heldWork() {
  const batches: {
    readonly items: readonly number[];
    readonly end: (answers: readonly string[]) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const begun: (() => void)[] = [];
  return {
    batches,
    work: (items: readonly number[]) =>
      new Promise<readonly string[]>((end, fail) => {
        batches.push({ items, end, fail });
        for (const tell of begun.splice(0)) tell();
      }),
    next: () => new Promise<void>((resolve) => begun.push(resolve)),
  };
}

test('what comes in one turn is one batch, what comes while it is on its way the next one', async () => {
  const { work, batches, next } = heldWork();
  const ask = together(work);
  const first = [ask(1), ask(2)];
  await next();
  const second = [ask(3), ask(4), ask(5)];
  expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
  const begun = next();
  batches[0]?.end(['one', 'two']);
  expect(await Promise.all(first)).toEqual(['one', 'two']);
  await begun;
  batches[1]?.end(['three', 'four', 'five']);
  expect(await Promise.all(second)).toEqual(['three', 'four', 'five']);
  expect(batches.map(({ items }) => items)).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test('whoever was answered by a batch and comes again at once is of the next one, with those who waited', async () => {
  const batches: (readonly string[])[] = [];
  const ask = together(async (items: readonly string[]) => {
    batches.push(items);
    return items;
  });
  const lane = async (name: string): Promise<void> => {
    for (const step of [1, 2, 3]) await ask(`${name}${step}`);
  };
  await Promise.all(['a', 'b', 'c'].map(lane));
  expect(batches).toEqual([
    ['a1', 'b1', 'c1'],
    ['a2', 'b2', 'c2'],
    ['a3', 'b3', 'c3'],
  ]);
});

test('a batch that fails fails those in it; the next one is done', async () => {
  const { work, batches, next } = heldWork();
  const ask = together(work, { most: 2 });
  const ends = Promise.allSettled([ask(1), ask(2), ask(3)]);
  await next();
  const begun = next();
  batches[0]?.fail(new Error('away'));
  await begun;
  batches[1]?.end(['three']);
  expect(await ends).toMatchObject([
    { status: 'rejected', reason: { message: 'away' } },
    { status: 'rejected', reason: { message: 'away' } },
    { status: 'fulfilled', value: 'three' },
  ]);
});

test('a batch that hangs holds up the others for a while only, and is answered when it ends', async () => {
  const { work, batches, next } = heldWork();
  const ask = together(work, { holdsUpMs: 5 });
  const hanging = ask(1);
  await next();
  const begun = next();
  const later = [ask(2), ask(3)];
  await begun;
  batches[1]?.end(['two', 'three']);
  expect(await Promise.all(later)).toEqual(['two', 'three']);
  batches[0]?.end(['one']);
  expect(await hanging).toBe('one');
  const last = next();
  const afterwards = ask(4);
  await last;
  batches[2]?.end(['four']);
  expect(await afterwards).toBe('four');
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
});

test('work that does not answer each item fails its batch', async () => {
  const ask = together(async (items: readonly number[]) => items.slice(1));
  expect(await Promise.allSettled([ask(1), ask(2)])).toMatchObject([
    { status: 'rejected', reason: { message: 'a batch of 2 got 1 answers' } },
    { status: 'rejected' },
  ]);
});

test('whenever they come and whatever fails, each gets its own answer, in order, in batches that are not too large, one at a time', async () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await fc.assert(
    fc.asyncProperty(
      // The number of arrivals in each turn, the number of turns that each batch takes, and which batches fail.
      fc.array(fc.nat(7), { maxLength: 12 }),
      fc.array(fc.record({ turns: fc.nat(3), fails: fc.boolean() }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      async (arrivals, ways, most) => {
        const batches: { readonly items: readonly number[]; readonly fails: boolean }[] = [];
        let atWork = 0;
        const ask = together(
          async (items: readonly number[]) => {
            expect((atWork += 1)).toBe(1);
            const { turns, fails } = ways[batches.length % ways.length] ?? { turns: 0, fails: false };
            batches.push({ items, fails });
            for (let left = turns; left > 0; left -= 1) await turn();
            atWork -= 1;
            if (fails) throw new Error(`batch ${batches.length - 1}`);
            return items.map((item) => item * 2);
          },
          { most },
        );
        const asked: Promise<PromiseSettledResult<number>[]>[] = [];
        for (const count of arrivals) {
          for (let left = count; left > 0; left -= 1) asked.push(Promise.allSettled([ask(asked.length)]));
          await turn();
        }
        const ends = (await Promise.all(asked)).flat();
        expect(batches.flatMap(({ items }) => items)).toEqual(asked.map((_, index) => index));
        expect(batches.every(({ items }) => items.length > 0 && items.length <= most)).toBe(true);
        const expected = batches.flatMap(({ items, fails }, batch) =>
          items.map((item) =>
            fails ? { status: 'rejected', reason: { message: `batch ${batch}` } } : { status: 'fulfilled', value: item * 2 },
          ),
        );
        expect(ends).toMatchObject(expected);
      },
    ),
  );
});
