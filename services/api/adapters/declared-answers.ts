import { isDeepStrictEqual } from 'node:util';
import { commonFailures } from '../../shared/contracts/api/common-failures.js';
import { jsonOf, type EndpointAnswer } from '../../shared/contracts/api/endpoint.js';
import { problemOf } from '../../shared/contracts/failure-details.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Route } from '../../shared/platform/http/route.js';

type Declared = Pick<Route, 'method' | 'path' | 'right' | 'answer' | 'failures' | 'reach' | 'looksUp' | 'uploadBytes'>;

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method.toUpperCase()} ${path}`;

const isNothing = (answer: EndpointAnswer): boolean => 'kind' in answer && answer.kind === 'nothing';

/**
 * Fails when a handler's answer differs from the declaration of its route, with more fields as well as with fewer. Names the place, never a
 * value.
 */
export function refuseUndeclared(declared: Declared, answered: unknown): void {
  const schema = jsonOf(declared.answer);
  if (answered === undefined) {
    const mayBeEmpty = !('_zod' in declared.answer) || declared.answer.safeParse(undefined).success;
    if (!mayBeEmpty) throw new Error(`${nameOf(declared)} answers nothing, and its contract has an answer`);
    return;
  }
  if (schema === undefined)
    throw new Error(`${nameOf(declared)} answers JSON, and its contract has ${isNothing(declared.answer) ? 'no answer' : 'none'}`);
  const sent = JSON.parse(JSON.stringify(answered)) as unknown;
  const parsed = schema.safeParse(sent);
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.')} (${code})`);
    throw new Error(`${nameOf(declared)} answers otherwise than its contract: ${faults.join(', ')}`);
  }
  const differs = firstDifference(sent, JSON.parse(JSON.stringify(parsed.data)) as unknown, '');
  if (differs !== undefined) throw new Error(`${nameOf(declared)} answers what its contract does not name: ${differs}`);
}

/** The failure itself when the contract names its code and the shape of its details, otherwise an error that says so. */
export function undeclaredFailure(declared: Declared, error: unknown): unknown {
  if (!(error instanceof CallCentreError) || error.code === 'internal') return error;
  const named: readonly string[] = [...declared.failures, ...commonFailures(declared)];
  if (!named.includes(error.code))
    return new Error(`${nameOf(declared)} fails with ${error.code}, which its contract does not name`, { cause: error });
  const { code, message, details } = error;
  const parsed = problemOf(code).safeParse(JSON.parse(JSON.stringify({ code, message, details })));
  if (parsed.success) return error;
  return new Error(`${nameOf(declared)} fails with ${code} and details of another shape than its contract`, { cause: error });
}

function firstDifference(sent: unknown, declared: unknown, at: string): string | undefined {
  if (isDeepStrictEqual(sent, declared)) return undefined;
  if (typeof sent !== 'object' || sent === null || typeof declared !== 'object' || declared === null) return at;
  const other = declared as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(sent)) {
    const inner = `${at}${at === '' ? '' : '.'}${key}`;
    if (!(key in other)) return inner;
    const found = firstDifference(value, other[key], inner);
    if (found !== undefined) return found;
  }
  return at;
}
