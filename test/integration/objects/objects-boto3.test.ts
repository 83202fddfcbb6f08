import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { admin, readAll, reader, temporaryStore, writer } from './objects-support.js';

// Debian's python3-boto3 belongs to Debian's own interpreter.
const python = '/usr/bin/python3';

test('boto3, which knows nothing of this store, finds S3: locks, versions, policies, conditions, checksums', async () => {
  await using running = await temporaryStore();
  const child = spawn(python, [join(import.meta.dirname, 'objects-boto3.py'), running.endpoint], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ admin, writer, reader }));
  const exited = once(child, 'exit');
  const lines = (await readAll(child.stdout)).toString().trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([]);
  expect(lines).toHaveLength(30);
  expect((await exited)[0]).toBe(0);
});
