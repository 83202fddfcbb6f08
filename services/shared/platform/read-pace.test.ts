import { expect, test } from '@jest/globals';
import { createReadPace } from './read-pace.js';

test('a reader that asks seldom is never held back, one that asks always waits for its share', async () => {
  let atMs = 0;
  const pace = createReadPace(() => atMs);
  const waits = async (): Promise<boolean> => {
    const first = await Promise.race([pace.allowed().then(() => 'allowed'), new Promise((resolve) => setImmediate(resolve, 'waits'))]);
    return first === 'waits';
  };
  for (let read = 0; read < 25; read += 1) expect(await waits()).toBe(false);
  expect(await waits()).toBe(true);
  for (let read = 0; read < 100; read += 1) {
    atMs += 20;
    expect(await waits()).toBe(false);
  }
});
