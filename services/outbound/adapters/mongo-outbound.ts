import { Schema, type Connection, type QueryFilter } from 'mongoose';
import { asRow, schemaOf } from '../../shared/platform/stores/records.js';
import { attemptRecord } from '../../shared/records/outbound.js';
import type { RowOf } from '../../shared/records/record.js';
import { consentInForce } from '../consents/consent.js';
import type { Attempt, AttemptStore, Consent, ConsentStore, Stop, StopStore } from '../ports.js';
import { TEST_PURPOSE } from '../../shared/domain/calls/call-purpose.js';

export type StoredConsent = Omit<Consent, 'id'> & { readonly _id: string };
/** Rows of earlier versions have neither call id nor way: they are outbound calls under the id of their call. */
export type StoredAttempt = Omit<Attempt, 'attemptId' | 'callId' | 'way'> & { readonly _id: string } & Partial<
    Pick<Attempt, 'callId' | 'way'>
  >;
type StoredStop = Omit<Stop, 'id'> & { readonly _id: string };

export const ATTEMPTS = 'outbound_attempts';
export const CONSENTS = 'outbound_consents';
const STOPS = 'outbound_stops';
export const OUTBOUND_SETTINGS = 'outbound_settings';

const loose = (collection: string) => ({ collection, versionKey: false, strict: false, minimize: false }) as const;
const keyed = { _id: { type: String, required: true } } as const;

const consentSchema = new Schema<StoredConsent>(
  { ...keyed, numberHash: String, givenAt: Date, at: Date, validUntil: Date },
  loose(CONSENTS),
)
  .index({ numberHash: 1, givenAt: -1 })
  .index({ at: -1 });
const attemptSchema = schemaOf(ATTEMPTS, attemptRecord).index({ numberHash: 1, at: -1 }).index({ at: -1 });
const stopSchema = new Schema<StoredStop>({ ...keyed, at: Date }, loose(STOPS));

/** The rules end an outside leg after a day at the latest. */
const LONGEST_CALL_MS = 86_400_000;
/** A number is tried at most five times a day: more rows than this are never needed. */
const MOST_TRIES = 20;

const toConsent = ({ _id, ...rest }: StoredConsent): Consent => ({ id: _id, ...rest });
const toAttempt = ({ _id, ...rest }: StoredAttempt): Attempt => ({ callId: _id, way: 'call-out', ...rest, attemptId: _id });
/** Calls to people: a trunk test does not count. */
const CALLED_OUT = { way: { $in: ['call-out', 'callback', null] }, purpose: { $ne: TEST_PURPOSE } } as const;
/** Legs to a person who is on no register: the caps count these too. */
const DIALLED_FREELY = { freeReason: { $type: 'string' } } as const;
const USED = { allowed: true, unused: { $ne: true } } as const;

export function createMongoConsents(mongo: Connection): ConsentStore {
  const consents = mongo.model<StoredConsent>('OutboundConsent', consentSchema);
  return {
    async put({ id, ...consent }) {
      await mongo.collection<StoredConsent>(CONSENTS).insertOne({ _id: id, ...consent });
    },
    async inForce(numberHash, purpose, clientUnit, at) {
      const rows = await consents
        .find({ numberHash, givenAt: { $lte: at }, withdrawn: { $exists: false } })
        .sort({ givenAt: -1 })
        .limit(100)
        .lean<StoredConsent[]>();
      return consentInForce(rows.map(toConsent), purpose, clientUnit, at);
    },
    async list({ skip, limit, numberHash }) {
      const filter = numberHash === undefined ? {} : { numberHash };
      const [found, total] = await Promise.all([
        consents.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<StoredConsent[]>(),
        consents.countDocuments(filter),
      ]);
      return { consents: found.map(toConsent), total };
    },
    async putMany(many) {
      await mongo.collection<StoredConsent>(CONSENTS).insertMany(many.map(({ id, ...consent }) => ({ _id: id, ...consent })));
    },
    async ofNumbers(numberHashes) {
      return (await consents.find({ numberHash: { $in: [...numberHashes] } }).lean<StoredConsent[]>()).map(toConsent);
    },
    async withdrawAll(numberHash, withdrawn) {
      const inForce = { numberHash, withdrawn: { $exists: false } };
      const rows = await consents.find(inForce, { _id: 1 }).lean<Pick<StoredConsent, '_id'>[]>();
      const ids = rows.map(({ _id }) => _id);
      if (ids.length > 0) await consents.updateMany({ ...inForce, _id: { $in: ids } }, { $set: { withdrawn } });
      return ids;
    },
    async byIds(ids) {
      return (await consents.find({ _id: { $in: [...ids] } }).lean<StoredConsent[]>()).map(toConsent);
    },
    async attach(id, original) {
      return (await consents.updateOne({ _id: id, original: { $exists: false } }, { $set: { original } })).modifiedCount === 1;
    },
    async withdraw(id, withdrawn) {
      return (await consents.updateOne({ _id: id, withdrawn: { $exists: false } }, { $set: { withdrawn } })).modifiedCount === 1;
    },
  };
}

