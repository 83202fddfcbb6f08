import { Schema, type Connection } from 'mongoose';
import type { Reach } from '../../shared/platform/reach/reach.js';
import { ofMembers, withinReach } from '../../shared/platform/reach/reach.js';
import { schemaOf } from '../../shared/platform/stores/records.js';
import type { CallReads } from '../../shared/records/call.js';
import { surveyAnswerRecord, surveyRecord } from '../../shared/records/survey.js';
import type {
  CallBackTask,
  NotInvitedRow,
  PendingSurvey,
  PendingSurveys,
  SurveyFilter,
  SurveyStore,
  TaskStore,
  UnaskedCalls,
} from '../ports.js';
import type { Invitation, NotInvited, SurveyAnswer } from '../survey.js';

export type StoredInvitation = Omit<Invitation, 'surveyId'> & { readonly _id: string };
export type StoredAnswer = Omit<SurveyAnswer, 'answerId'> & { readonly _id: string };
type StoredTask = Omit<CallBackTask, 'taskId'> & { readonly _id: string };

export const SURVEYS = 'surveys';
export const SURVEY_ANSWERS = 'survey_answers';

const invitationSchema = schemaOf(SURVEYS, surveyRecord)
  .index({ numberHash: 1, at: -1 }, { sparse: true })
  .index({ at: -1 })
  .index({ agentId: 1, at: -1 })
  .index({ queueId: 1, at: -1 });

const answerSchema = schemaOf(SURVEY_ANSWERS, surveyAnswerRecord).index({ surveyId: 1, at: 1 }).index({ at: -1, score: 1 });

const taskSchema = new Schema<StoredTask>(
  { _id: { type: String, required: true }, state: String, openedAt: Date },
  { collection: 'callback_tasks', versionKey: false, strict: false },
).index({
  state: 1,
  openedAt: -1,
});

type StoredNot = Omit<NotInvitedRow, 'callId'> & { readonly _id: string };
const notSchema = new Schema<StoredNot>(
  { _id: { type: String, required: true }, at: Date, reason: String, queueId: String, agentId: String, called: String },
  { collection: 'surveys_not_made', versionKey: false },
).index({ at: -1 });

type StoredPending = Omit<PendingSurvey, 'callId'> & { readonly _id: string };
const pendingSchema = new Schema<StoredPending>(
  { _id: { type: String, required: true }, at: Date, queueId: String, agentId: String },
  { collection: 'surveys_pending', versionKey: false },
).index({ at: 1 });

/** The rows that a person may see: of their queues, of the numbers of their client units, or of the members of their teams. */
const withinFilter = ({ queues, numbers, members }: Reach, at: 'at' | 'openedAt') =>
  members !== undefined
    ? { $and: [ofMembers(members, { agent: 'agentId', at })] }
    : {
        ...(queues.length === 0 ? {} : { $and: [{ queueId: { $in: [...queues] } }] }),
        ...(numbers === undefined ? {} : { called: { $in: [...numbers] } }),
      };

const filterOf = ({ from, to, queueId, agentId, reach }: SurveyFilter) => ({
  at: { $gte: from, $lt: to },
  ...(agentId === undefined ? {} : { agentId }),
  ...(queueId === undefined ? {} : { queueId }),
  ...withinFilter(reach, 'at'),
});

/** Links work for seven days. Answers and corrections are read until 30 days after the period. */
const ANSWERED_WITHIN_MS = 30 * 86_400_000;

/** The number of answers in one step of the search for the worst. */
const WORST_PAGE = 200;

const toInvitation = ({ _id, ...rest }: StoredInvitation): Invitation => ({ surveyId: _id, ...rest });
const toAnswer = ({ _id, ...rest }: StoredAnswer): SurveyAnswer => ({ answerId: _id, ...rest });

