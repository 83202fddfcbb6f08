import { z } from 'zod';
import { failures, type FailureCode } from '../domain/failure.js';
import {
  failureLimits,
  flowFaults,
  mailFaults,
  passwordFaults,
  refusals,
  signInNeeds,
  type AnyFailureDetails,
  type DetailedCode,
  type FailureDetails,
} from '../domain/failure-details.js';
import { roles } from '../domain/people/rights.js';
import { QueueId } from './ids.js';

const fields = z.array(z.strictObject({ at: z.string(), message: z.string().optional() }));
const sentences = z.array(z.string());
const overLimit = z.strictObject({ limit: z.enum(failureLimits), most: z.number() });
const rows = z.strictObject({ rows: z.number() });
const refused = <const R extends readonly [string, ...string[]]>(reasons: R) => z.strictObject({ refused: z.enum(reasons) });

/** The shape of a Problem's `details` for each code that has any. The domain declares the types; this makes them readable at run time. */
export const failureDetails = {
  'invalid-request': z.union([
    fields,
    z.array(z.strictObject({ where: z.string(), problem: z.enum(flowFaults), detail: z.string() })),
    sentences,
    z.strictObject({
      problems: z.array(z.strictObject({ field: z.string(), message: z.strictObject({ zh: z.string(), en: z.string() }) })),
    }),
    z.strictObject({ columns: z.array(z.string()) }),
    z.strictObject({
      faults: z.array(z.strictObject({ line: z.number(), column: z.string(), message: z.string() })),
      faultCount: z.number(),
    }),
    z.strictObject({ faults: sentences }),
    z.strictObject({ line: z.number().nullable() }),
    z.strictObject({ lines: z.array(z.number()) }),
    z.strictObject({ file: z.enum(['kind', 'empty']) }),
    z.strictObject({ ignored: z.enum(mailFaults) }),
    z.strictObject({ circle: z.array(z.string()) }),
    z.strictObject({ roles: z.tuple([z.enum(roles), z.enum(roles)]) }),
    z.strictObject({ expiresAt: z.literal('inspector') }),
    z.strictObject({ password: z.enum(passwordFaults) }),
    z.strictObject({ code: z.literal('wrong') }),
    z.strictObject({ need: z.literal('own-address'), address: z.string() }),
    refused(refusals.prompt),
    overLimit,
  ]),
  'not-signed-in': z.strictObject({ need: z.enum(signInNeeds) }),
  'not-allowed': z.strictObject({ need: z.enum([...signInNeeds, 'approval']) }),
  'outside-scope': z.strictObject({ scope: z.literal('beyond-own') }),
  'last-administrator': z.strictObject({ role: z.enum(roles) }),
  'approval-needed': rows,
  'too-large': z.union([
    overLimit,
    rows,
    z.strictObject({ rows: z.number(), max: z.number() }),
    refused([...refusals.prompt, ...refusals.note]),
  ]),
  'wrong-state': z.union([
    refused([...refusals.campaign, ...refusals.complaint, ...refusals.drill, ...refusals.note]),
    z.strictObject({ why: z.enum(['held', 'deleted-already']) }),
    z.strictObject({ change: z.string() }),
    z.strictObject({ queueId: QueueId }),
    z.strictObject({ members: z.number() }),
  ]),
  'already-exists': z.union([fields, overLimit]),
  'not-supported': overLimit,
  'changed-meanwhile': z.strictObject({ changedBy: z.string().optional() }),
  'below-legal-minimum': z.union([
    fields,
    z.array(z.strictObject({ field: z.string(), minimumDays: z.number(), basis: z.string() })),
    z.strictObject({ basis: z.string() }),
  ]),
  'too-many-requests': z.union([z.strictObject({ waitMs: z.number() }), overLimit]),
  'break-full': z.strictObject({ atOnce: z.number() }),
  busy: z.strictObject({ atOnce: z.number() }),
  'outbound-destination': fields,
} satisfies { readonly [C in DetailedCode]: z.ZodType<FailureDetails[C]> };

type Changeable<T> = T extends string ? T : T extends object ? { -readonly [F in keyof T]: Changeable<T[F]> } : T;
type Undescribed = {
  [C in DetailedCode]: Changeable<FailureDetails[C]> extends z.output<(typeof failureDetails)[C]> ? never : C;
}[DetailedCode];
type None<T extends never> = T;
/** Fails to compile when the domain declares a shape that has no schema here; `satisfies` checks the reverse. */
export type EveryShapeHasASchema = None<Undescribed>;

export const isDetailed = (code: string): code is DetailedCode => code in failureDetails;

/** Every error of the HTTP interface. `code` is a FailureCode and decides the shape of `details`. */
export interface Problem {
  readonly code: FailureCode;
  readonly message: string;
  readonly details?: AnyFailureDetails;
}

export const problemOf = (code: FailureCode): z.ZodType =>
  z.strictObject({
    code: z.literal(code),
    message: z.string(),
    ...(isDetailed(code) ? { details: failureDetails[code].optional() } : {}),
  });

export const failureCodes = Object.keys(failures) as FailureCode[];
