import { Schema, type Connection, type Model } from 'mongoose';
import { createUpdates } from '../../../shared/platform/stores/documents-together.js';
import type { Lease, LedgerHead, LedgerRow, LedgerStore, RowState } from '../ports.js';
import type { NumbersFound } from '../numbers.js';
import { GRACE_MS } from '../day-closing.js';
import { canonicalRow } from '../sheet.js';
import { createMongoSheets } from './mongo-sheets.js';
import { errorCode } from '../../../shared/platform/processes/error-code.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';
import type { CallId } from '../../../shared/domain/ids.js';

type Stored = Omit<LedgerRow, 'number'> & { readonly _id: number };

const rowSchema = new Schema<Stored>(
  {
    _id: { type: Number, required: true },
    callId: { type: String, required: true },
    state: { type: String, required: true },
    intendedAt: String,
    answeredAt: String,
  },
  { collection: 'ledger', versionKey: false, strict: false, minimize: false },
)
  .index({ callId: 1 })
  .index({ state: 1 })
  .index({ intendedAt: 1 });

interface StoredHead extends LedgerHead {
  readonly _id: 'ledger';
}

const headSchema = new Schema<StoredHead>(
  {
    _id: { type: String, required: true },
    next: { type: Number, required: true },
    leases: [{ _id: false, owner: String, from: Number, to: Number }],
  },
  { collection: 'ledger_head', versionKey: false },
);

const DUPLICATE_KEY = 11000;
const isDuplicate = (error: unknown): boolean => errorCode(error) === DUPLICATE_KEY;
const toRow = ({ _id, ...rest }: Stored): LedgerRow => ({ number: _id, ...rest });
/** The longest time between intent and answer: an outbound call rings for half a minute. */
const INTENT_BEFORE_ANSWER_MS = 5 * 60_000;
/** Days are sealed a while after their end. An answer time in the future dates from before the clock was set. */
function isTooYoungToBeSealed(answeredAt: string | undefined): answeredAt is string {
  const ageMs = answeredAt === undefined ? Infinity : systemClock.nowMs() - Date.parse(answeredAt);
  return ageMs > -INTENT_BEFORE_ANSWER_MS && ageMs < GRACE_MS - INTENT_BEFORE_ANSWER_MS;
}
const SETTLED: readonly RowState[] = ['accounted', 'not-answered', 'void'];

const headOf = async (heads: Model<StoredHead>): Promise<LedgerHead> => {
  const found = await heads.findById('ledger').lean<StoredHead>();
  return found === null ? { next: 1, leases: [] } : { next: found.next, leases: found.leases };
};

/** The numbers that have a row from one number to another, with their neighbours. The head is read first: it is never newer than the rows. */
export function createNumbersReader(mongo: Connection): (from: number, to: number) => Promise<NumbersFound> {
  const rows = mongo.model<Stored>('LedgerRow', rowSchema);
  const heads = mongo.model<StoredHead>('LedgerHead', headSchema);
  return async (from, to) => {
    const head = await headOf(heads);
    const next = (filter: object, order: 1 | -1) =>
      rows.findOne({ _id: filter }).sort({ _id: order }).select('_id').lean<{ _id: number }>();
    const [below, above, used] = await Promise.all([
      next({ $lt: from }, -1),
      next({ $gt: to }, 1),
      rows
        .find({ _id: { $gte: from, $lte: to } })
        .sort({ _id: 1 })
        .select('_id')
        .lean<{ _id: number }[]>(),
    ]);
    return { head, below: below?._id, above: above?._id, used: used.map(({ _id }) => _id) };
  };
}

export function createMongoLedger(mongo: Connection): LedgerStore {
  const rows = mongo.model<Stored>('LedgerRow', rowSchema);
  const sheets = createMongoSheets(mongo);
  const heads = mongo.model<StoredHead>('LedgerHead', headSchema);
  const put = createUpdates(rows.collection);

  const head = (): Promise<LedgerHead> => headOf(heads);

  async function* stream(filter: object): AsyncGenerator<LedgerRow> {
    for await (const row of rows.find(filter).sort({ _id: 1 }).lean<Stored[]>().cursor({ batchSize: 2_000 })) yield toRow(row);
  }

  /** What telephony and the recorder know of a row may arrive in either order. */
  async function write(number: number, callId: CallId, set: object, setOnInsert: object, where: object = {}): Promise<boolean> {
    try {
      await put({ filter: { _id: number, callId, ...where }, update: { $set: set, $setOnInsert: setOnInsert }, upsert: true });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  return {
    head,
    async lease(owner, size, usedUp) {
      for (;;) {
        const { next, leases } = await head();
        const lease: Lease = { owner, from: next, to: next + size - 1 };
        const isUsedUp = (one: Lease): boolean => one.owner === owner && usedUp.some(({ from, to }) => from === one.from && to === one.to);
        const after = [...leases.filter((one) => !isUsedUp(one)), lease];
        try {
          const { matchedCount, upsertedCount } = await heads.updateOne(
            { _id: 'ledger', next },
            // Whoever changes the leases changes `next` too, so the condition covers both.
            { $set: { next: next + size, leases: after } },
            { upsert: next === 1 },
          );
          if (matchedCount + upsertedCount === 1) return after.filter((one) => one.owner === owner);
        } catch (error) {
          // Another place created the head at the same time.
          if (!isDuplicate(error)) throw error;
        }
      }
    },
    async intend({ number, callId, media, ...rest }) {
      // An intent that waited on the disk may come after the answer, which knows more of the media.
      return write(number, callId, rest, { state: 'intended', ...(media === undefined ? {} : { media }) });
    },
    async used(from, to) {
      const found = await rows
        .find({ _id: { $gte: from, $lte: to } })
        .select('_id')
        .lean<{ _id: number }[]>();
      return found.map(({ _id }) => _id);
    },
    async answered({ number, callId, ...rest }) {
      // A settled row does not match, and its number is taken: nothing is written.
      await write(number, callId, { ...rest, state: 'answered' }, { intendedAt: rest.answeredAt }, { state: { $nin: SETTLED } });
    },
    paused: ({ number, callId, pause }) =>
      put({ filter: { _id: number, callId, state: { $nin: SETTLED } }, update: { $addToSet: { pauses: pause } } }),
    async settle({ number, callId, ...rest }) {
      if (isTooYoungToBeSealed(rest.answeredAt)) {
        await write(number, callId, rest, { intendedAt: rest.answeredAt });
        return;
      }
      const row = await rows.findOne({ _id: number, callId }).lean<Stored>();
      if (row !== null && (await sheets.isSealed(row.intendedAt))) {
        const settled = canonicalRow({ ...toRow(row), ...rest });
        if (settled !== canonicalRow(toRow(row))) await sheets.amend({ number, callId, at: new Date().toISOString(), row: settled });
        return;
      }
      await write(number, callId, rest, { intendedAt: rest.answeredAt ?? rest.endedAt });
    },
    async first() {
      const found = await rows
        .findOne({ intendedAt: { $exists: true } })
        .sort({ intendedAt: 1 })
        .lean<Stored>();
      return found === null ? undefined : toRow(found);
    },
    async ofCall(callId) {
      const found = await rows.findOne({ callId }).lean<Stored>();
      return found === null ? undefined : toRow(found);
    },
    async open() {
      const found = await rows
        .find({ state: { $in: ['intended', 'answered'] } })
        .sort({ _id: 1 })
        .lean<Stored[]>();
      return found.map(toRow);
    },
    between: (from, to) => stream({ intendedAt: { $gte: from, $lt: to } }),
    inOrder: () => stream({}),
  };
}
