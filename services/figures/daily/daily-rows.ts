import type { DailyKey } from '../../shared/domain/figures/registry.js';
import { answersInForce } from '../../shared/domain/survey-answers.js';
import { withinReach } from '../../shared/platform/reach/reach.js';
import type { Span } from '../report.js';
import { callRows, contactRows } from './call-rows.js';
import { callbackRows, promiseRows } from './callback-rows.js';
import { peakChannelRows, peakTalkRows, peakWaitingRows } from './peak-rows.js';
import type { DailyNeeds, DailyRow, DailySource, DailySpan } from './daily-row.js';

const duringOf = ({ fromMs, untilMs }: Span) => ({ $gte: new Date(fromMs), $lt: new Date(untilMs) });

/** Callers who were asked for a score, with the valid answer. */
async function* surveyRows({ reads }: DailyNeeds, { reach, ...span }: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const asked = reads.surveys.batches(
    { at: duringOf(span) },
    { fields: ['callId', 'at', 'queueId', 'called', 'agentId'], sort: { at: 1 } },
  );
  for await (const batch of asked) {
    const own = batch.filter((survey) => withinReach(reach, survey, survey.at));
    const answers = await reads.surveyAnswers.find(
      { surveyId: { $in: own.map(({ _id }) => _id) } },
      { fields: ['surveyId', 'score', 'corrects'], sort: { at: 1 } },
    );
    const inForce = answersInForce(answers);
    yield own.map(({ _id, callId, at, queueId, called }) => {
      const score = inForce.get(_id)?.score ?? undefined;
      const given = score === undefined ? {} : { surveysValid: 1, ...(score >= 4 ? { surveysSatisfied: 1 } : {}) };
      return { id: _id, kind: 'survey', at, callId, queueId, called, counts: { surveysInvited: 1, ...given } };
    });
  }
}

async function* complaintRows({ reads }: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const received = reads.complaints.batches(
    { receivedAt: duringOf(span) },
    { fields: ['number', 'receivedAt', 'callIds', 'joinedInto'], sort: { receivedAt: 1 } },
  );
  for await (const batch of received)
    yield batch
      .filter(({ joinedInto }) => joinedInto === undefined)
      .map(({ number, receivedAt, callIds }) => ({
        ...{ id: number, kind: 'complaint' as const, at: receivedAt, callId: callIds[0] },
        counts: { complaints: 1 },
      }));
}

async function* refusalRows({ reads }: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const refused = reads.refusals.batches(
    { at: duringOf(span), reason: 'asked-by-key' },
    { fields: ['at', 'keptAt', 'numberMasked'], sort: { at: 1 } },
  );
  for await (const batch of refused)
    yield batch.flatMap(({ numberMasked, at, keptAt }) =>
      keptAt === undefined
        ? []
        : // A clock that was set back in between must not make it negative.
          [
            {
              id: numberMasked,
              kind: 'refusal',
              at,
              counts: { refusals: 1, refusalBlockMs: Math.max(0, keptAt.getTime() - at.getTime()) },
            },
          ],
    );
}

/** Test calls are so frequent that one from the day before shows the state at the start of the day. */
const BEFORE_MS = 86_400_000;

/** Each test call of the period; for a failed one also the time until the next success. */
async function* proofRows({ reads }: DailyNeeds, { fromMs, untilMs, nowMs }: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const endMs = Math.min(untilMs, nowMs);
  const proofs = await reads.proofCalls.find(
    { at: duringOf({ fromMs: fromMs - BEFORE_MS, untilMs: endMs }) },
    { fields: ['at', 'ok', 'callId'], sort: { at: 1 } },
  );
  yield proofs.flatMap(({ _id, at, ok, callId }, place): DailyRow[] => {
    const nextMs = proofs[place + 1]?.at.getTime() ?? endMs;
    const outageMs = ok ? 0 : Math.max(0, nextMs - Math.max(fromMs, at.getTime()));
    const isWithin = at.getTime() >= fromMs;
    return isWithin || outageMs > 0
      ? [{ id: _id, kind: 'proof-call', at, callId, counts: { ...(isWithin ? { proofCalls: 1 } : {}), outageMs } }]
      : [];
  });
}

async function* elementRows({ elementsOf }: DailyNeeds, { fromMs, untilMs }: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const found = await elementsOf({ from: new Date(fromMs), until: new Date(untilMs) });
  yield found.map(({ callId, at, isWhole }) => ({
    ...{ id: callId, kind: 'call' as const, at, callId },
    counts: { calledOut: 1, ...(isWhole ? { calledOutWhole: 1 } : {}) },
  }));
}

/** The rows that each figure is counted from. */
export const sourcesOf = {
  csat: [surveyRows],
  surveyResponse: [surveyRows],
  fcr: [contactRows],
  complaintsPer10000: [callRows, complaintRows],
  recordedIn: [callRows],
  recordedOut: [callRows],
  fourElements: [elementRows],
  refusalToBlock: [refusalRows],
  'peak.talks': [peakTalkRows],
  'peak.waiting': [peakWaitingRows],
  'peak.channels': [peakChannelRows],
  callbacksKept: [callbackRows, promiseRows],
  outage: [proofRows],
} as const satisfies Record<DailyKey, readonly DailySource[]>;
