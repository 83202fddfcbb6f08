import { expect, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import type { FailedBackup, GoodBackup } from './backup.js';
import { createBackupService } from './backup-service.js';
import type { BackupTool } from './ports.js';

const now = new Date('2026-12-01T01:00:10Z');
const backup: GoodBackup = {
  name: 'proofline-20261201T010000Z',
  asOf: new Date('2026-12-01T01:00:01Z'),
  finishedAt: new Date('2026-12-01T01:00:09Z'),
  bytes: 10,
  files: 2,
  linked: 0,
  damaged: 0,
  seconds: 9,
};
const reason = { en: 'The disk has no room.', zh: '磁盘空间不足。' };

function rig(outcomes: readonly Awaited<ReturnType<BackupTool['make']>>[]) {
  const left = [...outcomes];
  const row: { since: Date; last?: GoodBackup; failed?: FailedBackup } = { since: new Date('2026-11-01T00:00:00Z') };
  const said: (string | undefined)[] = [];
  const service = createBackupService({
    runs: {
      read: async () => row,
      switchedOn: async () => undefined,
      good: async (last) => void (row.last = last),
      failed: async (failed) => void (row.failed = failed),
    },
    folder: { holds: async () => true },
    tool: { make: async () => left.shift() ?? { kind: 'stopped' }, stop: () => undefined },
    condition: { is: async (raised) => void said.push(raised?.text['zh-CN']) },
    now: () => now,
    log: silentLogger,
  });
  return { service, row, said };
}

test('a good one is written down, and no alarm stands', async () => {
  const { service, row, said } = rig([{ kind: 'good', backup }]);
  await service.makeOne();
  expect(row.last).toEqual(backup);
  expect(said).toEqual([undefined]);
});

test('a failure raises the alarm with its reason and is tried again; the next good one ends it', async () => {
  const { service, row, said } = rig([
    { kind: 'failed', reason },
    { kind: 'good', backup: { ...backup, finishedAt: new Date(now.getTime() + 1_000) } },
  ]);
  await expect(service.makeOne()).rejects.toThrow('The disk has no room.');
  expect(row.failed).toEqual({ at: now, reason });
  await service.makeOne();
  expect(said).toEqual(['最近一次备份失败：磁盘空间不足。', undefined]);
});

test('one that was stopped with its process is no failure, and is tried again', async () => {
  const { service, row, said } = rig([{ kind: 'stopped' }]);
  await expect(service.makeOne()).rejects.toThrow('the next one');
  expect(row.failed).toBeUndefined();
  expect(said).toEqual([]);
});
