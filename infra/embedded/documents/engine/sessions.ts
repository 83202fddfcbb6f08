import { Binary } from 'bson';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import type { Environment } from './environment.js';

/** MongoDB forgets a session after thirty minutes. */
export const sessionTimeoutMinutes = 30;

/**
 * Remembers the answer of each session's last retryable write, in the same commit as the write: a driver that lost the reply asks again with the
 * same number and gets the same answer, and nothing is done twice.
 */
export class Sessions {
  readonly #environment: Environment;
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Runs a write once per (lsid, txnNumber); inside a commit. @throws MongoError for transactions, which do not exist here. */
  once(command: Doc, work: () => Doc): Doc {
    const lsid = command.get('lsid');
    const number = command.get('txnNumber');
    if (command.has('autocommit') || command.has('startTransaction')) {
      throw new MongoError('OperationNotSupportedInTransaction', 'Transactions over several documents are not supported by this store');
    }
    const id = lsid instanceof Doc ? lsid.get('id') : undefined;
    if (!(id instanceof Binary) || typeof number !== 'bigint') return work();
    const key = Buffer.from(id.buffer.subarray(0, id.position));
    const stored = this.#environment.sessions.get(key);
    if (stored !== undefined) {
      const last = stored.readBigInt64BE();
      if (last === number) return Doc.fromBytes(Buffer.from(stored.subarray(16)));
      if (last > number)
        throw new MongoError(
          'IllegalOperation',
          `Cannot start transaction ${number.toString()} on session because a newer one has started`,
        );
    }
    const reply = work();
    const head = Buffer.allocUnsafe(16);
    head.writeBigInt64BE(number);
    head.writeDoubleBE(Date.now(), 8);
    this.#environment.sessions.put(key, Buffer.concat([head, encode(reply)]));
    return reply;
  }

  /** Removes what is older than the session timeout; inside a commit. Returns how many. */
  expire(nowMs: number): number {
    const range = { start: Buffer.alloc(1), end: Buffer.alloc(64, 0xff) };
    const old = this.#environment.sessions
      .read(range, 100_000, false)
      .filter(({ value }) => nowMs - value.readDoubleBE(8) > sessionTimeoutMinutes * 60_000);
    for (const { key } of old) this.#environment.sessions.remove(key);
    return old.length;
  }
}
