import { PROOF_AGENT } from '../shared/domain/proof.js';
import { createRouting, seedRouting } from '../routing/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => {
  await seedRouting(context.mongo, { demo: context.config.DEMO_DATA === 'yes', proofAgentId: PROOF_AGENT });
  return [createRouting(context)];
};
