import { createRouting, seedRouting } from '../routing/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => {
  if (context.config.DEMO_DATA === 'yes') await seedRouting(context.mongo);
  return [createRouting({ ...context, leaseLost: () => context.restart('another routing process holds the lease') })];
};
