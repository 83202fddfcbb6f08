import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createDayFacts } from '../../../services/evidence/index.js';
import { createSeatLog } from '../../../services/evidence/adapters/stores/mongo-seat-log.js';
import { createAllReads } from '../../../services/main/reads.js';
import { checkRecordingDays } from '../../../services/recording/index.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import { createMongoSheets } from '../../../services/recording/ledger/adapters/mongo-sheets.js';
import { createS3SheetAnchors } from '../../../services/recording/ledger/adapters/s3-sheet-anchors.js';
import { closeDays } from '../../../services/recording/ledger/day-closing.js';
import { createMongoSurveys } from '../../../services/satisfaction/adapters/mongo-surveys.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { Config } from '../../../services/shared/platform/settings/config.js';
import { BUCKET, startRecordingStores, type RecordingStores } from './recording-stores.js';

jest.setTimeout(120_000);
const ZONE = 'Asia/Shanghai';
const DAY = '2026-11-25';
const CONFIG = { S3_BUCKET: BUCKET, SITE_TIME_ZONE: ZONE } as Config;
const at = (time: string, day = DAY): Date => new Date(`${day}T${time}:00+08:00`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let stores: RecordingStores;
let facts: ReturnType<typeof createDayFacts>;
beforeAll(async () => {
  stores = await startRecordingStores();
  facts = createDayFacts({ ...stores, config: CONFIG, reads: createAllReads(stores.mongo) });
  await fillDay();
  const { mongo, objects } = stores;
  const sheets = createMongoSheets(mongo);
  const made = await closeDays(
    {
      ...{ ledger: createMongoLedger(mongo), sheets, anchors: createS3SheetAnchors({ objects, bucket: BUCKET, keepDays: 184 }), facts },
      ...{ recordOf: async () => undefined, audit: async () => undefined, auditHead: async () => undefined },
      ...{ clock: async () => ({ source: 'chrony', jumps: [], moreJumps: 0 }), clockCarried: async () => undefined },
      ...{ sha256, timeZone: ZONE, log: silentLogger },
    },
    at('01:00', '2026-11-26'),
  );
  expect(made.map(({ day }) => day)).toEqual([DAY]);
  await nextDay();
});
afterAll(() => (stores as RecordingStores | undefined)?.stop());

const check = async (): Promise<string[]> =>
  (await checkRecordingDays({ ...stores, config: CONFIG, facts })).findings.map(({ what, detail }) => `${what}: ${detail}`);

/** A leg that came to nothing, two agents of whom one stays away over midnight, an answered and an unanswered survey, and two complaints. */
async function fillDay(): Promise<void> {
  const { mongo } = stores;
  const ledger = createMongoLedger(mongo);
  await ledger.intend({ number: 1, callId: 'c1', intendedAt: at('09:30').toISOString() });
  await ledger.settle({ number: 1, callId: 'c1', state: 'void', reason: 'test' });
  const seats = createSeatLog(mongo, ZONE, createAllReads(mongo));
  for (const agentId of ['li', 'wang']) await seats.online({ sessionId: `session-${agentId}`, agentId, at: at('08:59') });
  const changes: [string, string, string, Date][] = [
    ['li', 'signed-out', 'ready', at('09:00')],
    ['li', 'ready', 'away', at('10:00')],
    ['li', 'away', 'ready', at('11:00')],
    ['li', 'ready', 'signed-out', at('18:00')],
    ['wang', 'signed-out', 'away', at('20:00')],
  ];
  for (const [i, [agentId, from, to, moment]] of changes.entries())
    await seats.stateChanged({ id: `e${String(i)}`, agentId, at: moment, from, to });
  const surveys = createMongoSurveys(mongo);
  for (const callId of ['c1', 'c2']) await surveys.invite({ surveyId: callId, callId, at: at('12:00'), method: 'sms', language: 'zh-CN' });
  await surveys.answer({ answerId: 'a1', surveyId: 'c1', at: at('12:01'), score: 2, solved: false, by: 'caller' });
  await mongo.collection<{ _id: string }>('complaints').insertMany(
    [1, 2].map((n) => ({
      ...{ _id: `k${String(n)}`, number: `TS20261125-000${String(n)}`, callIds: [], complainant: { numberMasked: '138****0000' } },
      ...{ state: 'open', source: 'phone', kind: 'waiting', receivedAt: at('13:00'), answers: [], revision: 1 },
      clocks: [{ ruleId: 'default', startedAt: at('13:00'), dueAt: at('13:00', '2026-12-10') }],
      actions: [{ what: 'opened', at: at('13:00'), by: 'x' }],
    })),
  );
}

/** What genuinely happens after the sealing: a state ends, a link is answered, a complaint of that day is taken and closed. */
async function nextDay(): Promise<void> {
  const { mongo } = stores;
  const seats = createSeatLog(mongo, ZONE, createAllReads(mongo));
  await seats.stateChanged({ id: 'e9', agentId: 'wang', at: at('08:00', '2026-11-26'), from: 'away', to: 'ready' });
  await seats.offline('session-li', at('09:00', '2026-11-26'), 'signed-out');
  await createMongoSurveys(mongo).answer({
    ...{ answerId: 'a2', surveyId: 'c2', at: at('09:00', '2026-11-26'), score: 5, solved: true, by: 'caller' },
  });
  await mongo
    .collection<{ _id: string }>('complaints')
    .updateOne({ _id: 'k1' }, { $set: { state: 'closed', closedAt: at('10:00', '2026-11-26'), kind: 'other' } });
}

test('what happens after the sealing leaves the day as it was sealed', async () => {
  expect(await check()).toEqual([]);
});

const NOT_THE_SAME = 'and one or more of them altered or exchanged since';
test.each<[string, string, string, Readonly<Record<string, unknown>> | undefined, string[]]>([
  [
    'an away time made shorter',
    'evidence_agent_states',
    'e1',
    { untilAt: at('10:05') },
    [`facts-changed: ${DAY}, states of agents: sealed with 3, ${NOT_THE_SAME}`],
  ],
  ['a state left out', 'evidence_agent_states', 'e1', undefined, [`facts-changed: ${DAY}, states of agents: sealed with 3, now 2`]],
  [
    'a state over midnight that ends on its day',
    'evidence_agent_states',
    'e4',
    { untilAt: at('20:30') },
    [
      `facts-changed: ${DAY}, states of agents: sealed with 3, now 4`,
      `facts-changed: ${DAY}, states of agents over midnight: sealed with 1, now 0`,
    ],
  ],
  ['a better score', 'survey_answers', 'a1', { score: 5 }, [`facts-changed: ${DAY}, answers to surveys: sealed with 1, ${NOT_THE_SAME}`]],
  ['a bad answer left out', 'survey_answers', 'a1', undefined, [`facts-changed: ${DAY}, answers to surveys: sealed with 1, now 0`]],
  [
    'an answer by the house that is dated to the sealed day',
    'survey_answers',
    'a2',
    { at: at('12:02') },
    [`facts-changed: ${DAY}, answers to surveys: sealed with 1, now 2`],
  ],
  [
    'a complaint left out',
    'complaints',
    'k2',
    undefined,
    [
      `facts-changed: ${DAY}, events of complaints' clocks: sealed with 2, now 1`,
      `facts-changed: ${DAY}, complaints as they were recorded: sealed with 2, now 1`,
    ],
  ],
  [
    'a complaint that is said to be part of another',
    'complaints',
    'k2',
    { joinedInto: 'k1' },
    [`facts-changed: ${DAY}, complaints as they were recorded: sealed with 2, ${NOT_THE_SAME}`],
  ],
  [
    'a seat that another used',
    'evidence_seat_sessions',
    'session-li',
    { agentId: 'zhao' },
    [`facts-changed: ${DAY}, seats that came online: sealed with 2, ${NOT_THE_SAME}`],
  ],
])('the check of the sealed days names %s', async (_name, collection, id, change, sentences) => {
  const rows = stores.mongo.collection<{ _id: string }>(collection);
  const before = await rows.findOne({ _id: id });
  if (change === undefined) await rows.deleteOne({ _id: id });
  else await rows.updateOne({ _id: id }, { $set: change });
  expect((await check()).sort()).toEqual([...sentences].sort());
  await rows.deleteOne({ _id: id });
  await rows.insertOne(before!);
  expect(await check()).toEqual([]);
});
