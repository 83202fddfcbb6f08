import { TEST_PURPOSE } from '../../../shared/domain/calls/call-purpose.js';
import { PROOF_AGENT, PROOF_NUMBER } from '../../../shared/domain/proof.js';
import type { RecordReads, RowFilter } from '../../../shared/records/record-reads.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { RecordingLooks, StoredRows, Stretch } from '../../ports.js';
import type { AlarmRow, AttemptRow, CallRow, ComplaintRow, ProofRow, ReviewRow, SurveyRow } from '../../quality/call-row.js';
import { toRecording, withObjects, type SizeOf } from './recording-rows.js';
import { surveyKeysOf, withAnswers } from './survey-rows.js';
import { toState, visitsOf, withCalls } from '../fact-rows.js';
import { createProofRows, proofQueries, type ProofReads } from './mongo-proof-rows.js';
import { createWitnessRows, witnessQueries, type WitnessReads } from './mongo-witness-rows.js';
import type { SeatRows } from './mongo-seat-log.js';

/** Rows are read day by day, so that neither side sorts more than a day at once. */
const DAY_MS = 86_400_000;

const span = (spans: readonly { readonly from: Date; readonly to: Date }[]): number =>
  spans.reduce((sum, { from, to }) => sum + Math.max(0, to.getTime() - from.getTime()), 0);
const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
const momentOf = <K extends string>(key: K, at: Date | undefined): { [P in K]?: number } => given(key, at?.getTime());

interface Source<Row extends { readonly _id: string }, Field extends keyof Row & string> {
  readonly reads: RecordReads<Row>;
  readonly time: keyof Row & string;
  /** Recordings and reviews store their time as ISO 8601 text, which sorts by time. */
  readonly textTime?: true;
  readonly fields: readonly Field[];
  /** Fields and values that exclude rows of test calls, which are in `proofs`. */
  readonly without?: Readonly<Record<string, string>>;
}

/** The parts of a source's query text. */
interface QueriedSource extends Pick<Source<{ readonly _id: string }, '_id'>, 'textTime' | 'without'> {
  readonly reads: Pick<RecordReads<{ readonly _id: string }>, 'collection'>;
  readonly time: string;
  readonly fields: readonly string[];
}

/**
 * The rows of the slices that own them, with the fields that figures need and without people's numbers. A row that does not fit makes the
 * reading fail.
 */
export function createMongoRows(
  reads: RowReads,
  newSizes: () => SizeOf,
  {
    seats,
    zone,
    newLooks,
  }: {
    readonly seats: SeatRows;
    readonly zone: string;
    /** For packs, which also read some of the objects that the store lists. */
    readonly newLooks?: (() => RecordingLooks) | undefined;
  },
): StoredRows {
  const sources = sourcesOf(reads);
  return {
    calls: (stretch) => rows(sources.calls, stretch, toCall),
    recordings: (stretch) =>
      withObjects(rows(sources.recordings, stretch, toRecording), reads, { sizeOf: newSizes(), looks: newLooks?.(), stretch }),
    archived: (stretch) =>
      rows(sources.recordings, stretch, (stored) => {
        const { row, deleted } = toRecording(stored);
        return { ...row, deleted };
      }),
    complaints: (stretch) => rows(sources.complaints, stretch, toComplaint),
    surveys: (stretch) => withAnswers(rows(sources.surveys, stretch, toSurvey), reads),
    proofs: (stretch) => rows(sources.proofs, stretch, toProof),
    reviews: (stretch) => rows(sources.reviews, stretch, toReview),
    attempts: (stretch) => rows(sources.attempts, stretch, toAttempt),
    alarms: (stretch) => rows(sources.alarms, stretch, toAlarm),
    states: (stretch) => withCalls(rows(sources.states, stretch, toState), reads),
    ...createProofRows(reads),
    ...createWitnessRows(reads, zone),
    seats: seats.read,
    queries: {
      ...Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, (stretch: Stretch) => queryText(source, stretch)])),
      ...proofQueries(reads),
      ...witnessQueries(reads),
      seats: seats.query,
    },
  };
}

export type RowReads = Pick<
  Reads,
  | 'calls'
  | 'recordings'
  | 'complaints'
  | 'surveys'
  | 'surveyAnswers'
  | 'reviews'
  | 'attempts'
  | 'fraudAlarms'
  | 'agentStates'
  | 'proofCalls'
> &
  ProofReads &
  WitnessReads;

