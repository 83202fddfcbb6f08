import { CallCentreError } from '../shared/domain/failure.js';
import { zeroFacts } from '../shared/domain/figures/count.js';
import { figureOf } from '../shared/domain/figures/registry.js';
import { handled, route, type Audit, type Route } from '../shared/platform/route.js';
import type { Reads } from '../shared/records/reads.js';
import { missingElements, proofOf, type ConsentProof } from './four-elements.js';
import type { Attempt, AttemptStore, Consent, ConsentStore, OriginalStore } from './ports.js';

export interface ElementsHttp {
  readonly attempts: Pick<AttemptStore, 'answeredOut'>;
  readonly consents: Pick<ConsentStore, 'byIds' | 'attach'>;
  readonly originals: OriginalStore;
  readonly reads: Pick<Reads, 'recordings'>;
  readonly audit: Audit;
  /** A day at the site (`YYYY-MM-DD`), its end not included. */
  readonly dayOf: (date: string) => { readonly from: Date; readonly until: Date };
}

interface Judged {
  readonly attempt: Attempt;
  readonly proof: ConsentProof | undefined;
  readonly missing: ReturnType<typeof missingElements>;
}

/** The four elements of each answered call out, the daily figure of them, and the originals of consents. */
export function createElementRoutes({ attempts, consents, originals, reads, audit, dayOf }: ElementsHttp): Route[] {
  async function judge(found: readonly Attempt[]): Promise<Judged[]> {
    const ids = found.flatMap(({ consentId = '' }) => (consentId === '' || consentId.startsWith('call:') ? [] : [consentId]));
    const known = new Map((await consents.byIds([...new Set(ids)])).map((consent) => [consent.id, consent]));
    const proofs = found.map(({ consentId }) => proofOf(consentId, known.get(consentId ?? '')));
    const calls = [...found.map(({ callId }) => callId), ...proofs.flatMap((proof) => (proof?.kind === 'call' ? [proof.callId] : []))];
    const recordings = await reads.recordings.find(
      { _id: { $in: [...new Set(calls)] }, deletion: null, objectKey: { $ne: null } },
      { fields: ['objectKey'] },
    );
    const recorded = new Set(recordings.map(({ _id }) => _id));
    const kept = new Set<string>();
    const files = new Map(proofs.flatMap((proof) => (proof?.kind === 'file' ? [[proof.consentId, proof.sha256] as const] : [])));
    for (const [consentId, sha256] of files) if (await originals.has(consentId, sha256)) kept.add(consentId);
    return found.map((attempt, i) => {
      const proof = proofs[i];
      return { attempt, proof, missing: missingElements({ attempt, proof, recorded, kept, callId: attempt.callId }) };
    });
  }

  async function consentOf(id: string): Promise<Consent> {
    const [consent] = await consents.byIds([id]);
    if (consent === undefined) throw new CallCentreError('not-found', 'There is no such consent.');
    return consent;
  }

  return [
    route('GET /outbound/elements', {
      reach: { kind: 'site' },
      handle: async ({ query: { date } }) => {
        const judged = await judge(await attempts.answeredOut(dayOf(date)));
        const failing = judged.filter(({ missing }) => missing.length > 0);
        const counts = { ...zeroFacts(), calledOut: judged.length, calledOutWhole: judged.length - failing.length };
        return {
          date,
          figure: figureOf('fourElements', counts),
          failing: failing.map(({ attempt: { callId, at, agentId, numberMasked }, missing }) => ({
            ...{ callId, at, agentId, numberMasked, missing },
          })),
        };
      },
    }),
    route('GET /calls/:callId/elements', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ params }) => {
        const [judged] = await judge(await attempts.answeredOut({ callId: params.callId }));
        if (judged === undefined) throw new CallCentreError('not-found', 'This is no answered call out.');
        const { attempt, proof, missing } = judged;
        const { callId, at, answeredAt, from, numberMasked, consentId = '' } = attempt;
        return { callId, at, answeredAt, from, numberMasked, consentId, proof: proof ?? null, missing };
      },
    }),
    route('POST /outbound/consents/:id/original', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, query: { fileName }, request, from, upload }) => {
        // Before a byte is read: of a consent that is not there, or has its original, nothing is taken.
        if ((await consentOf(id)).original !== undefined)
          throw new CallCentreError('already-exists', 'The original of this consent is there already.');
        const body = await upload.file(fileName);
        const at = new Date();
        const contentType = request.get('content-type') ?? 'application/octet-stream';
        const stored = await originals.put(id, body, contentType, at);
        const { sha256 } = stored;
        const original = { kind: 'file', fileName, contentType, sizeBytes: body.byteLength, ...stored, at, by: principal.userId } as const;
        await audit({
          who: principal.userId,
          what: 'consent.original-added',
          object: `consent:${id}`,
          from,
          success: true,
          after: { sha256 },
        });
        if (!(await consents.attach(id, original)))
          throw new CallCentreError('already-exists', 'The original of this consent is there already.');
        return { sha256, sizeBytes: body.byteLength };
      },
    }),
    route('GET /outbound/consents/:id/original', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, from, response }) => {
        const { original } = await consentOf(id);
        if (original?.kind !== 'file') throw new CallCentreError('not-found', 'The original of this consent is no file.');
        const body = await originals.read(id, original.sha256);
        await audit({ who: principal.userId, what: 'consent.original-read', object: `consent:${id}`, from, success: true });
        // Always a download: an uploaded page must not run under this origin.
        response.attachment(original.fileName).setHeader('content-type', 'application/octet-stream');
        response.end(body);
        return handled;
      },
    }),
  ];
}
