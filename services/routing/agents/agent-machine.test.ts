import { expect, test } from '@jest/globals';
import { isDue, moveAgent, newAgent, type Agent, type AgentEvent } from './agent-machine.js';
import { isFree } from '../matching/roster.js';

const wrapUp = { mode: 'fixed', ms: 10_000 } as const;
const fresh: Agent = newAgent('a1', 'Ann', 's1', 0);
const away: Agent = { ...fresh, mediaUp: true };
const ready: Agent = { ...away, state: 'ready', idleSinceMs: 5 };
const offered: Agent = { ...ready, state: 'offered', callId: 'c1', offerId: 'o1' };
const onCall: Agent = { ...away, state: 'on-call', callId: 'c1', sinceMs: 100 };
const wrapping: Agent = { ...away, state: 'wrap-up', callId: 'c1', untilMs: 2_000 };
const signedOut: Agent = { ...fresh, state: 'signed-out' };

test.each<[name: string, from: Agent, event: AgentEvent, to: Partial<Agent> | 'refused']>([
  [
    'away -> ready         when chosen and the seat has sound',
    away,
    { type: 'chose', state: 'ready' },
    { state: 'ready', idleSinceMs: 1_000 },
  ],
  ['away -> ready without sound: when the sound comes', fresh, { type: 'chose', state: 'ready' }, { state: 'away', reason: 'seat-lost' }],
  ['ready -> ready        keeps the idle clock', ready, { type: 'chose', state: 'ready' }, { state: 'ready', idleSinceMs: 5 }],
  ['ready -> break        with its reason', ready, { type: 'chose', state: 'break', reason: 'lunch' }, { state: 'break', reason: 'lunch' }],
  ['ready -> offered', ready, { type: 'offered', callId: 'c1', offerId: 'o1' }, { state: 'offered', callId: 'c1', idleSinceMs: 5 }],
  [
    'ready -> offered      reserved for a call out, until a time',
    ready,
    { type: 'offered', callId: 'c1', offerId: 'c1', untilMs: 9_000 },
    { state: 'offered', callId: 'c1', untilMs: 9_000 },
  ],
  ['reserved -> on-call    when it is dialled', { ...offered, untilMs: 9_000 }, { type: 'connected', callId: 'c1' }, { state: 'on-call' }],
  [
    'reserved -> ready      when it was not dialled in time',
    { ...offered, untilMs: 1_000 },
    { type: 'clock' },
    { state: 'ready', idleSinceMs: 5 },
  ],
  ['(refused) away -> offered', away, { type: 'offered', callId: 'c1', offerId: 'o1' }, 'refused'],
  ['(refused) on-call -> offered', onCall, { type: 'offered', callId: 'c2', offerId: 'o2' }, 'refused'],
  ['(refused) offered -> offered', offered, { type: 'offered', callId: 'c2', offerId: 'o2' }, 'refused'],
  ['offered -> on-call', offered, { type: 'connected', callId: 'c1' }, { state: 'on-call', callId: 'c1', calls: 1 }],
  [
    'offered -> away       on no answer (RONA)',
    offered,
    { type: 'offer-ended', callId: 'c1', outcome: 'no-answer' },
    { state: 'away', reason: 'no-answer' },
  ],
  [
    'reserved -> away       when the time of a row ran out',
    { ...offered, offerId: 'c1' },
    { type: 'offer-ended', callId: 'c1', outcome: 'no-answer' },
    { state: 'away', reason: 'row-not-called' },
  ],
  [
    'offered -> ready      when declined, place in line kept',
    offered,
    { type: 'offer-ended', callId: 'c1', outcome: 'declined' },
    { state: 'ready', idleSinceMs: 5 },
  ],
  [
    'offered -> ready      when the caller gave up',
    offered,
    { type: 'call-ended', callId: 'c1', wrapUp },
    { state: 'ready', idleSinceMs: 5 },
  ],
  ['(refused) offered: the end of another offer', offered, { type: 'offer-ended', callId: 'c9', outcome: 'declined' }, 'refused'],
  ['offered + break       is kept for later', offered, { type: 'chose', state: 'break' }, { state: 'offered', next: { state: 'break' } }],
  [
    'on-call -> wrap-up    with a clock',
    onCall,
    { type: 'call-ended', callId: 'c1', wrapUp },
    { state: 'wrap-up', untilMs: 11_000, talkMs: 900 },
  ],
  [
    'on-call -> ready      without wrap-up',
    onCall,
    { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0 } },
    { state: 'ready' },
  ],
  [
    'on-call -> break      chosen during the call',
    { ...onCall, next: { state: 'break' } },
    { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0 } },
    { state: 'break' },
  ],
  ['(refused) on-call: another call ended', onCall, { type: 'call-ended', callId: 'c9', wrapUp }, 'refused'],
  [
    'on-call: the queue comes with the answer of a call out',
    onCall,
    { type: 'connected', callId: 'c1', queueId: 'q1' },
    { state: 'on-call', queueId: 'q1' },
  ],
  [
    'on-call: the queue of the first answer stays',
    { ...onCall, queueId: 'q1' },
    { type: 'connected', callId: 'c1', queueId: 'q2' },
    { queueId: 'q1' },
  ],
  ['(refused) on-call: connected to a second call', onCall, { type: 'connected', callId: 'c2' }, 'refused'],
  ['on-call stays         when its media is lost', onCall, { type: 'media', up: false }, { state: 'on-call', mediaUp: false }],
  ['ready -> away         when its media is lost', ready, { type: 'media', up: false }, { state: 'away', reason: 'seat-lost' }],
  [
    'away -> ready         when lost media is back',
    { ...away, reason: 'seat-lost', idleSinceMs: 5 },
    { type: 'media', up: true },
    { state: 'ready', idleSinceMs: 5 },
  ],
  [
    'another session        has no sound yet: ready -> away',
    ready,
    { type: 'signed-in', name: 'n', sessionId: 'another' },
    { state: 'away', reason: 'seat-lost', mediaUp: false },
  ],
  ['away stays away       when media comes the first time', fresh, { type: 'media', up: true }, { state: 'away', mediaUp: true }],
  ['(refused) wrap-up: the clock still runs', wrapping, { type: 'clock' }, 'refused'],
  ['wrap-up extended', { ...wrapping, extendable: true }, { type: 'wrap-up-extended', byMs: 500 }, { state: 'wrap-up', untilMs: 2_500 }],
  ['(refused) wrap-up that the queue does not let extend', wrapping, { type: 'wrap-up-extended', byMs: 500 }, 'refused'],
  ['wrap-up -> ready      by choice', wrapping, { type: 'chose', state: 'ready' }, { state: 'ready' }],
  ['(refused) ready: nothing to extend', ready, { type: 'wrap-up-extended', byMs: 500 }, 'refused'],
  ['(refused) signed-out -> ready', signedOut, { type: 'chose', state: 'ready' }, 'refused'],
  [
    'signed-out -> away    at the next sign-in',
    signedOut,
    { type: 'signed-in', name: 'Ann', sessionId: 's2' },
    { state: 'away', sessionId: 's2' },
  ],
  [
    'on-call stays         through a new sign-in (reload)',
    onCall,
    { type: 'signed-in', name: 'Ann', sessionId: 's2' },
    { state: 'on-call', callId: 'c1', sessionId: 's2' },
  ],
  ['ready -> signed-out', ready, { type: 'signed-out' }, { state: 'signed-out' }],
])('%s', (_name, from, event, to) => {
  const moved = moveAgent(from, event, 1_000);
  if (to === 'refused') expect(moved).toBeUndefined();
  else expect(moved).toMatchObject(to);
});

