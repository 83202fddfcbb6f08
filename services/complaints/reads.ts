import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { complaintExtract } from '../shared/records/complaint.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { COMPLAINTS, type StoredComplaint } from './adapters/mongo-complaints.js';

/** What other slices read of cases. */
export const createComplaintReads = (mongo: Connection): Pick<Reads, 'complaints'> => ({
  complaints: createReads(mongo, COMPLAINTS as CollectionOf<StoredComplaint>, complaintExtract),
});
