import { createComplaintClocks } from '../complaints/index.js';
import { createProofCalls } from '../evidence/proof-call/index.js';
import { createRecordingHolds, createRecordingReader } from '../recording/index.js';
import { createRegistryWorker, seedRegistryDemo } from '../registry/index.js';
import { createSatisfaction } from '../satisfaction/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => {
  if (context.config.DEMO_DATA === 'yes') await seedRegistryDemo(context);
  return [
    createComplaintClocks({ ...context, holds: createRecordingHolds(context) }),
    createSatisfaction(context),
    createRegistryWorker(context),
    createProofCalls({ ...context, recordings: createRecordingReader(context) }),
  ];
};
