import type { Connection } from 'mongoose';
import { identityOf, WITHHELD } from '../../shared/domain/calls/caller.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { Sealer } from '../ports.js';

interface CaseRow {
  readonly _id: string;
  readonly complainant: { readonly numberHash?: string; readonly sealed?: { readonly number?: string; readonly mail?: string } };
}

/** Recomputes the hashes of complainants from the sealed numbers. A complainant who withheld the number has neither hash nor number. */
export async function rehashComplainants(mongo: Connection, sealer: Sealer, hashNumber: NumberHash): Promise<void> {
  const complaints = mongo.collection<CaseRow>('complaints');
  for await (const { _id, complainant } of complaints.find(
    { 'complainant.sealed.number': { $exists: true } },
    { projection: { complainant: 1 } },
  )) {
    const number = sealer.open(complainant.sealed?.number ?? '', _id);
    const numberHash = hashNumber(number);
    if (complainant.numberHash === numberHash) continue;
    await complaints.updateOne(
      { _id },
      identityOf(number) === undefined
        ? { $unset: { 'complainant.numberHash': '', 'complainant.sealed.number': '' }, $set: { 'complainant.numberMasked': WITHHELD } }
        : { $set: { 'complainant.numberHash': numberHash } },
    );
  }
}
