import { PROOF_AGENT } from '../shared/domain/proof.js';
import { createMembersOf, createTeamReader } from '../identity/index.js';
import { createRouting, seedRouting } from '../routing/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => {
  const { config, mongo, documents } = context;
  await documents.onceThere(() => seedRouting(mongo, { demo: config.DEMO_DATA === 'yes', proofAgentId: PROOF_AGENT }));
  const teams = { all: createTeamReader(mongo), spells: createMembersOf(mongo) };
  return [createRouting({ ...context, teams, onceStored: documents.onceThere })];
};
