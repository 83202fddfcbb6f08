import type { Problem } from '../../../services/shared/contracts/failure-details.js';
import type { Profile, SignedIn, SignIn } from '../../../services/shared/contracts/session.js';
import type { AnyFailureDetails } from '../../../services/shared/domain/failure-details.js';
import type { FailureCode } from '../../../services/shared/domain/failure.js';
import { standAt } from '../components/time/times.js';
import { createApiClient, type ApiClient } from './api.js';

/**
 * A refusal of the server in its own words. `code` has words of ours in both languages. The server is tested against the shapes of
 * `details`, so a page tells them apart by their fields.
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly code: FailureCode | 'network',
    message: string,
    readonly details?: AnyFailureDetails,
  ) {
    super(message);
  }
}

export type SessionState =
  | { readonly kind: 'starting' }
  /** `away`: whether there is a session is unknown for the moment; the page asks again. */
  | { readonly kind: 'signed-out'; readonly expired: boolean; readonly away?: boolean }
  | { readonly kind: 'signed-in'; readonly profile: Profile };

/** The sign-in of this page. The access token lives in memory only; the refresh cookie is out of the page's reach. */
export interface Session {
  getSnapshot(): SessionState;
  subscribe(listener: () => void): () => void;
  start(): Promise<void>;
  signIn(credentials: SignIn): Promise<void>;
  /** `expired`: the person did not ask for it, so the sign-in page says so. */
  signOut(how?: { readonly expired: boolean }): Promise<void>;
  /** The ways in which people may sign in here. */
  ways(): Promise<{ readonly singleSignOn: boolean }>;
  /** A token that is still valid; `fresh` after the last one was refused; rejects with `not-signed-in` when there is no session. */
  token(fresh?: boolean): Promise<string>;
  /** Requests of the person who is signed in. */
  readonly api: ApiClient;
  /** Reads the person's rights again after the account was changed. */
  reloadProfile(): Promise<void>;
}

const RENEW_BEFORE_MS = 30_000;
const ASK_AGAIN_MS = 5_000;

/** Whether the session is over. Any other failure of a renewal (a store that is away, no network) passes. */
const isOver = (error: unknown): boolean => error instanceof ApiProblem && ['not-signed-in', 'not-allowed'].includes(error.code);

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, credentials: 'same-origin', ...init });
  } catch (error) {
    throw Object.assign(new ApiProblem('network', 'The server cannot be reached.'), { cause: error });
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({ code: 'internal', message: response.statusText }))) as Problem;
  // Not every answer is ours: a server in front may say what it likes.
  const details: unknown = problem.details;
  throw new ApiProblem(problem.code, problem.message, typeof details === 'object' && details !== null ? problem.details : undefined);
}

export function createSession(): Session {
  let state: SessionState = { kind: 'starting' };
  let signedIn: SignedIn | null = null;
  let renewing: Promise<string> | null = null;
  const listeners = new Set<() => void>();

  function become(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function accept(answer: SignedIn): string {
    signedIn = answer;
    standAt(answer.profile.siteZone);
    become({ kind: 'signed-in', profile: answer.profile });
    return answer.accessToken;
  }

  /** One renewal at a time over all tabs: the cookie is replaced at each, and a cookie used twice looks like theft. */
  function renew(): Promise<string> {
    renewing ??= navigator.locks
      .request('proofline-refresh', async () => {
        const response = await send('POST', '/session/refresh', {});
        return accept((await response.json()) as SignedIn);
      })
      .catch((error: unknown) => {
        if (isOver(error)) {
          const expired = signedIn !== null;
          signedIn = null;
          become({ kind: 'signed-out', expired });
        }
        throw error;
      })
      .finally(() => {
        renewing = null;
      });
    return renewing;
  }

  async function token(fresh = false): Promise<string> {
    if (!fresh && signedIn !== null && Date.parse(signedIn.expiresAt) - Date.now() > RENEW_BEFORE_MS) return signedIn.accessToken;
    return renew();
  }

  /** Sends with the token; once more with a new one when the server no longer takes it. */
  async function authorised(method: string, path: string, init: RequestInit): Promise<Response> {
    const attempt = async (bearer: string): Promise<Response> =>
      send(method, path, {
        ...init,
        headers: { ...(init.headers as Record<string, string> | undefined), Authorization: `Bearer ${bearer}` },
      });
    try {
      return await attempt(await token());
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'not-signed-in' || state.kind !== 'signed-in') throw error;
      return attempt(await renew());
    }
  }

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      for (;;) {
        const error: unknown = await renew().catch((reason: unknown) => reason);
        if (typeof error === 'string' || isOver(error)) return;
        const away: SessionState = { kind: 'signed-out', expired: false, away: true };
        become(away);
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        // The person has signed in meanwhile.
        if (state !== away) return;
      }
    },
    async signIn(credentials) {
      const response = await send('POST', '/session', {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(credentials),
      });
      accept((await response.json()) as SignedIn);
    },
    async signOut({ expired } = { expired: false }) {
      await authorised('DELETE', '/session', {}).catch(() => undefined);
      signedIn = null;
      become({ kind: 'signed-out', expired });
    },
    async ways() {
      return (await (await send('GET', '/session/ways', {})).json()) as { singleSignOn: boolean };
    },
    token,
    api: createApiClient(authorised),
    async reloadProfile() {
      await renew();
    },
  };
}
