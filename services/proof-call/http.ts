import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { ProofStore } from './ports.js';

const PROOF_WITHIN_MS = 90_000;
/**
 * Over lines, each wait for the carrier may last 35 s, and the call waits for a test of a trunk or a proof call that is going on. A page that
 * gave up sooner would say that nothing came of a call whose verdict is kept.
 */
const PROOF_OVER_LINES_WITHIN_MS = 240_000;

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
    route('POST /proof-call', {
      reach: { kind: 'site' },
      handle: async ({ principal, query: over, from }) => {
        await audit({ who: principal.userId, what: 'proof-call.made', from, success: true, after: over });
        const timeoutMs = over.trunkId === undefined ? PROOF_WITHIN_MS : PROOF_OVER_LINES_WITHIN_MS;
        return commands.send('proof.run', { origin: 'button', ...over }, { timeoutMs });
      },
    }),
    route('GET /proof-call/ways', {
      reach: { kind: 'site' },
      handle: async () => {
        const [tests, trunks] = await Promise.all([commands.send('trunk.tests', {}), commands.send('trunks.state', {})]);
        const ways = tests.flatMap(({ trunkId, inBy, at, ok }) => (inBy === undefined ? [] : [{ trunkId, inBy, testedAt: at, ok }]));
        const echoes = trunks.flatMap(({ trunkId, echoNumber: number }) => (number === undefined ? [] : [{ trunkId, number }]));
        return { ways, echoes };
      },
    }),
    route('GET /trunk-tests', {
      reach: { kind: 'site' },
      handle: async () => ({ tests: await commands.send('trunk.tests', {}) }),
    }),
    route('POST /trunks/:id/test', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const { id: trunkId } = params;
        await audit({ who: principal.userId, what: 'trunk.tested', object: `trunk:${trunkId}`, from, success: true });
        return commands.send('trunk.test', { trunkId, ...body, by: principal.userId, byName: principal.name }, { timeoutMs: 10_000 });
      },
    }),
    route('POST /practice-call', {
      reach: { kind: 'objects', named: ({ body }) => [{ of: 'number', id: body.number, use: 'read' }] },
      handle: async ({ principal, body, from }) => {
        await audit({ who: principal.userId, what: 'practice-call.made', from, success: true });
        return commands.send('practice.call', body, { timeoutMs: 40_000 });
      },
    }),
    route('GET /proof-call/:proofId/sheet.:form', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, query, from, response }) => {
        await audit({ who: principal.userId, what: 'proof-call.sheet', object: params.proofId, from, success: true });
        const { pdfBase64, ...signed } = await commands.send(
          'proof.sheet',
          { proofId: params.proofId, language: query.language },
          { timeoutMs: 30_000 },
        );
        if (params.form === 'json') return signed;
        response.type('application/pdf').end(Buffer.from(pdfBase64, 'base64'));
        return handled;
      },
    }),
    route('GET /proof-call', {
      reach: { kind: 'site' },
      handle: async ({ query }) => ({ proofs: await proofs.newest(query.limit) }),
    }),
  ];
}
