import type { Connection } from 'mongoose';
import type { StoredRows, Stretch } from '../ports.js';
import { PROOF_AGENT, PROOF_NUMBER } from '../../shared/domain/proof.js';
import type {
  AlarmRow,
  AttemptRow,
  CallRow,
  ComplaintRow,
  ProofRow,
  RecordingRow,
  ReviewRow,
  StateRow,
  SurveyRow,
} from '../quality/call-row.js';

type Doc = Readonly<Record<string, unknown>>;

/** Read in days, so that neither side sorts more than a day at once. */
const DAY_MS = 86_400_000;
const BATCH = 500;

function ms(value: unknown): number | undefined {
  const atMs = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const figure = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const list = (value: unknown): readonly Doc[] => (Array.isArray(value) ? (value as Doc[]) : []);
const span = (spans: readonly Doc[]): number => spans.reduce((sum, { from, to }) => sum + Math.max(0, (ms(to) ?? 0) - (ms(from) ?? 0)), 0);
const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });

interface Source {
  readonly collection: string;
  readonly time: string;
  /** Recordings and reviews keep their time as ISO 8601 text, which sorts as time does. */
  readonly textTime?: true;
  readonly fields: readonly string[];
  /** How rows that proof calls make are told from those of the service: field and value. They stand in `proofs`. */
  readonly proof?: readonly [field: string, value: string];
}

const sources = {
  calls: {
    collection: 'calls',
    time: 'invitedAt',
    proof: ['called', PROOF_NUMBER],
    fields: [
      'direction',
      'invitedAt',
      'answeredAt',
      'queuedAt',
      'agentAnsweredAt',
      'endedAt',
      'called',
      'queueId',
      'agentId',
      'trunkId',
      'callerHash',
      'cause',
      'by',
      'talks.from',
      'talks.to',
      'holds.from',
      'holds.to',
      ...['leg', 'packetsReceived', 'packetsLost', 'jitterMs', 'roundTripMs'].map((name) => `media.${name}`),
      'ledgerNumber',
      'postDialDelayMs',
    ],
  },
  recordings: {
    collection: 'recordings',
    time: 'startedAt',
    textTime: true,
    proof: ['facets.called', PROOF_NUMBER],
    fields: ['startedAt', 'sha256', 'durationMs', 'sizeBytes', 'facets.queueId', 'facets.called', 'facets.agentIds', 'facets.direction'],
  },
  complaints: {
    collection: 'complaints',
    time: 'receivedAt',
    fields: [
      'number',
      'receivedAt',
      'clocks',
      'answers',
      'closedAt',
      'kind',
      'source',
      'upheld',
      'actions',
      'satisfaction',
      'state',
      'joinedInto',
      'earlier',
    ],
  },
  surveys: { collection: 'surveys', time: 'at', fields: ['callId', 'at', 'queueId', 'agentId'] },
  proofs: { collection: 'proof_calls', time: 'at', fields: ['at', 'ok', 'totalMs', 'origin'] },
  reviews: {
    collection: 'reviews',
    time: 'at',
    textTime: true,
    fields: ['callId', 'at', 'queueId', 'agentId', 'score'],
  },
  attempts: {
    collection: 'outbound_attempts',
    time: 'at',
    fields: ['at', 'allowed', 'reason', 'purpose', 'numberHash', 'numberMasked', 'from', 'trunkId', 'consentId', 'way', 'unused'],
  },
  alarms: {
    collection: 'fraud_alarms',
    time: 'at',
    fields: [
      'at',
      'pattern',
      'subject.kind',
      'subject.shown',
      'count',
      'of',
      'limit',
      'stopId',
      'settled.at',
      'settled.byName',
      'settled.finding',
      'settled.lifted',
    ],
  },
  states: {
    collection: 'evidence_agent_states',
    time: 'at',
    proof: ['agentId', PROOF_AGENT],
    fields: ['agentId', 'at', 'untilAt', 'state'],
  },
} as const satisfies Record<string, Source>;

