import { describe, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createMongoSums, SUMS } from '../../../services/figures/adapters/mongo-sums.js';
import { createMongoVisits, VISITS } from '../../../services/figures/adapters/mongo-visits.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createReportReader, type ReportQuestion } from '../../../services/figures/report-reader.js';
import type { Span } from '../../../services/figures/report.js';
import { fillResults } from '../../../services/figures/results.js';
import { RESULTS_FROM } from '../../../services/figures/sums.js';
import { createSumUp } from '../../../services/figures/sum-up.js';
import { createAllReads } from '../../../services/main/reads.js';
import type { ReportFilters } from '../../../services/shared/domain/figures/filters.js';
import { reportScopes } from '../../../services/shared/domain/figures/report.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { temporaryStore } from '../documents/documents-support.js';

const ZONE = 'Asia/Shanghai';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Midnight at the site; the day before has facts too. */
const TODAY_MS = Date.parse('2026-11-26T16:00:00Z');
const outcomes = ['answered', 'answered', 'abandoned', 'overflow', 'callback', 'lost'] as const;

/**
 * A visit every seven minutes from the beginning of yesterday, a handling for each answered one, and the states of the agents; long states
 * of one agent do not overlap.
 */
async function fill(mongo: Connection, untilMs: number): Promise<void> {
  await mongo.collection<{ _id: string }>('users').insertMany(['anna', 'bert', 'cleo'].map((_id) => ({ _id })));
  const visits: object[] = [];
  const calls: object[] = [];
  const states: object[] = [];
  let place = 0;
  for (let atMs = TODAY_MS - DAY_MS; atMs < untilMs; atMs += 7 * 60_000) {
    const outcome = outcomes[place % outcomes.length] ?? 'lost';
    const agentId = place % 4 === 0 ? 'anna' : 'bert';
    const [callId, waitMs] = [`call-${String(place)}`, (place * 3_700) % 60_000];
    const [queueId, called, trunkId] = [place % 3 === 0 ? 'sales' : 'service', place % 2 === 0 ? '4001000' : '4002000', 't1'];
    visits.push(visitOf({ callId, queueId, called, atMs, waitMs, outcome, agentId }));
    const [fromMs, toMs] = [atMs + waitMs, atMs + waitMs + 4 * 60_000];
    const dialled = outcome === 'overflow' ? [legOf(atMs)] : [];
    const segments = outcome === 'answered' ? [{ agentId, kind: 'talk', fromMs, toMs, handling: 1, queueId }] : [];
    const began = { invitedAt: new Date(atMs - 5_000), answeredAt: new Date(atMs - 4_000), direction: 'inbound', class: 'service' };
    calls.push({ _id: callId, ...began, segments, dialled, called, trunkId, queueId, media: [] });
    if (outcome === 'answered') {
      states.push({ _id: `${callId}-talk`, agentId, at: new Date(fromMs), untilAt: new Date(toMs), state: 'on-call', callId });
      states.push({ _id: `${callId}-wrap`, agentId, at: new Date(toMs), untilAt: new Date(toMs + 30_000), state: 'wrap-up', callId });
    }
    place += 1;
  }
  states.push({ _id: 'now', agentId: 'anna', at: new Date(untilMs - HOUR_MS), untilAt: null, state: 'ready' });
  // Longer than any call: it covers the whole of yesterday.
  states.push({
    _id: 'long',
    agentId: 'cleo',
    at: new Date(TODAY_MS - 2 * DAY_MS),
    untilAt: new Date(TODAY_MS + 13 * HOUR_MS),
    state: 'away',
  });
  for (const [name, rows] of Object.entries({
    [VISITS]: visits,
    contacts: contactsOf(visits as ReturnType<typeof visitOf>[]),
    calls,
    evidence_agent_states: states,
  }))
    await mongo.collection<{ _id: string }>(name).insertMany(rows as never);
}

