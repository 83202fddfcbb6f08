import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { temporaryStore as temporaryDocuments } from '../integration/documents/documents-support.js';
import { temporaryStore as temporaryObjects, writer } from '../integration/objects/objects-support.js';
import { runBackupTool } from '../support/backups.js';
import { Stack } from '../support/stack.js';
import { runTool } from '../support/tools.js';

// The command-line tools where the documents and the objects are on the site's own servers.

jest.setTimeout(180_000);

let documents: Awaited<ReturnType<typeof temporaryDocuments>>;
let objects: Awaited<ReturnType<typeof temporaryObjects>>;
let stack: Stack;

beforeAll(async () => {
  documents = await temporaryDocuments({ user: { name: 'site', password: 'quite secret' } });
  objects = await temporaryObjects();
  stack = await Stack.start({
    env: {
      MONGODB_URI: documents.uri,
      S3_ENDPOINT: objects.endpoint,
      S3_ACCESS_KEY: writer.accessKey,
      S3_SECRET_KEY: writer.secretKey,
    },
  });
});

afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (objects as typeof objects | undefined)?.[Symbol.asyncDispose]();
  await (documents as typeof documents | undefined)?.[Symbol.asyncDispose]();
});

test('a tool without the secrets of the product names them, and ready.json holds none', async () => {
  const { code, printed } = await runTool(stack, 'audit', ['--check']);
  expect(code).toBe(2);
  expect(printed).toContain('MONGODB_URI, S3_ACCESS_KEY, S3_SECRET_KEY');
  const text = JSON.stringify(stack.ready);
  for (const secret of ['quite', writer.accessKey, writer.secretKey]) expect(text).not.toContain(secret);
  expect(stack.ready.env['S3_ENDPOINT']).toBe(objects.endpoint);
});

describe('with them', () => {
  const secrets = (): Record<string, string> => ({
    MONGODB_URI: documents.uri,
    S3_ACCESS_KEY: writer.accessKey,
    S3_SECRET_KEY: writer.secretKey,
  });

  test.each(['audit', 'ledger'])('%s checks what lies on the servers of the site', async (tool) => {
    const { code, printed } = await runTool(stack, tool, ['--check'], secrets());
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
  });

  test('backup takes what is of this machine, and says what is not in it and what to run for that', async () => {
    const to = mkdtempSync(join(tmpdir(), 'proofline-outside-'));
    try {
      const env = { ...secrets(), BACKUP_PASSPHRASE: 'rather a long passphrase' };
      const { code, printed } = await runBackupTool('backup', stack.home, ['--to', to], env);
      expect(code).toBe(0);
      expect(printed).toMatch(/Not in it: the documents.*mongodump/);
      expect(printed).toMatch(/Not in it: the recordings.*copy\.js/);
      expect(printed).toContain('These secrets are set in the environment and are not in it, keep them yourself: MONGODB_URI');
      expect(printed).not.toContain('quite');
      const [name = ''] = readdirSync(to);
      expect(readdirSync(join(to, name)).sort()).toEqual(expect.arrayContaining(['files.sha256', 'manifest.json', 'sealed.bin']));
      expect(readdirSync(join(to, name))).not.toContain('documents');
    } finally {
      rmSync(to, { recursive: true, force: true });
    }
  });

  test('proof-call makes a call through the product, whose telephony it finds too', async () => {
    const { printed } = await runTool(stack, 'proof-call', ['--json'], secrets());
    const { stages } = JSON.parse(printed) as { stages: { name: string; ok: boolean }[] };
    // How soon the recording is stored depends on the machine; other tests cover it.
    const ofTheCall = stages.slice(0, stages.findIndex(({ name }) => name === 'call-ended') + 1);
    expect(ofTheCall.length).toBeGreaterThan(5);
    expect(ofTheCall.filter(({ ok }) => !ok)).toEqual([]);
  });
});
