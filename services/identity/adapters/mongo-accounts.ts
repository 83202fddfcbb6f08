import { Schema, type Connection } from 'mongoose';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Account, Session } from '../account.js';
import type { AccountStore, SessionStore } from '../ports.js';

export type StoredAccount = Omit<Account, 'id'> & { readonly _id: string };
type StoredSession = Omit<Session, 'id'> & { readonly _id: string };

export const ACCOUNTS = 'users';

const scope = { queues: [String], sites: [String], clientUnits: [String], teams: { type: [String], default: undefined } };
const accountSchema = new Schema<StoredAccount>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true, unique: true },
    displayName: { type: String, required: true },
    passwordHash: { type: String, required: true },
    passwordHistory: [String],
    passwordSetAt: { type: Date, required: true },
    mustChangePassword: { type: Boolean, required: true },
    roles: { type: [String], required: true },
    scope,
    disabled: { type: Boolean, required: true },
    totp: { type: { secret: String, confirmed: Boolean, recovery: [String], lastStep: Number }, default: undefined, _id: false },
    createdAt: { type: Date, required: true },
    lastSignInAt: Date,
    expiresAt: Date,
    totpGraceUntil: Date,
    networks: { type: [String], default: undefined },
    grants: { type: [String], default: undefined },
    madeBy: String,
    madeFrom: { type: { order: String, line: Number, passwordAt: Date }, default: undefined, _id: false },
    confirmed: { type: { at: Date, by: String }, default: undefined, _id: false },
    touchedAt: Date,
    memberships: { type: [{ _id: false, teamId: { type: String, default: null }, fromAt: Date }], default: undefined },
    notices: { type: [{ _id: false, at: Date, what: String, done: Boolean, byName: String }], default: undefined },
  },
  { collection: ACCOUNTS, versionKey: false },
);

const sessionSchema = new Schema<StoredSession>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    endedAt: Date,
    endReason: String,
    refreshHash: { type: String, required: true },
    previousHash: String,
    pastHashes: { type: [String], default: undefined },
    rotatedAt: { type: Date, required: true },
    from: String,
    device: String,
    vouched: Boolean,
  },
  { collection: 'sessions', versionKey: false },
).index({ userId: 1, createdAt: -1 });

const toAccount = ({ _id, ...rest }: StoredAccount): Account => ({ id: _id, ...rest });
const toSession = ({ _id, ...rest }: StoredSession): Session => ({ id: _id, ...rest });
const DUPLICATE_KEY = 11000;
const NOTICES_KEPT = 10;
/** A session of 16 hours is refreshed about a hundred times. */
const PAST_HASHES = 150;

export const accountModel = (mongo: Connection) => mongo.model<StoredAccount>('User', accountSchema);

export function createMongoAccounts(mongo: Connection): AccountStore {
  const users = accountModel(mongo);
  const one = async (filter: Record<string, string>): Promise<Account | undefined> => {
    const found = await users.findOne(filter).lean<StoredAccount>();
    return found === null ? undefined : toAccount(found);
  };
  return {
    byName: (name) => one({ name }),
    byId: (id) => one({ _id: id }),
    all: async () => (await users.find().sort({ name: 1 }).lean<StoredAccount[]>()).map(toAccount),
    async add({ id, ...rest }) {
      try {
        await users.create({ _id: id, ...rest });
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY)
          throw new CallCentreError('already-exists', 'This name is taken.', { cause: error });
        throw error;
      }
    },
    async change(id, change) {
      if (Object.keys(change).length > 0) await users.updateOne({ _id: id }, { $set: change });
    },
    ofImport: async (order) => (await users.find({ 'madeFrom.order': order }).lean<StoredAccount[]>()).map(toAccount),
    async renewFirst(id, known, change) {
      const unread = { passwordSetAt: known, mustChangePassword: true, lastSignInAt: { $exists: false }, disabled: false };
      return (await users.updateOne({ _id: id, ...unread }, { $set: change })).modifiedCount === 1;
    },
    async addNotice(id, notice) {
      await users.updateOne({ _id: id }, { $push: { notices: { $each: [notice], $slice: -NOTICES_KEPT } } });
    },
    async takeRecoveryCode(id, hash) {
      const { modifiedCount } = await users.updateOne({ _id: id, 'totp.recovery': hash }, { $pull: { 'totp.recovery': hash } });
      return modifiedCount === 1;
    },
    async takeTotpStep(id, step) {
      const { modifiedCount } = await users.updateOne(
        { _id: id, $or: [{ 'totp.lastStep': { $lt: step } }, { 'totp.lastStep': { $exists: false } }] },
        { $set: { 'totp.lastStep': step } },
      );
      return modifiedCount === 1;
    },
  };
}

export function createMongoSessions(mongo: Connection): SessionStore {
  const sessions = mongo.model<StoredSession>('Session', sessionSchema);
  return {
    async add({ id, ...rest }) {
      await sessions.create({ _id: id, ...rest });
    },
    async byId(id) {
      const found = await sessions.findOne({ _id: id }).lean<StoredSession>();
      return found === null ? undefined : toSession(found);
    },
    openOf: async (userId) =>
      (
        await sessions
          .find({ userId, endedAt: { $exists: false } })
          .sort({ createdAt: -1 })
          .limit(100)
          .lean<StoredSession[]>()
      ).map(toSession),
    async rotate(id, expectedHash, next) {
      const { modifiedCount } = await sessions.updateOne(
        { _id: id, refreshHash: expectedHash },
        { $set: { ...next, previousHash: expectedHash }, $push: { pastHashes: { $each: [expectedHash], $slice: -PAST_HASHES } } },
      );
      return modifiedCount === 1;
    },
    async end(id, at, reason) {
      await sessions.updateOne({ _id: id, endedAt: { $exists: false } }, { $set: { endedAt: at, endReason: reason } });
    },
  };
}
