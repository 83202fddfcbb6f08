import { expect, test } from '@jest/globals';
import { reportCsv } from './report-csv.js';

const words = {
  start: 'From',
  scope: 'Queue',
  numerator: 'of',
  denominator: 'by',
  version: 'v',
  nameOf: (key: string) => key,
  startOf: (start: string) => start,
  scopeOf: (scope: string) => scope,
};
const figures = {
  entered: { numerator: 4, denominator: 1, value: 4 },
  answerRate: { numerator: 3, denominator: 4, value: 75 },
  asa: { numerator: 0, denominator: 0, value: null },
};

test('numbers are numbers, a rate brings what it is made of, and nothing counted is an empty cell', () => {
  const text = reportCsv({ rows: [{ start: '2026-11-27', scope: 'service', figures }] }, ['entered', 'answerRate', 'asa'], words);
  expect(text.split('\r\n')).toEqual([
    '\uFEFFFrom,Queue,entered (v 1),answerRate (v 1),answerRate of,answerRate by,asa (v 1),asa of,asa by',
    '2026-11-27,service,4,75,3,4,,0,0',
    '',
  ]);
});

test('a name that begins like a formula is none, and a comma stays in its cell', () => {
  const text = reportCsv({ rows: [{ start: '', scope: '=cmd(),"x"', figures }] }, ['entered'], words);
  expect(text).toContain(`,"'=cmd(),""x""",4`);
});
