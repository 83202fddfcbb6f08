import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { contactExtract } from '../shared/records/contact.js';
import { seatCallbackExtract } from '../shared/records/seat-callback.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { CONTACTS, SEAT_CALLBACKS, type StoredContact, type StoredSeatCallback } from './adapters/mongo-workspace.js';

/** What other slices read of what agents wrote and promised. */
export const createContactReads = (mongo: Connection): Pick<Reads, 'contacts' | 'seatCallbacks'> => ({
  contacts: createReads(mongo, CONTACTS as CollectionOf<StoredContact>, contactExtract),
  seatCallbacks: createReads(mongo, SEAT_CALLBACKS as CollectionOf<StoredSeatCallback>, seatCallbackExtract),
});
