import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { HeldObjects } from './held.js';

const folder = mkdtempSync(join(tmpdir(), 'held-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an object that is deleted while it is held keeps its bytes until it is released', () => {
  const blobs = join(folder, 'blobs');
  const store = (id: string): void => {
    mkdirSync(join(blobs, '20261201'), { recursive: true });
    writeFileSync(join(blobs, id), id);
  };
  const [early, late, copied] = ['20261201/a', '20261201/b', '20261201/c'] as const;
  store(early);
  store(copied);
  const held = new HeldObjects(blobs, join(folder, 'held'));
  held.holdAll((id) => id === copied);
  store(late);
  held.hold(late);
  held.hold('20261201/never');
  for (const id of [early, late, copied]) rmSync(join(blobs, id));
  expect(readFileSync(held.pathOf(early), 'utf8')).toBe(early);
  expect(readFileSync(held.pathOf(late), 'utf8')).toBe(late);
  expect(existsSync(held.pathOf(copied))).toBe(false);
  held.release();
  expect(existsSync(join(folder, 'held'))).toBe(false);
});

test('what one that was killed has held is removed by the next', () => {
  mkdirSync(join(folder, 'left', '20261201'), { recursive: true });
  writeFileSync(join(folder, 'left', '20261201', 'a'), 'a');
  expect(existsSync(new HeldObjects(join(folder, 'blobs'), join(folder, 'left')).pathOf('20261201/a'))).toBe(false);
});
