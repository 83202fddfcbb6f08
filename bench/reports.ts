// npm run bench -- --only reports: reports of a month of a large centre, from the stored sums of its closed intervals. `--calls` is the calls of a
// day, `--days` the days. All facts of the first day are stored and summed up as in the product. Of the other days only the visits of the
// eleventh are stored. Their calls are those of the first day at the same times, so their sums are made once, by the same fold, and stored for
// each day. A process of its own reads, so that its memory is not that of the making.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { callModel } from '../services/calls/adapters/mongo-calls.js';
import { createSeatLog } from '../services/evidence/adapters/stores/mongo-seat-log.js';
import { createMongoSums } from '../services/figures/adapters/mongo-sums.js';
import { createMongoVisits, VISITS } from '../services/figures/adapters/mongo-visits.js';
import { createSlots } from '../services/figures/adapters/slots.js';
import { pageBeside } from '../services/figures/compared.js';
import { createFold } from '../services/figures/fold.js';
import type { StoredSum } from '../services/figures/ports.js';
import { createReportReader, type ReportQuestion } from '../services/figures/report-reader.js';
import { createSumUp } from '../services/figures/sum-up.js';
import { addedUp, createQuarterSums, factsIn, QUARTER_MS, SUMS_VERSION, textsOf, type SumCells } from '../services/figures/sums.js';
import { ACCOUNTS } from '../services/identity/adapters/mongo-accounts.js';
import { createAllReads } from '../services/main/reads.js';
import { OF_SERVICE } from '../services/shared/domain/figures/facts.js';
import { WHOLE_CENTRE } from '../services/shared/platform/reach/reach.js';
import { spawnStore, temporaryFolder } from '../test/integration/documents/documents-support.js';
import { percentile, report } from './support/report.js';

const numberOf = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const CALLS = numberOf('calls', 100_000);
const DAYS = numberOf('days', 31);
const QUEUES = 20;
const AGENTS = 300;
const RESULTS = 5;
const ROUNDS = 20;
const LOT = 5_000;
const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-09-30T16:00:00Z');
const NOW = new Date(START_MS + (DAYS + 2) * DAY_MS);

/** The i-th call of a day: one visit, of which four in five are answered. All figures follow from the number, so that runs are alike. */
function callOf(day: number, i: number) {
  const mixed = (i * 2_654_435_761) % 4_294_967_296;
  const atMs = START_MS + day * DAY_MS + Math.floor((i / CALLS) * DAY_MS);
  const waitMs = mixed % 45_000;
  const outcome = mixed % 10 < 8 ? ('answered' as const) : ('abandoned' as const);
  const [queue, agent] = [mixed % QUEUES, (mixed >>> 8) % AGENTS];
  const talkMs = 60_000 + ((mixed >>> 4) % 240_000);
  const _id = `d${String(day)}-${String(i)}`;
  const place = { queueId: `queue-${String(queue)}`, called: `400100${String(queue % 8)}`, trunkId: `trunk-${String(mixed % 2)}` };
  const agentId = `agent-${String(agent)}`;
  const answeredMs = atMs + waitMs;
  const handling = { agentId, kind: 'talk' as const, fromMs: answeredMs, toMs: answeredMs + talkMs, handling: 1, queueId: place.queueId };
  const visit = { ...place, clientUnit: undefined, enteredAt: new Date(atMs), waitMs, outcome, thresholdMs: 20_000 };
  const result = outcome === 'answered' ? `group-${String(mixed % 4)}/result-${String((mixed >>> 5) % RESULTS)}` : undefined;
  return {
    visit: { ...visit, agentId: outcome === 'answered' ? agentId : undefined, result },
    call: {
      ...{ _id, direction: 'inbound' as const, invitedAt: new Date(atMs), answeredAt: new Date(atMs), noticeEndedAt: new Date(atMs) },
      ...{ called: place.called, trunkId: place.trunkId, queueId: place.queueId, dialled: [] },
      segments: outcome === 'answered' ? [handling] : [],
      media: [
        {
          leg: 'caller',
          packetsReceived: 3_000,
          packetsSent: 3_000,
          packetsLost: mixed % 40,
          jitterMs: mixed % 9,
          roundTripMs: mixed % 200,
          ssrcs: undefined,
        },
      ],
    },
    states:
      outcome === 'answered'
        ? [
            { agentId, at: new Date(answeredMs), untilAt: new Date(answeredMs + talkMs), state: 'on-call', callId: _id },
            { agentId, at: new Date(answeredMs + talkMs), untilAt: new Date(answeredMs + talkMs + 10_000), state: 'wrap-up', callId: _id },
          ]
        : [],
  };
}

