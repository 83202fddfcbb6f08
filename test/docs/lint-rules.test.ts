import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Lines with the number of findings that the rule has on each. */
const lines: readonly (readonly [string, number])[] = [
  ['Date.now();', 1],
  ["Date['now']();", 1],
  ['new Date();', 1],
  ['Math.random();', 1],
  ['crypto.randomUUID();', 1],
  ['process.env.PORT;', 1],
  ['setTimeout(() => 1, 1);', 1],
  ['setInterval(() => 1, 1);', 1],
  ['setImmediate(() => 1);', 1],
  ['performance.now();', 1],
  ['export const later = setInterval;', 1],
  ['new Date(0);', 0],
  ['Date.UTC(2026, 0);', 0],
  ['Math.max(1, 2);', 0],
  ['export const wait = (setTimeout: (ms: number) => void) => setTimeout(1);', 0],
  ['export const clock = { performance: 1 };', 0],
];

test('time and chance of the platform are refused where the simulation moves them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lint-rules-'));
  try {
    await writeFile(join(folder, 'planted.ts'), lines.map(([line]) => line).join('\n'));
    const rule = 'house/time-and-chance-from-outside';
    const config = { categories: { correctness: 'off' }, jsPlugins: [resolve('infra/lint/house.mjs')], rules: { [rule]: 'error' } };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const output = await new Promise<string>((done) => {
      const args = ['node_modules/oxlint/bin/oxlint', '-c', join(folder, 'config.json'), '-f', 'json', join(folder, 'planted.ts')];
      execFile(process.execPath, args, (_error, stdout) => done(stdout));
    });
    const { diagnostics } = JSON.parse(output) as { diagnostics: { labels: { span: { line: number } }[] }[] };
    const found = diagnostics.map(({ labels }) => labels[0]?.span.line);
    expect(lines.map(([line], index) => [line, found.filter((at) => at === index + 1).length])).toEqual(lines);
  } finally {
    await rm(folder, { recursive: true });
  }
});
