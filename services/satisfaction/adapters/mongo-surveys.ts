import { Schema, type Connection } from 'mongoose';
import type { CallBackTask, SurveyStore, TaskStore } from '../ports.js';
import type { Invitation, SurveyAnswer } from '../survey.js';

type StoredInvitation = Omit<Invitation, 'surveyId'> & { readonly _id: string };
type StoredAnswer = Omit<SurveyAnswer, 'answerId'> & { readonly _id: string };
type StoredTask = Omit<CallBackTask, 'taskId'> & { readonly _id: string };

const invitationSchema = new Schema<StoredInvitation>(
  {
    _id: { type: String, required: true },
    callId: { type: String, required: true },
    at: { type: Date, required: true },
    method: { type: String, required: true },
    language: { type: String, required: true },
    queueId: String,
    agentId: String,
  },
  { collection: 'surveys', versionKey: false },
)
  .index({ at: -1 })
  .index({ agentId: 1, at: -1 })
  .index({ queueId: 1, at: -1 });

const answerSchema = new Schema<StoredAnswer>(
  {
    _id: { type: String, required: true },
    surveyId: { type: String, required: true },
    at: { type: Date, required: true },
    score: { type: Number, default: null },
    solved: { type: Boolean, default: null },
    corrects: String,
    by: { type: String, required: true },
    reason: String,
  },
  { collection: 'survey_answers', versionKey: false },
)
  .index({ surveyId: 1, at: 1 })
  .index({ at: -1, score: 1 });

const taskSchema = new Schema<StoredTask>(
  { _id: { type: String, required: true }, state: String, openedAt: Date },
  { collection: 'callback_tasks', versionKey: false, strict: false },
).index({
  state: 1,
  openedAt: -1,
});

const toInvitation = ({ _id, ...rest }: StoredInvitation): Invitation => ({ surveyId: _id, ...rest });
const toAnswer = ({ _id, ...rest }: StoredAnswer): SurveyAnswer => ({ answerId: _id, ...rest });

export function createMongoSurveys(mongo: Connection): SurveyStore {
  const invitations = mongo.model<StoredInvitation>('Survey', invitationSchema);
  const answers = mongo.model<StoredAnswer>('SurveyAnswer', answerSchema);
  return {
    async invite({ surveyId, ...rest }) {
      await invitations.updateOne({ _id: surveyId }, { $setOnInsert: rest }, { upsert: true });
    },
    async answer({ answerId, ...rest }) {
      await answers.updateOne({ _id: answerId }, { $setOnInsert: rest }, { upsert: true });
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
    async between(from, to, filter) {
      const invited = await invitations
        .find({ at: { $gte: from, $lt: to }, ...filter })
        .sort({ at: 1 })
        .lean<StoredInvitation[]>();
      // Answers come within minutes of the call, by link within days.
      const found = await answers
        .find({ at: { $gte: from, $lt: new Date(to.getTime() + 7 * 86_400_000) } })
        .sort({ at: 1 })
        .lean<StoredAnswer[]>();
      return { invitations: invited.map(toInvitation), answers: found.map(toAnswer) };
    },
    async worst(from, to, limit) {
      const low = await answers
        .find({ at: { $gte: from, $lt: to }, score: { $ne: null } })
        .sort({ score: 1, at: -1 })
        .limit(limit * 2)
        .lean<StoredAnswer[]>();
      const invited = await invitations.find({ _id: { $in: low.map(({ surveyId }) => surveyId) } }).lean<StoredInvitation[]>();
      const byId = new Map(invited.map((row) => [row._id, toInvitation(row)]));
      const corrected = new Set(low.flatMap(({ corrects }) => corrects ?? []));
      return low
        .filter(({ _id }) => !corrected.has(_id))
        .flatMap((row) => {
          const invitation = byId.get(row.surveyId);
          return invitation === undefined ? [] : [{ invitation, answer: toAnswer(row) }];
        })
        .slice(0, limit);
    },
  };
}

export function createMongoTasks(mongo: Connection): TaskStore {
  const tasks = mongo.model<StoredTask>('CallBackTask', taskSchema);
  return {
    async open({ taskId, ...rest }) {
      await tasks.updateOne({ _id: taskId }, { $setOnInsert: rest }, { upsert: true });
    },
    async list(state, limit) {
      const found = await tasks
        .find(state === undefined ? {} : { state })
        .sort({ openedAt: -1 })
        .limit(limit)
        .lean<StoredTask[]>();
      return found.map(({ _id, ...rest }) => ({ taskId: _id, ...rest }));
    },
    async finish(taskId, done) {
      return (await tasks.updateOne({ _id: taskId, state: 'open' }, { $set: { ...done, state: 'done' } })).modifiedCount === 1;
    },
  };
}
