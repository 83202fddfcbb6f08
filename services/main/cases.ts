import { createComplaintClocks } from '../complaints/index.js';
import { createRegistryWorker, seedRegistryDemo } from '../registry/index.js';
import { createSatisfaction } from '../satisfaction/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => {
  if (context.config.DEMO_DATA === 'yes') await seedRegistryDemo(context);
  return [createComplaintClocks(context), createSatisfaction(context), createRegistryWorker(context)];
};
