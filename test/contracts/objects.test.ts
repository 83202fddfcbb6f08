import { admin, clientOf, temporaryStore } from '../integration/objects/objects-support.js';
import { objectStoreContract } from './objects-contract.js';

// On the embedded store, or on the one that S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY name.
objectStoreContract(async () => {
  const { S3_ENDPOINT, S3_ACCESS_KEY = '', S3_SECRET_KEY = '' } = process.env;
  if (S3_ENDPOINT !== undefined && S3_ENDPOINT !== '')
    return { client: clientOf(S3_ENDPOINT, { accessKey: S3_ACCESS_KEY, secretKey: S3_SECRET_KEY }), close: async () => undefined };
  const started = await temporaryStore();
  return { client: clientOf(started.endpoint, admin), close: () => started[Symbol.asyncDispose]() };
});
