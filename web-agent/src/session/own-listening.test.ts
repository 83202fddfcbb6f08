import { expect, test } from '@jest/globals';
import { takeListening } from './own-listening.js';

test('the call that somebody listened to is found once after a reload, and by the same person alone', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, removeItem: (key: string) => void kept.delete(key) };
  const remember = (): void => void kept.set('proofline.listening', JSON.stringify(['sue', 'c1']));
  remember();
  expect([takeListening('sue', storage), takeListening('sue', storage)]).toEqual(['c1', undefined]);
  remember();
  expect([takeListening('tom', storage), takeListening('sue', storage)]).toEqual([undefined, undefined]);
});