export function createMongoSurveys(mongo: Connection): SurveyStore {
  const invitations = mongo.model('Survey', invitationSchema);
  const answers = mongo.model('SurveyAnswer', answerSchema);
  const notMade = mongo.model<StoredNot>('SurveyNotMade', notSchema);
  /** Answers that no later row corrects, each with its invitation. */
  async function inForceOf(low: readonly StoredAnswer[]): Promise<{ readonly invitation: Invitation; readonly answer: SurveyAnswer }[]> {
    const [invited, corrections] = await Promise.all([
      invitations.find({ _id: { $in: low.map(({ surveyId }) => surveyId) } }).lean<StoredInvitation[]>(),
      answers
        .find({ surveyId: { $in: low.map(({ surveyId }) => surveyId) }, corrects: { $exists: true } }, { corrects: 1 })
        .lean<Pick<StoredAnswer, '_id' | 'corrects'>[]>(),
    ]);
    const byId = new Map(invited.map((row) => [row._id, toInvitation(row)]));
    const corrected = new Set(corrections.flatMap(({ corrects }) => corrects ?? []));
    return low.flatMap((row) => {
      const invitation = byId.get(row.surveyId);
      return invitation === undefined || corrected.has(row._id) ? [] : [{ invitation, answer: toAnswer(row) }];
    });
  }

  return {
    async invite({ surveyId, ...rest }) {
      await invitations.updateOne({ _id: surveyId }, { $setOnInsert: rest }, { upsert: true });
    },
    async answer({ answerId, ...rest }) {
      return (await answers.updateOne({ _id: answerId }, { $setOnInsert: rest }, { upsert: true })).upsertedCount === 1;
    },
    async notInvited({ callId, ...rest }) {
      await notMade.updateOne({ _id: callId }, { $setOnInsert: rest }, { upsert: true });
    },
    async askedByLink(numberHash, since, butCallId) {
      return (await invitations.countDocuments({ numberHash, at: { $gt: since }, _id: { $ne: butCallId } }, { limit: 1 })) > 0;
    },
    async byId(surveyId) {
      const found = await invitations.findOne({ _id: surveyId }).lean<StoredInvitation>();
      return found === null ? undefined : toInvitation(found);
    },
    async ofCall(callId) {
      const found = await invitations.findOne({ _id: callId }).lean<StoredInvitation>();
      if (found === null) return undefined;
      return {
        invitation: toInvitation(found),
        answers: (await answers.find({ surveyId: callId }).sort({ at: 1 }).lean<StoredAnswer[]>()).map(toAnswer),
      };
    },
    async between(filter) {
      const [invited, reasons] = await Promise.all([
        invitations.find(filterOf(filter)).sort({ at: 1 }).lean<StoredInvitation[]>(),
        notMade.aggregate<{ _id: NotInvited; count: number }>([
          { $match: filterOf(filter) },
          { $group: { _id: '$reason', count: { $sum: 1 } } },
        ]),
      ]);
      const notInvited = Object.fromEntries(reasons.map(({ _id, count }) => [_id, count]));
      // Answers arrive within minutes of the call, by link within days; corrections when somebody finds a mistake.
      const found = await answers
        .find({ at: { $gte: filter.from, $lt: new Date(filter.to.getTime() + ANSWERED_WITHIN_MS) } })
        .sort({ at: 1 })
        .lean<StoredAnswer[]>();
      return { invitations: invited.map(toInvitation), answers: found.map(toAnswer), notInvited };
    },
    async worst({ from, to, queueId, agentId, reach }, limit) {
      const mine = (row: Invitation): boolean =>
        (queueId === undefined || row.queueId === queueId) &&
        (agentId === undefined || row.agentId === agentId) &&
        withinReach(reach, row, row.at);
      const found: { readonly invitation: Invitation; readonly answer: SurveyAnswer }[] = [];
      for (let skip = 0; found.length < limit; skip += WORST_PAGE) {
        const low = await answers
          .find({ at: { $gte: from, $lt: to }, score: { $ne: null } })
          .sort({ score: 1, at: -1 })
          .skip(skip)
          .limit(WORST_PAGE)
          .lean<StoredAnswer[]>();
        found.push(...(await inForceOf(low)).filter(({ invitation }) => mine(invitation)));
        if (low.length < WORST_PAGE) break;
      }
      return found.slice(0, limit);
    },
  };
}

export function createMongoTasks(mongo: Connection): TaskStore {
  const tasks = mongo.model<StoredTask>('CallBackTask', taskSchema);
  return {
    async open({ taskId, ...rest }) {
      await tasks.updateOne({ _id: taskId }, { $setOnInsert: rest }, { upsert: true });
    },
    async byId(taskId) {
      const found = await tasks.findOne({ _id: taskId }).lean<StoredTask>();
      if (found === null) return undefined;
      const { _id, ...rest } = found;
      return { taskId: _id, ...rest };
    },
    async list(state, { skip, limit, reach }) {
      const filter = {
        ...(state === undefined ? {} : { state }),
        ...withinFilter(reach, 'openedAt'),
      };
      const [found, total] = await Promise.all([
        tasks.find(filter).sort({ openedAt: -1 }).skip(skip).limit(limit).lean<StoredTask[]>(),
        tasks.countDocuments(filter),
      ]);
      return { tasks: found.map(({ _id, ...rest }) => ({ taskId: _id, ...rest })), total };
    },
    take: async (taskId, taken) =>
      (await tasks.updateOne({ _id: taskId, state: 'open' }, { $set: { ...taken, state: 'taken' } })).modifiedCount === 1,
    async finish(taskId, done) {
      return (await tasks.updateOne({ _id: taskId, state: { $ne: 'done' } }, { $set: { ...done, state: 'done' } })).modifiedCount === 1;
    },
  };
}

export function createMongoPendingSurveys(mongo: Connection): PendingSurveys {
  const pending = mongo.model<StoredPending>('PendingSurvey', pendingSchema);
  return {
    async put({ callId, ...rest }) {
      await pending.updateOne({ _id: callId }, { $setOnInsert: rest }, { upsert: true });
    },
    all: async (limit) =>
      (await pending.find().sort({ at: 1 }).limit(limit).lean<StoredPending[]>()).map(({ _id, ...rest }) => ({ callId: _id, ...rest })),
    async done(callId) {
      await pending.deleteOne({ _id: callId });
    },
  };
}

/** Reads from the records of calls. */
export const createUnaskedCalls = (calls: CallReads): UnaskedCalls => ({
  async byId(callId) {
    const row = await calls.one(callId, ['callerNumber', 'direction', 'language', 'called']);
    if (row === undefined) return undefined;
    const { callerNumber: number, direction, language, called } = row;
    return { number, direction, language, called };
  },
});
