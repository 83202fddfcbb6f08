import { expect, test } from '@jest/globals';
import type { AgentState } from '../../shared/domain/people/agent-state.js';
import { Queue } from '../queue.js';
import { dayOf, differencesOf, figuresOf, outcomesOf, type StateEntry } from './replay-day.js';
import type { ReplayOutcome } from './replay.js';
import type { WaitEntry } from '../waits/wait-log.js';

const S = 1_000;
const entry = (callId: string, atS: number, what: WaitEntry['what'], waitedS: number, more: Partial<WaitEntry> = {}): WaitEntry => ({
  entryId: `${callId}${atS}`,
  callId,
  queueId: 'q',
  at: new Date(atS * S),
  waitedMs: waitedS * S,
  what,
  ...more,
});
const state = (agentId: string, atS: number, to: AgentState, callId?: string): StateEntry => ({
  entryId: `${agentId}${atS}`,
  agentId,
  at: new Date(atS * S),
  to,
  ...(callId === undefined ? {} : { callId }),
});

const entries = [
  entry('c1', 100, 'queued', 0, { priority: 2, skills: { english: 3 }, preferredAgentId: 'anna' }),
  entry('c2', 110, 'queued', 0),
  entry('c1', 112, 'left', 12, { outcome: 'answered', agentId: 'anna' }),
  entry('c2', 150, 'left', 40, { outcome: 'abandoned' }),
  // Queued again after a lost seat: still the same call, which came at 100 s.
  entry('c1', 200, 'queued', 100),
  entry('c1', 210, 'left', 110, { outcome: 'answered', agentId: 'bert' }),
  entry('c3', 300, 'queued', 0),
  entry('c3', 360, 'left', 60, { outcome: 'overflow' }),
];
const states = [
  state('anna', 50, 'away'),
  state('anna', 60, 'ready'),
  state('anna', 105, 'offered', 'c1'),
  state('anna', 112, 'on-call', 'c1'),
  state('anna', 200, 'away'),
  state('bert', 205, 'ready'),
  state('bert', 206, 'offered', 'c1'),
  state('bert', 210, 'on-call', 'c1'),
  state('bert', 240, 'wrap-up', 'c1'),
  state('bert', 250, 'ready'),
];

test('a stored day: who came when, how long each was talked with by all agents together, who was at work', () => {
  const day = dayOf(entries, states, 400 * S);
  expect(day.calls).toEqual([
    { callId: 'c1', queueId: 'q', atMs: 100 * S, priority: 2, skills: { english: 3 }, preferredAgentId: 'anna', handledMs: (88 + 30) * S },
    { callId: 'c2', queueId: 'q', atMs: 110 * S, priority: 0, skills: {}, patienceMs: 40 * S },
    { callId: 'c3', queueId: 'q', atMs: 300 * S, priority: 0, skills: {} },
  ]);
  expect(day.shifts).toEqual([
    { agentId: 'anna', fromMs: 60 * S, toMs: 200 * S },
    { agentId: 'bert', fromMs: 205 * S, toMs: 400 * S },
  ]);
});

test('the figures of what really happened', () => {
  const queue = Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' }, serviceLevel: { targetPercent: 80, thresholdMs: 20 * S } });
  expect(figuresOf(outcomesOf(entries), [queue])).toEqual([
    {
      queueId: 'q',
      offered: 3,
      answered: 1,
      abandoned: 1,
      overflowed: 1,
      serviceLevelPercent: 0,
      meanWaitMs: 110 * S,
      longestWaitMs: 110 * S,
    },
  ]);
});

test('the calls that a change matters most to come first: another outcome, then the difference in waiting', () => {
  const outcome = (callId: string, waitedS: number, what: ReplayOutcome['outcome'] = 'answered'): ReplayOutcome => ({
    callId,
    queueId: 'q',
    outcome: what,
    waitedMs: waitedS * S,
  });
  const asIs = [outcome('same', 5), outcome('less', 90), outcome('lost', 30, 'abandoned'), outcome('more', 10)];
  const changed = [outcome('same', 5), outcome('less', 20), outcome('lost', 12), outcome('more', 15)];
  expect(differencesOf([], asIs, changed, 10).map(({ callId }) => callId)).toEqual(['lost', 'less', 'more']);
  expect(differencesOf([], asIs, changed, 1)).toHaveLength(1);
});
