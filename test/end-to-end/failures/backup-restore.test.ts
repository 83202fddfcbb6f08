import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { answeredCall } from '../../support/centre/answered-call.js';
import { recordedCall } from '../../support/centre/recorded-call.js';
import { runBackupTool } from '../../support/backups.js';
import { BareSeat } from '../../support/bare-seat.js';
import { isAlive } from '../../support/processes.js';
import { Stack } from '../../support/stack.js';
import { proofOf } from '../../support/tools.js';
import { until } from '../../support/until.js';
import { CALLER_HZ, dial } from '../web-browser.js';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'proofline-backup-'));
const phrase = join(folder, 'passphrase');
writeFileSync(phrase, 'rather a long passphrase\n', { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newestCall = async (stack: Stack): Promise<string> => {
  const token = await stack.signIn('supervisor');
  const { body } = await until(
    () => stack.http('GET', '/api/calls?limit=1', { token }),
    ({ body: found }) => (found as { calls: unknown[] }).calls.length === 1,
  );
  return (body as { calls: { callId: string }[] }).calls[0]?.callId ?? '';
};

/** What stays of a product whose machine lost its power. */
async function killAll(stack: Stack): Promise<void> {
  const pids = [...stack.ready.processes.map(({ pid }) => pid)];
  stack.signal('SIGKILL');
  await until(
    () => pids.filter(isAlive),
    (left) => left.length === 0,
  );
}

async function secondCall(stack: Stack): Promise<{ readonly callId: string; readonly end: () => Promise<void> }> {
  const seat = await BareSeat.open(stack, 'agent2');
  await seat.ready();
  const offered = seat.next<OfferedCall>('call:offered');
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  caller.sound.play(CALLER_HZ);
  await seat.phone.sound.untilHears(CALLER_HZ, 20_000);
  return {
    callId,
    async end() {
      caller.close();
      await seat.leave().catch(() => undefined);
    },
  };
}

test('a product that is killed lives on in another folder from its backup: the call plays, the case is there, people sign in', async () => {
  const backups = join(folder, 'backups');
  const stack = await Stack.start();
  const password = stack.password;
  await answeredCall(stack, 'agent1');
  const callId = await newestCall(stack);
  const before = await recordedCall(stack, callId);
  const opened = await stack.http('POST', '/api/complaints', {
    token: await stack.signIn('compliance'),
    body: { kind: 'waiting', text: 'Nobody answered for a long time.', callId },
  });
  expect(opened.status).toBe(200);
  const complaintId = (opened.body as { id: string }).id;

  const other = await secondCall(stack);
  const first = await runBackupTool('backup', stack.home, ['--to', backups, '--passphrase-file', phrase]);
  expect(first).toMatchObject({ code: 0 });
  // The second one takes over what the first holds.
  const second = await runBackupTool('backup', stack.home, ['--to', backups, '--passphrase-file', phrase, '--json', '--keep', '1']);
  expect(second).toMatchObject({ code: 0 });
  const made = JSON.parse(second.printed.split('\n').find((line) => line.startsWith('{')) ?? '{}') as { name: string; linked: number };
  expect(made.linked).toBeGreaterThan(0);
  expect(readdirSync(backups)).toEqual([made.name]);
  await killAll(stack);
  await other.end();
  await stack.stop();

  const home = join(folder, 'restored');
  const restored = await runBackupTool('restore-home', home, ['--from', join(backups, made.name), '--passphrase-file', phrase]);
  expect({ code: restored.code, printed: restored.code === 0 ? '' : restored.printed }).toEqual({ code: 0, printed: '' });
  expect(restored.printed).toMatch(/audit log +\d+ rows: whole/);
  expect(restored.printed).toMatch(/ledger +\d+ legs; 1 are archived .*: whole/);
  expect(statSync(join(home, 'secrets')).mode & 0o777).toBe(0o700);
  expect(await runBackupTool('restore-home', home, ['--from', join(backups, made.name), '--passphrase-file', phrase])).toMatchObject({
    code: 1,
  });

  rmSync(stack.home, { recursive: true, force: true });
  const copy = await Stack.start({ home });
  try {
    expect(copy.password).toBe(password);
    const after = await recordedCall(copy, callId);
    expect(after.row.number).toBe(before.row.number);
    expect(Buffer.from(after.left.buffer).equals(Buffer.from(before.left.buffer))).toBe(true);
    const token = await copy.signIn('compliance');
    const { body: complaint } = await copy.http('GET', `/api/complaints/${complaintId}`, { token });
    expect(JSON.stringify(complaint)).toContain('Nobody answered for a long time.');
    const auditor = await copy.signIn('auditor');
    const { body: rows } = await copy.http('GET', '/api/audit?what=backup.restored', { token: auditor });
    expect(rows).toMatchObject({ rows: [{ what: 'backup.restored', object: `backup:${made.name}`, success: true }] });
    // Of the call that went on, what had been said by then is archived by the copy.
    const cut = await recordedCall(copy, other.callId);
    expect(cut.row.state).toBe('accounted');
    expect(cut.account.ms.recorded).toBeGreaterThan(0);
    const { stages } = await proofOf(copy);
    expect(stages.filter(({ ok }) => !ok)).toEqual([]);
  } finally {
    await copy.stop();
  }
});
