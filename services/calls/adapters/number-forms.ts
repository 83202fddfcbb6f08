import type { Connection } from 'mongoose';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import { CALLS } from './mongo-calls.js';
import type { CallId } from '../../shared/domain/ids.js';

export interface FoundAgain {
  readonly callId: CallId;
  /** Undefined for a withheld number. */
  readonly callerHash: string | undefined;
}

interface CallRow {
  readonly _id: string;
  readonly callerNumber?: string;
  readonly callerHash?: string | null;
  readonly calledHash?: string | null;
}

/**
 * Recomputes, from the stored numbers, hashes that an earlier version made of another spelling or of a withheld number. Each call is
 * yielded before it is changed, so that copies of the hash change first and an interruption loses nothing.
 */
export async function* rehashedCalls(mongo: Connection, hashNumber: NumberHash): AsyncGenerator<FoundAgain> {
  const calls = mongo.collection<CallRow>(CALLS);
  for await (const row of calls.find({}, { projection: { callerNumber: 1, callerHash: 1, calledHash: 1 } })) {
    const callerHash = hashNumber(row.callerNumber ?? '');
    if ((row.callerHash ?? undefined) === callerHash) continue;
    yield { callId: row._id, callerHash };
    const ofCalled = row.calledHash === undefined || row.calledHash === null ? {} : { calledHash: callerHash ?? null };
    await calls.updateOne({ _id: row._id }, { $set: { callerHash: callerHash ?? null, ...ofCalled } });
  }
}

/**
 * Respells entries of the caller lists whose number was stored in another spelling. Of two entries for one number, the entry in the normal
 * form stays.
 */
export async function respellListedCallers(mongo: Connection): Promise<void> {
  const listed = mongo.collection<{ _id: string }>('listed_callers');
  for (const { _id, ...entry } of await listed.find().toArray()) {
    const number = normaliseNumber(_id);
    if (number === undefined || number === _id) continue;
    await listed.updateOne({ _id: number }, { $setOnInsert: entry }, { upsert: true });
    await listed.deleteOne({ _id });
  }
}
