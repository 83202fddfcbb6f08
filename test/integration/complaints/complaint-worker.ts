import { createReadStream } from 'node:fs';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createComplaintRoutes, createComplaintWorker } from '../../../services/complaints/index.js';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { createObjectClient } from '../../../services/shared/platform/stores/objects.js';
import type { Answer } from '../../../services/shared/platform/http/route.js';
import { UploadBudget, uploadOf } from '../../../services/shared/platform/http/upload.js';
import { complaintNeeds } from './complaint-needs.js';

// Complaints in a process of their own, on the stores of a test, to be killed: `import FILE` takes a CSV as the API does, `work` carries
// imports on and watches the clocks.

const env = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const [, , , job, file = ''] = process.argv;
const mongo = await mongoose.createConnection(env['MONGODB_URI'] ?? '').asPromise();
const needs = complaintNeeds(
  { env, mongo, objects: createObjectClient(readConfig(env)) },
  { audited: [], held: [], told: () => undefined, serviceNumbers: () => [] },
);
if (job === 'work') {
  await createComplaintWorker(needs).start();
  process.stdout.write('ready\n');
} else {
  const routes = createComplaintRoutes({ ...needs, valkey: new Redis({ lazyConnect: true }), reachesCall: async () => true });
  const taken = await routes
    .find(({ method, path }) => method === 'post' && path === '/complaints/import')
    ?.handle({
      principal: { userId: 'boss', name: 'boss', sessionId: 's', roles: ['supervisor'], scope: { queues: [], sites: [], clientUnits: [] } },
      params: {},
      query: {},
      body: {},
      from: '127.0.0.1',
      request: { headers: {}, originalUrl: '', get: () => undefined },
      response: {} as Answer,
      upload: uploadOf(createReadStream(file), 20_000_000, new UploadBudget()),
    });
  process.stdout.write(`${JSON.stringify(taken)}\n`);
  process.exit(0);
}
