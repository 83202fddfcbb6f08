import { describe, expect, test } from '@jest/globals';
import { zeroFacts } from '../shared/domain/figures/count.js';
import { WHOLE_CENTRE } from '../shared/platform/reach/reach.js';
import { createSlots } from './adapters/slots.js';
import type { FactReads } from './facts.js';
import type { StoredSum } from './ports.js';
import { createReportReader, MOST_REMEMBERED, type ReportQuestion } from './report-reader.js';
import { SUMS_VERSION, textsOf } from './sums.js';

const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
/** Midnight at the site. */
const START_MS = Date.parse('2026-01-31T16:00:00Z');
const MADE_AT = new Date(START_MS);

const dayOf = (place: number): { readonly fromMs: number; readonly untilMs: number } => ({
  fromMs: START_MS + place * DAY_MS,
  untilMs: START_MS + (place + 1) * DAY_MS,
});
/** No fact is read: all days have sums. */
const noReads: FactReads = {
  get accounts(): never {
    throw new Error('facts were read');
  },
  get agentStates(): never {
    throw new Error('facts were read');
  },
  get calls(): never {
    throw new Error('facts were read');
  },
  get contacts(): never {
    throw new Error('facts were read');
  },
  get serviceNumbers(): never {
    throw new Error('facts were read');
  },
  get visits(): never {
    throw new Error('facts were read');
  },
};

/** A reader over one sum for each day, and how many of these it has read. `waits`: how many lengths of waits each has. */
function reader({ waits = 1, alsoStored = [] }: { readonly waits?: number; readonly alsoStored?: readonly StoredSum[] } = {}) {
  const texts = textsOf({
    places: [
      {
        queueId: 'service',
        called: '4001000',
        trunkId: 't1',
        clientUnit: undefined,
        count: { ...zeroFacts(), entered: 1, waits: Array.from({ length: waits }, (_each, second) => [second, 1]).flat() },
      },
    ],
    results: [],
    agents: [],
    states: undefined,
  });
  let daysRead = 0;
  const sumOf = (fromMs: number, untilMs: number): StoredSum => ({
    id: `day-${new Date(fromMs).toISOString()}`,
    grain: 'day',
    startAt: new Date(fromMs),
    untilAt: new Date(untilMs),
    version: SUMS_VERSION,
    revision: 1,
    madeAt: MADE_AT,
    facts: 1,
    firstFacts: 1,
    earlier: [],
    ...texts,
  });
  const read = createReportReader({
    reads: noReads,
    sums: {
      async *read(grain, { fromMs, untilMs }) {
        if (grain !== 'day') return;
        for (let atMs = fromMs; atMs < untilMs; atMs += DAY_MS) {
          daysRead += 1;
          yield sumOf(atMs, atMs + DAY_MS);
        }
        yield* alsoStored.map((sum) => ({ ...sum, ...texts }));
      },
      changedSince: async () => false,
    },
    zone: ZONE,
    slotsOf: createSlots,
    now: () => new Date(START_MS + 1_000 * DAY_MS),
    mostNumbers: 2_000_000,
  });
  const ask = async (span: ReportQuestion['span'], asOf?: Date) => {
    const before = daysRead;
    const made = await read({ span, interval: 'day', by: 'all', reach: WHOLE_CENTRE, withStates: true, asOf });
    return { ...made, daysRead: daysRead - before };
  };
  return { ask, sumOf };
}

describe('the reader of reports', () => {
  test('remembers a report of closed days', async () => {
    const { ask } = reader();
    expect([(await ask(dayOf(0))).daysRead, (await ask(dayOf(0))).daysRead]).toEqual([1, 0]);
  });

  test('remembers none that was asked for as it stood at a moment', async () => {
    const { ask } = reader();
    const asOf = new Date(START_MS + 10 * DAY_MS);
    expect([(await ask(dayOf(0), asOf)).daysRead, (await ask(dayOf(0), asOf)).daysRead]).toEqual([1, 1]);
  });

  test('remembers so many at the most, and forgets the oldest', async () => {
    const { ask } = reader();
    for (let place = 0; place <= MOST_REMEMBERED; place += 1) await ask(dayOf(place));
    expect([(await ask(dayOf(1))).daysRead, (await ask(dayOf(MOST_REMEMBERED))).daysRead, (await ask(dayOf(0))).daysRead]).toEqual([
      0, 0, 1,
    ]);
  });

  test('forgets reports of few lines too, when these hold many lengths of time', async () => {
    const { ask } = reader({ waits: 300_000 });
    for (let place = 0; place < 4; place += 1) await ask(dayOf(place));
    expect([(await ask(dayOf(3))).daysRead, (await ask(dayOf(0))).daysRead]).toEqual([0, 1]);
  });

  test('leaves out the sums of days of the zone that the site had before', async () => {
    const { sumOf } = reader();
    const hourLater = START_MS + 3_600_000;
    const both = reader({
      alsoStored: [sumOf(hourLater, hourLater + DAY_MS), sumOf(START_MS + DAY_MS, START_MS + 2 * DAY_MS - 3_600_000)],
    });
    const { report, sources } = await both.ask({ fromMs: START_MS, untilMs: START_MS + 3 * DAY_MS });
    expect([report.lines().total.figures.entered.numerator, sources.sums]).toEqual([3, 3]);
  });
});
