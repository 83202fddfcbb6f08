import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { isScoped, withinReach } from '../../../shared/platform/reach.js';
import { route, type Route } from '../../../shared/platform/route.js';
import { agentOf, type ReviewRoutesDependencies } from '../http.js';
import { drawSample } from '../sampling.js';

/** Of a draw: more recordings than this are not looked at. */
const DRAW_FROM = 20_000;
const text = z.record(z.enum(['zh-CN', 'en']), z.string().trim().min(1).max(300));
const Form = z.object({
  formId: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: text,
  questions: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        text,
        points: z.int().min(1).max(10),
        weight: z.number().positive().max(100),
        severity: z.enum(['normal', 'critical', 'fatal']).default('normal'),
      }),
    )
    .min(1)
    .max(60)
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, 'question ids are not unique'),
});
/** Forms of reviews, and draws of the calls to be reviewed. */
export function createReviewFormsHttp({ reviews, recordings, reachOf, audit, now }: ReviewRoutesDependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/review-forms',
      right: 'recordings.review',
      reach: { kind: 'common' },
      summary: 'The forms, each version.',
      handle: async () => ({ forms: await reviews.forms() }),
    }),
    route({
      method: 'post',
      path: '/review-forms',
      right: 'recordings.review',
      reach: { kind: 'site' },
      summary: 'A form, or the next version of one.',
      body: Form,
      handle: async ({ principal, body, from }) => {
        const version = ((await reviews.form(body.formId))?.version ?? 0) + 1;
        await audit({ who: principal?.userId ?? '', what: 'review-form.saved', object: `${body.formId}@${version}`, from, success: true });
        if (!(await reviews.addForm({ ...body, version })))
          throw new CallCentreError('already-exists', 'somebody saved this form just now');
        return { ...body, version };
      },
    }),
    route({
      method: 'post',
      path: '/review-samples',
      right: 'recordings.review',
      reach: { kind: 'filtered' },
      summary: 'Draws so many recordings of each agent by a seed that is kept with the draw; the same seed draws the same.',
      body: z.object({
        from: z.coerce.date(),
        to: z.coerce.date(),
        quota: z.int().min(1).max(50),
        seed: z
          .string()
          .regex(/^[\w-]{1,64}$/)
          .optional(),
        agentId: z.string().max(64).optional(),
      }),
      handle: async ({ principal, body, from }) => {
        const who = principal?.userId ?? '';
        const seed = body.seed ?? randomBytes(8).toString('hex');
        const reach = await reachOf(principal);
        const found = (await recordings.sample(body.from, body.to, DRAW_FROM)).filter(
          (one) => agentOf(one) !== '' && (body.agentId === undefined || agentOf(one) === body.agentId) && withinReach(reach, one.facets),
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
    route({
      method: 'get',
      path: '/review-samples',
      right: 'recordings.review',
      reach: { kind: 'filtered' },
      summary: 'Draws, newest first, with their seeds, and which of the drawn calls are reviewed.',
      handle: async ({ principal }) => {
        const everybodys = principal !== undefined && !isScoped(principal);
        const samples = (await reviews.samples(50)).filter(({ by }) => everybodys || by === principal?.userId);
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
