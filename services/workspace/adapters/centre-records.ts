import type { Connection } from 'mongoose';
import type { CentreRecords, DayCall, StateSpan } from '../ports.js';

interface CallRow {
  readonly _id: string;
  readonly callerHash?: string | null;
  readonly callerMasked?: string;
  readonly agentIds?: readonly string[];
  readonly called?: string;
  readonly queueId?: string;
}

const OPEN_COMPLAINTS = 5;
const CALLS_A_DAY = 1_000;

/** What calls, routing, registry, complaints, satisfaction, recording and evidence keep, read only and by the fields named here. */
export function createCentreRecords(mongo: Connection): CentreRecords {
  const calls = mongo.collection<CallRow>('calls');
  return {
    async endedCall(callId) {
      const row = await calls.findOne({ _id: callId }, { projection: { callerNumber: 0, history: 0, media: 0 } });
      if (row === null) return undefined;
      const { callerMasked = '', agentIds = [], called = '', queueId } = row;
      // The driver gives null for a field that was written without a value.
      const callerHash = row.callerHash ?? undefined;
      return { callId, callerHash, callerMasked, agentIds, called, ...(queueId === undefined ? {} : { queueId }) };
    },
    async client(called) {
      const number = await mongo
        .collection<{ _id: string; name?: string; clientUnit?: string; greeting?: string }>('service_numbers')
        .findOne({ _id: called }, { projection: { name: 1, clientUnit: 1, greeting: 1 } });
      if (number === null) return null;
      const unit =
        number.clientUnit === undefined
          ? null
          : await mongo
              .collection<{ _id: string; values?: { name?: unknown } }>('registry_entries')
              .findOne({ _id: `clients/${number.clientUnit}` }, { projection: { 'values.name': 1 } });
      const name = typeof unit?.values?.name === 'string' ? unit.values.name : (number.clientUnit ?? number.name ?? '');
      const greeting = number.greeting ?? '';
      return name === '' && greeting === '' ? null : { name, greeting };
    },
    async openComplaints(callerHash) {
      const rows = await mongo
        .collection<{ _id: string; number: string; kind: string; receivedAt: Date }>('complaints')
        .find(
          { 'complainant.numberHash': callerHash, state: { $ne: 'closed' }, joinedInto: { $exists: false } },
          { projection: { number: 1, kind: 1, receivedAt: 1 } },
        )
        .sort({ receivedAt: -1 })
        .limit(OPEN_COMPLAINTS)
        .toArray();
      return rows.map(({ _id, number, kind, receivedAt }) => ({ id: _id, number, kind, receivedAt: receivedAt.toISOString() }));
    },
    async thresholds() {
      const rows = await mongo
        .collection<{ _id: string; serviceLevel?: { thresholdMs?: number } }>('queues')
        .find({}, { projection: { serviceLevel: 1 } })
        .toArray();
      return new Map(
        rows.flatMap(({ _id, serviceLevel }) => (serviceLevel?.thresholdMs === undefined ? [] : [[_id, serviceLevel.thresholdMs]])),
      );
    },
    callsOf: (agentId, from) =>
      mongo
        .collection('calls')
        .find<DayCall>(
          { agentIds: agentId, invitedAt: { $gte: from } },
          { projection: { _id: 0, queueId: 1, queuedAt: 1, agentAnsweredAt: 1, talks: 1 } },
        )
        .limit(CALLS_A_DAY)
        .toArray(),
    stateSpans: (agentId, from) =>
      mongo
        .collection('evidence_agent_states')
        .find<StateSpan>(
          { agentId, $or: [{ untilAt: { $gte: from } }, { untilAt: null }] },
          { projection: { _id: 0, state: 1, at: 1, untilAt: 1 } },
        )
        .toArray(),
    async scores(agentId, from) {
      const surveys = await mongo
        .collection<{ _id: string }>('surveys')
        .find({ agentId, at: { $gte: from } }, { projection: { _id: 1 } })
        .toArray();
      const answers = await mongo
        .collection<{ _id: string; surveyId: string; score: number | null; corrects?: string }>('survey_answers')
        .find({ surveyId: { $in: surveys.map(({ _id }) => _id) } })
        .sort({ at: 1 })
        .toArray();
      const corrected = new Set(answers.map(({ corrects }) => corrects));
      const inForce = new Map(answers.filter(({ _id }) => !corrected.has(_id)).map(({ surveyId, score }) => [surveyId, score]));
      return [...inForce.values()].filter((score) => score !== null);
    },
    async reviewPercents(agentId, from) {
      const rows = await mongo
        .collection<{ score?: { percent?: number }; appealAnswer?: { upheld?: boolean } }>('reviews')
        .find({ agentId, at: { $gte: from.toISOString() } }, { projection: { score: 1, appealAnswer: 1 } })
        .toArray();
      return rows.flatMap(({ score, appealAnswer }) =>
        score?.percent === undefined || appealAnswer?.upheld === true ? [] : [score.percent],
      );
    },
  };
}
