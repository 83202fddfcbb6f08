import { expect, test } from '@jest/globals';
import { cleared, newAlarm, raisedAgain, SAME_INCIDENT_MS, seenBy, sentTo, type Alarm, type Raised } from './alarm.js';

const start = Date.parse('2026-03-10T02:00:00Z');
const at = (minutes: number): Date => new Date(start + minutes * 60_000);
const raised = (minutes: number, eventId = `e${minutes}`): Raised => ({
  eventId,
  at: at(minutes),
  code: 'spool-nearly-full',
  subject: '',
  text: { en: `at ${minutes}`, 'zh-CN': '满' },
});
const person = { userId: 'u1', name: 'Wang' };
const begun = newAlarm('a1', raised(0), []);
const again = (alarm: Alarm, fact: Raised): Alarm | undefined => raisedAgain(alarm, fact, undefined);
const whats = ({ history }: Alarm): string[] => history.map(({ what }) => what);

test('whom an alarm concerns in person has it beside those whom a rule names', () => {
  const alarm = newAlarm('a2', { ...raised(0), people: ['owner'] }, ['boss', 'owner']);
  expect(alarm.people).toEqual(['boss', 'owner']);
  expect(again(alarm, { ...raised(10), people: ['next'] })?.people).toEqual(['boss', 'owner', 'next']);
});

test('a condition that is raised again is the same incident: counted, with the newest text, and not sent again', () => {
  const sent = sentTo(begun, { sent: [], people: [], escalationMinutes: undefined }, at(0));
  const second = again(sent, raised(10));
  expect(second).toMatchObject({ count: 2, lastAt: at(10), firstAt: at(0), text: { en: 'at 10' }, state: 'open', nextStepAt: at(15) });
  expect(whats(second as Alarm)).toEqual(['raised', 'sent']);
});

test('an event that comes twice counts once, and one from before the end does not open it again', () => {
  expect(again(begun, raised(0))).toBe(begun);
  const over = cleared(begun, 'part', at(5)) as Alarm;
  expect(again(over, raised(4))).toBe(over);
});

test('what flaps is one incident; after a while, or after a person cleared it, another one begins', () => {
  const over = cleared(begun, 'part', at(5)) as Alarm;
  const back = again(over, raised(6)) as Alarm;
  expect(back).toMatchObject({ state: 'open', count: 2 });
  expect(back.clearedAt).toBeUndefined();
  expect(whats(back)).toEqual(['raised', 'cleared', 'raised-again']);
  expect(again(over, raised(5 + SAME_INCIDENT_MS / 60_000 + 1))).toBeUndefined();
  const byPerson = cleared(begun, { ...person, reason: 'a test' }, at(5)) as Alarm;
  expect(again(byPerson, raised(6))).toBeUndefined();
});

test('what a person has seen is sent on to nobody; it can be seen once and cleared once, with who and why', () => {
  const seen = seenBy(begun, person, at(1)) as Alarm;
  expect(seen).toMatchObject({ state: 'seen', nextStepAt: undefined });
  expect(seenBy(seen, person, at(2))).toBeUndefined();
  const over = cleared(seen, { ...person, reason: 'disk added' }, at(3)) as Alarm;
  expect(over.history.at(-1)).toEqual({ at: at(3), what: 'cleared', by: 'u1', byName: 'Wang', reason: 'disk added' });
  expect(cleared(over, 'part', at(4))).toBeUndefined();
  expect(seenBy(over, person, at(4))).toBeUndefined();
});

test('an alarm that nobody sees is sent on, each time after twice as long, and three times at most', () => {
  const steps: (number | undefined)[] = [];
  let alarm = begun;
  for (let now = 0, i = 0; i < 5; i += 1) {
    alarm = sentTo(alarm, { sent: [], people: ['boss'], escalationMinutes: 10 }, at(now));
    const next = alarm.nextStepAt === undefined ? undefined : (alarm.nextStepAt.getTime() - at(now).getTime()) / 60_000;
    steps.push(next);
    if (next === undefined) break;
    now += next;
  }
  expect(steps).toEqual([10, 20, 40, undefined]);
  expect(alarm).toMatchObject({ escalations: 3, people: ['boss'] });
  expect(sentTo(begun, { sent: [], people: [], escalationMinutes: 0 }, at(0)).nextStepAt).toBeUndefined();
});

test('a history that grows for ever keeps its beginning and its newest entries', () => {
  let alarm = begun;
  for (let i = 1; i < 500; i += 1) alarm = again(cleared(alarm, 'part', at(2 * i)) as Alarm, raised(2 * i + 1)) as Alarm;
  expect(alarm.history).toHaveLength(200);
  expect(alarm.history[0]?.what).toBe('raised');
  expect(alarm.history.at(-1)).toMatchObject({ what: 'raised-again', at: at(999) });
  expect(alarm.count).toBe(500);
});
