import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { callRecord, type StoredCall } from '../shared/records/call.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { serviceNumberExtract } from '../shared/records/site.js';
import { CALLS } from './adapters/mongo-calls.js';
import { SERVICE_NUMBERS, type StoredNumber } from './adapters/mongo-numbers.js';

/** What other slices read of ended calls and of the service numbers. */
export const createCallReads = (mongo: Connection): Pick<Reads, 'calls' | 'serviceNumbers'> => ({
  calls: createReads(mongo, CALLS as CollectionOf<StoredCall>, callRecord),
  serviceNumbers: createReads(mongo, SERVICE_NUMBERS as CollectionOf<StoredNumber>, serviceNumberExtract),
});
