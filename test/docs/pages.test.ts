import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { firstWords } from '../../web-agent/src/i18n/words/index.js';
import { pageWords } from '../../web-agent/src/i18n/words/page-words.js';
import { root } from './support/sources.js';

const page = join(root, 'docs', 'pages.md');
const text = readFileSync(page, 'utf8');
const rows = text.split('\n').flatMap((line) => {
  const [, number, , answer = '', where = ''] = line.split('|').map((cell) => cell.trim());
  return /^\d+$/.test(number ?? '') ? [{ number: Number(number), answer, where }] : [];
});

test('all twenty improvements have an answer, and files that exist', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_value, i) => i + 1));
  expect(rows.filter(({ answer }) => answer === '')).toEqual([]);
  const named = rows.map(({ where }) => [...where.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => join(dirname(page), target ?? '')));
  expect(rows.filter((_row, i) => named[i]?.length === 0 || named[i]?.some((file) => !existsSync(file)))).toEqual([]);
});

test('each names the test or the walk that looks at it', () => {
  expect(rows.filter(({ where }) => !/\.test\.ts\)|\/walks\//.test(where)).map(({ number }) => number)).toEqual([]);
});

test('what a day of work showed names its source and its test, and both exist', () => {
  const [, day = ''] = text.split('## A day of work');
  const lines = day.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:---|what was seen)/.test(line));
  expect(lines.length).toBeGreaterThan(5);
  const named = lines.map((line) => [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? ''));
  expect(named.filter((files) => files.length < 2 || !files.some((file) => file.endsWith('.test.ts')))).toEqual([]);
  expect(named.flat().filter((file) => !existsSync(join(dirname(page), file)))).toEqual([]);
});

test('the words that were changed are those of the pages', () => {
  const said = /words that a native reader would change are changed: ([^\n]+)\./.exec(text)?.[1]?.split(', ') ?? [];
  const chinese = JSON.stringify([firstWords('zh'), pageWords('zh')]);
  expect(said.length).toBeGreaterThan(5);
  expect(said.filter((word) => !chinese.includes(word))).toEqual([]);
});
