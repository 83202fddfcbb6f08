import { expect, test } from '@jest/globals';
import { backupProblem, type BackupState, type GoodBackup } from './backup.js';

const now = new Date('2026-12-01T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const good = (hours: number): GoodBackup => ({
  name: 'proofline-20261201T010000Z',
  asOf: hoursAgo(hours),
  finishedAt: hoursAgo(hours - 0.1),
  bytes: 1,
  files: 1,
  linked: 0,
  damaged: 0,
  seconds: 1,
});
const reason = { en: 'The disk has no room.', zh: '磁盘空间不足。' };

test.each<[string, BackupState, RegExp | undefined]>([
  ['a good one of this night', { since: hoursAgo(900), last: good(11), isThere: true }, undefined],
  ['a good one of just 36 hours', { since: hoursAgo(900), last: good(36), isThere: true }, undefined],
  ['a good one that is too old', { since: hoursAgo(900), last: good(36.01), isThere: true }, /older than 36 hours/],
  ['none yet, switched on today', { since: hoursAgo(3), isThere: false }, undefined],
  ['none for two days', { since: hoursAgo(48), isThere: false }, /No backup/],
  [
    'one that failed after the good one',
    { since: hoursAgo(900), last: good(11), failed: { at: hoursAgo(1), reason }, isThere: true },
    /failed: The disk/,
  ],
  [
    'one that failed before the good one',
    { since: hoursAgo(900), last: good(11), failed: { at: hoursAgo(12), reason }, isThere: true },
    undefined,
  ],
  ['the first one failed', { since: hoursAgo(3), failed: { at: hoursAgo(1), reason }, isThere: false }, /failed/],
  ['a good one that somebody removed', { since: hoursAgo(900), last: good(11), isThere: false }, /not in its folder/],
])('%s', (_what, state, said) => {
  const problem = backupProblem(state, now);
  if (said === undefined) expect(problem).toBeUndefined();
  else {
    expect(problem?.en).toMatch(said);
    expect(problem?.zh).toMatch(/\p{Script=Han}/u);
  }
});
