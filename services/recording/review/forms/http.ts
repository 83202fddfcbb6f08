import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { isScoped, withinReach } from '../../../shared/platform/reach/reach.js';
import { route, type Route } from '../../../shared/platform/http/route.js';
import { agentOf, reachesReviewed, type ReviewRoutesDependencies } from '../http.js';
import { drawSample } from '../sampling.js';

/** The most recordings that a draw considers. */
const DRAW_FROM = 20_000;
/** Review forms, and draws of the calls to be reviewed. */
export function createReviewFormsHttp({ reviews, recordings, reachOf, audit, now }: ReviewRoutesDependencies): Route[] {
  return [
    route('GET /review-forms', {
      reach: { kind: 'common' },
      handle: async () => ({ forms: await reviews.forms() }),
    }),
    route('POST /review-forms', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const version = ((await reviews.form(body.formId))?.version ?? 0) + 1;
        await audit({ who: principal.userId, what: 'review-form.saved', object: `${body.formId}@${version}`, from, success: true });
        if (!(await reviews.addForm({ ...body, version })))
          throw new CallCentreError('already-exists', 'somebody saved this form just now');
        return { ...body, version };
      },
    }),
    route('POST /review-samples', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body, from }) => {
        const who = principal.userId;
        const seed = body.seed ?? randomBytes(8).toString('hex');
        const reach = await reachOf(principal);
        const found = (await recordings.sample(body.from, body.to, DRAW_FROM)).filter(
          (one) =>
            agentOf(one) !== '' &&
            (body.agentId === undefined || agentOf(one) === body.agentId) &&
            withinReach(reach, one.facets, one.startedAt) &&
            reachesReviewed(reach, one),
        );
        const calls = drawSample(
          found.map((one) => ({ callId: one.callId, agentId: agentOf(one) })),
          body.quota,
          seed,
          (given) => createHash('sha256').update(given).digest('hex'),
        );
        const sample = {
          sampleId: randomUUID(),
          seed,
          quota: body.quota,
          from: body.from.toISOString(),
          to: body.to.toISOString(),
          by: who,
          at: now().toISOString(),
          calls,
        };
        await audit({ who, what: 'review-sample.drawn', object: sample.sampleId, from, success: true, reason: `seed ${seed}` });
        await reviews.addSample(sample);
        return sample;
      },
    }),
    route('GET /review-samples', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const everybodys = !isScoped(principal);
        const samples = (await reviews.samples(50)).filter(({ by }) => everybodys || by === principal.userId);
        const reviewed = new Set(await reviews.reviewedAmong(samples.flatMap(({ calls }) => calls.map(({ callId }) => callId))));
        return {
          samples: samples.map(({ calls, ...sample }) => ({
            ...sample,
            calls: calls.map((call) => ({ ...call, reviewed: reviewed.has(call.callId) })),
          })),
        };
      },
    }),
  ];
}
