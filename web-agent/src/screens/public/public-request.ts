import type { Problem } from '../../../../services/shared/contracts/session.js';
import { ApiProblem } from '../../session/session.js';

/** A request of somebody who is not signed in; answers the parsed JSON or nothing, throws `ApiProblem`. */
export async function publicRequest<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T | undefined> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      credentials: 'omit',
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw Object.assign(new ApiProblem('network', 'The server cannot be reached.'), { cause: error });
  }
  if (response.status === 204) return undefined;
  const answer = (await response.json().catch(() => ({ code: 'internal', message: response.statusText }))) as unknown;
  if (response.ok) return answer as T;
  const { code, message, details } = answer as Problem;
  throw new ApiProblem(code, message, details);
}
