import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { runTool } from '../support/tools.js';

// The command-line tools where SIP, sound and live state are on the site's own servers, whose secrets stand in files: they need only be
// told where the product is.

jest.setTimeout(180_000);

let servers: OutsideServers;
let stack: Stack;

beforeAll(async () => {
  servers = await OutsideServers.create();
  await Promise.all([servers.sip(), servers.relay(), servers.valkey()]);
  stack = await Stack.start({ env: servers.env });
});

afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (servers as OutsideServers | undefined)?.[Symbol.asyncDispose]();
});

test('the product starts none of the three itself, and ready.json names files and no secret', () => {
  const names = stack.ready.processes.map(({ name }) => name);
  for (const own of ['sip', 'rtpengine', 'valkey']) expect(names).not.toContain(own);
  for (const name of ['DRACHTIO_URL', 'DRACHTIO_SECRET_FILE', 'RTPENGINE_URLS', 'VALKEY_URL', 'VALKEY_PASSWORD_FILE'])
    expect(stack.ready.env[name]).toBe(servers.env[name]);
  const text = JSON.stringify(stack.ready);
  for (const secret of ['of the SIP server', 'of the live state']) expect(text).not.toContain(secret);
});

test('proof-call makes a call through them', async () => {
  const { printed } = await runTool(stack, 'proof-call', ['--json']);
  const { stages } = JSON.parse(printed) as { stages: { name: string; ok: boolean }[] };
  expect(stages.filter(({ ok }) => !ok)).toEqual([]);
  expect(stages.map(({ name }) => name)).toContain('witnesses-agree');
});

test.each([
  ['audit', ['--check'], 'integrity     yes'],
  ['ledger', ['--check'], 'The ledger is whole.'],
  ['keys', ['--rotate-token'], 'A new key signs'],
] as const)('%s does its work', async (tool, args, says) => {
  const { code, printed } = await runTool(stack, tool, args);
  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining(says) });
});

test('evidence makes a pack that verify-pack finds whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pack-'));
  try {
    const today = new Date().toISOString().slice(0, 10);
    const made = await runTool(stack, 'evidence', ['--kind', 'inspection', '--from', today, '--to', today, '--out', folder]);
    expect({ code: made.code, printed: made.code === 0 ? '' : made.printed }).toEqual({ code: 0, printed: '' });
    const [pack = ''] = readdirSync(folder);
    // The signer is unknown until the fingerprint of the key is compared.
    const alone = await runTool(stack, 'verify-pack', [join(folder, pack)]);
    expect(alone).toMatchObject({ code: 3, printed: expect.stringContaining('key-not-compared') });
    const fingerprint = /^key\s+(\w+)$/m.exec(alone.printed)?.[1] ?? '';
    const { code, printed } = await runTool(stack, 'verify-pack', [join(folder, pack), '--key', fingerprint]);
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
