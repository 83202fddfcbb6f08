import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createMongoVisits, VISITS } from '../../../services/figures/adapters/mongo-visits.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createFiguresHttp } from '../../../services/figures/http.js';
import { siteSpells } from '../../../services/figures/number-sites.js';
import type { NumberSites } from '../../../services/figures/ports.js';
import { createReportReader } from '../../../services/figures/report-reader.js';
import { createAllReads } from '../../../services/main/reads.js';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import { visitOutcomes } from '../../../services/shared/domain/figures/facts.js';
import { reportIntervals, visitCounts } from '../../../services/shared/domain/figures/report.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { temporaryStore } from '../documents/documents-support.js';

const ZONE = 'Asia/Shanghai';
/** Three weeks over the end of a month, so that weeks and months are cut at both edges. */
const DAYS = { from: '2026-10-21', to: '2026-11-10' };
const days = createSiteDays(ZONE);
const { span } = days.daysOf(DAYS.from, DAYS.to);
const now = (): Date => new Date(span.untilMs);
/** Two numbers of one site, one of another, and one that is registered at none. */
const sites: NumberSites[] = [
  ['4001000', 'S1'],
  ['4002000', 'S1'],
  ['4003000', 'S2'],
].map(([number = '', site = '']) => ({ number, spells: [{ site, fromAt: new Date(0) }] }));
const endings = [...visitOutcomes, undefined];

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;
let ask: (path: string, query: object) => Promise<unknown>;

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  createMongoVisits(mongo);
  const visits = Array.from({ length: 400 }, (_each, place) => {
    const enteredAt = new Date(span.fromMs + place * 4_300_000);
    const outcome = endings[place % endings.length];
    const waitMs = (place * 7_100) % 400_000;
    return {
      ...{ _id: `c${String(place)}-1`, callId: `c${String(place)}`, queueId: place % 3 === 0 ? 'sales' : 'service', enteredAt },
      ...(outcome === undefined ? {} : { outcome, waitMs, leftAt: new Date(enteredAt.getTime() + waitMs), offers: 0 }),
      ...{
        thresholdMs: 20_000,
        returned: false,
        direction: 'inbound',
        class: 'service',
        trunkId: 't1',
        called: `400${String(1 + (place % 4))}000`,
      },
      ...{ priority: 0, skills: {}, notedAt: enteredAt },
      ...(outcome === 'answered' && place % 2 === 0 ? { result: 'complaint/bill', resultAt: enteredAt } : {}),
    };
  });
  await mongo.collection<{ _id: string }>(VISITS).insertMany(visits);
  const reads = createAllReads(mongo);
  const sitesOf = async () => siteSpells(sites);
  const none = { read: async function* () {}, changedSince: async () => true };
  const routes = createFiguresHttp({
    ...{ reads, days, now, checks: { of: async () => undefined }, audit: async () => undefined, reachOf: async () => WHOLE_CENTRE },
    readReport: createReportReader({ reads, sums: none, sitesOf, zone: ZONE, slotsOf: createSlots, now }),
    sitesOf,
    resultNames: async () => new Map([['complaint/bill', { 'zh-CN': '投诉 / 账单', en: 'Complaint / Bill' }]]),
    withDaily: async (lines) => ({ ...lines, notes: [] }),
    makeFile: async () => Promise.reject(new Error('no file is asked for')),
  });
  ask = async (path, query) => {
    const route = routes.find((each) => each.path === path);
    const principal = { userId: 'u', name: 'u', sessionId: 's', roles: [], scope: { queues: [], sites: [], clientUnits: [] } };
    return route?.handle({ principal, query: route.query?.parse(query), params: {}, body: {} } as never);
  };
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

test.each(reportIntervals.filter((interval) => interval !== '15' && interval !== '30' && interval !== '60'))(
  'each count by %s opens as many visits as it says',
  async (interval) => {
    const report = (await ask('/figures/report', { ...DAYS, interval, by: 'queue' })) as FigureReport;
    const slotOf = createSlots(interval, ZONE, span);
    expect(report.rows.length).toBeGreaterThan(1);
    // Every row is asked for seven times, so only some of the hours of the week are.
    const rows = report.rows.filter((_row, place) => interval !== 'hour-of-week' || place % 17 === 0);
    for (const { start, scope, figures } of rows) {
      const slot = interval === 'whole' || interval === 'hour-of-week' ? span : slotOf(Date.parse(start));
      const time = {
        from: new Date(Math.max(slot.fromMs, span.fromMs)).toISOString(),
        until: new Date(Math.min(slot.untilMs, span.untilMs)).toISOString(),
        ...(interval === 'hour-of-week' ? { hourOfWeek: start } : {}),
      };
      for (const of of visitCounts) {
        const { total, visits } = (await ask('/figures/visits', { ...time, by: 'queue', scope, of, limit: 200 })) as {
          total: number;
          visits: { outcome: string | null }[];
        };
        expect([start, scope, of, total]).toEqual([start, scope, of, figures[of]?.value]);
        if (of === 'lost') for (const { outcome } of visits) expect(['lost', 'refused']).toContain(outcome);
        if (of === 'waiting') for (const { outcome } of visits) expect(outcome).toBeNull();
      }
    }
  },
  60_000,
);

