import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import type { RefusalStore } from './ports.js';
import { refusalReasons } from './refusal.js';

export interface OutboundHttp {
  readonly refusals: RefusalStore;
  readonly audit: Audit;
  readonly hashNumber: (number: string) => string;
}

const PAGE = 200;
const IMPORT_NUMBERS = 20_000;

export function createOutboundRoutes({ refusals, audit, hashNumber }: OutboundHttp): Route[] {
  function known(text: string): string {
    const number = normaliseNumber(text);
    if (number === undefined)
      throw new CallCentreError('invalid-request', 'This is not a telephone number.', {
        details: [{ at: 'number', message: 'not a number' }],
      });
    return number;
  }
  return [
    route({
      method: 'get',
      path: '/do-not-call',
      right: 'outbound.edit',
      summary: 'Numbers that are not called again, newest first; `number` looks one up.',
      query: z.object({
        number: z.string().max(24).optional(),
        skip: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(PAGE).default(50),
      }),
      handle: async ({ query }) =>
        refusals.list({
          skip: query.skip,
          limit: query.limit,
          ...(query.number === undefined ? {} : { numberHash: hashNumber(known(query.number)) }),
        }),
    }),
    route({
      method: 'post',
      path: '/do-not-call',
      right: 'outbound.edit',
      summary: 'Puts numbers on the list, at once for all tasks and caller numbers.',
      body: z.object({
        numbers: z.array(z.string().max(24)).min(1).max(IMPORT_NUMBERS),
        reason: z.enum(refusalReasons),
        source: z.string().min(1).max(100),
      }),
      handle: async ({ principal, body, from }) => {
        const wrong = body.numbers.flatMap((text, i) => (normaliseNumber(text) === undefined ? [i + 1] : []));
        if (wrong.length > 0)
          throw new CallCentreError('invalid-request', 'Nothing was taken over: some lines are no numbers.', {
            details: { lines: wrong.slice(0, 500) },
          });
        const by = principal?.userId ?? '';
        await audit({
          who: by,
          what: 'do-not-call.added',
          from,
          success: true,
          reason: body.reason,
          after: { numbers: body.numbers.length },
        });
        for (const number of body.numbers.map(known))
          await refusals.put({
            numberHash: hashNumber(number),
            numberMasked: maskNumber(number),
            reason: body.reason,
            source: body.source,
            at: new Date(),
            by,
          });
        return { added: body.numbers.length };
      },
    }),
    route({
      method: 'post',
      path: '/do-not-call/withdraw',
      right: 'outbound.edit',
      summary: 'Takes a refusal back, on new consent of the person; the evidence is kept.',
      body: z.object({ number: z.string().max(24), evidence: z.string().min(1).max(500) }),
      handle: async ({ principal, body, from }) => {
        const numberHash = hashNumber(known(body.number));
        const by = principal?.userId ?? '';
        await audit({ who: by, what: 'do-not-call.withdrawn', object: numberHash, from, success: true, reason: body.evidence });
        if (!(await refusals.withdraw(numberHash, { at: new Date(), by, evidence: body.evidence })))
          throw new CallCentreError('not-found', 'This number is not on the list.');
      },
    }),
  ];
}