/** What the agents chose: for each second answered call, in two queues. */
const contactsOf = (visits: readonly ReturnType<typeof visitOf>[]): object[] =>
  visits.flatMap(({ callId, outcome, leftAt }, place) =>
    outcome !== 'answered' || place % 2 === 0
      ? []
      : [
          {
            _id: `${callId}/anna`,
            callId,
            agentId: 'anna',
            disposition: ['complaint', `c${String((place % 5) % 3)}`],
            completedAt: leftAt.toISOString(),
          },
        ],
  );

/** A leg to a number outside that rang and was not answered. */
const legOf = (atMs: number) => ({
  attemptId: 'a1',
  way: 'overflow',
  trunkId: 't2',
  from: '4001000',
  numberMasked: '138****0000',
  numberHash: 'hash',
  at: new Date(atMs + 30_000),
  ringingAt: new Date(atMs + 31_234),
  endedAt: new Date(atMs + 60_000),
  failure: 'timed-out',
});

const visitOf = ({
  callId,
  atMs,
  waitMs,
  outcome,
  agentId,
  ...rest
}: {
  readonly callId: string;
  readonly queueId: string;
  readonly called: string;
  readonly atMs: number;
  readonly waitMs: number;
  readonly outcome: (typeof outcomes)[number];
  readonly agentId: string;
}) => ({
  _id: `${callId}-1`,
  callId,
  ...rest,
  enteredAt: new Date(atMs),
  leftAt: new Date(atMs + waitMs),
  waitMs,
  outcome,
  offers: 1,
  ...(outcome === 'answered' ? { agentId } : {}),
  thresholdMs: 20_000,
  returned: false,
  direction: 'inbound',
  class: 'service',
  trunkId: 't1',
  priority: 0,
  skills: {},
  notedAt: new Date(atMs + waitMs),
});

/** Anna is in a team from the second day on. */
const membersOf = async () => [{ teamId: 'north', agentId: 'anna', fromMs: TODAY_MS }];
const filtered: readonly ReportFilters[] = [
  { queue: ['sales'] },
  { number: ['4002000'], result: ['', 'complaint/c1'] },
  { trunk: ['t1'], client: [''] },
  { agent: ['anna', 'cleo'] },
  { agent: ['anna'], queue: ['sales'] },
  { team: ['north'] },
];

