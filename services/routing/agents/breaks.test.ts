import { expect, test } from '@jest/globals';
import { moveAgent, newAgent, type Agent } from './agent-machine.js';
import { BreakReasons, mayBreak, usualBreaks } from './breaks.js';

const agent = (agentId: string, change: Partial<Agent> = {}): Agent => ({
  ...newAgent(agentId, agentId, 's', 0),
  mediaUp: true,
  ...change,
});
const lunch = { id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' }, limitMs: 3_600_000, atOnce: 2 };
const at = (agents: readonly Agent[], reason: string | undefined = 'lunch'): number | undefined =>
  mayBreak([lunch], agents, { agentId: 'me', reason });

test('a break has the limit of its reason; a word of one’s own, or none, is no way around it', () => {
  expect(at([])).toBe(3_600_000);
  for (const reason of ['dentist', '', undefined])
    expect(() => mayBreak([lunch], [], { agentId: 'me', reason })).toThrow(expect.objectContaining({ code: 'reason-required' }));
  expect(mayBreak([], [], { agentId: 'me', reason: undefined })).toBeUndefined();
});

test('so many at once, those who will go after their call counted in; oneself is not in the way', () => {
  const there = agent('a', { state: 'break', reason: 'lunch' });
  const going = agent('b', { state: 'on-call', callId: 'c', next: { state: 'break', reason: 'lunch' } });
  expect(at([there])).toBe(3_600_000);
  expect(() => at([there, going])).toThrow(expect.objectContaining({ code: 'break-full' }));
  expect(at([there, agent('me', { state: 'break', reason: 'lunch' })])).toBe(3_600_000);
});

test('a limited break shows when it is over, at once or after the call', () => {
  const chose = { type: 'chose', state: 'break', reason: 'lunch', limitMs: 600 } as const;
  expect(moveAgent(agent('a', { state: 'ready' }), chose, 1_000)).toMatchObject({ state: 'break', untilMs: 1_600 });
  const later = moveAgent(agent('a', { state: 'on-call', callId: 'c' }), chose, 1_000);
  expect(later).toMatchObject({ state: 'on-call', next: { state: 'break', limitMs: 600 } });
  expect(later && moveAgent(later, { type: 'call-ended', callId: 'c', wrapUp: { mode: 'none', ms: 0 } }, 5_000)).toMatchObject({
    state: 'break',
    untilMs: 5_600,
  });
  // When the same break is chosen again, it goes on with its old limit; a different break starts anew.
  const there = agent('a', { state: 'break', reason: 'lunch', sinceMs: 0, untilMs: 600 });
  expect(moveAgent(there, chose, 500) ?? there).toMatchObject({ sinceMs: 0, untilMs: 600 });
  expect(moveAgent(there, { ...chose, reason: 'rest' }, 500)).toMatchObject({ reason: 'rest', sinceMs: 500, untilMs: 1_100 });
  // Nobody is made ready who is not there: the end of a break is reported, not carried out.
  expect(moveAgent(agent('a', { state: 'break', untilMs: 5 }), { type: 'clock' }, 10)).toBeUndefined();
});

test('a reason that is named twice is refused', () => {
  expect(BreakReasons.safeParse([lunch, lunch]).success).toBe(false);
  expect(BreakReasons.safeParse(usualBreaks).success).toBe(true);
});