/** Set in the process that reads: where the rows are. */
const filledUri = process.argv[process.argv.indexOf('--read-from') + 1];
const isReader = process.argv.includes('--read-from');

await using folder = await temporaryFolder();
const store = isReader ? undefined : await spawnStore(folder.path);
const mongo = await mongoose.createConnection(store?.uri ?? filledUri ?? '').asPromise();
const [reads, sums] = [createAllReads(mongo), createMongoSums(mongo)];
createMongoVisits(mongo);
callModel(mongo);
createSeatLog(mongo, ZONE, reads);
await Promise.all(Object.values(mongo.models).map((model) => model.createIndexes()));

const insert = (collection: string, rows: readonly object[]) =>
  rows.length === 0 ? undefined : mongo.collection(collection).insertMany(rows, { ordered: false });

async function storeDay(day: number, isWhole: boolean): Promise<void> {
  for (let from = 0; from < CALLS; from += LOT) {
    const made = Array.from({ length: Math.min(LOT, CALLS - from) }, (_each, place) => callOf(day, from + place));
    await insert(
      VISITS,
      made.map(({ visit, call }) => ({
        ...visit,
        ...OF_SERVICE,
        _id: `${call._id}-1`,
        callId: call._id,
        leftAt: new Date(visit.enteredAt.getTime() + visit.waitMs),
        offers: 1,
        priority: 0,
        skills: {},
        notedAt: new Date(visit.enteredAt.getTime() + visit.waitMs),
      })),
    );
    if (!isWhole) continue;
    await insert(
      'calls',
      made.map(({ call }) => ({ ...call, class: 'service' })),
    );
    await insert(
      'evidence_agent_states',
      made.flatMap(({ states, call }) => states.map((state, place) => ({ ...state, _id: `${call._id}-${String(place)}` }))),
    );
  }
}

/** The sums of a day's quarters, from facts that are not stored. */
function quartersOfDay(): readonly SumCells[] {
  const quarters = createQuarterSums();
  const fold = createFold({ fromMs: START_MS, untilMs: START_MS + DAY_MS, nowMs: NOW.getTime(), counting: quarters.counting });
  for (let i = 0; i < CALLS; i += 1) {
    const { visit, call, states } = callOf(0, i);
    for (const state of states) fold.addState(state);
    fold.addVisit(visit);
    fold.addCall(call, undefined, visit.result);
  }
  return Array.from({ length: DAY_MS / QUARTER_MS }, (_each, place) => quarters.cellsOf(START_MS + place * QUARTER_MS));
}

type MadeSum = Pick<StoredSum, 'places' | 'agents' | 'results' | 'facts'>;
const madeOf = (cells: SumCells): MadeSum => ({ ...textsOf(cells), facts: factsIn(cells) });

/** Stores sums that were made for a day under the times of another. */
async function storeSums(day: number, quarters: readonly MadeSum[], whole: MadeSum): Promise<void> {
  const row = (grain: StoredSum['grain'], startMs: number, endMs: number, made: MadeSum): StoredSum => {
    const [startAt, untilAt] = [new Date(startMs), new Date(endMs)];
    const id = `${grain}-${startAt.toISOString()}`;
    return {
      id,
      grain,
      startAt,
      untilAt,
      version: SUMS_VERSION,
      revision: 1,
      madeAt: untilAt,
      firstFacts: made.facts,
      earlier: [],
      ...made,
    };
  };
  const fromMs = START_MS + day * DAY_MS;
  for (const [place, made] of quarters.entries())
    await sums.add(row('quarter', fromMs + place * QUARTER_MS, fromMs + (place + 1) * QUARTER_MS, made));
  await sums.add(row('day', fromMs, fromMs + DAY_MS, whole));
}

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};
const memoryMb = (): number => process.memoryUsage().rss / 1_048_576;

