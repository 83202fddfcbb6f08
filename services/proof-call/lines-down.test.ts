import { describe, expect, test } from '@jest/globals';
import { linesDown } from './lines-down.js';

const now = { sinceMs: Date.parse('2026-11-30T00:00:00Z'), nowMs: Date.parse('2026-11-30T00:15:00Z') };
const way = (state: 'up' | 'down' | 'unknown' | 'no-options') => ({
  uri: 'sip:192.0.2.1',
  place: 0,
  state,
  since: '2026-11-30T00:00:00Z',
  history: [],
});

test('a line is down when none of its addresses answers, or the carrier refuses the registration', () => {
  expect(
    linesDown(
      [
        { trunkId: 'z-dead', ways: [way('down'), way('down')] },
        { trunkId: 'half', ways: [way('down'), way('up')] },
        { trunkId: 'well', ways: [way('up')], registration: 'registered' },
        { trunkId: 'refused', ways: [way('up')], registration: 'not-allowed' },
        { trunkId: 'takes-calls', ways: [way('no-options'), way('down')] },
      ],
      now,
    ),
  ).toEqual(['refused', 'z-dead']);
});

test('what nobody has asked yet is not down', () => {
  expect(
    linesDown(
      [
        { trunkId: 'first', ways: [way('unknown'), way('down')] },
        { trunkId: 'inbound-only', ways: [] },
        { trunkId: 'new', ways: [], registration: 'new' },
      ],
      now,
    ),
  ).toEqual([]);
});

describe('an outage between two proof calls', () => {
  type Step = readonly [at: string, state: 'up' | 'down' | 'unknown' | 'no-options'];
  const stamp = (at: string): string => `2026-11-30T00:${at}Z`;
  /** An address with the steps of its state; the last step is the present one. */
  const stepped = (...steps: readonly Step[]) => {
    const history = steps.map(([at, state]) => ({ state, from: stamp(at) }));
    const { state, from: since } = history.pop() ?? { state: 'unknown' as const, from: stamp('00:00') };
    return { uri: '192.0.2.1', place: 0, state, since, history };
  };
  const down = (...ways: readonly ReturnType<typeof stepped>[]): boolean =>
    linesDown([{ trunkId: 'line', ways: [...ways] }], now).length > 0;

  test('is seen at the second, though the line is up again; one lost question is none', () => {
    expect(down(stepped(['00:00', 'up'], ['03:00', 'down'], ['09:00', 'up']))).toBe(true);
    expect(down(stepped(['00:00', 'up'], ['03:00', 'down'], ['03:05', 'up']))).toBe(false);
    expect(down(stepped(['00:00', 'up'], ['03:00', 'down'], ['03:10', 'up']))).toBe(true);
  });

  test('is one of all addresses at the same time', () => {
    const first = stepped(['00:00', 'up'], ['03:00', 'down'], ['09:00', 'up']);
    expect(down(first, stepped(['00:00', 'up'], ['10:00', 'down'], ['12:00', 'up']))).toBe(false);
    expect(down(first, stepped(['00:00', 'up'], ['08:00', 'down'], ['12:00', 'up']))).toBe(true);
    expect(down(first, stepped(['00:00', 'unknown']))).toBe(false);
    expect(down(first, stepped(['00:00', 'no-options']))).toBe(false);
  });

  test('counts once: what was over at the first is not in the second', () => {
    const line = stepped(['00:00', 'down'], ['03:00', 'up']);
    const at = (since: string, until: string): string[] =>
      linesDown([{ trunkId: 'line', ways: [line] }], { sinceMs: Date.parse(stamp(since)), nowMs: Date.parse(stamp(until)) });
    expect(at('01:00', '05:00')).toEqual(['line']);
    expect(at('05:00', '15:00')).toEqual([]);
    // The outage began, and was counted, before the span; its last seconds are not an outage of their own.
    expect(at('02:55', '15:00')).toEqual([]);
  });

  test('is one of the registration too', () => {
    const registered = (...states: readonly (readonly [at: string, state: string])[]) => ({
      ...{ trunkId: 'line', ways: [way('up')], registration: states.at(-1)?.[1] ?? '' },
      registrationHistory: states.map(([at, state]) => ({ state, from: stamp(at) })),
    });
    expect(linesDown([registered(['00:00', 'registered'], ['04:00', 'timed-out'], ['05:00', 'registered'])], now)).toEqual(['line']);
    expect(linesDown([registered(['00:00', 'new'], ['04:00', 'registered'])], now)).toEqual([]);
  });
});
