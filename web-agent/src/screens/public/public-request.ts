import type { Problem } from '../../../../services/shared/contracts/failure-details.js';
import { createApiClient } from '../../session/api.js';
import { ApiProblem } from '../../session/session.js';

/** Requests from somebody who is not signed in. */
export const publicApi = createApiClient(async (method, path, init) => {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, credentials: 'omit', ...init });
  } catch (error) {
    throw Object.assign(new ApiProblem('network', 'The server cannot be reached.'), { cause: error });
  }
  if (response.ok) return response;
  const { code, message, details } = (await response.json().catch(() => ({ code: 'internal', message: response.statusText }))) as Problem;
  throw new ApiProblem(code, message, details);
});
