import { CallCentreError } from '../../shared/domain/failure.js';
import { dailyFigureOf } from '../../shared/domain/figures/daily.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import { createElementJudge } from './elements-judge.js';
import type { AttemptStore, Consent, ConsentStore, OriginalStore } from '../ports.js';

export interface ElementsHttp {
  readonly attempts: Pick<AttemptStore, 'answeredOut'>;
  readonly consents: Pick<ConsentStore, 'byIds' | 'attach'>;
  readonly originals: OriginalStore;
  readonly reads: Pick<Reads, 'recordings'>;
  readonly audit: Audit;
  /** A day at the site (`YYYY-MM-DD`); the end is not included. */
  readonly dayOf: (date: string) => { readonly from: Date; readonly until: Date };
}

/** The four elements of each answered outbound call, their daily figure, and the originals of consents. */
export function createElementRoutes({ attempts, consents, originals, reads, audit, dayOf }: ElementsHttp): Route[] {
  const judge = createElementJudge({ consents, originals, reads });

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
        const takenBack = judged.flatMap(({ attempt: { callId, at, agentId, numberMasked, consentTakenBackAt } }) =>
          consentTakenBackAt === undefined ? [] : [{ callId, at, agentId, numberMasked, consentTakenBackAt }],
        );
        return {
          date,
          figure: dailyFigureOf('fourElements', { calledOut: judged.length, calledOutWhole: judged.length - failing.length }),
          failing: failing.map(({ attempt: { callId, at, agentId, numberMasked }, missing }) => ({
            ...{ callId, at, agentId, numberMasked, missing },
          })),
          takenBack,
        };
      },
    }),
    route('GET /calls/:callId/elements', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ params }) => {
        const [judged] = await judge(await attempts.answeredOut({ callId: params.callId }));
        if (judged === undefined) throw new CallCentreError('not-found', 'This is not an answered outbound call.');
        const { attempt, proof, missing } = judged;
        const { callId, at, answeredAt, from, numberMasked, consentId = '', consentTakenBackAt } = attempt;
        return { callId, at, answeredAt, from, numberMasked, consentId, consentTakenBackAt, proof: proof ?? null, missing };
      },
    }),
    route('POST /outbound/consents/:id/original', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, query: { fileName }, request, from, upload }) => {
        // Checked before a byte is read: no upload is taken for a consent that does not exist or already has its original.
        if ((await consentOf(id)).original !== undefined)
          throw new CallCentreError('already-exists', 'The original of this consent is already stored.');
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
          throw new CallCentreError('already-exists', 'The original of this consent is already stored.');
        return { sha256, sizeBytes: body.byteLength };
      },
    }),
    route('GET /outbound/consents/:id/original', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, from, response }) => {
        const { original } = await consentOf(id);
        if (original?.kind !== 'file') throw new CallCentreError('not-found', 'The original of this consent is not a file.');
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
