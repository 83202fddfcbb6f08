import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { contactExtract } from '../shared/records/contact.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { CONTACTS, type StoredContact } from './adapters/mongo-workspace.js';

/** What other slices read of what agents wrote. */
export const createContactReads = (mongo: Connection): Pick<Reads, 'contacts'> => ({
  contacts: createReads(mongo, CONTACTS as CollectionOf<StoredContact>, contactExtract),
});
