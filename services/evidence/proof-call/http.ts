import { z } from 'zod';
import type { CommandBus } from '../../shared/contracts/commands.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/route.js';
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
      reach: { kind: 'site' },
      summary: 'Places a proof call through the running product and answers with each stage, its time and its verdict.',
      handle: async ({ principal, from }) => {
        await audit({ who: principal?.userId ?? '', what: 'proof-call.made', from, success: true });
        return commands.send('proof.run', { origin: 'button' }, { timeoutMs: 90_000 });
      },
    }),
    route({
      method: 'post',
      path: '/practice-call',
      right: 'calls.practise',
      reach: { kind: 'objects', named: ({ body }) => [{ of: 'number', id: body.number, use: 'read' }] },
      summary:
        'A caller for people who learn calls the number over the trunk and, once an agent answers, says again what the agent says. Answers with the status of the INVITE and the id of the call.',
      body: z.object({ number: z.string().min(1).max(20) }),
      handle: async ({ principal, body, from }) => {
        await audit({ who: principal?.userId ?? '', what: 'practice-call.made', from, success: true });
        return commands.send('practice.call', body, { timeoutMs: 40_000 });
      },
    }),
    route({
      method: 'get',
      path: '/proof-call/:proofId/sheet.:form',
      right: 'evidence.proof-call',
      reach: { kind: 'site' },
      summary: 'The signed sheet of a proof call: `pdf` for paper, `json` with the statement, its Ed25519 signature and the public key.',
      params: z.object({ proofId: z.string().max(64), form: z.enum(['pdf', 'json']) }),
      query: z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') }),
      handle: async ({ principal, params, query, from, response }) => {
        await audit({ who: principal?.userId ?? '', what: 'proof-call.sheet', object: params.proofId, from, success: true });
        const { pdfBase64, ...signed } = await commands.send(
          'evidence.proof-sheet',
          { proofId: params.proofId, language: query.language },
          { timeoutMs: 30_000 },
        );
        if (params.form === 'json') return signed;
        response.type('application/pdf').end(Buffer.from(pdfBase64, 'base64'));
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/proof-call',
      right: 'system.read',
      reach: { kind: 'site' },
      summary: 'The newest proof calls with their stages.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
      handle: async ({ query }) => ({ proofs: await proofs.newest(query.limit) }),
    }),
  ];
}