const literal = (atMs: number, textTime: boolean | undefined): string =>
  textTime === true ? `"${new Date(atMs).toISOString()}"` : `ISODate("${new Date(atMs).toISOString()}")`;

const query = ({ collection, time, fields, textTime, proof }: Source, { fromMs, untilMs }: Stretch): string =>
  `db.${collection}.find({${time}: {$gte: ${literal(fromMs, textTime)}, $lt: ${literal(untilMs, textTime)}}${proof === undefined ? '' : `, "${proof[0]}": {$ne: "${proof[1]}"}`}}, {${fields.map((field) => `${field}: 1`).join(', ')}}).sort({${time}: 1})`;

/** Rows of the collections that the other slices own, read only, each with what the figures need and no number of a person. */
export function createMongoRows(mongo: Connection): StoredRows {
  async function* read(
    { collection, time, fields, textTime, proof }: Source,
    { fromMs, untilMs }: Stretch,
  ): AsyncGenerator<readonly Doc[]> {
    const ours = proof === undefined ? {} : { [proof[0]]: { $ne: proof[1] } };
    const projection = Object.fromEntries(fields.map((field) => [field, 1]));
    const bound = (atMs: number): Date | string => (textTime === true ? new Date(atMs).toISOString() : new Date(atMs));
    for (let dayMs = fromMs; dayMs < untilMs; dayMs += DAY_MS) {
      const cursor = mongo
        .collection(collection)
        .find({ [time]: { $gte: bound(dayMs), $lt: bound(Math.min(untilMs, dayMs + DAY_MS)) }, ...ours }, { projection, batchSize: BATCH })
        .sort({ [time]: 1 });
      // The whole answer of the store at once: a step for each row would cost more than the row.
      for await (const first of cursor) yield [first, ...cursor.readBufferedDocuments()];
    }
  }
  async function* rows<Row>(source: Source, stretch: Stretch, toRow: (doc: Doc) => Row | undefined): AsyncGenerator<readonly Row[]> {
    for await (const docs of read(source, stretch)) {
      const batch: Row[] = [];
      for (const doc of docs) {
        const row = toRow(doc);
        if (row !== undefined) batch.push(row);
      }
      yield batch;
    }
  }
  /** Answers and their corrections are rows of their own; the one in force is that which no other corrects, the newest. */
  async function* withAnswers(invitations: AsyncIterable<readonly SurveyRow[]>): AsyncGenerator<readonly SurveyRow[]> {
    for await (const invited of invitations) {
      const answers = await mongo
        .collection('survey_answers')
        .find({ surveyId: { $in: invited.map(({ surveyId }) => surveyId) } })
        .sort({ at: 1 })
        .toArray();
      const corrected = new Set(answers.map((answer) => text(answer['corrects'])));
      const inForce = new Map(
        answers.filter((answer) => !corrected.has(idOf(answer))).map((answer) => [text(answer['surveyId']), answer as Doc]),
      );
      const bySurvey = new Map<string, Doc[]>();
      for (const answer of answers) {
        const surveyId = text(answer['surveyId']);
        bySurvey.set(surveyId, [...(bySurvey.get(surveyId) ?? []), answer]);
      }
      yield invited.map((row) => {
        const answer = inForce.get(row.surveyId);
        return {
          ...row,
          answers: JSON.stringify((bySurvey.get(row.surveyId) ?? []).map(shortAnswer)),
          ...given('score', figure(answer?.['score'])),
          ...(typeof answer?.['solved'] === 'boolean' ? { solved: answer['solved'] } : {}),
        };
      });
    }
  }
  return {
    calls: (stretch) => rows(sources.calls, stretch, toCall),
    recordings: (stretch) => rows(sources.recordings, stretch, toRecording),
    complaints: (stretch) => rows(sources.complaints, stretch, toComplaint),
    surveys: (stretch) => withAnswers(rows(sources.surveys, stretch, toSurvey)),
    proofs: (stretch) => rows(sources.proofs, stretch, toProof),
    reviews: (stretch) => rows(sources.reviews, stretch, toReview),
    attempts: (stretch) => rows(sources.attempts, stretch, toAttempt),
    alarms: (stretch) => rows(sources.alarms, stretch, toAlarm),
    states: (stretch) => rows(sources.states, stretch, toState),
    queries: Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, (stretch: Stretch) => query(source, stretch)])),
  };
}

