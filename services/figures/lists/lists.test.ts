import { describe, expect, test } from '@jest/globals';
import type { StoredCall } from '../../shared/records/call.js';
import { followed, FOLLOWED_MS, type LaterCall } from './abandoned.js';
import { tilesOf } from './agent-tiles.js';
import { matrixOf, transfersBehind, transfersOf } from './transfers.js';

const T0 = Date.parse('2026-11-28T01:00:00Z');
const at = (ms: number): Date => new Date(T0 + ms);

describe('what became of a caller who gave up', () => {
  const call = (direction: LaterCall['direction'], ms: number, reached = false): LaterCall => ({
    _id: `${direction}-${String(ms)}`,
    direction,
    invitedAt: at(ms),
    answeredAt: direction === 'inbound' || reached ? at(ms + 5) : undefined,
    agentAnsweredAt: direction === 'outbound' || reached ? at(ms + 9) : undefined,
  });
  test.each([
    ['nothing', [], 'open'],
    ['a call that was before it', [call('inbound', -1, true), call('inbound', 0, true)], 'open'],
    ['called again and answered by the menu alone', [call('inbound', 10)], 'again'],
    ['rung back in vain, and called again in vain', [call('inbound', 10), call('outbound', 20)], 'rung'],
    ['rung back in vain, then called again and an agent answered', [call('outbound', 10), call('inbound', 20, true)], 'reached'],
    ['rung back and the person answered', [call('outbound', 10, true)], 'reached'],
    ['at the last moment', [call('inbound', FOLLOWED_MS, true)], 'reached'],
    ['a moment too late', [call('inbound', FOLLOWED_MS + 1, true)], 'open'],
  ] as const)('%s', (_name, later, followUp) => {
    expect(followed(T0, later).followUp).toBe(followUp);
  });
  test('a withheld number is no caller whom somebody could have rung back', () => {
    expect(followed(T0, undefined)).toEqual({ followUp: 'withheld', again: undefined, rungBack: undefined });
  });
});

describe('transfers of a call', () => {
  type Mark = StoredCall['history'][number];
  const visit = (place: number, queueId: string, fromMs: number) =>
    ({ place, queueId, fromMs: T0 + fromMs, toMs: T0 + fromMs + 5, outcome: 'answered' }) as StoredCall['visits'][number];
  const call = (visits: StoredCall['visits'], history: readonly (Omit<Mark, 'atMs'> & { readonly ms: number })[]) =>
    transfersOf({ _id: 'c1', visits, history: history.map(({ ms, ...mark }) => ({ ...mark, atMs: T0 + ms })) });

  test('to a queue it comes from the visit before, and names the next', () => {
    const history = [{ ms: 100, what: 'transferred', agentId: 'anna', detail: 'queue', queueId: 'sales' }] as const;
    expect(call([visit(1, 'service', 0), visit(2, 'sales', 100)], history)).toEqual([
      { callId: 'c1', atMs: T0 + 100, agentId: 'anna', queueId: 'service', target: 'queue', to: 'sales' },
    ]);
  });
  test('blind it names whose seat rings, after a consultation who was asked', () => {
    const blind = [
      { ms: 100, what: 'transferred', agentId: 'anna', detail: 'seat' },
      { ms: 100, what: 'offered', agentId: 'bert', offerId: 'o1' },
    ] as const;
    const asked = [
      { ms: 50, what: 'consulting', agentId: 'anna' },
      { ms: 60, what: 'consult-answered', agentId: 'cleo' },
      { ms: 100, what: 'transferred', agentId: 'anna', detail: 'seat' },
    ] as const;
    expect([call([], blind), call([], asked)].map(([only]) => [only?.target, only?.to, only?.queueId])).toEqual([
      ['agent', 'bert', undefined],
      ['agent', 'cleo', undefined],
    ]);
  });
  test('a step of a flow and a supervisor who takes over are none', () => {
    const history = [
      { ms: 10, what: 'transferred', detail: 'number' },
      { ms: 20, what: 'transferred', agentId: 'boss', detail: 'take-over' },
    ] as const;
    expect(call([], history)).toEqual([]);
  });
  test('each cell opens as many transfers as it counts, and together they are all', () => {
    const transfers = ['sales', 'sales', 'service'].flatMap((to, place) => [
      { callId: `q${String(place)}`, atMs: T0, agentId: 'anna', queueId: 'service', target: 'queue' as const, to },
      { callId: `a${String(place)}`, atMs: T0, agentId: 'bert', queueId: undefined, target: 'agent' as const, to: `agent-${to}` },
    ]);
    for (const by of ['queue', 'agent'] as const) {
      const cells = matrixOf(by, transfers);
      for (const cell of cells) expect(transfersBehind(by, transfers, cell)).toHaveLength(cell.count);
      expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(transfers.length);
    }
    // Grouped by queue, all colleagues are one target.
    expect(matrixOf('queue', transfers).filter(({ target }) => target === 'agent')).toEqual([
      { from: '', target: 'agent', to: '', count: 3 },
    ]);
  });
});

describe('the tiles of an agent', () => {
  const span = { fromMs: T0, untilMs: T0 + 1_000 };
  const state = (name: string, fromMs: number, untilMs?: number, reason?: string) => ({
    ...{ _id: `${name}-${String(fromMs)}`, agentId: 'anna', at: at(fromMs), untilAt: untilMs === undefined ? undefined : at(untilMs) },
    ...{ state: name, reason, callId: undefined },
  });
  test('are cut at the edges of the day and add up to the time signed in', () => {
    const { tiles, sums, signedInMs, overlapMs } = tilesOf(
      'anna',
      [state('break', 300, 450, 'lunch'), state('ready', -50, 300), state('away', 600, 2_000, 'by-supervisor')],
      span,
      T0 + 5_000,
    );
    expect(tiles.map(({ fromMs, untilMs }) => [fromMs - T0, untilMs - T0])).toEqual([
      [0, 300],
      [300, 450],
      [600, 1_000],
    ]);
    expect(sums).toMatchObject({ ready: 300, break: 150, away: 400, 'on-call': 0 });
    expect([signedInMs, overlapMs]).toEqual([850, 0]);
  });
  test('of the present one the length is until now', () => {
    const { tiles, signedInMs } = tilesOf('anna', [state('ready', 100)], span, T0 + 400);
    expect([tiles[0]?.isOpen, signedInMs]).toEqual([true, 300]);
  });
  test('that overlap say by how much', () => {
    expect(tilesOf('anna', [state('ready', 0, 500), state('break', 400, 600)], span, T0 + 2_000).overlapMs).toBe(100);
  });
});
