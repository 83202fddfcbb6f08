import { createHash } from 'node:crypto';
import type mongoose from 'mongoose';
import { createDraw, type Draw } from '../../services/evidence/pack/draw.js';
import { soundOf } from './evidence-sound.js';

const DAY_MS = 86_400_000;
const SEED = 42;
const AGENT = 'agent1';

type Insert = (name: string, rows: object[]) => Promise<void>;
const insertInto =
  (mongo: mongoose.Connection): Insert =>
  async (name, rows) => {
    for (let i = 0; i < rows.length; i += 5_000) await mongo.collection(name).insertMany(rows.slice(i, i + 5_000));
  };

/** The draw of recordings for the inspection pack. */
export const DRAW: Draw = { asked: 200, seed: 'bench', seedFrom: 'outside' };

/** Calls, recordings, scores, complaints and proof calls of some days, the same for the same count. */
export async function fillCalls(mongo: mongoose.Connection, firstDayMs: number, days: number, perDay: number): Promise<void> {
  const insert = insertInto(mongo);
  await createIndexes(mongo);
  const random = seededRandom();
  for (let day = 0; day < days; day += 1) {
    const dayMs = firstDayMs + day * DAY_MS;
    for (const [name, rows] of Object.entries(inboundRows({ dayMs, day, perDay, random }))) await insert(name, rows);
    await fillOutbound(insert, dayMs, day);
    await insert('proof_calls', proofCallRows(dayMs, day));
    await insert('complaints', [complaintRow(dayMs, day)]);
  }
}

interface FilledRecording {
  readonly _id: string;
  readonly startedAt: string;
  readonly sha256: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
}

/** The rows of the ledger, one for each recording in their order; those that are drawn get the hash of their bytes. */
export async function fillLedger(mongo: mongoose.Connection, firstDayMs: number, days: number): Promise<void> {
  const insert = insertInto(mongo);
  const untilMs = firstDayMs + days * DAY_MS;
  const hex = (body: string | Buffer): string => createHash('sha256').update(body).digest('hex');
  const recordings = mongo.collection<FilledRecording>('recordings');
  const ofPeriod = { startedAt: { $gte: new Date(firstDayMs).toISOString(), $lt: new Date(untilMs).toISOString() } };
  const draw = createDraw<{ readonly callId: string; readonly sizeBytes: number }>(DRAW, hex);
  for await (const { _id, sizeBytes } of recordings.find(ofPeriod)) draw.add({ callId: _id, sizeBytes });
  for (const { callId, sizeBytes } of draw.drawn().rows)
    await recordings.updateOne({ _id: callId }, { $set: { sha256: hex(soundOf(callId, sizeBytes)) } });
  let rows: object[] = [];
  let number = 0;
  for await (const { _id, startedAt, sha256, durationMs } of recordings.find(ofPeriod).sort({ startedAt: 1 })) {
    number += 1;
    rows.push({
      ...{ _id: number, callId: _id, state: 'accounted', intendedAt: startedAt, answeredAt: startedAt },
      endedAt: new Date(Date.parse(startedAt) + durationMs).toISOString(),
      account: { answeredMs: durationMs, ms: { recorded: durationMs, paused: 0, 'no-media': 0, lost: 0 }, stretches: [] },
      recording: { objectKey: FILLED_OBJECT.key, sha256, durationMs },
    });
    if (rows.length < 5_000) continue;
    await insert('ledger', rows);
    rows = [];
  }
  await insert('ledger', rows);
}