test('by site each count opens its visits, those of numbers without a site too; a number that moves leaves its earlier days where they were', async () => {
  const bySite = async (): Promise<readonly (readonly [string, number | null | undefined])[]> => {
    const { rows } = (await ask('/figures/report', { ...DAYS, interval: 'whole', by: 'site' })) as FigureReport;
    for (const { scope, figures } of rows) {
      const time = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() };
      const { total } = (await ask('/figures/visits', { ...time, by: 'site', scope, of: 'entered' })) as { total: number };
      expect([scope, total]).toEqual([scope, figures['entered']?.value]);
    }
    return rows.map(({ scope, figures }) => [scope, figures['entered']?.value] as const);
  };
  expect(await bySite()).toEqual([
    ['', 100],
    ['S1', 200],
    ['S2', 100],
  ]);
  const second = sites[1];
  if (second === undefined) throw new Error('there is a second number');
  const movedAt = new Date(span.fromMs + 86_400_000);
  sites[1] = { ...second, spells: [...second.spells, { site: 'S2', fromAt: movedAt }] };
  const later = await mongo
    .collection(VISITS)
    .countDocuments({ called: '4002000', enteredAt: { $gte: movedAt, $lt: new Date(span.untilMs) } });
  expect([later > 0, later < 100]).toEqual([true, true]);
  expect(await bySite()).toEqual([
    ['', 100],
    ['S1', 200 - later],
    ['S2', 100 + later],
  ]);
});

test('by result each count opens its visits, those of calls without one too', async () => {
  const { rows, total, scopeNames } = (await ask('/figures/report', { ...DAYS, interval: 'whole', by: 'result' })) as FigureReport;
  for (const { scope, figures } of rows)
    for (const of of visitCounts) {
      const time = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() };
      const opened = (await ask('/figures/visits', { ...time, by: 'result', scope, of })) as { total: number };
      expect([scope, of, opened.total]).toEqual([scope, of, figures[of]?.value]);
    }
  expect(rows.map(({ scope }) => scope)).toEqual(['', 'complaint/bill']);
  expect(rows.reduce((sum, { figures }) => sum + (figures['entered']?.value ?? 0), 0)).toBe(total.figures['entered']?.value);
  expect(scopeNames).toEqual({ 'complaint/bill': { 'zh-CN': '投诉 / 账单', en: 'Complaint / Bill' } });
});

test('with filters each count opens its visits, and a figure whose rows do not know the filter is refused by name, else left out', async () => {
  const time = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() };
  for (const filter of [
    { queue: 'sales', number: '4001000,4003000' },
    { result: '', trunk: 't1' },
    { client: '' },
    { result: 'complaint/bill' },
  ]) {
    const { total } = (await ask('/figures/report', { ...DAYS, ...filter, interval: 'whole' })) as FigureReport;
    expect(total.figures['entered']?.value).toBeGreaterThan(0);
    for (const of of visitCounts) {
      const opened = (await ask('/figures/visits', { ...time, ...filter, of })) as { total: number };
      expect([filter, of, opened.total]).toEqual([filter, of, total.figures[of]?.value]);
    }
    expect('occupancy' in total.figures).toBe(false);
  }
  const named = { ...DAYS, interval: 'whole', queue: 'sales', figures: 'entered,occupancy' };
  await expect(ask('/figures/report', named)).rejects.toMatchObject({
    code: 'invalid-request',
    details: [{ at: 'figures.occupancy', message: 'queue' }],
  });
  const people = (await ask('/figures/report', { ...DAYS, interval: 'whole', agent: 'anna' })) as FigureReport;
  expect(['answered', 'asa', 'aht', 'occupancy', 'asr'].every((key) => key in people.total.figures)).toBe(true);
  expect(['entered', 'abandoned', 'sl.strict', 'noticeHeard'].some((key) => key in people.total.figures)).toBe(false);
  await expect(ask('/figures/report', { ...DAYS, interval: 'whole', queue: 'sales', daily: 'csat' })).rejects.toMatchObject({
    code: 'invalid-request',
  });
});

