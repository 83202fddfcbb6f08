import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

const text = (path: string): string => readFileSync(join(root, 'docs', path), 'utf8');
const page = text('operations/sizing.md');
const figures = text('performance.md');

/** The cells of the table under this heading, without its head. */
function table(heading: string): string[][] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = (section.split(/^## /m)[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const PARTS = ['rtpengine', 'recorder', 'telephony', 'documents', 'routing', 'valkey', 'cases', 'api', 'sip'] as const;
type Part = (typeof PARTS)[number];

/** The last pair of runs in turn that stands in the page of figures, at 20 calls a second. */
function measuredMs(part: Part): number {
  const [, runs = ''] = figures.split('| CPU a call, ms, at 20 / 60 a second | 56e3785 | 18fafb78 | 18fafb78 | 56e3785 |');
  const line = runs.split('\n').find((each) => each.startsWith(`| ${part} |`)) ?? '';
  return Number(line.split('|')[3]?.split('/')[0]);
}
const ofThePage = (part: Part): readonly string[] => table('What a call takes').find(([name]) => name === part) ?? [];
const cpuMs = (part: Part): number => Number.parseFloat(ofThePage(part)[1] ?? '');
const heldShare = (part: Part): number => (Number.parseFloat(ofThePage(part)[2] ?? '') || 0) / 100;

const TALK_S = 200;
const PORTS = 12;
const RANGE = 5_000;
const MBIT_S = (6 * 50 * 218 * 8) / 1e6;
const ARCHIVE_MB_H = 15;
const BUSY = 0.6;

test('the figures of a call are those that were measured', () => {
  expect(table('What a call takes').map(([part]) => part)).toEqual(PARTS);
  for (const part of PARTS) expect([part, cpuMs(part)]).toEqual([part, measuredMs(part)]);
  const [, held = ''] = figures.split('100 recorded conversations at once, commits');
  expect(held).toContain(`/ ${(100 * heldShare('rtpengine')).toFixed(3)} /`);
  expect(held).toContain(`/ ${(100 * heldShare('recorder')).toFixed(3)} /`);
  expect(text('operations/README.md')).toContain(`about ${ARCHIVE_MB_H} MB an hour of talk`);
  expect(text('operations/README.md')).toContain('63-78 MB an hour');
  expect(page).toContain(`${MBIT_S.toFixed(2)} Mbit/s`);
  expect(page).toContain(`holds ${Math.floor(RANGE / PORTS)} conversations`);
});

const number = (value: number): string =>
  value < 1 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');

function rowOf(seats: number): string[] {
  const perSecond = seats / TALK_S;
  const cores = (...parts: readonly Part[]): string =>
    number(parts.reduce((sum, part) => sum + seats * heldShare(part) + (perSecond * cpuMs(part)) / 1_000, 0));
  const tb = (seats * ARCHIVE_MB_H * 8 * 184) / 1e6;
  return [
    ...[seats.toLocaleString('en'), number(perSecond), cores('rtpengine'), cores('recorder'), cores('telephony', 'sip')],
    ...[cores('routing'), cores('valkey'), cores('documents'), (PORTS * seats).toLocaleString('en')],
    ...[`${Math.round(MBIT_S * seats).toLocaleString('en')} Mbit/s`, `${number(tb)} TB`],
  ];
}

test('what a site takes follows from them', () => {
  expect(table('What a site takes')).toEqual([60, 300, 1_000, 3_000, 10_000, 100_000].map(rowOf));
});

test('and so does where one of a part ends', () => {
  const conversations = Math.floor(BUSY / heldShare('recorder'));
  const ends = (['telephony', 'routing', 'valkey'] as const).map((part) => {
    const perSecond = Math.floor((1_000 * BUSY) / cpuMs(part));
    return [
      part,
      part === 'valkey' ? 'once, with replicas' : 'one works',
      `${perSecond} calls a second`,
      (perSecond * TALK_S).toLocaleString('en'),
    ];
  });
  expect(table('Where one of a part ends')).toEqual([
    ['recorder', 'one works', `${conversations} conversations`, conversations.toLocaleString('en')],
    ...ends,
  ]);
  expect(page).toContain(`the product of today holds ${conversations} seats with one recorder`);
});