/** How long an answered leg lasted; 0 for any other. */
export const lastedMsOf = ({
  answeredAt,
  endedAt,
}: {
  readonly answeredAt?: Date | null | undefined;
  readonly endedAt?: Date | null | undefined;
}): number => (answeredAt instanceof Date && endedAt instanceof Date ? Math.max(0, endedAt.getTime() - answeredAt.getTime()) : 0);

export function createMongoAttempts(mongo: Connection): AttemptStore {
  const attempts = mongo.model('OutboundAttempt', attemptSchema);
  return {
    async put({ attemptId, ...attempt }) {
      await mongo
        .collection<RowOf<typeof attemptRecord>>(ATTEMPTS)
        .insertOne(asRow(ATTEMPTS, attemptRecord, { _id: attemptId, ...attempt }), {
          ignoreUndefined: true,
        });
    },
    async refusedByKey(attemptId, refusedAt) {
      await attempts.updateOne({ _id: attemptId }, { $set: { refusedAt } });
    },
    async consentsTakenBack(consentIds, at) {
      const goesOn = { at: { $gte: new Date(at.getTime() - LONGEST_CALL_MS) }, endedAt: null, consentTakenBackAt: null };
      const filter = { consentId: { $in: [...consentIds] }, ...goesOn, ...USED } as QueryFilter<StoredAttempt>;
      await attempts.updateMany(filter, { $set: { consentTakenBackAt: at } });
    },
    async triesOf(numberHash, since) {
      const rows = await attempts
        .find({ numberHash, at: { $gte: since }, ...USED, $or: [CALLED_OUT, DIALLED_FREELY] } as QueryFilter<StoredAttempt>)
        .sort({ at: -1 })
        .limit(MOST_TRIES)
        .lean<StoredAttempt[]>();
      return rows.map(({ at }) => at);
    },
    countOf: (numberHash, since) => attempts.countDocuments({ numberHash, at: { $gte: since }, ...USED } as QueryFilter<StoredAttempt>),
    async lastedTo(numberHash, since) {
      const ended = { numberHash, at: { $gte: since }, answeredAt: { $ne: null }, endedAt: { $ne: null }, ...USED };
      const rows = await attempts.find(ended as QueryFilter<StoredAttempt>, { answeredAt: 1, endedAt: 1 }).lean<StoredAttempt[]>();
      return rows.reduce((sum, row) => sum + lastedMsOf(row), 0);
    },
    async answeredOut(which) {
      const filter = 'callId' in which ? { _id: which.callId } : { at: { $gte: which.from, $lt: which.until } };
      const rows = await attempts
        .find({ ...filter, ...USED, ...CALLED_OUT, answeredAt: { $ne: null }, emergency: { $ne: true } } as QueryFilter<StoredAttempt>)
        .sort({ at: 1 })
        .lean<StoredAttempt[]>();
      return rows.map(toAttempt);
    },
    isUnused: async (attemptId) => (await attempts.countDocuments({ _id: attemptId, unused: true } as QueryFilter<StoredAttempt>)) > 0,
    async settle(attemptId, outcome) {
      const settled = await attempts
        .findOneAndUpdate({ _id: attemptId }, { $set: outcome }, { projection: { numberHash: 1 } })
        .lean<Pick<StoredAttempt, 'numberHash'>>();
      return settled?.numberHash;
    },
    async list({ skip, limit, refusedOnly, reason, numberHash }) {
      const filter = {
        ...(refusedOnly ? { allowed: false } : {}),
        ...(reason === undefined ? {} : { reason }),
        ...(numberHash === undefined ? {} : { numberHash }),
      };
      const [found, total] = await Promise.all([
        attempts.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<StoredAttempt[]>(),
        attempts.countDocuments(filter),
      ]);
      return { attempts: found.map(toAttempt), total };
    },
  };
}

export function createMongoStops(mongo: Connection): StopStore {
  const stops = mongo.model<StoredStop>('OutboundStop', stopSchema);
  return {
    async stops() {
      return (await stops.find({}).sort({ at: 1 }).lean<StoredStop[]>()).map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },
    async stop({ id, ...stop }) {
      await mongo.collection<StoredStop>(STOPS).insertOne({ _id: id, ...stop });
    },
    async lift(id) {
      return (await stops.deleteOne({ _id: id })).deletedCount === 1;
    },
  };
}