test('by agent there is no figure of all callers, by result no share of them in lines, by queue none of states; each with its reason', async () => {
  const gapsOf = async (by: string): Promise<readonly [FigureReport, ReadonlyMap<string, string>]> => {
    const report = (await ask('/figures/report', { ...DAYS, interval: 'whole', by })) as FigureReport;
    return [report, new Map(report.gaps.map(({ key, why }) => [key, why]))];
  };
  const [byAgent, ofAgents] = await gapsOf('agent');
  expect(['entered', 'sl.strict', 'answerRate', 'wait.p90'].map((key) => ofAgents.get(key))).toEqual(Array(4).fill('not-answered'));
  expect(['answered', 'sl.answered', 'asa', 'aht', 'occupancy'].map((key) => ofAgents.get(key))).toEqual(Array(5).fill(undefined));
  for (const { figures } of [...byAgent.rows, byAgent.total]) {
    expect(['entered', 'sl.strict'].some((key) => key in figures)).toBe(false);
    expect('sl.answered' in figures).toBe(true);
  }
  const [byResult, ofResults] = await gapsOf('result');
  expect(['answerRate', 'entered', 'asa'].map((key) => ofResults.get(key))).toEqual(['no-result', undefined, undefined]);
  expect([byResult.rows.some(({ figures }) => 'answerRate' in figures), 'answerRate' in byResult.total.figures]).toEqual([false, true]);
  const filtered = (await ask('/figures/report', { ...DAYS, interval: 'whole', result: 'complaint/bill' })) as FigureReport;
  expect(['answerRate', 'entered', 'sl.answered'].map((key) => key in filtered.total.figures)).toEqual([false, true, true]);
  const [, ofQueues] = await gapsOf('queue');
  expect([...ofQueues]).toEqual([
    ['occupancy', 'no-place'],
    ['utilisation', 'no-place'],
  ]);
  expect([...(await gapsOf('all'))[1]]).toEqual([]);
});

test('beside each line stand the figures of the days before or of the same weekdays; one that only those have is there with its zeros', async () => {
  const own = { from: '2026-11-01', to: '2026-11-03' };
  for (const [compare, earlier] of [
    ['before', { from: '2026-10-29', to: '2026-10-31' }],
    ['weekday', { from: '2026-10-25', to: '2026-10-27' }],
  ] as const)
    for (const interval of ['day', '15', 'whole'] as const) {
      const asked = { interval, by: 'queue' };
      const compared = (await ask('/figures/report', { ...own, ...asked, compare })) as FigureReport;
      const before = (await ask('/figures/report', { ...earlier, ...asked })) as FigureReport;
      const alone = (await ask('/figures/report', { ...own, ...asked })) as FigureReport;
      const sum = (values: readonly (number | null | undefined)[]): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);
      expect(compared.total.compared).toEqual(before.total.figures);
      expect(sum(compared.rows.map((row) => row.compared?.['entered']?.value))).toBe(before.total.figures['entered']?.value);
      expect(sum(compared.rows.map((row) => row.figures['entered']?.value))).toBe(alone.total.figures['entered']?.value);
      expect(compared.rowCount).toBe(compared.rows.length);
      const page = (await ask('/figures/report', { ...own, ...asked, compare, skip: 2, limit: 3 })) as FigureReport;
      expect([page.rows, page.total, page.rowCount]).toEqual([compared.rows.slice(2, 5), compared.total, compared.rowCount]);
      // Visits are 72 minutes apart: quarters of an hour with one have none beside them.
      if (interval === '15') expect(compared.rowCount).toBeGreaterThan(alone.rowCount);
      else expect(compared.rows.map(({ start }) => start)).toEqual(alone.rows.map(({ start }) => start));
    }
  for (const refused of [
    { interval: 'month', compare: 'weekday' },
    { interval: 'week', compare: 'before' },
  ])
    await expect(ask('/figures/report', { ...own, ...refused })).rejects.toMatchObject({ code: 'invalid-request' });
});

test('the distribution of waits holds everybody who has left, by the second rounded up', async () => {
  const { waits, total } = (await ask('/figures/report', { ...DAYS, interval: 'whole' })) as FigureReport;
  const [entered, waiting] = ['entered', 'waiting'].map((key) => total.figures[key]?.value ?? 0);
  expect(waits.reduce((sum, number) => sum + number, 0)).toBe((entered ?? 0) - (waiting ?? 0));
  const left = await mongo.collection(VISITS).countDocuments({ waitMs: { $gt: 20_000, $lte: 30_000 } });
  expect([waits.length, waits[4]]).toEqual([9, left]);
});
