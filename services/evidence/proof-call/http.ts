import { z } from 'zod';
import type { CommandBus } from '../../shared/contracts/commands.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import type { ProofStore } from './ports.js';

export function createProofRoutes({
  proofs,
  commands,
  audit,
}: {
  readonly proofs: ProofStore;
  readonly commands: CommandBus;
  readonly audit: Audit;
}): Route[] {
  return [
    route({
      method: 'post',
      path: '/proof-call',
      right: 'evidence.proof-call',
      summary: 'Places a proof call through the running product and answers with each stage, its time and its verdict.',
      handle: async ({ principal, from }) => {
        await audit({ who: principal?.userId ?? '', what: 'proof-call.made', from, success: true });
        return commands.send('proof.run', { origin: 'button' }, { timeoutMs: 90_000 });
      },
    }),
    route({
      method: 'get',
      path: '/proof-call',
      right: 'system.read',
      summary: 'The newest proof calls with their stages.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
      handle: async ({ query }) => ({ proofs: await proofs.newest(query.limit) }),
    }),
  ];
}