/** The indexes that the owners of the collections create. */
async function createIndexes(mongo: mongoose.Connection): Promise<void> {
  await Promise.all([
    mongo.collection('calls').createIndex({ invitedAt: 1 }, {}, {}),
    mongo.collection('ledger').createIndex({ intendedAt: 1 }, {}, {}),
    mongo.collection('recordings').createIndex({ startedAt: -1 }, {}, {}),
    mongo.collection('surveys').createIndex({ at: -1 }, {}, {}),
    mongo.collection('survey_answers').createIndex({ surveyId: 1 }, {}, {}),
    mongo.collection('proof_calls').createIndex({ at: -1 }, {}, {}),
    mongo.collection('complaints').createIndex({ receivedAt: -1 }, {}, {}),
    mongo.collection('reviews').createIndex({ at: -1 }, {}, {}),
    mongo.collection('outbound_attempts').createIndex({ at: -1 }, {}, {}),
    mongo.collection('evidence_agent_states').createIndex({ at: 1 }, {}, {}),
  ]);
}

function seededRandom(): () => number {
  let seed = SEED;
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

interface FilledDay {
  readonly dayMs: number;
  readonly day: number;
  readonly perDay: number;
  readonly random: () => number;
}

/** The inbound calls of a day and the rows that belong to them, by collection. */
function inboundRows({ dayMs, day, perDay, random }: FilledDay): Record<string, object[]> {
  const calls: object[] = [];
  const recordings: object[] = [];
  const surveys: object[] = [];
  const answers: object[] = [];
  const reviews: object[] = [];
  for (let i = 0; i < perDay; i += 1) {
    const call = inboundCall({ dayMs, day, perDay, random }, i);
    const keys: object[] = [];
    calls.push({ ...call.row, history: keys });
    if (call.abandons) continue;
    recordings.push(recordingRow(call));
    if (i % 25 === 0) reviews.push(reviewRow(call, i));
    if (random() >= 0.5) continue;
    const { id, queueId, ended } = call;
    surveys.push({ _id: `s-${id}`, callId: id, at: new Date(ended), queueId, agentId: AGENT, method: 'keys', language: 'zh-CN' });
    if (random() >= 0.6) continue;
    const score = 1 + Math.floor(random() ** 0.4 * 5);
    const solvedMs = ended + 3_000;
    keys.push({ atMs: ended, what: 'survey-answered', detail: `score:${score}` });
    keys.push({ atMs: solvedMs, what: 'survey-answered', detail: 'solved:1' });
    const answer = { surveyId: `s-${id}`, score, by: 'caller' };
    answers.push({ ...answer, _id: `a-${id}`, at: new Date(ended), solved: null });
    answers.push({ ...answer, _id: `b-${id}`, at: new Date(solvedMs), solved: true, corrects: `a-${id}` });
  }
  return { calls, recordings, surveys, survey_answers: answers, reviews };
}

interface InboundCall {
  readonly id: string;
  readonly queueId: string;
  readonly answered: number;
  readonly ended: number;
  readonly abandons: boolean;
  readonly row: object;
}

function inboundCall({ dayMs, day, perDay, random }: FilledDay, i: number): InboundCall {
  const invited = dayMs + Math.round(((8 + (i / perDay) * 12) * 3_600 + random() * 20) * 1_000);
  const answered = invited + 300 + Math.round(random() * 2_000);
  const queued = answered + 4_000 + Math.round(random() * 9_000);
  const wait = Math.round(random() ** 3 * 60_000);
  const abandons = random() < 0.07;
  const talk = 30_000 + Math.round(random() * 400_000);
  const ended = abandons ? queued + Math.min(wait, 40_000) : queued + wait + talk;
  const id = `call-${dayMs / 3_600_000}-${String(i).padStart(6, '0')}`;
  const queueId = random() < 0.7 ? 'service' : 'billing';
  const date = (ms: number): Date => new Date(ms);
  const row = {
    _id: id,
    ...plainCall(id),
    direction: 'inbound',
    trunkId: 'carrier-1',
    callerNumber: `138${String(Math.floor(random() * 9_000)).padStart(8, '0')}`,
    callerMasked: '138****0000',
    callerHash: `h${Math.floor(random() * perDay * 0.6)}`.padEnd(24, 'x'),
    called: '4001000',
    queueId,
    invitedAt: date(invited),
    answeredAt: date(answered),
    queuedAt: date(queued),
    ...(abandons
      ? { agentIds: [] }
      : { agentAnsweredAt: date(queued + wait), agentIds: [AGENT], agentId: `agent${Math.floor(random() * 8)}` }),
    endedAt: date(ended),
    talks: abandons ? [] : [{ agentId: AGENT, from: date(queued + wait), to: date(ended) }],
    holds: [],
    cause: abandons ? 'abandoned-in-queue' : 'completed',
    by: 'caller',
    media: [
      {
        ...{ leg: 'caller', packetsReceived: 5_000, packetsSent: 5_000, packetsLost: Math.floor(random() ** 4 * 300) },
        ...{ jitterMs: random() * 12, roundTripMs: 20 + random() * 120 },
      },
    ],
    ledgerNumber: day * perDay + i + 1,
  };
  return { id, queueId, answered, ended, abandons, row };
}

const recordingRow = ({ id, answered, ended, queueId }: InboundCall): object => ({
  _id: id,
  startedAt: new Date(answered).toISOString(),
  sha256: id.padEnd(64, '0').slice(0, 64),
  durationMs: ended - answered,
  sizeBytes: Math.round(((ended - answered) / 1_000) * 6_000),
  ...plainRecording,
  facets: { direction: 'inbound', queueId, called: '4001000', agentIds: [AGENT] },
});

const reviewRow = ({ id, ended, queueId }: InboundCall, i: number): object => ({
  ...{ _id: `r-${id}`, callId: id, agentId: AGENT, queueId, formId: 'service', formVersion: 1, by: 'lead', comment: '' },
  at: new Date(ended + 3_600_000).toISOString(),
  score: { percent: 70 + ((i / 25) % 4) * 10, critical: i % 100 === 0 ? ['greeting'] : [], fatal: [] },
});

/** A proof call every quarter of an hour; one of them fails. */
const proofCallRows = (dayMs: number, day: number): object[] =>
  Array.from({ length: 96 }, (_, i) => ({
    ...{ _id: `p-${dayMs}-${i}`, at: new Date(dayMs + i * 900_000), ok: !(day === 1 && i === 7), totalMs: 21_000 + i },
    ...{ stages: [], origin: 'canary' },
  }));

function complaintRow(dayMs: number, day: number): object {
  const at = dayMs + 36_000_000;
  const answeredAt = new Date(at + (day % 2 === 0 ? 3 : 16) * DAY_MS);
  return {
    _id: `c-${dayMs}`,
    number: `TS-${day}`,
    callIds: [],
    complainant: { numberMasked: '138****0000' },
    state: 'closed',
    source: day % 9 === 4 ? 'regulator' : 'phone',
    kind: 'waiting',
    receivedAt: new Date(at),
    clocks: [{ startedAt: new Date(at), dueAt: new Date(at + 15 * DAY_MS), stoppedAt: answeredAt }],
    answers: [{ at: answeredAt, how: 'call', by: 'x', text: '' }],
    closedAt: new Date(at + 17 * DAY_MS),
    upheld: day % 3 === 0,
    actions: day % 7 === 3 ? [{ what: 'reopened', at: new Date(at), by: 'x' }] : [],
    satisfaction: { score: 4, at: new Date(at), by: 'x' },
    revision: 1,
  };
}

/** Fields that no figure reads. */
const plainCall = (sipCallId: string): object => ({
  ...{ sipCallId, class: 'service', language: 'zh-CN', flowVersion: 1, sipStatus: 200 },
  ...{ choices: [], offers: [], pauses: [], dialled: [], history: [] },
});
/** One object stands for all of them: what is measured is the listing, and its length is that of the longest. */
export const FILLED_OBJECT = { key: 'calls/filled/all.ogg.sealed', bytes: 4_000_000 };
const plainRecording = {
  ...{ gaps: [], holds: [], keepUntil: '2030-01-01T00:00:00.000Z' },
  ...{ objectKey: FILLED_OBJECT.key, objectVersion: '' },
};

/** A few outbound calls with their consents, the attempts that rules refused, and the agents' states. */
async function fillOutbound(insert: Insert, dayMs: number, day: number): Promise<void> {
  const reasons = ['no-consent', 'outside-window', 'refused-by-person', 'too-often'];
  const at = (i: number): Date => new Date(dayMs + (9 * 3_600 + i * 1_800) * 1_000);
  const person = (i: number): string => `person${(day + i) % 5}`.padEnd(24, 'x');
  const attempts = Array.from({ length: 10 }, (_, i) => ({
    ...{ _id: `out-${dayMs}-${i}`, at: at(i), agentId: 'agent1', numberHash: person(i), numberMasked: `138****000${(day + i) % 5}` },
    ...{ purpose: 'complaint-return', from: '4001000', trunkId: 'carrier-1' },
    ...(i % 5 === 4
      ? { allowed: false, reason: reasons[(day + i) % reasons.length] }
      : { allowed: true, consentId: `consent-${person(i)}` }),
  }));
  const allowed = attempts.filter((attempt) => attempt.allowed);
  await insert('outbound_attempts', attempts);
  // Five of seven consents are in force: those that the calls of every day rest on.
  if (day === 0)
    await insert(
      'outbound_consents',
      Array.from({ length: 7 }, (_, i) => ({
        ...{ _id: i < 5 ? `consent-${person(i)}` : `consent-${dayMs}-${i}`, numberHash: person(i), purposes: ['complaint-return'] },
        ...{ numberMasked: '138****0000', channel: 'written', givenAt: at(0), at: at(0) },
        ...(i === 5 ? { withdrawn: { at: at(1), by: 'person', reason: 'asked' } } : i === 6 ? { validUntil: at(1) } : {}),
      })),
    );
  await insert(
    'calls',
    allowed.map(({ _id, at: invitedAt, numberHash, numberMasked, from, trunkId }, i) => ({
      ...plainCall(_id),
      ...{ callerNumber: '13800000000', agentIds: ['agent1'] },
      ...{ _id, direction: 'outbound', trunkId, called: from, callerMasked: numberMasked, callerHash: numberHash, invitedAt },
      ...(i % 4 === 3 ? { cause: 'far-no-answer' } : { answeredAt: new Date(invitedAt.getTime() + 9_000), cause: 'completed' }),
      postDialDelayMs: 600 + ((i * 277) % 4_000),
      ...{ endedAt: new Date(invitedAt.getTime() + 90_000), talks: [], holds: [], media: [], by: 'agent' },
    })),
  );
  await insert(
    'recordings',
    allowed
      .filter((_, i) => i % 4 !== 3)
      .map(({ _id, at: startedAt }) => ({
        ...{
          _id,
          startedAt: startedAt.toISOString(),
          sha256: _id.padEnd(64, '0').slice(0, 64),
          durationMs: 81_000,
          sizeBytes: 486_000,
          ...plainRecording,
        },
        facets: { direction: 'outbound', called: '4001000', agentIds: ['agent1'], queueId: '' },
      })),
  );
  await insert(
    'evidence_seat_sessions',
    Array.from({ length: 8 }, (_, agent) => ({
      ...{ _id: `seat-${dayMs}-${agent}`, agentId: `agent${agent}`, at: new Date(dayMs), offlineAt: new Date(dayMs + DAY_MS - 1) },
    })),
  );
  await insert(
    'evidence_agent_states',
    (['ready', 'wrap-up', 'break'] as const).flatMap((state, i) =>
      Array.from({ length: 8 }, (_, agent) => ({
        ...{ _id: `state-${dayMs}-${i}-${agent}`, agentId: `agent${agent}`, state },
        at: at(i * 2),
        untilAt: new Date(at(i * 2).getTime() + (i + 1) * 900_000),
      })),
    ),
  );
}