describe('sums of closed intervals', () => {
  test('are not waited for: a minute after its end, an interval is in the report with all that began in it', async () => {
    await using store = await temporaryStore();
    const mongo = await mongoose.createConnection(store.uri).asPromise();
    try {
      const endMs = TODAY_MS + 10 * HOUR_MS;
      let nowMs = endMs - 1;
      const now = (): Date => new Date(nowMs);
      const [reads, sums] = [createAllReads(mongo), createMongoSums(mongo)];
      createMongoVisits(mongo);
      await fill(mongo, nowMs);
      const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', ZONE), now });
      await sumUp.sumRecent();
      const read = createReportReader({ reads, sums, zone: ZONE, slotsOf: createSlots, now });
      const startMs = endMs - 900_000;
      const last = async (): Promise<number | undefined> => {
        const span = { fromMs: TODAY_MS, untilMs: TODAY_MS + DAY_MS };
        const { report } = await read({ span, interval: '15', by: 'all', reach: WHOLE_CENTRE, withStates: true, asOf: undefined });
        return report.lines().rows.find(({ start }) => Date.parse(start) === startMs)?.figures.entered.numerator;
      };
      const stored = (): Promise<number> =>
        mongo.collection(VISITS).countDocuments({ enteredAt: { $gte: new Date(startMs), $lt: new Date(endMs) } });
      const before = await last();
      const late = {
        callId: 'at-the-end',
        queueId: 'sales',
        called: '4001000',
        waitMs: 1_000,
        outcome: 'answered' as const,
        agentId: 'anna',
      };
      await mongo.collection(VISITS).insertOne(visitOf({ ...late, atMs: endMs - 1 }) as never);
      nowMs = endMs + 60_000;
      expect([await last(), await stored()]).toEqual([(before ?? 0) + 1, (before ?? 0) + 1]);
    } finally {
      await mongo.close();
    }
  }, 120_000);

  test('that say more than their rows are found and made again; what comes late is no fault', async () => {
    await using store = await temporaryStore();
    const mongo = await mongoose.createConnection(store.uri).asPromise();
    try {
      const now = (): Date => new Date(TODAY_MS + 15.2 * HOUR_MS);
      const [reads, sums, overstated] = [createAllReads(mongo), createMongoSums(mongo), [] as number[]];
      createMongoVisits(mongo);
      await fill(mongo, now().getTime());
      const onOverstated = (atMs: number): void => void overstated.push(atMs);
      const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', ZONE), onOverstated, now });
      const day = { fromMs: TODAY_MS - DAY_MS, untilMs: TODAY_MS };
      await sumUp.sumDay(day);
      const late = { callId: 'late', queueId: 'sales', called: '4001000', waitMs: 1_000, outcome: 'answered' as const, agentId: 'anna' };
      await mongo.collection(VISITS).insertOne(visitOf({ ...late, atMs: day.fromMs + HOUR_MS }) as never);
      expect([await sumUp.sumDay(day), overstated]).toEqual([1, []]);

      // One answered caller too many, in one interval.
      const row = await mongo
        .collection<{ _id: string; places: string }>(SUMS)
        .findOne({ grain: 'quarter', startAt: new Date(day.fromMs) });
      const wrong = row?.places.replace(/"answered":(\d+)/, (_all, count: string) => `"answered":${String(Number(count) + 1)}`);
      expect(wrong).not.toBe(row?.places);
      await mongo.collection<{ _id: string }>(SUMS).updateOne({ _id: row?._id ?? '' }, { $set: { places: wrong } });
      expect([await sumUp.sumDay(day), overstated]).toEqual([1, [day.fromMs]]);
      expect([await sumUp.sumDay(day), overstated.length]).toEqual([0, 1]);

      // A row is gone: the sums of the interval and the day exceed what is there.
      await mongo.collection<{ _id: string }>(VISITS).deleteOne({ _id: 'late-1' });
      await sumUp.sumDay(day);
      expect(overstated.slice(1)).toEqual([day.fromMs + HOUR_MS, day.fromMs]);
    } finally {
      await mongo.close();
    }
  }, 120_000);

  test('give the reports that the facts give, take in what comes late, and keep what they were', async () => {
    await using store = await temporaryStore();
    const mongo = await mongoose.createConnection(store.uri).asPromise();
    try {
      let nowMs = TODAY_MS + 15.2 * HOUR_MS;
      const now = (): Date => new Date(nowMs);
      const [reads, sums] = [createAllReads(mongo), createMongoSums(mongo)];
      const visits = createMongoVisits(mongo);
      await fill(mongo, nowMs);
      const resultsInto = (span: Span): Promise<void> => fillResults({ reads, visits }, span);
      const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', ZONE), fillResults: resultsInto, now });
      const withSums = createReportReader({ reads, sums, membersOf, zone: ZONE, slotsOf: createSlots, now });
      const none = { read: async function* () {}, changedSince: async () => true };
      const fromFacts = createReportReader({ reads, sums: none, membersOf, zone: ZONE, slotsOf: createSlots, now });
      const question = (changes: Partial<ReportQuestion> = {}): ReportQuestion => ({
        span: { fromMs: TODAY_MS - DAY_MS, untilMs: TODAY_MS + DAY_MS },
        interval: 'whole',
        by: 'all',
        reach: WHOLE_CENTRE,
        withStates: true,
        asOf: undefined,
        ...changes,
      });
      const entered = async (changes: Partial<ReportQuestion> = {}): Promise<number | undefined> =>
        (await withSums(question(changes))).report.lines().total.figures.entered.numerator;

      await sumUp.sumRecent();
      await sumUp.sumMissing(now(), () => false);
      const part = (queues: readonly string[], numbers?: readonly string[]) => ({ reach: { queues, numbers }, withStates: false });
      // Every interval, every scope, and people who see a part: a queue, a number.
      const asked = [
        ...(['15', 'day', 'hour-of-week'] as const).map((interval) => question({ interval })),
        ...reportScopes.map((by) => question({ by })),
        question({ by: 'number', ...part(['sales']) }),
        question({ by: 'queue', interval: 'day', ...part([], ['4002000']) }),
        question({ by: 'agent', ...part(['sales']) }),
        // Filters of places and of people, also both together, and of teams.
        ...reportScopes.flatMap((by) => filtered.map((filters) => question({ by, filters }))),
        question({ interval: '15', filters: { queue: ['sales'] } }),
        question({ interval: 'day', by: 'team', filters: { team: ['north', ''] } }),
      ];
      for (const each of asked) {
        const [summed, counted] = [await withSums(each), await fromFacts(each)];
        expect([each, summed.report.lines()]).toEqual([each, counted.report.lines()]);
        expect(counted.sources).toMatchObject({ sums: 0, countedMs: 2 * DAY_MS });
        const { agent, team, ...places } = each.filters ?? {};
        const ofPeople = each.by === 'agent' || each.by === 'team' || agent !== undefined || team !== undefined;
        const isServed = Object.keys(places).length === 0 && ['all', 'agent', 'team'].includes(each.by);
        if (each.withStates ? !ofPeople || isServed : each.by !== 'agent') expect(summed.sources.sums).toBeGreaterThan(52);
      }
      // A filter of one value is the row of that value; people within a queue are the part of them in it.
      const lines = async (changes: Partial<ReportQuestion>) =>
        (await withSums(question({ withStates: false, ...changes }))).report.lines();
      for (const [by, value] of [
        ['queue', 'sales'],
        ['number', '4002000'],
        ['trunk', 't1'],
        ['result', 'complaint/c1'],
        ['agent', 'anna'],
      ] as const) {
        const row = (await lines({ by })).rows.find(({ scope }) => scope === value);
        expect([by, (await lines({ filters: { [by]: [value] } })).total.figures]).toEqual([by, row?.figures]);
      }
      const bertIn = async (queue?: string): Promise<number | undefined> =>
        (await lines({ filters: { agent: ['bert'], ...(queue === undefined ? {} : { queue: [queue] }) } })).total.figures.answered
          .numerator;
      const parts = [await bertIn('sales'), await bertIn('service')];
      expect(parts.every((part) => (part ?? 0) > 0)).toBe(true);
      expect(parts.reduce((sum = 0, each = 0) => sum + each)).toBe(await bertIn());
      await expect(withSums(question({ filters: { agent: ['anna'], queue: ['sales'] }, asOf: now() }))).rejects.toMatchObject({
        code: 'invalid-request',
      });
      // What has not settled, and the rest of the day.
      expect((await withSums(question())).sources).toEqual({ sums: 53, revised: 0, addedLater: 0, countedMs: DAY_MS - 13 * HOUR_MS });

      const [before, knownAt] = [await entered(), now()];
      const late = visitOf({
        callId: 'late',
        queueId: 'sales',
        called: '4001000',
        atMs: TODAY_MS - 20 * HOUR_MS,
        waitMs: 1_000,
        outcome: 'answered',
        agentId: 'anna',
      });
      nowMs += HOUR_MS;
      await mongo.collection(VISITS).insertOne({ ...late, notedAt: now() } as never);
      await sumUp.sumRecent();
      await sumUp.sumMissing(knownAt, () => false);
      expect(await entered()).toBe((before ?? 0) + 1);
      const day = { fromMs: TODAY_MS - DAY_MS, untilMs: TODAY_MS };
      const { report, sources } = await withSums(question({ span: day, interval: '15' }));
      expect(sources).toEqual({ sums: 96, revised: 1, addedLater: 1, countedMs: 0 });
      expect(report.lines().total.figures.entered.numerator).toBe(await entered({ span: day }));
      expect(await entered({ span: day, asOf: knownAt })).toBe(((await entered({ span: day })) ?? 0) - 1);
      expect(await entered({ span: day, interval: '15', asOf: knownAt })).toBe(((await entered({ span: day })) ?? 0) - 1);
      // Nothing was summed up by then.
      expect((await withSums(question({ span: day, asOf: new Date(TODAY_MS) }))).sources).toMatchObject({ sums: 0, countedMs: DAY_MS });

      // A round that finds nothing new writes nothing.
      const stored = (): Promise<object[]> => mongo.collection(SUMS).find({}).sort({ _id: 1 }).toArray();
      const unchanged = await stored();
      await sumUp.sumRecent();
      await sumUp.sumMissing(now(), () => false);
      expect(await stored()).toEqual(unchanged);

      // What is kept starts with a whole day: the next round makes nothing that was removed again.
      const remove = async (keptDays: number): Promise<number[]> => {
        const from = sumUp.keptFrom(keptDays);
        const removed = [await visits.removeBefore(from), await sums.removeBefore(from)];
        await sumUp.sumRecent();
        await sumUp.sumMissing(now(), () => false);
        return removed;
      };
      expect([await remove(1), await stored()]).toEqual([[0, 0], unchanged]);
      expect((await sums.removeBefore(new Date(TODAY_MS))) > 0 && (await entered())).toBe((before ?? 0) + 1);
      await sumUp.sumMissing(now(), () => false);
      expect((await remove(0))[1]).toBe(97);
      expect(await remove(0)).toEqual([0, 0]);
    } finally {
      await mongo.close();
    }
  }, 120_000);

  test('by result take in a result that is given or changed later, as a revision; sums from before results are completed', async () => {
    await using store = await temporaryStore();
    const mongo = await mongoose.createConnection(store.uri).asPromise();
    try {
      let nowMs = TODAY_MS + 15.2 * HOUR_MS;
      const now = (): Date => new Date(nowMs);
      const [reads, sums, visits] = [createAllReads(mongo), createMongoSums(mongo), createMongoVisits(mongo)];
      await fill(mongo, nowMs);
      const dayOf = createSlots('day', ZONE);
      const sumUp = createSumUp({ reads, sums, dayOf, fillResults: (span) => fillResults({ reads, visits }, span), now });
      const read = createReportReader({ reads, sums, zone: ZONE, slotsOf: createSlots, now });
      const day = { fromMs: TODAY_MS - DAY_MS, untilMs: TODAY_MS };
      const byResult = async (asOf?: Date) => {
        const made = await read({ span: day, interval: 'day', by: 'result', reach: WHOLE_CENTRE, withStates: true, asOf });
        const { rows, total } = made.report.lines();
        const [calls, handlings] = (['answered', 'aht'] as const).map((key) =>
          Object.fromEntries(rows.map(({ scope, figures }) => [scope, figures[key].denominator === 0 ? 0 : (figures[key].numerator ?? 0)])),
        );
        return { calls, handlings, sources: made.sources, all: total.figures.entered.numerator };
      };
      await sumUp.sumDay(day);
      const before = await byResult();
      expect(before.sources).toEqual({ sums: 1, revised: 0, addedLater: 0, countedMs: 0 });
      expect(Object.keys(before.calls ?? {})).toEqual(['', 'complaint/c0', 'complaint/c1', 'complaint/c2']);
      expect(before.handlings?.['complaint/c1']).toBeGreaterThan(0);

      // A day later an agent changes one, and another agent's older one comes late and changes nothing.
      const [changed] = await reads.visits.find({ result: 'complaint/c1' }, { fields: ['callId', 'resultAt'], limit: 1 });
      const callId = changed?.callId ?? '';
      nowMs += DAY_MS;
      const completedAt = now().toISOString();
      await mongo.collection('contacts').updateOne({ callId }, { $set: { disposition: ['sold'], completedAt } });
      await visits.gaveResult(callId, { result: 'sold', at: now() }, now());
      await visits.gaveResult(callId, { result: 'late', at: new Date(TODAY_MS) }, now());
      await sumUp.sumMissing(now(), () => false);
      const after = await byResult();
      expect(after.calls).toEqual({ ...before.calls, 'complaint/c1': (before.calls?.['complaint/c1'] ?? 0) - 1, sold: 1 });
      expect(after.handlings?.['sold']).toBeGreaterThan(0);
      expect([after.all, after.sources]).toEqual([before.all, { sums: 1, revised: 1, addedLater: 0, countedMs: 0 }]);
      expect((await byResult(new Date(nowMs - 1))).calls).toEqual(before.calls);

      // As an earlier version left them: the same sums without results, and visits without.
      await mongo.collection(SUMS).updateMany({}, { $set: { version: RESULTS_FROM - 1 }, $unset: { results: '' } });
      await mongo.collection(VISITS).updateMany({}, { $unset: { result: '', resultAt: '' } });
      const revisions = async () =>
        mongo
          .collection<{ revision: number; madeAt: Date }>(SUMS)
          .find({ startAt: { $lt: new Date(TODAY_MS) } }, { projection: { revision: 1, madeAt: 1 } })
          .sort({ _id: 1 })
          .toArray();
      const known = await revisions();
      expect(
        (await read({ span: day, interval: 'day', by: 'queue', reach: WHOLE_CENTRE, withStates: true, asOf: undefined })).sources,
      ).toMatchObject({ sums: 1, countedMs: 0 });
      nowMs += HOUR_MS;
      await sumUp.sumMissing(now(), () => false);
      expect([await byResult(), await revisions()]).toEqual([after, known]);
    } finally {
      await mongo.close();
    }
  }, 120_000);

  test('of the zone that the site had before count in no report', async () => {
    await using store = await temporaryStore();
    const mongo = await mongoose.createConnection(store.uri).asPromise();
    try {
      const nowMs = TODAY_MS + 15.2 * HOUR_MS;
      const now = (): Date => new Date(nowMs);
      const [reads, sums] = [createAllReads(mongo), createMongoSums(mongo)];
      createMongoVisits(mongo);
      await fill(mongo, nowMs);
      const NOW_ZONE = 'Asia/Tokyo';
      for (const zone of [ZONE, NOW_ZONE]) {
        const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', zone), now });
        await sumUp.sumRecent();
        await sumUp.sumMissing(now(), () => false);
      }
      const none = { read: async function* () {}, changedSince: async () => true };
      const [withSums, fromFacts] = [sums, none].map((each) =>
        createReportReader({ reads, sums: each, zone: NOW_ZONE, slotsOf: createSlots, now }),
      );
      const midnightMs = TODAY_MS - HOUR_MS;
      const span = { fromMs: midnightMs - DAY_MS, untilMs: midnightMs + DAY_MS };
      for (const interval of ['day', 'whole'] as const)
        for (const by of reportScopes) {
          const question = { span, interval, by, reach: WHOLE_CENTRE, withStates: true, asOf: undefined };
          const [summed, counted] = [await withSums?.(question), await fromFacts?.(question)];
          expect([question, summed?.report.lines()]).toEqual([question, counted?.report.lines()]);
          // The sum of that old day is made anew; the quarters belong to no time zone.
          expect(summed?.sources.sums).toBeGreaterThan(50);
        }
    } finally {
      await mongo.close();
    }
  }, 120_000);
});