const idOf = (doc: Doc): string => (typeof doc['_id'] === 'string' ? doc['_id'] : String(doc['_id']));

function toCall(doc: Doc): CallRow | undefined {
  const invitedAtMs = ms(doc['invitedAt']);
  if (invitedAtMs === undefined) return undefined;
  const outbound = doc['direction'] === 'outbound';
  const caller = list(doc['media']).find(({ leg }) => leg === 'caller') ?? list(doc['media'])[0];
  const received = figure(caller?.['packetsReceived']) ?? 0;
  const lost = figure(caller?.['packetsLost']) ?? 0;
  return {
    callId: text(doc['callId']) || idOf(doc),
    direction: outbound ? 'outbound' : 'inbound',
    invitedAtMs,
    ...given('answeredAtMs', ms(doc['answeredAt'])),
    ...given('queuedAtMs', ms(doc['queuedAt'])),
    ...given('agentAnsweredAtMs', ms(doc['agentAnsweredAt'])),
    endedAtMs: ms(doc['endedAt']) ?? invitedAtMs,
    // The number of ours, also of an outbound call; whom we called stays in the call record.
    called: text(doc['called']),
    queueId: text(doc['queueId']),
    agentId: text(doc['agentId']),
    trunkId: text(doc['trunkId']),
    callerKey: text(doc['callerHash']).slice(0, 16),
    cause: text(doc['cause']),
    releasedBy: text(doc['by']),
    talkMs: span(list(doc['talks'])),
    holdMs: span(list(doc['holds'])),
    ...(received + lost === 0
      ? {}
      : {
          lossPercent: Number(((100 * Math.max(0, lost)) / (received + Math.max(0, lost))).toFixed(4)),
          jitterMs: Number((figure(caller?.['jitterMs']) ?? 0).toFixed(3)),
          ...given('roundTripMs', figure(caller?.['roundTripMs'])),
        }),
    ...given('ledgerNumber', figure(doc['ledgerNumber'])),
    ...given('postDialDelayMs', figure(doc['postDialDelayMs'])),
  };
}

function toRecording(doc: Doc): RecordingRow | undefined {
  const atMs = ms(doc['startedAt']);
  if (atMs === undefined || text(doc['sha256']) === '') return undefined;
  const facets = (doc['facets'] ?? {}) as Doc;
  return {
    callId: text(doc['callId']) || idOf(doc),
    atMs,
    sha256: text(doc['sha256']),
    durationMs: figure(doc['durationMs']) ?? 0,
    sizeBytes: figure(doc['sizeBytes']) ?? 0,
    queueId: text(facets['queueId']),
    called: text(facets['called']),
    handled: list(facets['agentIds']).length > 0 && facets['direction'] !== 'outbound',
  };
}

function toComplaint(doc: Doc): ComplaintRow | undefined {
  const receivedAtMs = ms(doc['receivedAt']);
  if (receivedAtMs === undefined || doc['joinedInto'] !== undefined) return undefined;
  const clock = list(doc['clocks'])[0];
  const answeredAtMs = ms(list(doc['answers'])[0]?.['at']) ?? ms(clock?.['stoppedAt']);
  const satisfaction = doc['satisfaction'] as Doc | undefined;
  return {
    number: text(doc['number']),
    receivedAtMs,
    ...given('dueAtMs', ms(clock?.['dueAt'])),
    ...given('answeredAtMs', answeredAtMs),
    ...given('closedAtMs', ms(doc['closedAt'])),
    kind: text(doc['kind']),
    source: text(doc['source']),
    upheld: doc['upheld'] === undefined ? '' : doc['upheld'] === true ? 'yes' : 'no',
    reopened: list(doc['actions']).some(({ what }) => what === 'reopened'),
    appeal: text(doc['source']) === 'regulator',
    ...given('satisfaction', figure(satisfaction?.['score'])),
    ...given('satisfactionAtMs', ms(satisfaction?.['at'])),
    state: text(doc['state']),
    earlier: JSON.stringify(
      list(doc['earlier']).map((before) => ({
        untilMs: ms(before['until']),
        kind: text(before['kind']),
        upheld: before['upheld'] === true,
        closedAtMs: ms(before['closedAt']),
        satisfaction: figure((before['satisfaction'] as Doc | undefined)?.['score']),
        satisfactionAtMs: ms((before['satisfaction'] as Doc | undefined)?.['at']),
      })),
    ),
  };
}

