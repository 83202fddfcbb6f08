import { expect, test } from '@jest/globals';
import { mayDial, mayShow, OUTER_WINDOW, type DialQuestion, type RegisteredNumber } from './refusal.js';

const now = new Date('2026-03-10T02:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const fine: DialQuestion = {
  purpose: 'complaint-return',
  stopped: false,
  refused: false,
  consented: true,
  minuteOfDay: 600,
  window: OUTER_WINDOW,
  quiet: [{ fromMinute: 720, toMinute: 780 }],
  tries: [],
  now,
};

test.each<[name: string, change: Partial<DialQuestion>, verdict: string]>([
  ['a complaint is called back in the morning', {}, 'allowed'],
  ['marketing is not a purpose', { purpose: 'marketing' }, 'purpose-not-allowed'],
  ['a refusal is final', { refused: true }, 'refused-by-person'],
  ['a stop holds for everybody', { stopped: true }, 'stopped'],
  ['nobody is called without consent', { consented: false }, 'no-consent'],
  ['lunch is quiet', { minuteOfDay: 750 }, 'outside-window'],
  ['lunch is over', { minuteOfDay: 780 }, 'allowed'],
  ['07:59', { minuteOfDay: 479 }, 'outside-window'],
  ['08:00', { minuteOfDay: 480 }, 'allowed'],
  ['21:00', { minuteOfDay: 1260 }, 'outside-window'],
  ['a window wider than the law does not widen it', { minuteOfDay: 1290, window: { fromMinute: 0, toMinute: 1440 } }, 'outside-window'],
  ['a narrower window holds', { minuteOfDay: 500, window: { fromMinute: 540, toMinute: 1080 } }, 'outside-window'],
  ['the third try within five minutes was the last', { tries: [ago(1_000), ago(2_000), ago(3_000)] }, 'too-often'],
  ['two within five minutes', { tries: [ago(1_000), ago(2_000)] }, 'allowed'],
  ['five within a day', { tries: [1, 2, 3, 4, 5].map((hours) => ago(hours * 3_600_000)) }, 'too-often'],
  ['five, the oldest yesterday', { tries: [1, 2, 3, 4, 25].map((hours) => ago(hours * 3_600_000)) }, 'allowed'],
])('%s', (_name, change, verdict) => {
  const permission = mayDial({ ...fine, ...change });
  expect(permission.allowed ? 'allowed' : permission.reason).toBe(verdict);
});

const registered: RegisteredNumber = {
  kind: '95',
  state: 'in-use',
  direction: 'both',
  validUntil: '2027-01-01',
  commitmentLetter: true,
  outboundReason: '',
  clientId: 'C001',
  contracted: true,
  licensed: true,
};

test.each<[name: string, number: RegisteredNumber | undefined, shown: boolean]>([
  ['in use, both ways, with its letter', registered, true],
  ['of no register', undefined, false],
  ['for calls that come in only', { ...registered, direction: 'inbound-only' }, false],
  ['without the commitment letter', { ...registered, commitmentLetter: false }, false],
  ['past its validity', { ...registered, validUntil: '2026-03-09' }, false],
  ['valid without an end', { ...registered, validUntil: '' }, true],
  ['of a client unit without a running contract', { ...registered, contracted: false }, false],
  ['outside the provinces of the licence', { ...registered, licensed: false }, false],
  ['suspended', { ...registered, state: 'suspended' }, false],
  ['an ordinary one without a reason', { ...registered, kind: 'local' }, false],
  ['an ordinary one with its reason', { ...registered, kind: 'local', outboundReason: 'return calls' }, true],
])('a number %s', (_name, number, shown) => {
  expect(mayShow(number, '2026-03-10')).toBe(shown);
});