/** The fields that are read for each kind of row. */
const fieldsOf = {
  calls: [
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
    'talks',
    'holds',
    'visits',
    'class',
    'media',
    'ledgerNumber',
    'postDialDelayMs',
    'scripts',
    'history',
  ],
  recordings: ['startedAt', 'sha256', 'durationMs', 'sizeBytes', 'facets', 'objectKey', 'objectVersion', 'deletion', 'opened'],
  complaints: [
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
  surveys: ['callId', 'at', 'method', 'queueId', 'agentId'],
  proofs: ['at', 'ok', 'totalMs', 'origin', 'linesDown', 'over', 'echo'],
  reviews: ['callId', 'at', 'queueId', 'agentId', 'score'],
  attempts: ['at', 'allowed', 'reason', 'purpose', 'numberHash', 'numberMasked', 'from', 'trunkId', 'consentId', 'way', 'unused'],
  alarms: ['at', 'pattern', 'subject', 'count', 'of', 'limit', 'stopId', 'settled'],
  states: ['agentId', 'at', 'untilAt', 'state', 'callId'],
} as const;

const sourcesOf = (reads: RowReads) => ({
  calls: { reads: reads.calls, time: 'invitedAt', without: { called: PROOF_NUMBER }, fields: fieldsOf.calls } as const,
  recordings: {
    reads: reads.recordings,
    time: 'startedAt',
    textTime: true,
    without: { 'facets.called': PROOF_NUMBER },
    fields: fieldsOf.recordings,
  } as const,
  complaints: { reads: reads.complaints, time: 'receivedAt', fields: fieldsOf.complaints } as const,
  surveys: { reads: reads.surveys, time: 'at', fields: fieldsOf.surveys } as const,
  proofs: { reads: reads.proofCalls, time: 'at', fields: fieldsOf.proofs } as const,
  reviews: { reads: reads.reviews, time: 'at', textTime: true, fields: fieldsOf.reviews } as const,
  attempts: { reads: reads.attempts, time: 'at', fields: fieldsOf.attempts } as const,
  alarms: { reads: reads.fraudAlarms, time: 'at', fields: fieldsOf.alarms } as const,
  states: { reads: reads.agentStates, time: 'at', without: { agentId: PROOF_AGENT }, fields: fieldsOf.states } as const,
});

type Sources = ReturnType<typeof sourcesOf>;
/** A row as it is read from the source of that name. */
type Of<Name extends keyof Sources> =
  Sources[Name]['reads'] extends RecordReads<infer Row extends { readonly _id: string }>
    ? Pick<Row, ((typeof fieldsOf)[Name][number] | '_id') & keyof Row>
    : never;

const literal = (atMs: number, textTime: boolean | undefined): string =>
  textTime === true ? `"${new Date(atMs).toISOString()}"` : `ISODate("${new Date(atMs).toISOString()}")`;

const queryText = ({ reads, time, fields, textTime, without = {} }: QueriedSource, { fromMs, untilMs }: Stretch): string =>
  `db.${reads.collection}.find({${time}: {$gte: ${literal(fromMs, textTime)}, $lt: ${literal(untilMs, textTime)}}${Object.entries(without)
    .map(([field, value]) => `, "${field}": {$ne: "${value}"}`)
    .join('')}}, {${fields.map((field) => `${field}: 1`).join(', ')}}).sort({${time}: 1})`;

async function* rows<Stored extends { readonly _id: string }, Field extends keyof Stored & string, Row>(
  { reads, time, fields, textTime, without = {} }: Source<Stored, Field>,
  { fromMs, untilMs }: Stretch,
  toRow: (stored: Pick<Stored, Field | '_id'>) => Row | undefined,
): AsyncGenerator<readonly Row[]> {
  const ours = Object.fromEntries(Object.entries(without).map(([field, value]) => [field, { $ne: value }]));
  const bound = (atMs: number): Date | string => (textTime === true ? new Date(atMs).toISOString() : new Date(atMs));
  for (let dayMs = fromMs; dayMs < untilMs; dayMs += DAY_MS) {
    const filter = { [time]: { $gte: bound(dayMs), $lt: bound(Math.min(untilMs, dayMs + DAY_MS)) }, ...ours } as RowFilter<Stored>;
    for await (const stored of reads.batches(filter, {
      fields,
      sort: { [time]: 1 } as Readonly<Partial<Record<keyof Stored & string, 1>>>,
    })) {
      const batch: Row[] = [];
      for (const each of stored) {
        const row = toRow(each);
        if (row !== undefined) batch.push(row);
      }
      yield batch;
    }
  }
}

function toCall(call: Of<'calls'>): CallRow {
  const caller = call.media.find(({ leg }) => leg === 'caller') ?? call.media[0];
  const received = caller?.packetsReceived ?? 0;
  const lost = caller?.packetsLost ?? 0;
  return {
    callId: call._id,
    direction: call.direction,
    invitedAtMs: call.invitedAt.getTime(),
    ...momentOf('answeredAtMs', call.answeredAt),
    ...momentOf('queuedAtMs', call.queuedAt),
    ...momentOf('agentAnsweredAtMs', call.agentAnsweredAt),
    endedAtMs: call.endedAt.getTime(),
    // Our number, also for an outbound call. The called person's number stays in the call record.
    called: call.called,
    queueId: call.queueId ?? '',
    agentId: call.agentId ?? '',
    trunkId: call.trunkId,
    callerKey: (call.callerHash ?? '').slice(0, 16),
    cause: call.cause,
    releasedBy: call.by,
    talkMs: span(call.talks),
    holdMs: span(call.holds),
    handlings: call.talks.length,
    class: call.class,
    visits: JSON.stringify(visitsOf(call)),
    ...(caller === undefined || received + lost === 0
      ? {}
      : {
          lossPercent: Number(((100 * Math.max(0, lost)) / (received + Math.max(0, lost))).toFixed(4)),
          jitterMs: Number(caller.jitterMs.toFixed(3)),
          ...given('roundTripMs', caller.roundTripMs),
        }),
    ...given('ledgerNumber', call.ledgerNumber),
    ...given('postDialDelayMs', call.postDialDelayMs),
    ...(call.scripts.length === 0 ? {} : { scripts: [...new Set(call.scripts.map(({ scriptId }) => scriptId))].join(' ') }),
    ...given('surveyKeys', surveyKeysOf(call.history)),
  };
}

function toComplaint(complaint: Of<'complaints'>): ComplaintRow | undefined {
  if (complaint.joinedInto !== undefined) return undefined;
  const [clock] = complaint.clocks;
  return {
    number: complaint.number,
    receivedAtMs: complaint.receivedAt.getTime(),
    ...momentOf('dueAtMs', clock?.dueAt),
    ...momentOf('answeredAtMs', complaint.answers[0]?.at ?? clock?.stoppedAt),
    ...momentOf('closedAtMs', complaint.closedAt),
    kind: complaint.kind,
    source: complaint.source,
    upheld: complaint.upheld === undefined ? '' : complaint.upheld ? 'yes' : 'no',
    reopened: complaint.actions.some(({ what }) => what === 'reopened'),
    appeal: complaint.source === 'regulator',
    ...given('satisfaction', complaint.satisfaction?.score ?? undefined),
    ...momentOf('satisfactionAtMs', complaint.satisfaction?.at),
    state: complaint.state,
    earlier: JSON.stringify(
      complaint.earlier.map(({ until, kind, upheld, closedAt, satisfaction }) => ({
        untilMs: until.getTime(),
        kind,
        upheld: upheld === true,
        closedAtMs: closedAt?.getTime(),
        satisfaction: satisfaction?.score ?? undefined,
        satisfactionAtMs: satisfaction?.at.getTime(),
      })),
    ),
  };
}

const toSurvey = ({ _id, callId, at, method, queueId = '', agentId = '' }: Of<'surveys'>): SurveyRow => ({
  surveyId: _id,
  callId,
  atMs: at.getTime(),
  method,
  queueId,
  agentId,
  answers: '[]',
});

const toProof = ({ _id, at, ok, totalMs, origin, linesDown = [], over, echo }: Of<'proofs'>): ProofRow => ({
  ...{ proofId: _id, atMs: at.getTime(), ok, totalMs, origin },
  linesDown: linesDown.join(';'),
  over: over !== undefined ? `${over.trunkId}>${over.inBy}` : echo === undefined ? '' : `${echo.trunkId}>(echo)`,
});

const toReview = ({ _id, callId, at, queueId = '', agentId, score }: Of<'reviews'>): ReviewRow => ({
  reviewId: _id,
  callId,
  atMs: Date.parse(at),
  queueId,
  agentId,
  scorePercent: score.percent,
  critical: score.critical.length,
  fatal: score.fatal.length,
});

function toAttempt(attempt: Of<'attempts'>): AttemptRow | undefined {
  // Legs of other calls (transfers, consultations, overflow) need no consent: they are not outbound calls.
  if (!['call-out', 'callback'].includes(attempt.way) || attempt.unused === true) return undefined;
  // Nor do trunk tests, which reach no person.
  if (attempt.purpose === TEST_PURPOSE) return undefined;
  return {
    callId: attempt._id,
    atMs: attempt.at.getTime(),
    allowed: attempt.allowed,
    reason: attempt.reason ?? '',
    purpose: attempt.purpose,
    personKey: attempt.numberHash.slice(0, 16),
    numberMasked: attempt.numberMasked,
    shown: attempt.from ?? '',
    trunkId: attempt.trunkId ?? '',
    consentId: attempt.consentId ?? '',
  };
}

const toAlarm = ({ _id, at, pattern, subject, count, of, limit, stopId, settled }: Of<'alarms'>): AlarmRow => ({
  alarmId: _id,
  atMs: at.getTime(),
  pattern,
  subjectKind: subject.kind,
  subject: subject.shown,
  count,
  of,
  limit,
  stopped: stopId !== undefined,
  ...momentOf('settledAtMs', settled?.at),
  settledBy: settled?.byName ?? '',
  lifted: settled?.lifted === true,
  finding: settled?.finding ?? '',
});
