import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workOfThread } from './thread.js';

let folder: string;
let here: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofline-thread-'));
  here = pathToFileURL(join(folder, 'here.js')).href;
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'doubles.js'),
    "import { parentPort, workerData } from 'node:worker_threads';\nparentPort.postMessage(workerData * 2);\nsetInterval(() => undefined, 1_000);\n",
  );
  writeFileSync(join(folder, 'fails.js'), "throw new Error('no machine');\n");
  writeFileSync(join(folder, 'silent.js'), 'await new Promise(() => undefined);\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a thread does its piece of work and is ended, even if something keeps it running', async () => {
  expect(await workOfThread(here, 'doubles', { workerData: 21 })).toBe(42);
});

test('work fails with the error of its thread', async () => {
  await expect(workOfThread(here, 'fails')).rejects.toThrow('no machine');
});

test('work fails when its thread ends without having said anything', async () => {
  await expect(workOfThread(here, 'silent')).rejects.toThrow('The thread silent ended without a reply');
});
