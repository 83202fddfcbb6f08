import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createDailyReadings } from '../../../services/figures/daily/daily-limit.js';
import { createDailyRoutes, type DailyHttp } from '../../../services/figures/daily/http.js';
import { createAllReads } from '../../../services/main/reads.js';
import { api } from '../../../services/shared/contracts/api/api.js';
import { dailyKeys, type DailyKey } from '../../../services/shared/domain/figures/registry.js';
import type { StoredCall } from '../../../services/shared/records/call.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { callRow } from '../../support/centre/call-row.js';
import { temporaryStore } from '../documents/documents-support.js';

const days = createSiteDays('Asia/Shanghai');
const DAY = { from: '2026-11-10', to: '2026-11-10' };
const { span } = days.daysOf(DAY.from, DAY.to);
/** Ten days later: every contact can be judged. */
const now = (): Date => new Date(span.untilMs + 10 * 86_400_000);
const at = (minutes: number): Date => new Date(span.fromMs + minutes * 60_000);
const DAY_MINUTES = 1_440;

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;

/** An agent answers a minute after the call came in and talks for two minutes. */
const handledCall = (_id: string, minutes: number, more: Partial<StoredCall> = {}): StoredCall =>
  callRow(_id, {
    called: '4001000',
    queueId: 'service',
    callerHash: `h-${_id}`,
    invitedAt: at(minutes),
    answeredAt: at(minutes),
    queuedAt: at(minutes),
    agentAnsweredAt: at(minutes + 1),
    endedAt: at(minutes + 3),
    talks: [{ agentId: 'anna', from: at(minutes + 1), to: at(minutes + 3) }],
    ...more,
  });
