import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { callbackExtract } from '../shared/records/callback.js';
import { queueExtract } from '../shared/records/site.js';
import { CALLBACKS, type StoredCallback } from './adapters/mongo-callbacks.js';
import { QUEUES, type StoredQueue } from './adapters/mongo-queues.js';
import { decisionsOf } from './adapters/mongo-waits.js';

/** What other slices read of callbacks, of queues and of the reasons for offers. */
export const createRoutingReads = (mongo: Connection): Pick<Reads, 'callbacks' | 'queues' | 'decisionsOf'> => ({
  callbacks: createReads(mongo, CALLBACKS as CollectionOf<StoredCallback>, callbackExtract),
  queues: createReads(mongo, QUEUES as CollectionOf<StoredQueue>, queueExtract),
  decisionsOf: (callId) => decisionsOf(mongo, callId),
});