test('a seat that could not ring although sound is up is tried again at its old place; one without sound waits for it', () => {
  const event: AgentEvent = { type: 'offer-ended', callId: 'c1', outcome: 'seat-lost' };
  const waiting = moveAgent(offered, event, 1_000);
  expect(waiting).toMatchObject({ state: 'away', reason: 'seat-lost', untilMs: 2_000 });
  expect(moveAgent(waiting ?? away, { type: 'clock' }, 1_999)).toBeUndefined();
  expect(moveAgent(waiting ?? away, { type: 'clock' }, 2_000)).toMatchObject({ state: 'ready', idleSinceMs: 5 });
  const silent = moveAgent({ ...offered, mediaUp: false }, event, 1_000);
  expect(silent).toMatchObject({ state: 'away', reason: 'seat-lost' });
  expect(moveAgent(silent ?? away, { type: 'clock' }, 60_000)).toBeUndefined();
  expect(moveAgent(silent ?? away, { type: 'media', up: true }, 60_000)).toMatchObject({ state: 'ready', idleSinceMs: 5 });
});

test('a wrap-up that has run out leads to what was chosen', () => {
  expect(moveAgent(wrapping, { type: 'clock' }, 2_000)).toMatchObject({ state: 'ready' });
  expect(moveAgent({ ...wrapping, next: { state: 'break', reason: 'lunch' } }, { type: 'clock' }, 2_000)).toMatchObject({
    state: 'break',
    reason: 'lunch',
  });
});

