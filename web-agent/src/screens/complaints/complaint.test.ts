import { expect, test } from '@jest/globals';
import { clockOf, nextDuty, type Complaint } from './complaint.js';

const open: Complaint = {
  id: '1',
  number: 'TS20260301-0001',
  state: 'open',
  source: 'phone',
  kind: 'attitude',
  province: '',
  complainant: { numberMasked: '138****0002' },
  text: 'x',
  receivedAt: '2026-03-01T08:00:00.000Z',
  callIds: [],
  clocks: [],
  evidence: [],
  answers: [],
  actions: [],
  revision: 1,
};

test.each([
  ['an open case is taken', {}, 'take'],
  ['one in hand is answered', { state: 'in-hand' }, 'answer'],
  ['an answered one asks for satisfaction', { state: 'answered' }, 'record-satisfaction'],
  [
    'one about consent needs evidence',
    { state: 'answered', kind: 'harassment', satisfaction: { score: null, at: 's', by: 'u1' } },
    'attach-evidence',
  ],
  ['then it is closed', { state: 'answered', satisfaction: { score: 4, at: 's', by: 'u1' } }, 'close'],
  [
    'another kind does not take the condition away',
    { state: 'answered', consentAtIssue: true, satisfaction: { score: 4, at: 's', by: 'u1' } },
    'attach-evidence',
  ],
  [
    'an answer on its way is waited for',
    { state: 'in-hand', sending: { messageId: 'm1', how: 'sms', text: '', toMasked: '', by: '', at: '' } },
    'wait',
  ],
  ['a joined one is worked on elsewhere', { joinedInto: '0' }, 'joined'],
  ['a closed one is done', { state: 'closed' }, 'done'],
] as const)('%s', (_name, change, duty) => {
  expect(nextDuty({ ...open, ...change })).toBe(duty);
});

test('a reopened case goes by its new clock', () => {
  const clock = { ruleId: 'default', ruleVersion: 1, basis: 'b', confirmed: true, startedAt: 's', targetAt: 't', dueAt: 'd' };
  const running = { ...clock, dueAt: 'later' };
  expect(clockOf({ ...open, clocks: [{ ...clock, stoppedAt: 'x' }, running] })).toBe(running);
});
