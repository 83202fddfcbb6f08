import { expect, test } from '@jest/globals';
import { WITHHELD } from '../../../../../services/shared/domain/calls/caller.js';
import { callsOfDay, MOST_OF_DAY } from './day-of-calls.js';

const since = '2026-11-29T16:00:00.000Z';
const call = (callId: string, invitedAt: string, callerMasked = '138****0001') => ({
  callId,
  invitedAt,
  callerMasked,
  direction: 'inbound' as const,
  queueId: null,
  cause: 'completed' as const,
});
const talk = (agentId: string, from: string, to: string) => ({ agentId, from: `2026-11-30T${from}.000Z`, to: `2026-11-30T${to}.000Z` });

test('calls from midnight at the site on are of today; one that began before is of yesterday', () => {
  const { shown, isCut } = callsOfDay([call('b', '2026-11-29T16:00:00.000Z'), call('a', '2026-11-29T15:59:59.999Z')], {
    since,
    agentId: 'li',
    most: MOST_OF_DAY,
  });
  expect(shown.map(({ callId }) => callId)).toEqual(['b']);
  expect(isCut).toBe(false);
});

test('counts what this agent talked, also twice in one call, and nothing of a colleague', () => {
  const talks = [talk('li', '01:00:00', '01:01:00'), talk('wang', '01:01:00', '01:05:00'), talk('li', '01:05:00', '01:05:30')];
  const { shown } = callsOfDay([{ ...call('a', '2026-11-30T01:00:00.000Z'), talks }], { since, agentId: 'li', most: MOST_OF_DAY });
  expect(shown[0]?.talkMs).toBe(90_000);
});

test('a caller who withheld the number cannot be called back', () => {
  const at = '2026-11-30T01:00:00.000Z';
  const { shown } = callsOfDay([call('a', at, WITHHELD), call('b', at)], { since, agentId: 'li', most: MOST_OF_DAY });
  expect(shown.map(({ isKnown }) => isKnown)).toEqual([false, true]);
});

test('says that there may be more when all that were asked for are of today', () => {
  const calls = Array.from({ length: MOST_OF_DAY }, (_, i) => call(`c${i}`, '2026-11-30T01:00:00.000Z'));
  expect(callsOfDay(calls, { since, agentId: 'li', most: MOST_OF_DAY }).isCut).toBe(true);
});
