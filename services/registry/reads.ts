import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { registerEntryExtract, registerFileExtract } from '../shared/records/site.js';
import { REGISTER_ENTRIES, type StoredEntry } from './adapters/mongo-entries.js';
import { REGISTER_FILES, type StoredFile } from './adapters/s3-attachments.js';

/** What other slices read of the licence file. */
export const createRegisterReads = (mongo: Connection): Pick<Reads, 'registerEntries' | 'registerFiles'> => ({
  registerEntries: createReads(mongo, REGISTER_ENTRIES as CollectionOf<StoredEntry>, registerEntryExtract),
  registerFiles: createReads(mongo, REGISTER_FILES as CollectionOf<StoredFile>, registerFileExtract),
});
