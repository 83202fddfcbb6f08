import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { queueExtract } from '../shared/records/site.js';
import { QUEUES, type StoredQueue } from './adapters/mongo-queues.js';
import { decisionsOf } from './adapters/mongo-waits.js';

/** What other slices read of queues and of the reasons for offers. */
export const createRoutingReads = (mongo: Connection): Pick<Reads, 'queues' | 'decisionsOf'> => ({
  queues: createReads(mongo, QUEUES as CollectionOf<StoredQueue>, queueExtract),
  decisionsOf: (callId) => decisionsOf(mongo, callId),
});
