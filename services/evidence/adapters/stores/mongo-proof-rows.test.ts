import { expect, test } from '@jest/globals';
import { clockEvents, ofComplaint } from './mongo-proof-rows.js';

const at = (day: number, hour = 9): Date => new Date(Date.UTC(2026, 9, day, hour));
const unmoved = { stoppedAt: undefined, extended: undefined, paused: undefined, recounted: [] };
const clock = { ruleId: 'default', startedAt: at(1), dueAt: at(16), ...unmoved };
const opened = { what: 'opened', at: at(2) };

test('a later move does not change the row of an earlier event: the start keeps what was due then', () => {
  const number = 'TS1';
  const [before] = clockEvents({ number, actions: [opened], clocks: [clock] });
  const moved = {
    ...{ ...clock, ruleId: 'henan', dueAt: at(30), stoppedAt: at(28) },
    paused: { at: at(5), dueAt: at(9), endedAt: at(6) },
    extended: { at: at(7), dueAt: at(12) },
    recounted: [{ at: at(3), dueAt: at(16), ruleId: 'default' }],
  };
  const after = clockEvents({
    number,
    actions: [opened, { what: 'closed', at: at(29) }, { what: 'reopened', at: at(30) }],
    clocks: [moved],
  });
  expect(before).toEqual({
    ...{ eventId: 'TS1/1/started', number, atMs: at(2).getTime(), what: 'started', dueAtMs: at(16).getTime(), ruleId: 'default' },
  });
  expect(after[0]).toEqual(before);
  expect(after.map(({ eventId, atMs, dueAtMs }) => [eventId, atMs, dueAtMs])).toEqual([
    ['TS1/1/started', at(2).getTime(), at(16).getTime()],
    ['TS1/1/extended', at(7).getTime(), at(12).getTime()],
    ['TS1/1/paused', at(5).getTime(), at(9).getTime()],
    ['TS1/1/resumed', at(6).getTime(), undefined],
    ['TS1/1/recounted-1', at(3).getTime(), at(16).getTime()],
    ['TS1/1/stopped', at(28).getTime(), undefined],
    ['TS1/closed-1', at(29).getTime(), undefined],
    ['TS1/reopened-2', at(30).getTime(), undefined],
  ]);
});

test('a complaint that is written down later than it came in belongs to the day of the writing, which is not sealed yet', () => {
  const [started] = clockEvents({ number: 'TS2', actions: [opened], clocks: [clock] });
  expect(started?.atMs).toBe(at(2).getTime());
});

const file = (fileId: string) => ({ fileId, fileName: `${fileId}.pdf`, sizeBytes: 1, sha256: 'a' });

test('a letter with the whole number of the complainant is no file like the others: packs are read by people who may not see numbers', () => {
  const files = ofComplaint({
    number: 'TS3',
    evidence: [{ at: at(3), file: file('proof') }],
    letters: [
      { at: at(4), whole: undefined, files: [file('masked')] },
      { at: at(5), whole: true, files: [file('whole')] },
    ],
  });
  expect(files.map(({ fileId, of }) => [fileId, of])).toEqual([
    ['proof', 'complaint'],
    ['masked', 'complaint'],
    ['whole', 'letter'],
  ]);
});

test('a file that two pieces of evidence name is attached once, on the day of the first', () => {
  const evidence = [3, 4].map((day) => ({ at: at(day), file: file('proof') }));
  expect(ofComplaint({ number: 'TS4', evidence, letters: [] }).map(({ fileId, atMs }) => [fileId, atMs])).toEqual([
    ['proof', at(3).getTime()],
  ]);
});
