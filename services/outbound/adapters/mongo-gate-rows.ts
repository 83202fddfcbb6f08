import type { Connection } from 'mongoose';
import type { ConsentTerms } from '../consents/consent.js';
import type { GateRows } from '../gate/gate-ports.js';
import { ATTEMPTS, CONSENTS, lastedMsOf, type StoredAttempt, type StoredConsent } from './mongo-outbound.js';
import { REFUSALS, type StoredRefusal } from './mongo-refusals.js';

const PORTION = 2_000;
const IN_FORCE = { withdrawn: { $exists: false } } as const;
const TERMS = { numberHash: 1, purposes: 1, clientUnit: 1, givenAt: 1, validUntil: 1 } as const;

type TermsRow = Pick<StoredConsent, '_id' | 'numberHash' | 'purposes' | 'clientUnit' | 'givenAt' | 'validUntil'>;

const termsOf = ({ _id, validUntil, clientUnit, ...row }: TermsRow): ConsentTerms & { readonly numberHash: string } => ({
  id: _id,
  ...row,
  ...(clientUnit === undefined ? {} : { clientUnit }),
  // Rows of earlier versions may have null.
  ...(validUntil instanceof Date ? { validUntil } : {}),
});

/** A cursor in portions; between two of them the process gets to its other work. */
async function* portions<T>(rows: AsyncIterable<T>): AsyncIterable<readonly T[]> {
  let portion: T[] = [];
  for await (const row of rows) {
    portion.push(row);
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  yield portion;
}

/** What the gate remembers, as the document store has it. */
export function createMongoGateRows(mongo: Connection): GateRows {
  const refusals = mongo.collection<StoredRefusal>(REFUSALS);
  const consents = mongo.collection<StoredConsent>(CONSENTS);
  return {
    async *refused() {
      const rows = refusals.find(IN_FORCE, { projection: { _id: 1 }, batchSize: PORTION });
      for await (const portion of portions(rows)) yield portion.map(({ _id }) => _id);
    },
    async refusedOf(hashes) {
      const rows = await refusals.find({ ...IN_FORCE, _id: { $in: [...hashes] } }, { projection: { _id: 1 } }).toArray();
      return rows.map(({ _id }) => _id);
    },
    async *consents() {
      const rows = consents.find<TermsRow>(IN_FORCE, { projection: TERMS, batchSize: PORTION });
      for await (const portion of portions(rows)) yield portion.map(termsOf);
    },
    async consentsOf(hashes) {
      return (await consents.find<TermsRow>({ ...IN_FORCE, numberHash: { $in: [...hashes] } }, { projection: TERMS }).toArray()).map(
        termsOf,
      );
    },
    async *legsSince(at) {
      const rows = mongo
        .collection<StoredAttempt>(ATTEMPTS)
        .find<Pick<StoredAttempt, '_id' | 'numberHash' | 'at' | 'way' | 'freeReason' | 'answeredAt' | 'endedAt'>>(
          { at: { $gte: at }, allowed: true, unused: { $ne: true } },
          { projection: { numberHash: 1, at: 1, way: 1, freeReason: 1, answeredAt: 1, endedAt: 1 }, batchSize: PORTION },
        );
      for await (const portion of portions(rows))
        yield portion.map(({ _id, numberHash, at: dialledAt, way = 'call-out', freeReason, answeredAt, endedAt }) => ({
          permitId: _id,
          numberHash,
          at: dialledAt,
          isTry: way === 'call-out' || way === 'callback' || typeof freeReason === 'string',
          lastedMs: lastedMsOf({ answeredAt, endedAt }),
        }));
    },
  };
}
