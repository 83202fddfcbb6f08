import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createMongoVisits, VISITS } from '../../../services/figures/adapters/mongo-visits.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { siteSpells } from '../../../services/figures/number-sites.js';
import { createReportReader } from '../../../services/figures/report-reader.js';
import { createDailyReadings } from '../../../services/figures/daily/daily-limit.js';
import { createFigureRowsRoutes } from '../../../services/figures/rows/http.js';
import { createAllReads } from '../../../services/main/reads.js';
import { figureRowsApi, type FigureRow } from '../../../services/shared/contracts/api/figures/rows.js';
import { visitOutcomes } from '../../../services/shared/domain/figures/facts.js';
import { unfitFilter } from '../../../services/shared/domain/figures/filters.js';
import { figureKeys, figureRegistry, type FigureKey } from '../../../services/shared/domain/figures/registry.js';
import { reportScopes } from '../../../services/shared/domain/figures/report.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { temporaryStore } from '../documents/documents-support.js';

const ZONE = 'Asia/Shanghai';
const days = createSiteDays(ZONE);
const { span } = days.daysOf('2026-11-09', '2026-11-10');
const now = (): Date => new Date(span.untilMs + 3_600_000);
const AGENTS = ['anna', 'bert', 'cleo'];

let seed = 20_261_201;
const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
const oneOf = <T>(all: readonly T[]): T => all[random(all.length)] as T;

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;
let rowsOf: (query: object) => Promise<{ total: number; figure: { numerator: number; denominator: number }; rows: readonly FigureRow[] }>;
let readReport: ReturnType<typeof createReportReader>;

