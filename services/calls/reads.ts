import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/records.js';
import { callRecord, type StoredCall } from '../shared/records/call.js';
import type { Reads } from '../shared/records/reads.js';
import { serviceNumberExtract } from '../shared/records/site.js';
import { CALLS } from './adapters/mongo-calls.js';
import { SERVICE_NUMBERS, type StoredNumber } from './adapters/mongo-numbers.js';

/** What other slices read of ended calls and of the numbers that are served. */
export const createCallReads = (mongo: Connection): Pick<Reads, 'calls' | 'serviceNumbers'> => ({
  calls: createReads<typeof callRecord, StoredCall>(mongo, CALLS, callRecord),
  serviceNumbers: createReads<typeof serviceNumberExtract, StoredNumber>(mongo, SERVICE_NUMBERS, serviceNumberExtract),
});
