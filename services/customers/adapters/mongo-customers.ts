import { mongo as driver, Schema, type Connection, type QueryFilter } from 'mongoose';
import { CustomerFields } from '../../shared/contracts/customer.js';
import { searchKeys } from '../customer.js';
import type { CustomerQuery, CustomerStore, StoredCustomer } from '../ports.js';

interface Stored extends Omit<StoredCustomer, 'id'> {
  readonly _id: string;
  /**
   * `unit/hash` of each number; missing when there are no numbers, and while the customer is merged. Unique: a number belongs to one
   * customer of a unit.
   */
  readonly numberKeys?: readonly string[];
  readonly searchKeys: readonly string[];
}
interface StoredFields {
  readonly _id: 'site';
  readonly fields: unknown;
}

const CUSTOMERS = 'customers';
const FIELDS = 'customer_fields';
const DUPLICATE_KEY = 11000;
/** Sorts after every text that begins with the same prefix. */
const LAST = '\u{10FFFF}';

const schema = new Schema<Stored>(
  { _id: { type: String, required: true } },
  { collection: CUSTOMERS, versionKey: false, strict: false, minimize: false },
)
  .index({ numberKeys: 1 }, { unique: true, sparse: true })
  .index({ 'numbers.hash': 1 })
  .index({ searchKeys: 1 })
  .index({ mergedInto: 1 }, { sparse: true })
  .index({ unit: 1, changedAt: -1 });

const keyOf = (unit: string, hash: string): string => `${unit}/${hash}`;

function toStored({ id, ...customer }: StoredCustomer): Stored {
  const keys = customer.mergedInto === undefined ? customer.numbers.map(({ hash }) => keyOf(customer.unit, hash)) : [];
  return { _id: id, ...customer, searchKeys: searchKeys(customer), ...(keys.length === 0 ? {} : { numberKeys: keys }) };
}
const toCustomer = ({ _id, numberKeys: _numbers, searchKeys: _words, ...customer }: Stored): StoredCustomer => ({ id: _id, ...customer });

const isTaken = (error: unknown): boolean => error instanceof driver.MongoServerError && error.code === DUPLICATE_KEY;

/** Which of many rows could not be inserted because a number was taken. Fails with any other error. */
function takenIn(error: unknown): ReadonlySet<number> {
  if (!(error instanceof driver.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) throw error;
  const own = [error.writeErrors].flat();
  if (own.length === 0 || own.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return new Set(own.map(({ index }) => index));
}

function filterOf({ units, hash, text }: CustomerQuery): QueryFilter<Stored> {
  return {
    mergedInto: { $exists: false },
    ...(units === undefined ? {} : { unit: { $in: [...units] } }),
    ...(hash === undefined ? {} : { 'numbers.hash': hash }),
    ...(text === undefined ? {} : { searchKeys: { $elemMatch: { $gte: text, $lt: `${text}${LAST}` } } }),
  };
}

/** Customers are found by hashes of their numbers and by the beginnings of their names; no number is stored. */
export function createMongoCustomers(mongo: Connection): CustomerStore {
  const customers = mongo.model<Stored>('Customer', schema);
  const settings = mongo.collection<StoredFields>(FIELDS);
  const rows = mongo.collection<Stored>(CUSTOMERS);
  const oneOf = async (filter: QueryFilter<Stored>): Promise<StoredCustomer | undefined> => {
    const found = await customers.findOne(filter).lean<Stored>();
    return found === null ? undefined : toCustomer(found);
  };
  return {
    one: (id) => oneOf({ _id: id }),
    ofNumber: (unit, hash) => oneOf({ numberKeys: keyOf(unit, hash) }),
    into: async (id) => (await customers.find({ mergedInto: id }).lean<Stored[]>()).map(toCustomer),
    async list(query) {
      const filter = filterOf(query);
      const [found, total] = await Promise.all([
        customers.find(filter).sort({ changedAt: -1 }).skip(query.skip).limit(query.limit).lean<Stored[]>(),
        customers.countDocuments(filter),
      ]);
      return { customers: found.map(toCustomer), total };
    },
    async add(customer) {
      // Resolves at once when the indexes are there; without them two could take one number.
      await customers.init();
      try {
        await rows.insertOne(toStored(customer));
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      }
    },
    async addMany(many) {
      if (many.length === 0) return new Set();
      await customers.init();
      try {
        await rows.insertMany(many.map(toStored), { ordered: false });
        return new Set();
      } catch (error) {
        return takenIn(error);
      }
    },
    async replace(next) {
      await customers.init();
      const { _id, ...row } = toStored(next);
      try {
        const { matchedCount } = await rows.replaceOne({ _id, version: next.version - 1 }, row);
        return matchedCount === 1 ? 'done' : 'stale';
      } catch (error) {
        if (isTaken(error)) return 'taken';
        throw error;
      }
    },
    async taken(unit, hashes) {
      const wanted = new Set(hashes.map((hash) => keyOf(unit, hash)));
      const found = await customers.find({ numberKeys: { $in: [...wanted] } }, { numbers: 1 }).lean<Pick<Stored, 'numbers'>[]>();
      return new Set(found.flatMap(({ numbers }) => numbers.map(({ hash }) => hash)).filter((hash) => wanted.has(keyOf(unit, hash))));
    },
    async erase(many) {
      for (const { id, version } of many) {
        const { deletedCount } = await rows.deleteOne({ _id: id, version });
        // A customer that is gone already needs no removal.
        if (deletedCount === 0 && (await rows.countDocuments({ _id: id }, { limit: 1 })) > 0) return false;
      }
      return true;
    },
    async fields() {
      const found = await settings.findOne({ _id: 'site' });
      return found === null ? [] : CustomerFields.parse({ fields: found.fields }).fields;
    },
    async setFields(fields) {
      await settings.replaceOne({ _id: 'site' }, { fields }, { upsert: true });
    },
  };
}
