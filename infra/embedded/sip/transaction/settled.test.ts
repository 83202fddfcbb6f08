import { expect, test } from '@jest/globals';
import { SettledTransactions, flat, type Settled } from './settled.js';

const record = (mergeKey?: string): Settled => ({ side: 'server', answer: 'x', flow: undefined, passesAck: false, mergeKey });

test('a record is found for its time, told once when that is over, and counted by its side', async () => {
  const expired = new Set<Settled>();
  let last: (() => void) | undefined;
  const settled = new SettledTransactions(640, (gone) => {
    expired.add(gone);
    if (expired.size === 2) last?.();
  });
  const short = record('short');
  const long: Settled = { side: 'client', answer: undefined, flow: undefined, user: undefined };
  const atMs = performance.now();
  const both = new Promise<void>((resolve) => {
    last = resolve;
  });
  settled.add('a', short, 20);
  settled.add('b', long, 200);
  expect([settled.server('a'), settled.server('b'), settled.client('b'), settled.client('a')]).toEqual([short, undefined, long, undefined]);
  expect(settled.counts).toEqual({ server: 1, client: 1 });
  await both;
  expect(performance.now() - atMs).toBeGreaterThanOrEqual(200);
  expect([...expired]).toEqual([short, long]);
  expect([settled.counts, settled.client('b')]).toEqual([{ server: 0, client: 0 }, undefined]);
  settled.close();
});

test('a longer time than the wheel is as long as the wheel, and a closed one forgets', async () => {
  let over: (() => void) | undefined;
  const settled = new SettledTransactions(64, () => over?.());
  settled.add('a', record(), 100_000);
  settled.add('b', record(), 20);
  await new Promise<void>((resolve) => {
    over = resolve;
  });
  expect(settled.server('a')).toBeDefined();
  settled.close();
  expect(settled.server('a')).toBeUndefined();
});

test('a flat copy says the same', () => {
  expect(flat(['z9hG4bK呼', '192.0.2.1:5060', 'INVITE'].join('|'))).toBe('z9hG4bK呼|192.0.2.1:5060|INVITE');
});
