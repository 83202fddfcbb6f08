import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LogArchive, type LogsKept } from './log-archive.js';
import { ProcessLog } from './process-log.js';

const DAY_MS = 86_400_000;
let folder: string;
let nowMs: number;
const stateFile = (): string => join(folder, 'state.json');
const kept = (): LogsKept => JSON.parse(readFileSync(stateFile(), 'utf8')) as LogsKept;
const archive = (given: { readonly diskBytes?: number; readonly keepDays?: number } = {}): LogArchive =>
  new LogArchive({ folder, stateFile: stateFile(), keepDays: 184, diskBytes: 1_000_000, now: () => nowMs, ...given });
const packs = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.gz'))
    .sort();
const age = (name: string, days: number): void => {
  const at = new Date(nowMs - days * DAY_MS);
  utimesSync(join(folder, name), at, at);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofline-logs-'));
  nowMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a full log is turned over and compressed; no line is lost, and nobody else may read it', async () => {
  const keeper = archive();
  await keeper.open();
  const log = new ProcessLog(folder, 'api', keeper, 1_000);
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i} ${'x'.repeat(20)}`);
  for (const line of lines) {
    log.append(line);
    nowMs += 1_000;
  }
  log.close();
  await keeper.tidy();
  expect(packs().length).toBeGreaterThan(3);
  const text = [...packs().map((name) => gunzipSync(readFileSync(join(folder, name)))), readFileSync(join(folder, 'api.log'))].join('');
  expect(text.trim().split('\n')).toEqual(lines);
  for (const name of packs()) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('what is older than it is kept goes, what is not stays for the whole six months', async () => {
  for (const [name, days] of [
    ['a', 185],
    ['b', 183],
    ['c', 1],
  ] as const) {
    writeFileSync(join(folder, `${name}.log.2026`), name);
    age(`${name}.log.2026`, days);
  }
  await archive().open();
  expect(packs()).toEqual(['b.log.2026.gz', 'c.log.2026.gz']);
  expect(kept()).toMatchObject({ keepDays: 184, files: 2 });
  expect(kept().lostUntil).toBeUndefined();
});

test('the disk is not filled: the oldest go first, and what went before its time is written down, also over a restart', async () => {
  for (const [name, days] of [
    ['a', 30],
    ['b', 20],
    ['c', 10],
  ] as const) {
    writeFileSync(join(folder, `${name}.log.x`), Buffer.from(Array.from({ length: 4_000 }, () => Math.random() * 256)));
    age(`${name}.log.x`, days);
  }
  await archive({ diskBytes: 9_000 }).open();
  expect(packs()).toEqual(['b.log.x.gz', 'c.log.x.gz']);
  const lost = kept().lostUntil ?? '';
  expect(Math.round((nowMs - Date.parse(lost)) / DAY_MS)).toBe(30);
  await archive({ diskBytes: 1_000_000 }).open();
  expect(kept().lostUntil).toBe(lost);
});
