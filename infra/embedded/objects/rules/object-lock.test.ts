import { expect, test } from '@jest/globals';
import {
  applyDefault,
  deletionRefusal,
  retentionOf,
  retentionRefusal,
  type LockState,
  type Retention,
  type RetentionMode,
} from './object-lock.js';

const now = Date.parse('2026-01-31T12:00:00Z');
const until = (mode: RetentionMode, days: number): Retention => ({ mode, retainUntil: new Date(now + days * 86_400_000).toISOString() });
const held = (mode: RetentionMode, days: number): LockState => ({ retention: until(mode, days) });

test.each<[name: string, state: LockState, bypass: boolean, deletable: boolean]>([
  ['nothing locked', {}, false, true],
  ['hold', { legalHold: true }, true, false],
  ['hold lifted', { legalHold: false }, false, true],
  ['hold, retention expired', { legalHold: true, ...held('GOVERNANCE', -1) }, true, false],
  ['governance', held('GOVERNANCE', 1), false, false],
  ['governance, bypass', held('GOVERNANCE', 1), true, true],
  ['governance and hold, bypass', { legalHold: true, ...held('GOVERNANCE', 1) }, true, false],
  ['governance expired', held('GOVERNANCE', -1), false, true],
  ['compliance', held('COMPLIANCE', 1), false, false],
  ['compliance, bypass', held('COMPLIANCE', 1), true, false],
  ['compliance expired', held('COMPLIANCE', -1), false, true],
  ['retention that ends this very moment', held('COMPLIANCE', 0), false, true],
])('delete: %s', (_name, state, bypass, deletable) => {
  expect(deletionRefusal(state, bypass, now) === undefined).toBe(deletable);
});

test.each<[name: string, state: LockState, next: Retention | undefined, bypass: boolean, allowed: boolean]>([
  ['none -> governance', {}, until('GOVERNANCE', 1), false, true],
  ['none -> compliance', {}, until('COMPLIANCE', 1), false, true],
  ['governance -> same', held('GOVERNANCE', 2), until('GOVERNANCE', 2), false, true],
  ['governance -> later', held('GOVERNANCE', 2), until('GOVERNANCE', 3), false, true],
  ['governance -> earlier', held('GOVERNANCE', 2), until('GOVERNANCE', 1), false, false],
  ['governance -> earlier, bypass', held('GOVERNANCE', 2), until('GOVERNANCE', 1), true, true],
  ['governance -> compliance', held('GOVERNANCE', 2), until('COMPLIANCE', 3), false, false],
  ['governance -> compliance, bypass', held('GOVERNANCE', 2), until('COMPLIANCE', 3), true, true],
  ['governance -> none', held('GOVERNANCE', 2), undefined, false, false],
  ['governance -> none, bypass', held('GOVERNANCE', 2), undefined, true, true],
  ['compliance -> same', held('COMPLIANCE', 2), until('COMPLIANCE', 2), false, true],
  ['compliance -> later', held('COMPLIANCE', 2), until('COMPLIANCE', 3), false, true],
  ['compliance -> earlier, bypass', held('COMPLIANCE', 2), until('COMPLIANCE', 1), true, false],
  ['compliance -> governance later, bypass', held('COMPLIANCE', 2), until('GOVERNANCE', 3), true, false],
  ['compliance -> none, bypass', held('COMPLIANCE', 2), undefined, true, false],
  ['expired compliance -> governance', held('COMPLIANCE', -1), until('GOVERNANCE', 1), false, true],
  ['expired compliance -> none', held('COMPLIANCE', -1), undefined, false, true],
])('retention: %s', (_name, state, next, bypass, allowed) => {
  expect(retentionRefusal(state, next, bypass, now) === undefined).toBe(allowed);
});

test('dates need a zone, a known mode and a future', () => {
  expect(retentionOf('GOVERNANCE', '2026-02-01T08:00:00+08:00', now).retainUntil).toBe('2026-02-01T00:00:00.000Z');
  expect(() => retentionOf('GOVERNANCE', '2026-02-01T08:00:00', now)).toThrow('time zone');
  expect(() => retentionOf('GOVERNANCE', '2026-01-31T12:00:00Z', now)).toThrow('future');
  expect(() => retentionOf('WORM', '2026-02-01T08:00:00Z', now)).toThrow('mode');
});

test('defaults count days and years from the moment of writing', () => {
  expect(applyDefault({ mode: 'COMPLIANCE', days: 30 }, now)?.retainUntil).toBe('2026-03-02T12:00:00.000Z');
  expect(applyDefault({ mode: 'COMPLIANCE', years: 2 }, Date.parse('2024-02-29T00:00:00Z'))?.retainUntil).toBe('2026-03-01T00:00:00.000Z');
  expect(applyDefault(undefined, now)).toBeUndefined();
});
