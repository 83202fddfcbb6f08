import { expect, test } from '@jest/globals';
import type { DailyKey } from '../../shared/domain/figures/registry.js';
import type { ReportInterval, ReportScope } from '../../shared/domain/figures/report.js';
import { WHOLE_CENTRE } from '../../shared/platform/reach/reach.js';
import { createSiteDays } from '../adapters/site-days.js';
import { createSlots } from '../adapters/slots.js';
import { noFigures } from '../report.js';
import { createDailyReadings } from './daily-limit.js';
import { createDailyLines } from './daily-lines.js';
import type { DailyNeeds } from './daily-row.js';

const ZONE = 'Asia/Shanghai';
const { span } = createSiteDays(ZONE).daysOf('2026-11-10', '2026-11-11');
const DAY_MS = 86_400_000;
const at = (day: number, minutes = 60): Date => new Date(span.fromMs + day * DAY_MS + minutes * 60_000);
interface Filter {
  readonly at?: { readonly $gte: Date; readonly $lt: Date };
}

const surveys = [
  { _id: 's1', callId: 'c1', at: at(0), queueId: 'service', called: '4001000', agentId: 'a' },
  { _id: 's2', callId: 'c2', at: at(0), queueId: 'sales', called: '4001000', agentId: 'a' },
  { _id: 's3', callId: 'c3', at: at(1), queueId: 'service', called: '4002000', agentId: 'a' },
];
const answers = [
  { _id: 'a1', surveyId: 's1', score: 5 },
  { _id: 'a2', surveyId: 's2', score: 1 },
  { _id: 'a3', surveyId: 's3', score: 4 },
];
const proofs = [
  { _id: 'p1', at: at(0, 10), ok: false, callId: 'p1' },
  { _id: 'p2', at: at(0, 40), ok: true, callId: 'p2' },
];
/** Two calls at once over t1, and one over t2 that meets both. */
const calls = (
  [
    ['c1', 't1', 10, 20],
    ['c2', 't1', 15, 30],
    ['c3', 't2', 16, 17],
  ] as const
).map(([_id, trunkId, from, to]) => ({
  ...{ _id, trunkId, direction: 'inbound', invitedAt: at(0, from), endedAt: at(0, to) },
  ...{ queueId: 'service', called: '4001000', dialled: [], agentIds: [] },
}));
const within =
  ({ at: during }: Filter) =>
  (row: { readonly at: Date }): boolean =>
    during === undefined || (row.at >= during.$gte && row.at < during.$lt);

function lines(more: Partial<DailyNeeds> = {}) {
  return createDailyLines({
    reads: {
      surveys: {
        async *batches(filter: Filter) {
          yield surveys.filter(within(filter));
        },
      },
      surveyAnswers: { find: async () => answers },
      calls: {
        async *batches() {
          yield calls;
        },
      },
      proofCalls: { find: async (filter: Filter) => proofs.filter(within(filter)) },
    } as never,
    elementsOf: () => Promise.reject(new Error('the object store is away')),
    readings: createDailyReadings({ after: () => () => undefined }),
    ...{ zone: ZONE, slotsOf: createSlots, now: () => new Date(span.untilMs + DAY_MS) },
    ...more,
  });
}
async function ask(keys: readonly DailyKey[], by: ReportScope, interval: ReportInterval, isScoped = false) {
  const report = {
    rows: [{ start: '', scope: 'only-visits', figures: noFigures() }],
    total: { start: '', scope: '', figures: noFigures() },
  };
  const question = { keys, span, by, interval, isScoped, reach: WHOLE_CENTRE, asOf: undefined };
  const { rows, total, notes } = await lines()({ ...report, rows: interval === 'whole' && by !== 'all' ? report.rows : [] }, question);
  const shown = (figures: (typeof total)['figures']) => keys.map((key) => figures[key]?.value);
  return { rows: rows.map(({ start, scope, figures }) => [start, scope, ...shown(figures)]), total: shown(total.figures), notes };
}

test('by queue each has its own, lines that only visits have made too, and the total is of all', async () => {
  expect(await ask(['csat'], 'queue', 'whole')).toEqual({
    rows: [
      ['', 'only-visits', null],
      ['', 'sales', 0],
      ['', 'service', 100],
    ],
    total: [expect.closeTo(66.67, 1)],
    notes: [],
  });
});

test('by day and by number likewise', async () => {
  const [first, second] = [span.fromMs, span.fromMs + DAY_MS].map((ms) => new Date(ms).toISOString());
  expect((await ask(['csat', 'outage'], 'all', 'day')).rows).toEqual([
    [first, '', 50, 30],
    [second, '', 100, null],
  ]);
  expect((await ask(['csat'], 'number', 'whole')).rows.slice(0, 2)).toEqual([
    ['', '4001000', 50],
    ['', '4002000', 100],
  ]);
});

test('the most lines at once are of each trunk on its own; what no row tells by trunk says so', async () => {
  const { rows, total, notes } = await ask(['peak.channels', 'csat'], 'trunk', 'whole');
  expect(rows.filter(([, scope]) => scope !== 'only-visits')).toEqual([
    ['', 't1', 2, undefined],
    ['', 't2', 1, undefined],
  ]);
  expect([total[0], notes]).toEqual([3, [{ key: 'csat', why: 'not-by' }]]);
});

test('what cannot be told by queue or by hour says so, and stands in the total', async () => {
  const byQueue = await ask(['csat', 'outage'], 'queue', 'whole');
  expect(byQueue.rows.map((row) => row[3])).toEqual([undefined, undefined, undefined]);
  expect([byQueue.total[1], byQueue.notes]).toEqual([30, [{ key: 'outage', why: 'not-by' }]]);
  const byHour = await ask(['csat'], 'all', '60');
  expect([byHour.rows, byHour.total.length, byHour.notes]).toEqual([[], 1, [{ key: 'csat', why: 'not-so-fine' }]]);
  expect((await ask(['csat'], 'agent', 'day')).notes).toEqual([{ key: 'csat', why: 'not-by' }]);
});

test('a store that is away takes its own figures alone, with the reason', async () => {
  const { rows, total, notes } = await ask(['csat', 'fourElements'], 'all', 'whole');
  expect([rows, total, notes]).toEqual([
    [['', '', expect.closeTo(66.67, 1), undefined]],
    [expect.closeTo(66.67, 1), undefined],
    [{ key: 'fourElements', why: 'not-read' }],
  ]);
});

test('of the whole centre nothing is counted for whoever sees a part', async () => {
  const { total, notes } = await ask(['csat', 'outage'], 'all', 'whole', true);
  expect([total[1], notes]).toEqual([undefined, [{ key: 'outage', why: 'outside-scope' }]]);
});

test('more days than are counted at once, and an earlier state, are refused with what to do', async () => {
  const report = { rows: [], total: { start: '', scope: '', figures: noFigures() } };
  const question = { keys: ['csat'], span, by: 'all', interval: 'day', isScoped: false, reach: WHOLE_CENTRE, asOf: undefined } as const;
  const long = { fromMs: span.fromMs, untilMs: span.fromMs + 32 * DAY_MS };
  await expect(lines()(report, { ...question, span: long })).rejects.toMatchObject({ details: { limit: 'daily-days', most: 31 } });
  await expect(lines()(report, { ...question, asOf: at(0) })).rejects.toThrow(/no earlier state/);
  // Without such figures there is no limit.
  expect(await lines()(report, { ...question, keys: [], span: long, asOf: at(0) })).toMatchObject({ notes: [] });
});
