import { expect, test } from '@jest/globals';
import type { Version } from '../storage/catalogue.js';
import { dueVersions, isUploadDue, type LifecycleRule } from './lifecycle.js';

const at = (text: string): number => Date.parse(text);
const rule = (actions: Partial<LifecycleRule>): LifecycleRule => ({ id: 'r', enabled: true, prefix: 'tmp/', tags: {}, ...actions });
const version = (modifiedAt: string, more: Partial<Version> = {}): Version => ({
  sequence: at(modifiedAt),
  versionId: modifiedAt,
  deleteMarker: false,
  modifiedAt,
  bytes: 1,
  etag: '',
  blobIds: [],
  headers: {},
  metadata: {},
  tags: {},
  ...more,
});
const ids = (rules: LifecycleRule[], versions: Version[], now: string, key = 'tmp/x'): string[] =>
  dueVersions(rules, key, versions, at(now)).map(({ versionId }) => versionId);

test('an object expires at the midnight after its days are over', () => {
  const rules = [rule({ expireDays: 1 })];
  const versions = [version('2026-01-01T10:00:00Z')];
  expect(ids(rules, versions, '2026-01-02T23:59:59Z')).toEqual([]);
  expect(ids(rules, versions, '2026-01-03T00:00:00Z')).toEqual(['2026-01-01T10:00:00Z']);
});

test.each<[name: string, change: Partial<LifecycleRule>, key: string]>([
  ['disabled', { enabled: false }, 'tmp/x'],
  ['about another prefix', {}, 'recordings/x'],
  ['about tags it lacks', { tags: { a: '1' } }, 'tmp/x'],
  ['for a later date', { expireDate: '2027-01-01T00:00:00.000Z' }, 'tmp/x'],
])('a rule that is %s ends nothing', (_name, change, key) => {
  const { expireDays: _days, ...rest } = rule({ expireDays: 1, ...change });
  const judged = change.expireDate === undefined ? { ...rest, expireDays: 1 } : rest;
  expect(ids([judged], [version('2025-01-01T00:00:00Z')], '2026-06-01T00:00:00Z', key)).toEqual([]);
});

test('noncurrent versions count from the day they were replaced, and the newest of them may be kept', () => {
  const versions = [version('2026-02-20T00:00:00Z'), version('2026-02-01T00:00:00Z'), version('2026-01-01T00:00:00Z')];
  expect(ids([rule({ expireNoncurrentDays: 10 })], versions, '2026-02-25T00:00:00Z')).toEqual(['2026-01-01T00:00:00Z']);
  expect(ids([rule({ expireNoncurrentDays: 10 })], versions, '2026-03-02T00:00:00Z')).toHaveLength(2);
  expect(ids([rule({ expireNoncurrentDays: 10, keepNoncurrentVersions: 1 })], versions, '2026-03-02T00:00:00Z')).toHaveLength(1);
});

test('a delete marker goes when it is all that is left', () => {
  const marker = version('2026-01-01T00:00:00Z', { deleteMarker: true });
  const rules = [rule({ expireLoneDeleteMarkers: true, expireDays: 1 })];
  expect(ids(rules, [marker], '2026-06-01T00:00:00Z')).toHaveLength(1);
  expect(ids(rules, [marker, version('2025-12-01T00:00:00Z')], '2026-06-01T00:00:00Z')).toEqual([]);
});

test('an unfinished upload is aborted by its own rule', () => {
  const upload = { key: 'tmp/u', startedAt: '2026-01-01T10:00:00Z' };
  expect(isUploadDue([rule({ abortUploadDays: 1 })], upload, at('2026-01-02T12:00:00Z'))).toBe(false);
  expect(isUploadDue([rule({ abortUploadDays: 1 })], upload, at('2026-01-03T00:00:00Z'))).toBe(true);
  expect(isUploadDue([rule({ expireDays: 1 })], upload, at('2027-01-03T00:00:00Z'))).toBe(false);
});