const owing: Agent = { ...away, state: 'wrap-up', callId: 'c1', owed: ['c1'], untilMs: 2_000 };
const owed = { mode: 'fixed', ms: 10_000, untilDisposed: true } as const;

test.each<[name: string, from: Agent, event: AgentEvent, nowMs: number, to: Partial<Agent> | 'refused']>([
  ['the end of a call without a result', onCall, { type: 'call-ended', callId: 'c1', wrapUp: owed }, 1_000, { owed: ['c1'] }],
  [
    'also without a wrap-up clock',
    onCall,
    { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0, untilDisposed: true } },
    1_000,
    { state: 'wrap-up', owed: ['c1'] },
  ],
  ['the clock runs out: still in wrap-up', owing, { type: 'clock' }, 3_000, 'refused'],
  ['ready is chosen: kept for later', owing, { type: 'chose', state: 'ready' }, 1_000, { state: 'wrap-up', next: { state: 'ready' } }],
  ['the result before the clock has run out', owing, { type: 'disposed', callId: 'c1' }, 1_000, { state: 'wrap-up', untilMs: 2_000 }],
  ['the result after the clock has run out', owing, { type: 'disposed', callId: 'c1' }, 3_000, { state: 'ready' }],
  ['the result of another call', owing, { type: 'disposed', callId: 'c9' }, 3_000, 'refused'],
  ['a supervisor lets the agent go', owing, { type: 'forced', state: 'break', by: 'Sue', reason: 'staffing' }, 1_000, { state: 'break' }],
])('a result is owed: %s', (_name, from, event, nowMs, to) => {
  const moved = moveAgent(from, event, nowMs);
  if (to === 'refused') expect(moved).toBeUndefined();
  else expect(moved).toMatchObject(to);
});

test('a result that was given during the call is not asked for again', () => {
  const given = moveAgent(onCall, { type: 'disposed', callId: 'c1' }, 500) ?? onCall;
  expect(moveAgent(given, { type: 'call-ended', callId: 'c1', wrapUp: owed }, 1_000)).not.toHaveProperty('owed');
});

test('the choice of ready ends the wrap-up in the moment in which the result is given', () => {
  const chosen = moveAgent(owing, { type: 'chose', state: 'ready' }, 1_000) ?? owing;
  expect(moveAgent(chosen, { type: 'disposed', callId: 'c1' }, 1_500)).toMatchObject({ state: 'ready' });
});

test('signing out does not pay: the next sign-in leads back to the call', () => {
  const out = moveAgent(owing, { type: 'signed-out' }, 1_000) ?? owing;
  expect(out).toMatchObject({ state: 'signed-out', owed: ['c1'] });
  const back = moveAgent(out, { type: 'signed-in', name: 'Ann', sessionId: 's2' }, 5_000) ?? out;
  expect(back).toMatchObject({ state: 'wrap-up', callId: 'c1', owed: ['c1'] });
  expect(moveAgent(back, { type: 'disposed', callId: 'c1' }, 6_000)).toMatchObject({ state: 'away' });
});

test.each<[string, Agent, Partial<Agent>]>([
  ['away', away, { state: 'away' }],
  ['a break', { ...away, state: 'break', reason: 'lunch', untilMs: 5_000 }, { state: 'break', reason: 'lunch', untilMs: 5_000 }],
  ['a lost seat', { ...away, reason: 'seat-lost' }, { state: 'ready' }],
])('a call taken over during %s chooses nothing: afterwards the agent is what was chosen before', (_name, from, after) => {
  const talking = moveAgent(from, { type: 'connected', callId: 'c1' }, 1_000);
  if (talking === undefined) throw new Error('refused');
  expect(moveAgent(talking, { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0 } }, 1_000)).toMatchObject(after);
});

