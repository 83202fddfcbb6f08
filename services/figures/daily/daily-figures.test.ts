import { describe, expect, test } from '@jest/globals';
import { createContacts } from '../../shared/domain/figures/contacts.js';
import { CONTACT_WINDOW_MS } from '../../shared/domain/figures/daily.js';
import { createPeak } from '../../shared/domain/figures/peak.js';
import { addedBy } from './daily-figures.js';
import { channelsOf, talkTimes } from './peak-rows.js';

describe('first contact', () => {
  function judgedOf(contacts: readonly (readonly [key: string, atMs: number, name?: string])[], untilMs: number) {
    const judged: [string, boolean][] = [];
    const all = createContacts<string>((name, isResolved) => judged.push([name, isResolved]));
    for (const [key, atMs, name] of contacts) all.add(key, atMs, name);
    all.end(untilMs);
    return Object.fromEntries(judged);
  }
  test('the caller who comes back within the window was not helped, one moment later was', () => {
    const [at, late] = [['a', 0, 'a1'] as const, ['b', 0, 'b1'] as const];
    expect(judgedOf([at, late, ['a', CONTACT_WINDOW_MS], ['b', CONTACT_WINDOW_MS + 1]], 0)).toEqual({ a1: false, b1: true });
  });
  test('what has not been waited for long enough is not judged', () => {
    expect(judgedOf([['a', 0, 'a1']], CONTACT_WINDOW_MS)).toEqual({});
    expect(judgedOf([['a', 0, 'a1']], CONTACT_WINDOW_MS + 1)).toEqual({ a1: true });
  });
});

describe('the busiest moment', () => {
  test('a time that ends where another begins does not meet it', () => {
    const peak = createPeak<string>();
    peak.add(0, 10, 'a');
    peak.add(5, 20, 'b');
    peak.add(10, 12, 'c');
    expect(peak.items()).toEqual(['a', 'b']);
    peak.add(11, 12, 'd');
    expect(peak.items()).toEqual(['b', 'c', 'd']);
  });
  test('two agents in one call are one conversation', () => {
    const talk = (from: number, to: number) => ({ agentId: 'x', from: new Date(from), to: new Date(to) });
    expect(talkTimes([talk(50, 60), talk(0, 10), talk(5, 20), talk(20, 30)])).toEqual([
      { fromMs: 0, toMs: 30 },
      { fromMs: 50, toMs: 60 },
    ]);
  });
});

test('a call in has its own line and one for each leg; a call out has the lines that were dialled', () => {
  type Call = Parameters<typeof channelsOf>[0];
  const leg = (attemptId: string, way: string, trunkId: string, from: number, to: number) =>
    ({ attemptId, way, trunkId, from: '4001000', at: new Date(from), endedAt: new Date(to) }) as Call['dialled'][number];
  const call = {
    _id: 'c1',
    invitedAt: new Date(0),
    endedAt: new Date(100),
    queueId: 'service',
    called: '4001000',
    trunkId: 't1',
    agentIds: [],
  };
  const lines = (more: Pick<Call, 'direction' | 'dialled'>) =>
    channelsOf({ ...call, ...more }).map(({ fromMs, untilMs, row }) => [row.id, row.trunkId, fromMs, untilMs]);
  expect(lines({ direction: 'inbound', dialled: [leg('a1', 'transfer', 't2', 40, 90)] })).toEqual([
    ['c1', 't1', 0, 100],
    ['a1', 't2', 40, 90],
  ]);
  expect(lines({ direction: 'outbound', dialled: [leg('a1', 'call-out', 't1', 5, 99)] })).toEqual([['a1', 't1', 5, 99]]);
  expect(lines({ direction: 'outbound', dialled: [] })).toEqual([['c1', 't1', 0, 100]]);
});

test('one row adds what the formula makes of it alone', () => {
  const row = { counts: { refusals: 1, refusalBlockMs: 1_500 } };
  expect([addedBy({ key: 'refusalToBlock', of: 'numerator' }, row), addedBy({ key: 'refusalToBlock', of: 'denominator' }, row)]).toEqual([
    1.5, 1,
  ]);
});
