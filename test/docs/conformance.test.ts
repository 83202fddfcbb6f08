import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pageOfSuite, resultOf, withResults, type SuiteResult } from '../conformance/page.js';
import { outcomesOf } from '../conformance/tap.js';
import { difference } from '../conformance/unified-match.js';

test.each(['documents', 'sip'])('the conformance page of %s shows the results that are kept, and no others', (engine) => {
  const page = `infra/embedded/${engine}/CONFORMANCE.md`;
  const kept = JSON.parse(readFileSync('test/conformance/results.json', 'utf8')) as SuiteResult[];
  const results = kept.filter(({ suite }) => pageOfSuite(suite) === page);
  expect(results.length).toBeGreaterThan(0);
  const text = readFileSync(page, 'utf8');
  expect(withResults(text, results)).toBe(text);
});

test('a result counts each outcome once, and shows what failed', () => {
  const of = { suite: 's', from: 'f', against: 'a', on: '2026-11-28' };
  const result = resultOf(of, [
    { name: 'one: a', result: 'passed' },
    { name: 'two: b', result: 'failed', says: 'no | error' },
    { name: 'two: c', result: 'failed', says: 'no | error' },
    { name: 'three: d', result: 'skipped', says: 'elsewhere' },
  ]);
  expect(result).toMatchObject({ passed: 1, failed: [{ name: 'two: b' }, { name: 'two: c' }], skipped: { elsewhere: 1 } });
  const page = withResults('before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n', [result]);
  expect(page).toContain('1 passed, 2 failed, 1 skipped');
  expect(page).toContain(String.raw`| no \| error | 2: ${'`two`'} |`);
  expect(page).not.toContain('old');
});

test.each([
  [{ a: 1 }, { a: 1, b: 2 }, undefined],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, 'a.c is there'],
  [[{ a: 1 }], [{ a: 1, b: 2 }], undefined],
  [[{ a: 1 }], [], 'it is []'],
  [{ a: { $$unsetOrMatches: 1 } }, {}, undefined],
  [{ a: { $$unsetOrMatches: 1 } }, { a: 2 }, 'a is 2'],
  [{ a: { $$exists: false } }, { a: 2 }, 'a is 2'],
  [{ a: { $$type: ['int', 'string'] } }, { a: 'x' }, undefined],
  [{ a: { $$type: 'int' } }, { a: 'x' }, 'a is "x"'],
  [{ a: { $$new: 1 } }, { a: 1 }, '$$new is not known here'],
])('what is expected is compared as the unified format says: %#', (expected, actual, differs) => {
  expect(difference(expected, actual)).toBe(differs);
});

test('what a script of tape printed is counted by test, with the reason of a failure', () => {
  const printed = 'TAP version 13\n# one\nok 1 docker is up\nok 2 answers\nnot ok 3 hangs up\n  ---\n    operator: error\n  ...\n';
  expect(outcomesOf('uac', `${printed}\n1..3\n`)).toEqual([
    { name: 'uac: answers', result: 'passed' },
    { name: 'uac: hangs up', result: 'failed', says: 'operator: error' },
  ]);
});

test('a script of tape that ended in the middle is a failure', () => {
  expect(outcomesOf('uac', 'TAP version 13\nok 1 answers\n')).toEqual([
    { name: 'uac: answers', result: 'passed' },
    { name: 'uac: its end', result: 'failed', says: 'the script did not come to its end' },
  ]);
});
