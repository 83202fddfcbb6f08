import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import { handled, route, type Route, type RouteInput } from '../../shared/platform/http/route.js';
import { cookieOf } from '../cookies.js';
import type { IdentityProvider, ProviderVisits } from '../ports.js';
import type { SignInService, Started } from '../sign-in-service.js';

const PATH = '/api/session/single-sign-on';
const VISIT_MS = 600_000;

export interface SingleSignOnHttp {
  /** Undefined when the site has no provider. */
  readonly provider: IdentityProvider | undefined;
  readonly visits: ProviderVisits;
  readonly signIn: SignInService;
  readonly keepRefresh: (started: Started, input: RouteInput<unknown, unknown, unknown>) => void;
  readonly secureCookies: boolean;
}

/** Why the sign-in failed; the sign-in page has words for it. */
function problemOf(error: unknown): string {
  const need = error instanceof CallCentreError ? error.detailsOf('not-signed-in')?.need : undefined;
  return need ?? failureOf(error);
}

export function createSingleSignOnRoutes({ provider, visits, signIn, keepRefresh, secureCookies }: SingleSignOnHttp): Route[] {
  const cookie = `${secureCookies ? '__Secure-' : ''}proofline_visit`;
  const ways = route('GET /session/ways', {
    reach: { kind: 'public' },
    handle: async () => ({ singleSignOn: provider !== undefined }),
  });
  if (provider === undefined) return [ways];
  return [
    ways,
    route('GET /session/single-sign-on', {
      reach: { kind: 'public' },
      handle: async ({ response }) => {
        const { address, kept } = await provider.begin();
        // Lax, because the provider's page leads back here and the browser must send the cookie along.
        response.cookie(cookie, await visits.keep(kept), {
          httpOnly: true,
          sameSite: 'lax',
          secure: secureCookies,
          path: PATH,
          maxAge: VISIT_MS,
        });
        response.redirect(address);
        return handled;
      },
    }),
    route('GET /session/single-sign-on/return', {
      reach: { kind: 'public' },
      handle: async (input) => {
        const { request, response, from } = input;
        response.clearCookie(cookie, { path: PATH, secure: secureCookies });
        try {
          const kept = await visits.take(cookieOf(request.get('cookie'), cookie));
          if (kept === undefined)
            throw new CallCentreError('not-signed-in', 'This sign-in was not started here.', { details: { need: 'provider' } });
          const person = await provider.finish(request.originalUrl.split('?')[1] ?? '', kept);
          keepRefresh(await signIn.signInVouched(person, from, request.get('user-agent') ?? ''), input);
          response.redirect('/');
        } catch (error) {
          response.redirect(`/?single-sign-on=${encodeURIComponent(problemOf(error))}`);
        }
        return handled;
      },
    }),
  ];
}
