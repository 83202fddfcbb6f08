import type { Connection } from 'mongoose';
import { asRow, schemaOf } from '../../shared/platform/stores/records.js';
import { alarmRecord } from '../../shared/records/alarm.js';
import { isOfTeams, isScoped, teamsOf } from '../../shared/platform/reach/reach.js';
import type { Alarm } from '../alarm.js';
import type { AlarmSearch, AlarmStore } from '../ports.js';

export type StoredAlarm = Omit<Alarm, 'id'> & { readonly _id: string };

export const ALARMS = 'alarms';

const schema = schemaOf(ALARMS, alarmRecord)
  .index({ code: 1, subject: 1, firstAt: -1 })
  .index({ state: 1, lastAt: -1 })
  .index({ nextStepAt: 1 }, { sparse: true })
  .index({ clearedAt: 1 }, { sparse: true });

const toAlarm = ({ _id, ...rest }: StoredAlarm): Alarm => ({ id: _id, ...rest });
/** Checked before it is written; the row is the alarm itself. */
function toStored({ id, ...rest }: Alarm): StoredAlarm {
  const row = { _id: id, ...rest, history: rest.history.map((entry) => ({ ...entry, sent: entry.sent?.map((each) => ({ ...each })) })) };
  asRow(ALARMS, alarmRecord, row);
  return row;
}

/** The alarms that a person gets, as a filter on rows: the same rule as `receives`. */
function conditionOf({ userId, codes, scope }: AlarmSearch): object {
  if (isOfTeams({ scope })) return { $or: [{ code: { $in: codes }, teamId: { $in: teamsOf({ scope }) } }, { people: userId }] };
  const own = {
    code: { $in: codes },
    ...(scope.queues.length === 0 ? {} : { queueId: { $in: scope.queues } }),
    ...(scope.clientUnits.length === 0 ? {} : { clientUnit: { $in: scope.clientUnits } }),
    ...(isScoped({ scope }) && scope.sites.length > 0 && scope.clientUnits.length === 0 ? { clientUnit: { $type: 'string' } } : {}),
  };
  return { $or: [own, { people: userId }] };
}

export function createMongoAlarms(mongo: Connection): AlarmStore & { forgetClearedBefore(at: Date): Promise<number> } {
  const rows = mongo.model('Alarm', schema);
  const alarms = mongo.collection<StoredAlarm>(ALARMS);
  return {
    async put(alarm) {
      await alarms.insertOne(toStored(alarm), { ignoreUndefined: true });
    },
    async replace(alarm) {
      const { _id, ...row } = toStored(alarm);
      const done = await alarms.replaceOne({ _id, revision: alarm.revision - 1 }, row, { ignoreUndefined: true });
      return done.modifiedCount === 1;
    },
    async byId(id) {
      const found = await rows.findById(id).lean<StoredAlarm>();
      return found === null ? undefined : toAlarm(found);
    },
    async newest(code, subject) {
      const found = await rows.findOne({ code, subject }).sort({ firstAt: -1 }).lean<StoredAlarm>();
      return found === null ? undefined : toAlarm(found);
    },
    due: async (now, limit) =>
      (
        await rows
          .find({ nextStepAt: { $lte: now } })
          .sort({ nextStepAt: 1 })
          .limit(limit)
          .lean<StoredAlarm[]>()
      ).map(toAlarm),
    async list(search, { states, code, skip, limit }) {
      const filter = { ...conditionOf(search), state: { $in: states }, ...(code === undefined ? {} : { $and: [{ code }] }) };
      const [found, total] = await Promise.all([
        rows.find(filter).sort({ lastAt: -1 }).skip(skip).limit(limit).lean<StoredAlarm[]>(),
        rows.countDocuments(filter),
      ]);
      return { alarms: found.map(toAlarm), total };
    },
    async counts(search) {
      const of = (state: Alarm['state']): Promise<number> => rows.countDocuments({ ...conditionOf(search), state });
      const [open, seen] = await Promise.all([of('open'), of('seen')]);
      return { open, seen };
    },
    forgetClearedBefore: async (at) => (await rows.deleteMany({ clearedAt: { $lt: at } })).deletedCount,
  };
}

/** The number of open incidents, by kind and by whether somebody has seen them. */
export function createStandingAlarms(
  mongo: Connection,
): () => Promise<readonly { readonly code: string; readonly state: 'open' | 'seen'; readonly count: number }[]> {
  const alarms = mongo.collection<StoredAlarm>(ALARMS);
  return async () => {
    const counts = new Map<string, { readonly code: string; readonly state: 'open' | 'seen'; count: number }>();
    for (const state of ['open', 'seen'] as const)
      for (const { code } of await alarms.find({ state }, { projection: { code: 1 } }).toArray()) {
        const known = counts.get(`${state} ${code}`) ?? { code, state, count: 0 };
        counts.set(`${state} ${code}`, { ...known, count: known.count + 1 });
      }
    return [...counts.values()];
  };
}