const survey = (_id: string, queueId: string) => ({
  _id,
  callId: _id,
  at: at(60),
  method: 'keys',
  language: 'zh-CN',
  queueId,
  called: '4001000',
});
const answer = (_id: string, surveyId: string, score: number | null, more: object = {}) => ({
  ...{ _id, surveyId, at: at(61), score, solved: null, by: 'caller' },
  ...more,
});
const visit = (_id: string, from: number, to: number, more: object = {}) => ({
  ...{ _id, callId: _id, queueId: 'service', enteredAt: at(from), leftAt: at(to), waitMs: 1, outcome: 'answered', offers: 1 },
  ...{ thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service', trunkId: 't1', called: '4001000' },
  ...{ priority: 0, skills: {}, notedAt: at(to), ...more },
});

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  const calls = [
    handledCall('first', 10),
    // The same person in the same queue again, three days later: the first call did not settle the matter.
    handledCall('came-back', 3 * DAY_MINUTES, { callerHash: 'h-first' }),
    // A repeat eight days later does not count against the call.
    handledCall('fine', 11),
    handledCall('much-later', 8 * DAY_MINUTES, { callerHash: 'h-fine' }),
    // Overlaps the two above in its second minute, in another queue.
    handledCall('sales', 11.5, { queueId: 'sales' }),
    // Nobody answered.
    callRow('lost', {
      called: '4001000',
      queueId: 'service',
      callerHash: 'h-lost',
      invitedAt: at(12),
      queuedAt: at(12),
      agentAnsweredAt: undefined,
    }),
    handledCall('out', 20, { direction: 'outbound', queueId: undefined }),
    handledCall('practice', 10, { class: 'test' }),
    handledCall('day-before', -30),
  ];
  const recordings = [
    { _id: 'first', objectKey: 'a' },
    { _id: 'fine', deletion: { at: 'x', by: 'y', rule: 'z' } },
    { _id: 'lost', objectKey: 'a' },
    // This recording has not reached the archive.
    { _id: 'sales' },
    { _id: 'out', objectKey: 'a' },
  ];
  const surveys = [survey('s1', 'service'), survey('s2', 'service'), survey('s3', 'sales'), survey('s4', 'sales')];
  const answers = [
    answer('a1', 's1', 2),
    answer('a2', 's1', 5, { corrects: 'a1', at: at(70) }),
    answer('a3', 's2', 3),
    answer('a4', 's3', null),
  ];
  const complaint = (number: string, minutes: number, more: object = {}) => ({
    _id: number,
    number,
    receivedAt: at(minutes),
    callIds: [],
    ...more,
  });
  const complaints = [complaint('C1', 100), complaint('C2', 200, { joinedInto: 'C1' }), complaint('C3', DAY_MINUTES)];
  const refusal = (_id: string, reason: string, ms: number) => ({
    ...{ _id, at: at(30), numberMasked: `139****${_id}`, reason, source: 'call x', by: 'system', keptAt: new Date(at(30).getTime() + ms) },
  });
  const refusals = [refusal('0001', 'asked-by-key', 1_500), refusal('0002', 'asked-by-key', 500), refusal('0003', 'harassment', 9_000)];
  const proof = (minutes: number, ok: boolean) => ({
    _id: `p${String(minutes)}`,
    at: at(minutes),
    ok,
    totalMs: 1,
    stages: [],
    origin: 'schedule',
  });
  // One failed at ten to midnight, so the day begins with five minutes of outage; another outage lasts from minute 30 to 60.
  const proofs = [proof(-10, false), proof(5, true), proof(30, false), proof(45, false), proof(60, true)];
  const visits = [visit('v1', 0, 10), visit('v2', 5, 20), visit('v3', 10, 30), visit('v4', 12, 13), visit('v5', 12, 13, { class: 'test' })];
  const callback = (_id: string, state: string, minutes = 15) => ({
    ...{ _id, queueId: 'service', askedAt: at(minutes), waitingSince: at(minutes), notBefore: at(minutes), state, tries: 1 },
  });
  const callbacks = [
    callback('first', 'reached'),
    callback('fine', 'not-reached'),
    callback('lost', 'cancelled'),
    callback('sales', 'waiting'),
    callback('practice', 'reached'),
    callback('came-back', 'reached', 3 * DAY_MINUTES),
  ];
  /** Promised at a seat in the call `first`, due two hours later. */
  const promise = (_id: string, more: object = {}) => ({
    ...{ _id, callId: 'first', callerMasked: '139****0001', queueId: 'service', agentId: 'anna', promisedAt: at(25) },
    ...{ dueAt: at(145).toISOString(), note: '', state: 'open', tries: [], ...more },
  });
  const tried = (callId: string) => ({ callId, by: 'anna', at: at(150).toISOString() });
  const promises = [
    promise('kept', { tries: [tried('lost'), tried('out')] }),
    // Closed by hand: on record nobody was reached.
    promise('closed', { state: 'done', tries: [tried('rang')] }),
    promise('broken'),
    promise('due-later', { dueAt: at(10 * DAY_MINUTES).toISOString() }),
    promise('of-practice', { callId: 'practice', state: 'done' }),
    // One of an earlier version.
    promise('before', { promisedAt: undefined, state: 'done' }),
  ];
  const rows = {
    ...{ routing_callbacks: callbacks, seat_callbacks: promises },
    ...{ calls, recordings, surveys, survey_answers: answers, complaints, do_not_call: refusals, proof_calls: proofs, visits },
  };
  for (const [name, all] of Object.entries(rows)) await mongo.collection<{ _id: string }>(name).insertMany(all);
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

/** Asks as a person who sees these queues, or the whole centre when there are none. */
async function ask(
  queues: readonly string[],
  key: keyof typeof api & `GET /figures/daily${string}`,
  query: object,
  changes: Partial<DailyHttp> = {},
): Promise<unknown> {
  const routes = createDailyRoutes({
    ...{ reads: createAllReads(mongo), days, now, reachOf: async () => ({ queues, numbers: undefined }) },
    readings: createDailyReadings(systemClock),
    elementsOf: async () => [
      { callId: 'out', at: at(20), isWhole: true },
      { callId: 'other', at: at(21), isWhole: false },
    ],
    ...changes,
  });
  const route = routes.find(({ path }) => `GET ${path}` === key);
  const principal = { userId: 'u', name: 'u', sessionId: 's', roles: [], scope: { queues, sites: [], clientUnits: [] } };
  const given = await route?.handle({ principal, query: route.query?.parse(query), params: {}, body: {} } as never);
  const { answer: declared } = api[key] as { readonly answer: { parse(value: unknown): unknown } };
  return declared.parse(JSON.parse(JSON.stringify(given)));
}
interface Daily {
  readonly figures: readonly {
    readonly key: DailyKey;
    readonly numerator: number;
    readonly denominator: number;
    readonly value: number | null;
    readonly missing: string | null;
  }[];
}
const valuesOf = async (queues: readonly string[], of: object = DAY) =>
  Object.fromEntries(
    ((await ask(queues, 'GET /figures/daily', of)) as Daily).figures.map(({ key, numerator, denominator, value }) => [
      key,
      [numerator, denominator, value],
    ]),
  );

test('each figure of a day is what its rows say, counted by hand', async () => {
  expect(await valuesOf([])).toEqual({
    // The corrected score counts; a person who gave none is no valid answer.
    csat: [1, 2, 50],
    surveyResponse: [2, 4, 50],
    // first came back; fine, sales did not.
    fcr: [2, 3, expect.closeTo(66.67, 1)],
    // A case joined into another does not count; a call that nobody answered counts as inbound.
    complaintsPer10000: [1, 4, 2_500],
    recordedIn: [2, 3, expect.closeTo(66.67, 1)],
    recordedOut: [1, 1, 100],
    fourElements: [1, 2, 50],
    refusalToBlock: [2, 2, 1],
    // first until 13, fine until 14, sales from 12.5.
    'peak.talks': [3, 1, 3],
    // The one who leaves at 10 and the one who comes at 10 do not overlap; at 12 v2, v3 and v4 wait.
    'peak.waiting': [3, 1, 3],
    // At minute 12 the calls first, fine, sales and lost are there; practice is no service.
    'peak.channels': [4, 1, 4],
    // In line: one reached, one not, one cancelled; the open one is not judged, and the one of a practice call is no promise.
    // At a seat: one reached, one closed, one overdue; one is not due yet.
    callbacksKept: [2, 6, expect.closeTo(33.33, 1)],
    outage: [35, 1, 35],
  });
});

test('every numerator and denominator opens rows that add up to it', async () => {
  for (const queues of [[], ['service']]) {
    const values = await valuesOf(queues);
    for (const key of dailyKeys.filter((each) => each in values))
      for (const [place, of] of (['numerator', 'denominator'] as const).entries()) {
        // A measured figure has no denominator with rows behind it.
        if (of === 'denominator' && ['peak.talks', 'peak.waiting', 'peak.channels', 'outage'].includes(key)) continue;
        const behind = (await ask(queues, 'GET /figures/daily/rows', { ...DAY, key, of, limit: 1 })) as {
          total: number;
          sum: number;
          rows: { adds: number }[];
        };
        let sum = 0;
        for (let skip = 0; skip < behind.total; skip += 2) {
          const page = (await ask(queues, 'GET /figures/daily/rows', { ...DAY, key, of, skip, limit: 2 })) as typeof behind;
          sum += page.rows.reduce((all, { adds }) => all + adds, 0);
        }
        expect([key, of, sum]).toEqual([key, of, expect.closeTo(values[key]?.[place] ?? Number.NaN, 6)]);
        expect([key, of, behind.sum]).toEqual([key, of, expect.closeTo(sum, 6)]);
      }
  }
});

test('a part of the centre has its own figures and none of the whole', async () => {
  const values = await valuesOf(['sales']);
  expect(Object.keys(values)).toEqual([
    'csat',
    'surveyResponse',
    'fcr',
    'recordedIn',
    'recordedOut',
    'peak.talks',
    'peak.waiting',
    'peak.channels',
    'callbacksKept',
  ]);
  expect(values).toMatchObject({ csat: [0, 0, null], surveyResponse: [0, 2, 0], recordedIn: [0, 1, 0], 'peak.talks': [1, 1, 1] });
  await expect(ask(['sales'], 'GET /figures/daily/rows', { ...DAY, key: 'outage' })).rejects.toMatchObject({ code: 'invalid-request' });
});

test('a day without rows has dashes, and no time is longer than a month', async () => {
  const empty = await valuesOf([], { from: '2026-09-01', to: '2026-09-01' });
  for (const [key, [, , value]] of Object.entries(empty) as [DailyKey, [number, number, number | null]][])
    expect([key, value]).toEqual([key, key.startsWith('peak.') ? 0 : key === 'fourElements' ? 50 : null]);
  await expect(ask([], 'GET /figures/daily', { from: '2026-09-01', to: '2026-10-02' })).rejects.toMatchObject({ code: 'invalid-request' });
});

const gapsOf = (given: unknown) =>
  Object.fromEntries((given as Daily).figures.flatMap(({ key, value, missing }) => (missing === null ? [] : [[key, [value, missing]]])));

test('a store that is away, and one that never answers, take their own figures alone, with the reason', async () => {
  const away = (): Promise<never> => Promise.reject(new Error('the store is away'));
  const without = await ask([], 'GET /figures/daily', DAY, { elementsOf: away });
  expect(gapsOf(without)).toEqual({ fourElements: [null, 'not-read'] });
  const readings = createDailyReadings(systemClock, 3_000);
  const hanging = await ask([], 'GET /figures/daily', DAY, { readings, elementsOf: () => new Promise(() => undefined) });
  expect(gapsOf(hanging)).toEqual({ fourElements: [null, 'timed-out'] });
  const behind = ask([], 'GET /figures/daily/rows', { ...DAY, key: 'fourElements' }, { elementsOf: away });
  await expect(behind).rejects.toThrow('away');
});

test('twenty who open the page at once cost one reading', async () => {
  let asked = 0;
  const changes: Partial<DailyHttp> = {
    readings: createDailyReadings(systemClock),
    elementsOf: async () => {
      asked += 1;
      return [];
    },
  };
  const given = await Promise.all(Array.from({ length: 20 }, () => ask([], 'GET /figures/daily', DAY, changes)));
  expect([asked, new Set(given.map((each) => JSON.stringify(each))).size]).toEqual([1, 1]);
  // Another scope is another question.
  await Promise.all([ask([], 'GET /figures/daily', DAY, changes), ask(['sales'], 'GET /figures/daily', DAY, changes)]);
  expect(asked).toBe(2);
});
