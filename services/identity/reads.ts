import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { accountExtract } from '../shared/records/site.js';
import { ACCOUNTS, type StoredAccount } from './adapters/mongo-accounts.js';

/** The fields of accounts that other slices read. */
export const createAccountReads = (mongo: Connection): Pick<Reads, 'accounts'> => ({
  accounts: createReads(mongo, ACCOUNTS as CollectionOf<StoredAccount>, accountExtract),
});