test('a result that is owed is still owed after another call that is made or fetched meanwhile', () => {
  const second = moveAgent(owing, { type: 'connected', callId: 'c2' }, 1_000);
  const after = second && moveAgent(second, { type: 'call-ended', callId: 'c2', wrapUp: owed }, 2_000);
  expect(after).toMatchObject({ state: 'wrap-up', owed: ['c1', 'c2'] });
  const one = after && moveAgent(after, { type: 'disposed', callId: 'c1' }, 3_000);
  expect(one).toMatchObject({ state: 'wrap-up', owed: ['c2'] });
  expect(one && moveAgent(one, { type: 'disposed', callId: 'c2' }, 99_000)).toMatchObject({ state: 'ready' });
});

test('a seat that is taken is offered nothing: reported by telephony in revisions, of which an old one changes nothing', () => {
  const busy = moveAgent(ready, { type: 'occupied', revision: 2, by: { as: 'ringing', callId: 'c9' } }, 0);
  if (busy === undefined) throw new Error('refused');
  expect(isFree(busy)).toBe(false);
  expect(moveAgent(busy, { type: 'occupied', revision: 1 }, 0)).toBeUndefined();
  const free = moveAgent(busy, { type: 'occupied', revision: 3 }, 0);
  expect(free && isFree(free)).toBe(true);
});

test('a seat that refuses an offer cools down', () => {
  const cooling = moveAgent(offered, { type: 'offer-ended', callId: 'c1', outcome: 'refused' }, 1_000);
  if (cooling === undefined) throw new Error('refused');
  expect([cooling.state, isFree(cooling), isDue(cooling, 5_999), isDue(cooling, 6_000)]).toEqual(['ready', false, false, true]);
  const warm = moveAgent(cooling, { type: 'clock' }, 6_000);
  expect(warm && isFree(warm)).toBe(true);
});

const decided = { by: 'Sue', reason: 'needed on the other queue' } as const;

test('what a supervisor decides during a call takes effect after it, and the agent cannot undo it before', () => {
  const pending = moveAgent(onCall, { type: 'forced', state: 'break', ...decided }, 200) ?? onCall;
  expect(pending).toMatchObject({ state: 'on-call', next: { state: 'break', forced: decided } });
  const tried = moveAgent(pending, { type: 'chose', state: 'ready' }, 300) ?? pending;
  const wrapped = moveAgent(tried, { type: 'call-ended', callId: 'c1', wrapUp }, 400) ?? tried;
  expect(wrapped).toMatchObject({ state: 'wrap-up', next: { state: 'break', forced: decided } });
  const after = moveAgent(wrapped, { type: 'chose', state: 'ready' }, 500) ?? wrapped;
  expect(after).toMatchObject({ state: 'break', reason: 'by-supervisor', forced: decided });
  // From then on it is a state like any other.
  const back = moveAgent(after, { type: 'chose', state: 'ready' }, 600);
  expect(back).toMatchObject({ state: 'ready' });
  expect(back).not.toHaveProperty('forced');
});

test('a sign-out that a supervisor decides during a call happens after it; what is owed is asked for at the next sign-in', () => {
  const pending = moveAgent(onCall, { type: 'forced', state: 'signed-out', ...decided }, 200) ?? onCall;
  const after = moveAgent(pending, { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0 } }, 400) ?? pending;
  expect(after).toMatchObject({ state: 'signed-out', mediaUp: false, forced: decided });
  const back = moveAgent(after, { type: 'signed-in', name: 'Ann', sessionId: 's2' }, 500) ?? after;
  expect(back).toMatchObject({ state: 'away' });
  expect(back).not.toHaveProperty('forced');
  const out = moveAgent(owing, { type: 'forced', state: 'signed-out', ...decided }, 1_000);
  expect(out).toMatchObject({ state: 'signed-out', owed: ['c1'] });
});
