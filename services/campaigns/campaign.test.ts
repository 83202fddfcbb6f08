import { expect, test } from '@jest/globals';
import { afterRefusal, afterSkip, afterTry, holdsCampaign, isUnknown, outcomeOf, complainTooOften, refusesTooOften } from './campaign.js';
import { haltWords } from './halt-notice.js';

const now = new Date('2026-11-28T06:00:00Z');
const rules = { mostTries: 3, busyAgainMinutes: 15, noAnswerAgainMinutes: 240 };
const after = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

test('a try ends a row, or brings it back after the time of its outcome, and not more often than the campaign allows', () => {
  expect(afterTry({ tries: 0 }, 'reached', rules, now)).toEqual({ state: 'done', tries: 1, outcome: 'reached', triedAt: now });
  expect(afterTry({ tries: 0 }, 'refused', rules, now).state).toBe('done');
  expect(afterTry({ tries: 0 }, 'busy', rules, now)).toEqual({
    ...{ state: 'waiting', tries: 1, outcome: 'busy', triedAt: now },
    notBefore: after(15),
  });
  expect(afterTry({ tries: 1 }, 'no-answer', rules, now)).toMatchObject({ state: 'waiting', notBefore: after(240) });
  expect(afterTry({ tries: 2 }, 'no-answer', rules, now)).toEqual({ state: 'done', tries: 3, outcome: 'no-answer', triedAt: now });
});

test('who was promised another call in the call waits for it; who refused is promised nothing', () => {
  expect(afterTry({ tries: 0, wantedAgentId: 'anna' }, 'reached', rules, now)).toMatchObject({ state: 'waiting', outcome: 'reached' });
  expect(afterTry({ tries: 0, wantedAgentId: 'anna' }, 'refused', rules, now).state).toBe('done');
});

test('the end of a call says what came of the try', () => {
  expect(outcomeOf({ cause: 'completed', answered: true })).toBe('reached');
  expect(outcomeOf({ cause: 'refused-by-key', answered: true })).toBe('refused');
  expect(outcomeOf({ cause: 'far-busy', answered: false })).toBe('busy');
  expect(outcomeOf({ cause: 'far-no-answer', answered: false })).toBe('no-answer');
  expect(outcomeOf({ cause: 'far-unreachable', answered: false })).toBe('unreachable');
  expect(outcomeOf({ cause: 'outbound-stopped', answered: false })).toBe('called-off');
  expect(outcomeOf({ cause: 'completed', answered: false })).toBe('called-off');
  expect(outcomeOf({ cause: 'system-failure', answered: false })).toBe('failed');
});

test('a rule that refuses the person ends the row; one that refuses the moment leaves it waiting and is no try', () => {
  for (const why of ['outbound-do-not-call', 'outbound-consent', 'outbound-not-dialable', 'outbound-kind'] as const)
    expect(afterRefusal(why, now)).toEqual({ state: 'done', outcome: 'not-permitted', why });
  expect(afterRefusal('outbound-too-often', now)).toEqual({ state: 'waiting', why: 'outbound-too-often', notBefore: after(60) });
  expect(afterRefusal('outbound-hours', now)).toEqual({ state: 'waiting', why: 'outbound-hours' });
  expect([holdsCampaign('outbound-hours'), holdsCampaign('outbound-stopped'), holdsCampaign('outbound-consent')]).toEqual([
    true,
    true,
    false,
  ]);
  expect([isUnknown('timed-out'), isUnknown('outbound-hours'), isUnknown('seat-lost')]).toEqual([true, false, false]);
});

test('an agent who skips for later brings the row back in an hour, and ends it otherwise', () => {
  expect(afterSkip('later', now)).toEqual({ state: 'waiting', skipped: 'later', notBefore: after(60) });
  expect(afterSkip('settled', now)).toEqual({ state: 'done', outcome: 'skipped', skipped: 'settled' });
});

test('a rate of refusals says nothing before twenty people were reached', () => {
  const most = { mostRefusalsPercent: 10 };
  expect(refusesTooOften({ reached: 10, refused: 9 }, most)).toBe(false);
  expect(refusesTooOften({ reached: 18, refused: 2 }, most)).toBe(false);
  expect(refusesTooOften({ reached: 18, refused: 3 }, most)).toBe(true);
});

test('complaints are judged from twenty people on, and a rule that is just kept pauses nothing', () => {
  const rule = { mostComplaintsPer10000: 100 };
  expect(complainTooOften({ reached: 18, refused: 1, complained: 19 }, rule)).toBe(false);
  expect(complainTooOften({ reached: 99, refused: 1, complained: 1 }, rule)).toBe(false);
  expect(complainTooOften({ reached: 98, refused: 1, complained: 1 }, rule)).toBe(true);
});

test('the alarm names the campaign, the rate and the rule', () => {
  const rules = { name: 'Autumn', mostRefusalsPercent: 10, mostComplaintsPer10000: 100 };
  const counts = { reached: 34, refused: 6, complained: 1 };
  expect(haltWords('campaign-refusals', rules, counts).en).toBe(
    'The campaign “Autumn” was paused: of 40 people reached 6 refused further calls, 15.0 %; the rule allows 10 %',
  );
  expect(haltWords('campaign-complaints', rules, counts)['zh-CN']).toBe(
    '外呼任务“Autumn”已自动暂停：接通 40 人，1 人投诉，每万人 250 人，上限每万人 100 人',
  );
});
