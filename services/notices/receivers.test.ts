import { expect, test } from '@jest/globals';
import { alarmCodes, alarmKinds } from '../shared/domain/alarm.js';
import { roles, type Role } from '../shared/domain/people/rights.js';
import { quietMinutes } from './quiet-hours.js';
import { isInUse } from '../shared/domain/people/in-use.js';
import { codesOf, escalatesTo, receives, waysOf, type Receiver } from './receivers.js';

const whole = { queues: [], sites: [], clientUnits: [] };
const who = (role: Role, scope: Receiver['scope'] = whole): Receiver => ({ userId: role, roles: [role], scope });
const overdue = { code: 'complaint-overdue', people: [], queueId: 'q1', clientUnit: 'bank' } as const;

test('every kind of alarm has somebody who gets it by default, and nobody gets one without the page', () => {
  const receivers = roles.map((role) => who(role));
  for (const code of alarmCodes)
    expect([code, receivers.filter((each) => receives(each, { code, people: [] }, {})).length > 0]).toEqual([code, true]);
  expect(codesOf(who('agent'), {})).toEqual([]);
  expect(codesOf(who('inspector'), {})).toEqual([]);
});

test('whoever has a scope gets what is of the own part, and nothing of the whole site', () => {
  const ofQueue = who('supervisor', { ...whole, queues: ['q1'] });
  expect(receives(ofQueue, overdue, {})).toBe(true);
  expect(receives(who('supervisor', { ...whole, queues: ['q2'] }), overdue, {})).toBe(false);
  expect(receives(who('supervisor', { ...whole, clientUnits: ['shop'] }), overdue, {})).toBe(false);
  expect(receives(ofQueue, { code: 'spool-nearly-full', people: [] }, {})).toBe(false);
  expect(receives(who('supervisor'), { code: 'spool-nearly-full', people: [] }, {})).toBe(true);
});

test('what is of a team goes to whoever leads it and to the whole site, to nobody of a queue or a client', () => {
  const alarm = { code: 'figure-alarm', people: [], teamId: 'day' } as const;
  const gets = (scope: Partial<Receiver['scope']>): boolean => receives(who('supervisor', { ...whole, ...scope }), alarm, {});
  expect([gets({ teams: ['day'] }), gets({ teams: ['night'] }), gets({})]).toEqual([true, false, true]);
  expect([gets({ queues: ['q1'] }), gets({ clientUnits: ['bank'] }), gets({ sites: ['s'] })]).toEqual([false, false, false]);
  // A person who leads a team gets no other alarms.
  expect(receives(who('supervisor', { ...whole, teams: ['day'] }), overdue, {})).toBe(false);
});

test('a rule adds roles and people and takes nobody away', () => {
  const rule = { people: ['supervisor'], roles: ['auditor'] as const, ways: [] as const, escalationMinutes: 0 };
  const rules = { 'object-lock-broken': rule };
  const alarm = { code: 'object-lock-broken', people: rule.people } as const;
  expect(roles.filter((role) => receives(who(role), alarm, rules))).toEqual(['supervisor', 'compliance', 'auditor', 'admin']);
});

test('the scope is asked of whoever is named too, so that the route answers', () => {
  let asked = 0;
  const named: Receiver = {
    userId: 'u1',
    roles: ['supervisor'],
    get scope() {
      asked += 1;
      return whole;
    },
  };
  expect(receives(named, { code: 'audit-chain-broken', people: ['u1'] }, {})).toBe(true);
  expect(asked).toBe(1);
});

test('an alarm that nobody sees goes on to whoever administers alarms for the whole site', () => {
  const all = [...roles.map((role) => who(role)), { ...who('admin', { ...whole, queues: ['q1'] }), userId: 'part' }];
  expect(escalatesTo(all).map(({ userId }) => userId)).toEqual(['security-admin', 'admin']);
});

test('what is critical leaves by SMS too, a warning leaves the pages by a rule alone', () => {
  expect(waysOf({ code: 'audit-chain-broken', level: 'critical' }, {})).toContain('sms');
  expect(waysOf({ code: 'duty-urgent', level: 'warning' }, {})).toEqual([]);
  expect(
    waysOf({ code: 'duty-urgent', level: 'warning' }, { 'duty-urgent': { people: [], roles: [], ways: ['mail'], escalationMinutes: 0 } }),
  ).toEqual(['mail']);
  expect(alarmKinds['audit-chain-broken'].level).toBe('critical');
});

test('quiet hours go over midnight, and what is critical pays no heed to them', () => {
  const night = { fromMinute: 22 * 60, toMinute: 7 * 60 };
  const of = (hour: number, level: 'alarm' | 'critical' = 'alarm'): number => quietMinutes(night, level, hour * 60);
  expect([of(21), of(22), of(0), of(6), of(7), of(3, 'critical')]).toEqual([0, 540, 420, 60, 0, 0]);
  expect(quietMinutes({ fromMinute: 600, toMinute: 660 }, 'alarm', 630)).toBe(30);
  expect(quietMinutes(undefined, 'alarm', 0)).toBe(0);
});

test('nobody is written to once the account is closed or its end has come', () => {
  const now = new Date('2026-12-01T00:00:00Z');
  expect(isInUse({ disabled: false }, now)).toBe(true);
  expect(isInUse({ disabled: false, expiresAt: new Date(now.getTime() + 1) }, now)).toBe(true);
  expect(isInUse({ disabled: false, expiresAt: now }, now)).toBe(false);
  expect(isInUse({ disabled: true }, now)).toBe(false);
});
