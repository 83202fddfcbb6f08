import type { Connection } from 'mongoose';
import { fraudSettingsOf, type FraudSettings } from '../../shared/domain/calls/fraud.js';
import { asRow, schemaOf } from '../../shared/platform/stores/records.js';
import type { CallReads } from '../../shared/records/call.js';
import type { ComplaintReads } from '../../shared/records/complaint.js';
import { fraudAlarmRecord } from '../../shared/records/outbound.js';
import type { RowOf } from '../../shared/records/record.js';
import type { Fact } from '../fraud/fraud-watch.js';
import type { FraudAlarm, FraudAlarmStore, FraudFacts, FraudSettingsStore } from '../fraud/fraud-ports.js';
import { ATTEMPTS, OUTBOUND_SETTINGS } from './mongo-outbound.js';
import type { AgentId } from '../../shared/domain/ids.js';

export type StoredAlarm = Omit<FraudAlarm, 'id'> & { readonly _id: string };
type StoredSettings = FraudSettings & { readonly _id: string };

export const FRAUD_ALARMS = 'fraud_alarms';

const alarmSchema = schemaOf(FRAUD_ALARMS, fraudAlarmRecord).index({ at: -1 }).index({ 'settled.at': 1 }, { sparse: true });

const toAlarm = ({ _id, ...rest }: StoredAlarm): FraudAlarm => ({ id: _id, ...rest });
const OPEN = { settled: { $exists: false } };

export function createMongoFraudAlarms(mongo: Connection): FraudAlarmStore {
  const alarms = mongo.model('FraudAlarm', alarmSchema);
  return {
    async put({ id, ...alarm }) {
      await mongo
        .collection<RowOf<typeof fraudAlarmRecord>>(FRAUD_ALARMS)
        .insertOne(asRow(FRAUD_ALARMS, fraudAlarmRecord, { _id: id, ...alarm }), { ignoreUndefined: true });
    },
    async seenAgain(id, seen) {
      await alarms.updateOne({ _id: id, ...OPEN }, { $set: seen });
    },
    async one(id) {
      const found = await alarms.findById(id).lean<StoredAlarm>();
      return found === null ? undefined : toAlarm(found);
    },
    open: async () => (await alarms.find(OPEN).lean<StoredAlarm[]>()).map(toAlarm),
    settledSince: async (at) => (await alarms.find({ 'settled.at': { $gte: at } }).lean<StoredAlarm[]>()).map(toAlarm),
    async list({ skip, limit, openOnly }) {
      const filter = openOnly ? OPEN : {};
      const [found, total] = await Promise.all([
        alarms.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<StoredAlarm[]>(),
        alarms.countDocuments(filter),
      ]);
      return { alarms: found.map(toAlarm), total };
    },
    settle: async (id, settled) => (await alarms.updateOne({ _id: id, ...OPEN }, { $set: { settled } })).modifiedCount === 1,
  };
}

const WATCH = 'fraud-watch';

export function createMongoFraudSettings(mongo: Connection): FraudSettingsStore {
  const settings = mongo.collection<StoredSettings>(OUTBOUND_SETTINGS);
  return {
    async read() {
      return fraudSettingsOf(await settings.findOne({ _id: WATCH }));
    },
    async write({ rules, shortCallMs, watchedPrefixes }) {
      await settings.replaceOne({ _id: WATCH }, { rules, shortCallMs, watchedPrefixes }, { upsert: true });
    },
  };
}

type CallRow = Awaited<ReturnType<typeof callsSince>>[number];
interface TryRow {
  readonly way?: string;
  readonly numberHash?: string;
  readonly numberMasked?: string;
  readonly allowed?: boolean;
  readonly unused?: boolean;
  readonly answeredAt?: Date;
  readonly endedAt?: Date;
  readonly agentId: AgentId;
  readonly at: Date;
  readonly from?: string;
  readonly reason?: Extract<Fact, { kind: 'try' }>['reason'];
  readonly watched?: boolean;
}

