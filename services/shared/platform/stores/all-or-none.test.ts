import { expect, test } from '@jest/globals';
import { allOrNone, type Step } from './all-or-none.js';

function steps(failing: string, stuck = ''): { readonly log: string[]; readonly all: Step[] } {
  const log: string[] = [];
  const all = ['a', 'b', 'c'].map((name): Step => ({
    async run() {
      if (name === failing) throw new Error(`${name} failed`);
      log.push(name);
    },
    async takeBack() {
      if (name === stuck) throw new Error(`${name} is stuck`);
      log.push(`-${name}`);
    },
  }));
  return { log, all };
}

test('all are done, in order', async () => {
  const { log, all } = steps('');
  await allOrNone(all);
  expect(log).toEqual(['a', 'b', 'c']);
});

test('when one fails, those that were done are taken back, the last one first', async () => {
  const { log, all } = steps('c');
  await expect(allOrNone(all)).rejects.toThrow('c failed');
  expect(log).toEqual(['a', 'b', '-b', '-a']);
});

test('one that cannot be taken back does not keep the others', async () => {
  const { log, all } = steps('c', 'b');
  await expect(allOrNone(all)).rejects.toThrow('c failed');
  expect(log).toEqual(['a', 'b', '-a']);
});
