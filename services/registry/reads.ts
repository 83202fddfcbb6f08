import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { registerEntryExtract } from '../shared/records/site.js';
import { REGISTER_ENTRIES, type StoredEntry } from './adapters/mongo-entries.js';

/** What other slices read of the licence file. */
export const createRegisterReads = (mongo: Connection): Pick<Reads, 'registerEntries'> => ({
  registerEntries: createReads(mongo, REGISTER_ENTRIES as CollectionOf<StoredEntry>, registerEntryExtract),
});
