import type { Reads } from '../../shared/records/reads.js';
import type { CentreRecords } from '../ports.js';

const OPEN_COMPLAINTS = 5;
const CALLS_A_DAY = 1_000;

export type CentreReads = Pick<
  Reads,
  'calls' | 'serviceNumbers' | 'registerEntries' | 'complaints' | 'agentStates' | 'surveys' | 'surveyAnswers' | 'reviews'
>;

/** The records of the rest of the centre that a seat sees. */
export function createCentreRecords(reads: CentreReads): CentreRecords {
  return {
    async endedCall(callId) {
      const row = await reads.calls.one(callId, ['callerHash', 'callerMasked', 'agentIds', 'called', 'direction', 'queueId', 'scripts']);
      if (row === undefined) return undefined;
      const { queueId, _id, ...facts } = row;
      return { callId, ...facts, ...(queueId === undefined ? {} : { queueId }) };
    },
    async client(called) {
      const number = await reads.serviceNumbers.one(called, ['name', 'clientUnit', 'greeting']);
      if (number === undefined) return null;
      const unit =
        number.clientUnit === undefined ? undefined : await reads.registerEntries.one(`clients/${number.clientUnit}`, ['values']);
      const registered = unit?.values['name'];
      const name = typeof registered === 'string' ? registered : (number.clientUnit ?? number.name ?? '');
      const greeting = number.greeting ?? '';
      return name === '' && greeting === '' ? null : { name, greeting };
    },
    unitOf: async (called) => (await reads.serviceNumbers.one(called, ['clientUnit']))?.clientUnit,
    async openComplaints(callerHashes) {
      const rows = await reads.complaints.find(
        { 'complainant.numberHash': { $in: [...callerHashes] }, state: { $ne: 'closed' }, joinedInto: { $exists: false } },
        { fields: ['number', 'kind', 'receivedAt'], sort: { receivedAt: -1 }, limit: OPEN_COMPLAINTS },
      );
      return rows.map(({ _id, number, kind, receivedAt }) => ({ id: _id, number, kind, receivedAt: receivedAt.toISOString() }));
    },
    async complaintsOfCall(callId) {
      const rows = await reads.complaints.find(
        { callIds: callId },
        { fields: ['number'], sort: { receivedAt: -1 }, limit: OPEN_COMPLAINTS },
      );
      return rows.map(({ _id, number }) => ({ id: _id, number }));
    },
    callsOf: (agentId, from) =>
      reads.calls.find(
        { agentIds: agentId, invitedAt: { $gte: from }, class: { $ne: 'test' } },
        { fields: ['segments', 'direction'], limit: CALLS_A_DAY },
      ),
    stateSpans: (agentId, from) =>
      reads.agentStates.find({ agentId, $or: [{ untilAt: { $gte: from } }, { untilAt: null }] }, { fields: ['state', 'at', 'untilAt'] }),
    async scores(agentId, from) {
      const surveys = await reads.surveys.find({ agentId, at: { $gte: from } }, { fields: [] });
      const answers = await reads.surveyAnswers.find(
        { surveyId: { $in: surveys.map(({ _id }) => _id) } },
        { fields: ['surveyId', 'score', 'corrects'], sort: { at: 1 } },
      );
      const corrected = new Set(answers.map(({ corrects }) => corrects));
      const inForce = new Map(answers.filter(({ _id }) => !corrected.has(_id)).map(({ surveyId, score }) => [surveyId, score]));
      return [...inForce.values()].filter((score) => score !== null);
    },
    async reviewPercents(agentId, from) {
      const rows = await reads.reviews.find({ agentId, at: { $gte: from.toISOString() } }, { fields: ['score', 'appealAnswer'] });
      return rows.flatMap(({ score, appealAnswer }) => (appealAnswer?.upheld === true ? [] : [score.percent]));
    },
  };
}
