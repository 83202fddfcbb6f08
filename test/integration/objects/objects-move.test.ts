import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RETENTION_MODES } from 'minio';
import { admin, collect, readAll, refusal, settled, temporaryFolder, temporaryStore } from './objects-support.js';

test('a bucket moves to another server with its versions, metadata, tags and locks, and a second run copies only what is new', async () => {
  await using source = await temporaryStore();
  await using target = await temporaryStore();
  await using folder = await temporaryFolder();
  const [from, to] = [source.client, target.client];
  for (const client of [from, to]) await client.makeBucket('moved', 'us-east-1', { ObjectLocking: true });

  const first = await from.putObject('moved', 'a/录音.wav', Buffer.from('one'), 3, {
    'Content-Type': 'audio/wav',
    'X-Amz-Meta-Call': 'c1',
  });
  await from.putObject('moved', 'a/录音.wav', Buffer.from('two'));
  await from.setObjectTagging('moved', 'a/录音.wav', { class: 'complaint' });
  const versionId = first.versionId ?? '';
  const retainUntilDate = new Date(Date.now() + 86_400_000).toISOString();
  await from.putObjectRetention('moved', 'a/录音.wav', { mode: RETENTION_MODES.COMPLIANCE, retainUntilDate, versionId });
  await settled(() => from.setObjectLegalHold('moved', 'a/录音.wav', { versionId, status: 'ON' }));
  await from.putObject('moved', 'big', Buffer.alloc(12_000_000, 'b'));
  await from.putObject('moved', 'hidden', Buffer.from('hidden'));
  await from.removeObject('moved', 'hidden');

  const connections = [source, target].map(({ endpoint }, index) => {
    const path = join(folder.path, `${index}.json`);
    return { path, text: JSON.stringify({ endpoint, accessKey: admin.accessKey, secretKey: admin.secretKey }) };
  });
  for (const { path, text } of connections) await writeFile(path, text);
  const copy = async (): Promise<unknown> => {
    const main = join(import.meta.dirname, '../../../infra/embedded/objects/copy.ts');
    const args = ['--from', connections[0]?.path ?? '', '--to', connections[1]?.path ?? '', '--bucket', 'moved'];
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse((await readAll(child.stdout)).toString());
  };
  expect(await copy()).toEqual({ copied: 4, skipped: 0, bytes: 12_000_012 });

  type Listed = { name: string; versionId: string; isDeleteMarker?: boolean };
  const versions = await collect<Listed>(to.listObjects('moved', '', true, { IncludeVersion: true }));
  expect(versions.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ name }) => name)).toEqual([
    'a/录音.wav',
    'a/录音.wav',
    'big',
    'hidden',
  ]);
  const [newest, oldest] = versions.filter(({ name }) => name === 'a/录音.wav').map((version) => version.versionId);
  const at = { versionId: oldest ?? '' };
  expect((await readAll(await to.getObject('moved', 'a/录音.wav', at))).toString()).toBe('one');
  expect((await to.statObject('moved', 'a/录音.wav', at)).metaData).toMatchObject({ 'content-type': 'audio/wav', call: 'c1' });
  expect(await to.getObjectTagging('moved', 'a/录音.wav', { versionId: newest ?? '' })).toEqual([{ Key: 'class', Value: 'complaint' }]);
  expect(await to.getObjectRetention('moved', 'a/录音.wav', at)).toEqual({ mode: 'COMPLIANCE', retainUntilDate });
  expect(await to.getObjectLegalHold('moved', 'a/录音.wav', at)).toMatchObject({ Status: 'ON' });
  expect(await refusal(to.removeObject('moved', 'a/录音.wav', at))).toBe('AccessDenied');
  expect(await refusal(to.statObject('moved', 'hidden'))).toBe('NotFound');

  await from.putObject('moved', 'late', Buffer.from('late'));
  expect(await copy()).toEqual({ copied: 1, skipped: 4, bytes: 4 });
});
