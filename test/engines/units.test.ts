import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = join(import.meta.dirname, '..', '..', 'infra', 'systemd');

test('systemd takes the units', () => {
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...readdirSync(folder).map((unit) => join(folder, unit))], {
    encoding: 'utf8',
  });
  // A program that this machine does not have, in another place than Debian's, is no fault of the unit.
  expect(stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'))).toEqual([]);
  if (!stderr.includes('is not executable')) expect(status).toBe(0);
});