/** Complaints about having been called. */
const OF_CALLS = ['harassment', 'called-after-refusal'];
const TRY_FIELDS = Object.fromEntries(
  ['agentId', 'at', 'from', 'reason', 'watched', 'way', 'numberHash', 'numberMasked', 'allowed', 'unused', 'answeredAt', 'endedAt'].map(
    (field) => [field, 1],
  ),
);
/** People's full numbers are not read. */
const callsSince = (calls: CallReads, at: Date, onDamaged: (row: string) => void) =>
  calls.find(
    { invitedAt: { $gte: at } },
    { fields: ['direction', 'called', 'callerHash', 'callerMasked', 'invitedAt', 'answeredAt', 'endedAt', 'cause'], onDamaged },
  );

export function createMongoFraudFacts(
  mongo: Connection,
  { calls, complaints }: { readonly calls: CallReads; readonly complaints: ComplaintReads },
  /** Called with each row that does not fit its record: one such row must not keep the watch from the others. */
  onDamaged: (row: string) => void,
): FraudFacts {
  return {
    async since(at) {
      const [ended, tries] = await Promise.all([
        callsSince(calls, at, onDamaged),
        mongo
          .collection(ATTEMPTS)
          .find<TryRow>({ at: { $gte: at } }, { projection: TRY_FIELDS })
          .toArray(),
      ]);
      return [...ended.map(callFact), ...tries.map(tryFact), ...tries.flatMap(legFact)];
    },
    async complaintsSince(at) {
      const found = await complaints.find(
        { receivedAt: { $gte: at }, kind: { $in: OF_CALLS } },
        { fields: ['receivedAt', 'callIds'], onDamaged },
      );
      const ids = found.flatMap(({ callIds }) => callIds);
      const rows = await calls.find({ _id: { $in: ids }, direction: 'outbound' }, { fields: ['called'], onDamaged });
      const numberOf = new Map(rows.map(({ _id, called }) => [_id, called]));
      return found.flatMap(({ receivedAt, callIds }) =>
        // A complaint counts once for each number that had called, however often it called.
        [...new Set(callIds.flatMap((callId) => numberOf.get(callId) ?? []))].map((number): Fact => ({
          kind: 'complaint',
          atMs: receivedAt.getTime(),
          number,
        })),
      );
    },
    callsOutOf: (number, since) => calls.count({ invitedAt: { $gte: since }, called: number, direction: 'outbound' }),
  };
}

const callFact = (row: CallRow): Fact => ({
  kind: 'call',
  atMs: row.invitedAt.getTime(),
  out: row.direction === 'outbound',
  number: row.called,
  other: row.callerHash,
  otherMasked: row.callerMasked,
  answered: row.answeredAt !== undefined,
  lastedMs: row.answeredAt !== undefined ? row.endedAt.getTime() - row.answeredAt.getTime() : 0,
  refusedByKey: row.cause === 'refused-by-key',
});

/**
 * A leg that belongs to another call (a transfer, a consultation, an overflow). It counts among the outbound calls of the number that it
 * shows.
 */
function legFact(row: TryRow): Fact[] {
  const { way, at, from, allowed, unused, numberHash, numberMasked = '', answeredAt, endedAt } = row;
  const isLeg = way !== undefined && way !== 'call-out' && way !== 'callback';
  if (!isLeg || allowed !== true || unused === true || from === undefined || endedAt === undefined) return [];
  const lastedMs = answeredAt === undefined ? 0 : endedAt.getTime() - answeredAt.getTime();
  const answered = answeredAt !== undefined;
  return [
    {
      kind: 'call',
      atMs: at.getTime(),
      out: true,
      number: from,
      other: numberHash,
      otherMasked: numberMasked,
      answered,
      lastedMs,
      refusedByKey: false,
    },
  ];
}

const tryFact = ({ agentId, at, from, reason, watched = false }: TryRow): Fact => ({
  kind: 'try',
  atMs: at.getTime(),
  agentId,
  number: from,
  reason,
  watched,
});
