import { expect, test } from '@jest/globals';
import { explainWait, type WaitEntry } from './wait-log.js';

const entry = (atS: number, what: WaitEntry['what'], more: Partial<WaitEntry> = {}): WaitEntry => ({
  entryId: `${atS}`,
  callId: 'c',
  queueId: 'q',
  at: new Date(atS * 1_000),
  waitedMs: atS * 1_000,
  what,
  ...more,
});
const seconds = (entries: readonly WaitEntry[], nowS = 999): [number, number, string][] =>
  explainWait('c', entries, nowS * 1_000).spans.map(({ fromMs, toMs, cause }) => [fromMs / 1_000, toMs / 1_000, cause]);

test('94 seconds, told stretch by stretch', () => {
  const entries = [
    entry(0, 'queued'),
    entry(0.2, 'waits', { ahead: 2, skipped: { 'not-ready:on-call': 3, 'not-ready:break': 1 } }),
    entry(5, 'waits', { ahead: 1, skipped: { 'not-ready:on-call': 2, 'not-ready:wrap-up': 1 } }),
    entry(40, 'offered', { chosen: ['anna'] }),
    entry(60, 'waits', { skipped: { avoided: 1, 'not-ready:on-call': 2 } }),
    entry(80, 'offered', { chosen: ['bert'] }),
    entry(94, 'left', { outcome: 'answered', agentId: 'bert' }),
  ];
  expect(seconds(entries)).toEqual([
    [0, 40, 'all-busy'],
    [40, 60, 'ringing'],
    [60, 80, 'avoided'],
    [80, 94, 'ringing'],
  ]);
  expect(explainWait('c', entries, 0)).toMatchObject({ waitedMs: 94_000, outcome: 'answered', agentId: 'bert' });
});

test.each<[string, Partial<WaitEntry>, string]>([
  ['nobody signed in', { skipped: { 'not-ready:break': 2, 'not-ready:away': 1 } }, 'nobody-there'],
  ['nobody with the skill', { skipped: { 'skill-missing': 1, 'not-ready:on-call': 4 } }, 'skill-missing'],
  ['the agent of the last call', { skipped: { 'waiting-for-preferred': 2, 'not-ready:on-call': 1 } }, 'waiting-for-preferred'],
  ['somebody free, others first', { considered: [{ agentId: 'a', verdict: 'chosen', score: 1 }], skipped: {} }, 'behind-others'],
  ['a queue without members', {}, 'nobody-there'],
])('%s', (_name, look, cause) => {
  expect(seconds([entry(0, 'waits', look), entry(10, 'left', { outcome: 'abandoned' })])).toEqual([[0, 10, cause]]);
});

test('a call that goes on waiting, and one that changes queues', () => {
  const busy = { skipped: { 'not-ready:on-call': 1 } };
  expect(seconds([entry(0, 'queued'), entry(1, 'waits', busy)], 30)).toEqual([[0, 30, 'all-busy']]);
  const moved = [
    entry(0, 'waits', busy),
    entry(20, 'left', { outcome: 'overflow' }),
    entry(20, 'queued', { queueId: 'second' }),
    entry(21, 'waits', { ...busy, queueId: 'second' }),
    entry(30, 'left', { outcome: 'abandoned', queueId: 'second' }),
  ];
  expect(explainWait('c', moved, 0)).toMatchObject({
    waitedMs: 30_000,
    outcome: 'abandoned',
    spans: [{ queueId: 'q' }, { queueId: 'second' }],
  });
});