/** Two days by chance: visits of all outcomes, handlings with holds and wrap-ups, legs outside, and the states of three agents. */
async function plant(): Promise<void> {
  const [visits, calls, states]: [object[], object[], object[]] = [[], [], []];
  for (let place = 0; place < 120; place += 1) {
    const atMs = span.fromMs + random(span.untilMs - span.fromMs);
    const [callId, agentId, outcome, waitMs] = [`c${String(place)}`, oneOf(AGENTS), oneOf([...visitOutcomes, undefined]), random(90_000)];
    const at = { queueId: oneOf(['sales', 'service']), called: oneOf(['4001000', '4002000']), trunkId: oneOf(['t1', 't2']) };
    const ended = outcome === undefined ? {} : { outcome, waitMs, leftAt: new Date(atMs + waitMs), offers: 1 };
    visits.push({
      ...{ _id: `${callId}-1`, callId, ...at, enteredAt: new Date(atMs), ...ended, ...(outcome === 'answered' ? { agentId } : {}) },
      ...{ thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service', priority: 0, skills: {}, notedAt: new Date(atMs) },
      ...(random(2) === 0 ? { clientUnit: 'unit' } : {}),
      ...(random(3) === 0 ? { result: 'sold', resultAt: new Date(atMs) } : {}),
    });
    const [talkMs, heldMs] = [atMs + waitMs, atMs + waitMs + 1 + random(200_000)];
    const endMs = heldMs + 1 + random(90_000);
    const part = { agentId, handling: 1, queueId: at.queueId };
    const segments =
      outcome === 'answered'
        ? [
            { ...part, kind: 'talk', fromMs: talkMs, toMs: heldMs },
            { ...part, kind: 'hold', fromMs: heldMs, toMs: endMs },
          ]
        : [];
    const leg = (legAt: number, end: object) => ({
      ...{ attemptId: `a${String(legAt)}`, way: 'overflow', trunkId: 't2', from: at.called, numberMasked: '138****0000', numberHash: 'h' },
      ...{ at: new Date(legAt), endedAt: new Date(legAt + 60_000), agentId, ...end },
    });
    const ends = [
      { ringingAt: new Date(atMs + 1_234), answeredAt: new Date(atMs + 5_000) },
      { ringingAt: new Date(atMs + 2_001) },
      { failure: 'busy' },
      { failure: 'timed-out' },
    ];
    const dialled = random(3) === 0 ? [leg(atMs, oneOf(ends)), leg(atMs + 100_000, { failure: 'busy' })] : [];
    calls.push({
      ...{ _id: callId, invitedAt: new Date(atMs - 4_000), direction: 'inbound', class: 'service', segments, dialled, ...at },
      media:
        random(4) === 0
          ? []
          : [{ leg: 'caller', packetsReceived: 900, packetsSent: 900, packetsLost: random(90), jitterMs: random(40) / 3 }],
      ...(random(5) === 0 ? {} : { answeredAt: new Date(atMs - 3_000), ...(random(4) === 0 ? {} : { noticeEndedAt: new Date(atMs) }) }),
    });
    if (outcome === 'answered' && random(4) > 0)
      states.push({
        _id: `${callId}-w`,
        agentId,
        at: new Date(endMs),
        untilAt: new Date(endMs + 1 + random(60_000)),
        state: 'wrap-up',
        callId,
      });
  }
  for (const agentId of AGENTS)
    for (let atMs = span.fromMs - random(7_200_000); atMs < span.untilMs;) {
      const untilMs = atMs + 1 + random(9_000_000);
      const state = oneOf(['ready', 'offered', 'on-call', 'break', 'away', 'signed-out']);
      states.push({ _id: `${agentId}-${String(atMs)}`, agentId, at: new Date(atMs), untilAt: new Date(untilMs), state });
      atMs = untilMs;
    }
  const contacts = visits.flatMap((visit) => {
    const { callId, result, enteredAt } = visit as { callId: string; result?: string; enteredAt: Date };
    if (result === undefined) return [];
    return [{ _id: `${callId}/x`, callId, agentId: 'anna', disposition: ['sold'], completedAt: enteredAt.toISOString() }];
  });
  const users = AGENTS.map((_id) => ({ _id }));
  for (const [name, rows] of Object.entries({ [VISITS]: visits, calls, evidence_agent_states: states, contacts, users }))
    await mongo.collection<{ _id: string }>(name).insertMany(rows as never);
}

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  createMongoVisits(mongo);
  await plant();
  const reads = createAllReads(mongo);
  const membersOf = async () => [{ teamId: 'north', agentId: 'anna', fromMs: span.fromMs + 86_400_000 }];
  const sitesOf = async () => siteSpells([{ number: '4001000', spells: [{ site: 'S1', fromAt: new Date(0) }] }]);
  const shared = { reads, membersOf, sitesOf, zone: ZONE, slotsOf: createSlots, now };
  readReport = createReportReader({ ...shared, sums: { read: async function* () {}, changedSince: async () => true } });
  const [route] = createFigureRowsRoutes({
    ...shared,
    readings: createDailyReadings({ after: () => () => undefined }),
    reachOf: async () => WHOLE_CENTRE,
  });
  const principal = { userId: 'u', name: 'u', sessionId: 's', roles: [], scope: { queues: [], sites: [], clientUnits: [] } };
  rowsOf = async (query) => {
    const answer = await route?.handle({ principal, query: route.query?.parse(query), params: {}, body: {} } as never);
    return figureRowsApi['GET /figures/rows'].answer.parse(JSON.parse(JSON.stringify(answer)));
  };
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

/** All rows of a figure, page by page, are compared with its parts. */
async function expectRows(
  query: { readonly key: FigureKey } & Readonly<Record<string, unknown>>,
  parts: { numerator: number; denominator: number },
) {
  const first = await rowsOf({ ...query, limit: 200 });
  const rows = [...first.rows];
  while (rows.length < first.total) rows.push(...(await rowsOf({ ...query, skip: rows.length, limit: 200 })).rows);
  const { key } = query;
  const { numerator, denominator } = first.figure;
  expect([query, numerator, denominator]).toEqual([query, parts.numerator, parts.denominator]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(first.total);
  const { unit, minimum } = figureRegistry[key];
  if (unit !== 'count' && minimum === 0) {
    // The figure is the value of one of its rows.
    if (denominator > 0) expect(rows.map(({ adds }) => adds)).toContain(numerator);
    return;
  }
  const [adds, counts] = [rows.reduce((sum, row) => sum + row.adds, 0), rows.reduce((sum, row) => sum + row.counts, 0)];
  expect(adds).toBeCloseTo(numerator, 6);
  if (unit !== 'count') expect(counts).toBeCloseTo(denominator, 6);
  if (unit === 'count') expect(rows).toHaveLength(numerator);
}

const time = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() };

test.each(reportScopes)(
  'by %s, each figure of a line and of the total opens the rows that make it',
  async (by) => {
    const { report } = await readReport({ span, interval: 'whole', by, reach: WHOLE_CENTRE, withStates: true, asOf: undefined });
    const { rows, total } = report.lines();
    expect(rows.length).toBeGreaterThan(0);
    const line = oneOf(rows);
    for (const key of figureKeys) {
      await expectRows({ ...time, by, scope: line.scope, key }, line.figures[key]);
      await expectRows({ ...time, by, key }, total.figures[key]);
    }
  },
  120_000,
);

test('so does a figure with filters, and one of an hour of the week', async () => {
  for (const filters of [{ queue: 'sales' }, { agent: 'anna,bert' }, { team: 'north' }, { trunk: 't2', result: 'sold' }]) {
    const chosen = Object.fromEntries(Object.entries(filters).map(([scope, values]) => [scope, values.split(',')]));
    const { report } = await readReport({
      ...{ span, interval: 'whole', by: 'all', reach: WHOLE_CENTRE },
      filters: chosen,
      withStates: true,
      asOf: undefined,
    });
    for (const key of figureKeys) {
      if (unfitFilter(key, chosen) !== undefined)
        await expect(rowsOf({ ...time, ...filters, key })).rejects.toMatchObject({ code: 'invalid-request' });
      else await expectRows({ ...time, ...filters, key }, report.lines().total.figures[key]);
    }
  }
  const { report } = await readReport({
    span,
    interval: 'hour-of-week',
    by: 'all',
    reach: WHOLE_CENTRE,
    withStates: true,
    asOf: undefined,
  });
  for (const { start, figures } of report.lines().rows.filter((_row, place) => place % 9 === 0))
    for (const key of ['asa', 'aht', 'occupancy', 'asr'] as const) await expectRows({ ...time, hourOfWeek: start, key }, figures[key]);
}, 120_000);
