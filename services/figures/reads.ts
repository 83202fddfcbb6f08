import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { visitRecord, type StoredVisit } from '../shared/records/visit.js';
import { VISITS } from './adapters/mongo-visits.js';

/** What other slices read of visits to queues. */
export const createFigureReads = (mongo: Connection): Pick<Reads, 'visits'> => ({
  visits: createReads(mongo, VISITS as CollectionOf<StoredVisit>, visitRecord),
});