async function fill(): Promise<void> {
  await insert(
    ACCOUNTS,
    Array.from({ length: AGENTS }, (_each, place) => ({ _id: `agent-${String(place)}` })),
  );
  await storeDay(0, true);
  const sumUp = createSumUp({ reads, sums, dayOf: createSlots('day', ZONE), now: () => new Date(START_MS + DAY_MS + 3 * 3_600_000) });
  const summedMs = await took(() => sumUp.sumMissing(new Date(START_MS + 2 * DAY_MS), () => false));
  report({ what: `sums of one day of ${CALLS.toLocaleString('en')} calls from its facts`, value: summedMs / 1_000, unit: 's' });
  const quarters = quartersOfDay();
  const [made, whole] = [quarters.map(madeOf), madeOf(addedUp(quarters))];
  for (let day = 1; day < DAYS; day += 1) {
    await storeSums(day, made, whole);
    if (day === 10) await storeDay(day, false);
  }
}

const span = { fromMs: START_MS, untilMs: START_MS + DAYS * DAY_MS };
const question: ReportQuestion = { span, interval: '30', by: 'queue', reach: WHOLE_CENTRE, withStates: true, asOf: undefined };

async function readReports(): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  let most = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const read = createReportReader({ reads, sums, zone: ZONE, slotsOf: createSlots, now: () => NOW });
    const page = async (): Promise<void> => {
      const { report: made, sources } = await read(question);
      const lines = made.lines(0, 3_000);
      // As it is sent. Whoever reads it is another process.
      const isSent = JSON.stringify(lines).length > 0;
      if (!isSent || sources.countedMs !== 0 || lines.total.figures.entered.numerator !== CALLS * DAYS)
        throw new Error('the report does not have all calls');
    };
    first.push(await took(page));
    again.push(await took(page));
    most = Math.max(most, memoryMb());
  }
  const what = `${DAYS} days x ${CALLS.toLocaleString('en')} calls, 30 minutes x ${QUEUES} queues`;
  report({ what: `${what}: first, p95`, value: percentile(first, 0.95), unit: 'ms', target: '<= 3 s' });
  report({ what: `${what}: again, p95`, value: percentile(again, 0.95), unit: 'ms', target: '<= 300 ms' });
  const byResult = createReportReader({ reads, sums, zone: ZONE, slotsOf: createSlots, now: () => NOW });
  const resultsMs = await took(() => byResult({ ...question, interval: 'day', by: 'result' }));
  report({ what: `${DAYS} days x ${CALLS.toLocaleString('en')} calls, by day and result`, value: resultsMs, unit: 'ms' });
  const beside = createReportReader({ reads, sums, zone: ZONE, slotsOf: createSlots, now: () => NOW });
  const half = Math.floor(DAYS / 2);
  const [before, own] = await Promise.all(
    [0, half].map((days) => {
      const fromMs = START_MS + days * DAY_MS;
      return beside({ ...question, span: { fromMs, untilMs: fromMs + half * DAY_MS } });
    }),
  );
  const days = { from: '2026-10-16', to: `2026-10-${String(15 + half)}` };
  const page = { skip: 0, limit: 3_000 };
  const besideMs = await took(async () => {
    if (before !== undefined && own !== undefined)
      pageBeside(own.report, before.report, { ...days, interval: '30', comparison: 'before' }, page);
  });
  report({ what: `${half} days beside the ${half} before: a page of 3,000 lines`, value: besideMs, unit: 'ms' });
  report({ what: 'memory of the process that reads', value: most, unit: 'MB', target: '<= 512 MB' });
}

async function readRows(): Promise<void> {
  const drills: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const fromMs = START_MS + (round % 2) * 10 * DAY_MS + (round + 10) * 1_800_000;
    const filter = {
      enteredAt: { $gte: new Date(fromMs), $lt: new Date(fromMs + 1_800_000) },
      ...OF_SERVICE,
      queueId: `queue-${String(round % QUEUES)}`,
    };
    drills.push(
      await took(() =>
        Promise.all([reads.visits.count(filter), reads.visits.find(filter, { fields: ['callId'], sort: { enteredAt: 1 }, limit: 50 })]),
      ),
    );
  }
  const kept = await reads.visits.count({});
  const drilled = `first page behind a number, of ${kept.toLocaleString('en')} visits: p95`;
  report({ what: drilled, value: percentile(drills, 0.95), unit: 'ms', target: '<= 1 s' });
}

try {
  if (isReader) {
    await readReports();
    await readRows();
  } else {
    await fill();
    const options = [...process.argv.slice(2), '--read-from', store?.uri ?? ''];
    const reader = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), ...options], { stdio: 'inherit' });
    const [status] = (await once(reader, 'exit')) as [number | null];
    if (status !== 0) throw new Error('the reports could not be read');
  }
} finally {
  await mongo.close();
  store?.process.kill('SIGTERM');
}
