import { describe, expect, test } from '@jest/globals';
import { journeyOf, placeOf } from './journey.js';

const T0 = Date.parse('2026-11-28T01:00:00.000Z');
const at = (ms: number): string => new Date(T0 + ms).toISOString();
const visit = (place: number, queueId: string, fromMs: number, toMs: number, outcome: 'answered' | 'overflow' | 'callback') => ({
  ...{ place, queueId, fromMs: T0 + fromMs, toMs: T0 + toMs, waitMs: toMs - fromMs, offers: 1, returned: false, priority: 0, skills: {} },
  outcome,
});
const part = (agentId: string, kind: 'ring' | 'talk' | 'consult', fromMs: number, toMs: number) => ({
  ...{ agentId, kind, fromMs: T0 + fromMs, toMs: T0 + toMs },
});

describe('the journey of a call', () => {
  // Two queues, a transfer after a consultation, an overflow outside.
  const call = {
    ...{ invitedAt: at(0), answeredAt: at(1_500), endedAt: at(100_000) },
    visits: [visit(1, 'service', 5_000, 20_000, 'answered'), visit(2, 'sales', 60_000, 80_000, 'overflow')],
    segments: [part('anna', 'ring', 15_000, 20_000), part('anna', 'talk', 20_000, 50_000), part('bert', 'consult', 40_000, 50_000)],
    dialled: [
      {
        ...{ at: at(80_000), answeredAt: at(85_250), endedAt: at(100_000), from: '4001000', trunkId: 't1', attemptId: 'p1' },
        ...{ way: 'overflow' as const, numberMasked: '138****0000' },
      },
    ],
    history: [
      { atMs: T0, what: 'arrived' as const },
      { atMs: T0 + 100_000, what: 'ended' as const },
    ],
  };
  const journey = journeyOf(call);

  test('has each visit, each agent and each leg, to the millisecond', () => {
    const told = journey.lanes.map(({ of, id, bars }) => [of, id, bars.map(({ kind, fromMs, toMs }) => [kind, fromMs - T0, toMs - T0])]);
    expect(told).toEqual([
      [
        'caller',
        '',
        [
          ['arriving', 0, 1_500],
          ['connected', 1_500, 100_000],
        ],
      ],
      ['queue', 'service', [['answered', 5_000, 20_000]]],
      ['queue', 'sales', [['overflow', 60_000, 80_000]]],
      [
        'agent',
        'anna',
        [
          ['ring', 15_000, 20_000],
          ['talk', 20_000, 50_000],
        ],
      ],
      ['agent', 'bert', [['consult', 40_000, 50_000]]],
      [
        'leg',
        '138****0000',
        [
          ['dialled', 80_000, 85_250],
          ['connected', 85_250, 100_000],
        ],
      ],
    ]);
  });
  test('lies on one axis from the beginning to the end', () => {
    expect([placeOf(journey, T0), placeOf(journey, T0 + 25_000), placeOf(journey, T0 + 100_000)]).toEqual([0, 25, 100]);
  });
  test('of a call that nobody answered and that entered no queue is one lane', () => {
    const { lanes } = journeyOf({ invitedAt: at(0), endedAt: at(3_000), dialled: [], history: [] });
    expect(lanes.map(({ of, bars }) => [of, bars.length])).toEqual([['caller', 1]]);
  });
});