function toSurvey(doc: Doc): SurveyRow | undefined {
  const atMs = ms(doc['at']);
  return atMs === undefined
    ? undefined
    : {
        surveyId: idOf(doc),
        callId: text(doc['callId']),
        atMs,
        queueId: text(doc['queueId']),
        agentId: text(doc['agentId']),
        answers: '[]',
      };
}

const shortAnswer = (answer: Doc): object => ({
  id: idOf(answer),
  atMs: ms(answer['at']),
  score: answer['score'] ?? null,
  solved: answer['solved'] ?? null,
  corrects: answer['corrects'] ?? null,
});

function toProof(doc: Doc): ProofRow | undefined {
  const atMs = ms(doc['at']);
  return atMs === undefined
    ? undefined
    : { proofId: idOf(doc), atMs, ok: doc['ok'] === true, totalMs: figure(doc['totalMs']) ?? 0, origin: text(doc['origin']) };
}

function toState(doc: Doc): StateRow | undefined {
  const [fromMs, untilMs] = [ms(doc['at']), ms(doc['untilAt'])];
  return fromMs === undefined || untilMs === undefined
    ? undefined
    : { agentId: text(doc['agentId']), fromMs, untilMs, state: text(doc['state']) };
}

function toReview(doc: Doc): ReviewRow | undefined {
  const atMs = ms(doc['at']);
  const score = (doc['score'] ?? {}) as Doc;
  if (atMs === undefined) return undefined;
  return {
    reviewId: idOf(doc),
    callId: text(doc['callId']),
    atMs,
    queueId: text(doc['queueId']),
    agentId: text(doc['agentId']),
    scorePercent: figure(score['percent']) ?? 0,
    critical: list(score['critical']).length,
    fatal: list(score['fatal']).length,
  };
}

function toAttempt(doc: Doc): AttemptRow | undefined {
  const atMs = ms(doc['at']);
  // Legs of other calls (transfers, consultations, overflow) need no consent: they are no calls out.
  const calledOut = ['', 'call-out', 'callback'].includes(text(doc['way'])) && doc['unused'] !== true;
  if (atMs === undefined || !calledOut) return undefined;
  return {
    callId: idOf(doc),
    atMs,
    allowed: doc['allowed'] === true,
    reason: text(doc['reason']),
    purpose: text(doc['purpose']),
    personKey: text(doc['numberHash']).slice(0, 16),
    numberMasked: text(doc['numberMasked']),
    shown: text(doc['from']),
    trunkId: text(doc['trunkId']),
    consentId: text(doc['consentId']),
  };
}

function toAlarm(doc: Doc): AlarmRow | undefined {
  const atMs = ms(doc['at']);
  if (atMs === undefined) return undefined;
  const subject = (doc['subject'] ?? {}) as Doc;
  const settled = (doc['settled'] ?? {}) as Doc;
  return {
    alarmId: idOf(doc),
    atMs,
    pattern: text(doc['pattern']),
    subjectKind: text(subject['kind']),
    subject: text(subject['shown']),
    count: figure(doc['count']) ?? 0,
    of: figure(doc['of']) ?? 0,
    limit: figure(doc['limit']) ?? 0,
    stopped: text(doc['stopId']) !== '',
    ...given('settledAtMs', ms(settled['at'])),
    settledBy: text(settled['byName']),
    lifted: settled['lifted'] === true,
    finding: text(settled['finding']),
  };
}
