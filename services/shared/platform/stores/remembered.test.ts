import { expect, test } from '@jest/globals';
import { remembered } from './remembered.js';

test('asks once while it remembers, again afterwards, and does not remember a failure', async () => {
  let asked = 0;
  const ask = async (): Promise<number> => {
    asked += 1;
    if (asked === 2) throw new Error('away');
    return asked;
  };
  const long = remembered(60_000, ask);
  expect(await Promise.all([long(), long()])).toEqual([1, 1]);
  const failing = remembered(60_000, ask);
  await expect(failing()).rejects.toThrow('away');
  expect(await failing()).toBe(3);
  const never = remembered(0, ask);
  expect([await never(), await never()]).toEqual([4, 5]);
});
