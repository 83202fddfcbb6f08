import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Complaint } from '../cases/complaint.js';
import { caseSheet } from './case-sheet.js';

const at = (day: number): Date => new Date(Date.UTC(2026, 2, day));
const move = (day: number, due: number) => ({ at: at(day), by: 'boss', text: 'call 13812345678', dueAt: at(due), targetAt: at(due) });
const times = { startedAt: at(1), targetAt: at(9), ruleId: 'default', ruleVersion: 1, basis: 'x', confirmed: true };
const base: Complaint = {
  id: 'k1',
  number: 'TS20260302-0001',
  state: 'open',
  source: 'phone',
  kind: 'attitude',
  province: '上海',
  complainant: { numberMasked: '138****0002' },
  text: 'rude',
  receivedAt: at(1),
  callIds: [],
  clocks: [{ ...times, dueAt: at(16) }],
  answers: [],
  evidence: [],
  actions: [],
  revision: 1,
};
const rowOf = (complaint: Complaint): Record<string, string> =>
  parse<Record<string, string>>(caseSheet([complaint]), { columns: true, bom: true })[0] ?? {};

test('an export says when the answer was due at the start and when the clock was extended, paused and counted anew, without the words', () => {
  const clocks = [
    {
      ...{ ...times, dueAt: at(30), extended: move(7, 20), paused: { ...move(4, 16), endedAt: at(6) } },
      recounted: [{ ...move(8, 25), ruleId: 'henan' }],
    },
    { ...times, dueAt: at(40), extended: move(31, 35) },
  ];
  const row = rowOf({ ...base, clocks });
  expect(row).toMatchObject({
    ...{ dueAt: at(30).toISOString(), dueAtStart: at(16).toISOString(), pausedAt: at(4).toISOString(), resumedAt: at(6).toISOString() },
    ...{ extendedAt: `${at(7).toISOString()} ${at(31).toISOString()}`, recountedAt: at(8).toISOString() },
  });
  expect(JSON.stringify(row)).not.toContain('13812345678');
  expect(rowOf(base)).toMatchObject({ dueAtStart: at(16).toISOString(), extendedAt: '', pausedAt: '', resumedAt: '', recountedAt: '' });
});
