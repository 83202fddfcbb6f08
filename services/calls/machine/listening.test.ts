import { describe, expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import type { LiveCall } from '../../shared/contracts/calls/commands.js';
import { advance } from './advance.js';
import type { CallEvent } from './call-events.js';
import { liveCallView, withoutOwnListeners } from '../running/live-call.js';
import { listenersIn } from './listening.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } });

/** What is published of the listening while the call takes the events, one each ten seconds. */
function listenedDuring(events: readonly CallEvent[]): object[] {
  let call = exampleCall(flow, connected);
  return events.flatMap((event, index) => {
    const done = advance(call, event, (index + 1) * 10_000);
    if ('refused' in done) throw new Error(`${event.type} was refused: ${done.refused}`);
    call = done.call;
    return done.effects.flatMap((effect) => (effect.do === 'publish' && effect.name === 'call.listened' ? [effect.event] : []));
  });
}

const begins: CallEvent = { type: 'monitor', agentId: 'sue', mode: 'listen' };
const heard = { agentId: 'sue', listenedAgentId: 'anna', mode: 'listen', seconds: 10 };

test.each<[how: string, ends: CallEvent, event: object]>([
  ['stops', { type: 'monitor', agentId: 'sue', mode: 'stop' }, heard],
  ['whispers instead', { type: 'monitor', agentId: 'sue', mode: 'whisper' }, { ...heard, next: 'whisper' }],
  ['takes over', { type: 'monitor', agentId: 'sue', mode: 'take-over' }, heard],
  ['loses the seat', { type: 'seat-down', agentId: 'sue' }, heard],
  ['is there when the caller hangs up', { type: 'caller-hung-up' }, heard],
  ['is there when the agent hangs up', { type: 'hang-up', agentId: 'anna' }, heard],
  ['is there when the caller is parked', { type: 'park', agentId: 'anna' }, heard],
])('a supervisor who listens and %s: the time is published once', (_how, ends, event) => {
  const published = listenedDuring([begins, ends]);
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject(event);
});

test.each<[mode: 'listen' | 'whisper', ends: CallEvent]>([
  ['listen', { type: 'hang-up', agentId: 'anna' }],
  ['whisper', { type: 'hang-up', agentId: 'anna' }],
  ['listen', { type: 'timer', timer: 'seat-grace', token: 'anna' }],
])('by %s nobody hears the colleague who keeps the caller of a conference: that agent was not asked', (mode, ends) => {
  const parties = [
    { id: 'agent:bert', role: 'talk' },
    { id: 'agent:sue', role: mode },
    { id: 'agent:boss', role: 'talk', barged: true },
  ] as const;
  const done = advance(exampleCall(flow, { ...connected, away: ends.type === 'timer', parties }), ends, 10_000);
  if ('refused' in done) throw new Error(done.refused);
  expect(done.call.stage).toMatchObject({ kind: 'connected', agentId: 'bert', parties: [{ id: 'agent:boss' }] });
  expect(done.effects).toContainEqual(expect.objectContaining({ do: 'publish', name: 'call.listened' }));
  expect(done.call.history).toContainEqual({ atMs: 10_000, what: 'party-left', agentId: 'sue', detail: 'monitor' });
});

test('of a whisper that follows, the seconds are its own', () => {
  const published = listenedDuring([begins, { type: 'monitor', agentId: 'sue', mode: 'whisper' }, { type: 'caller-hung-up' }]);
  expect(published).toMatchObject([
    { mode: 'listen', seconds: 10, next: 'whisper' },
    { mode: 'whisper', seconds: 10 },
  ]);
});

test('a colleague in a conference does not supervise; who has barged in does', () => {
  const parties = [
    { id: 'agent:bert', role: 'talk' },
    { id: 'agent:sue', role: 'talk', barged: true },
  ] as const;
  expect([...listenersIn({ ...connected, parties })]).toEqual([['sue', 'barge']]);
});

describe('who is shown that somebody listens', () => {
  /** The call after these events, as `viewer` is shown it. */
  function listenersShown(events: readonly CallEvent[], viewer?: string): LiveCall['listeners'] {
    const call = events.reduce(
      (before, event, index) => {
        const done = advance(before, event, (index + 1) * 1_000);
        if ('refused' in done) throw new Error(`${event.type} was refused: ${done.refused}`);
        return done.call;
      },
      exampleCall(flow, connected),
    );
    return liveCallView(call, undefined, viewer).listeners;
  }
  const mode = (next: 'listen' | 'whisper' | 'barge', secret?: boolean): CallEvent => ({
    type: 'monitor',
    agentId: 'sue',
    mode: next,
    secret,
  });
  const sue = (shown: string) => [{ agentId: 'sue', mode: shown }];

  test.each([
    ['openly', [mode('listen', false)], sue('listen'), sue('listen')],
    ['in secret', [mode('listen', true)], undefined, sue('listen')],
    ['in secret and then whispers', [mode('listen', true), mode('whisper', false)], undefined, sue('whisper')],
    ['openly and then whispers', [mode('listen', false), mode('whisper', true)], sue('whisper'), sue('whisper')],
    ['in secret and then barges in, which everybody hears', [mode('listen', true), mode('barge')], sue('barge'), sue('barge')],
    ['in secret, barges in and listens again', [mode('listen', true), mode('barge'), mode('listen')], undefined, sue('listen')],
  ])('a supervisor who listens %s', (_how, events, toTheAgent, toSupervisors) => {
    expect(listenersShown(events, 'anna')).toEqual(toTheAgent);
    expect(listenersShown(events)).toEqual(toSupervisors);
    expect(listenersShown(events, 'sue')).toBeUndefined();
  });
});

test('a change of the mode begins nothing: of one who is not in the call it is refused', () => {
  const call = exampleCall(flow, connected);
  const whispers: CallEvent = { type: 'monitor', agentId: 'sue', mode: 'whisper', changes: true };
  expect(advance(call, whispers, 10_000)).toEqual({ refused: 'wrong-state' });
  const begun = advance(call, { ...begins, secret: true }, 10_000);
  if ('refused' in begun) throw new Error(begun.refused);
  const changed = advance(begun.call, whispers, 20_000);
  if ('refused' in changed) throw new Error(changed.refused);
  expect(changed.call.stage).toMatchObject({ parties: [{ id: 'agent:sue', role: 'whisper', secret: true }] });
});

test('of a call that somebody is in themselves, the list of calls does not show who listens', () => {
  const done = advance(exampleCall(flow, { ...connected, parties: [{ id: 'agent:bert', role: 'talk' }] }), begins, 10_000);
  if ('refused' in done) throw new Error(done.refused);
  const live = liveCallView(done.call, undefined);
  const shown = (who: string): unknown => withoutOwnListeners(live, who).listeners?.map(({ agentId }) => agentId);
  expect([shown('anna'), shown('bert'), shown('boss')]).toEqual([undefined, undefined, ['sue']]);
});

test('three supervisors may be in a call; the fourth is refused, whoever is there may change the mode, and a place that is left is free', () => {
  const joins = (agentId: string, mode: 'listen' | 'whisper' | 'barge' | 'stop' | 'take-over' = 'listen'): CallEvent => ({
    type: 'monitor',
    agentId,
    mode,
  });
  const three = [joins('sue'), joins('tom', 'whisper'), joins('uma', 'barge')].reduce(
    (call, event) => {
      const done = advance(call, event, 10_000);
      if ('refused' in done) throw new Error(done.refused);
      return done.call;
    },
    exampleCall(flow, connected),
  );
  for (const mode of ['listen', 'whisper', 'barge'] as const)
    expect(advance(three, joins('vic', mode), 20_000)).toEqual({ refused: 'listeners-full' });
  expect('call' in advance(three, joins('sue', 'barge'), 20_000)).toBe(true);
  // Taking over is no listening: the agent leaves.
  expect('call' in advance(three, joins('vic', 'take-over'), 20_000)).toBe(true);
  const left = advance(three, joins('tom', 'stop'), 20_000);
  expect('call' in left && 'call' in advance(left.call, joins('vic'), 21_000)).toBe(true);
});

test('whoever loses the call to a supervisor is told to whom', () => {
  const taken = advance(exampleCall(flow, connected), { type: 'monitor', agentId: 'sue', mode: 'take-over' }, 10_000);
  if ('refused' in taken) throw new Error(taken.refused);
  const told = taken.effects.flatMap((effect) => (effect.do === 'publish' && effect.name === 'call.agent-left' ? [effect.event] : []));
  expect(told).toEqual([{ agentId: 'anna', reason: 'transferred', takenBy: 'sue' }]);
});
