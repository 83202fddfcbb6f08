import { type SeatCredential, type SignedIn } from '../shared/contracts/session.js';
import type { Team } from '../shared/domain/people/team.js';
import { SEAT_REALM, seatPassword } from '../shared/platform/events/live-sessions.js';
import { route, type RequestHead, type Route, type RouteInput } from '../shared/platform/http/route.js';
import type { Account, TotpRule } from './account.js';
import { showSession } from './users-routes.js';
import { KNOWN_S } from './adapters/valkey-limits.js';
import { cookieOf } from './cookies.js';
import type { OwnAccountService } from './own-account-service.js';
import { profileOf, type SignInService, type Started } from './sign-in-service.js';

/** Over TLS with the prefix that makes browsers refuse insecure cookies of that name (RFC 6265bis section 4.1.3). */
const cookieName = (secure: boolean): string => `${secure ? '__Secure-' : ''}proofline_refresh`;
/** Same-site strict, and only for the session routes: no page of another site can make the browser send it. */
export const refreshKeeper =
  (secure: boolean) =>
  ({ refreshToken }: Started, { response }: RouteInput<unknown, unknown, unknown>): void => {
    if (refreshToken !== '')
      response.cookie(cookieName(secure), refreshToken, { httpOnly: true, sameSite: 'strict', secure, path: '/api/session' });
  };

export interface IdentityHttp {
  readonly signIn: SignInService;
  readonly own: OwnAccountService;
  readonly newSecret: () => string;
  readonly seatKey: string;
  /** A ticket for one connection of a session's seat. */
  readonly seatTicket: (sessionId: string) => Promise<string>;
  readonly codec: SeatCredential['codec'];
  readonly secureCookies: boolean;
  readonly totpRule: TotpRule;
  readonly siteZone: string;
  readonly teamOf: (account: Account) => Promise<Team | undefined>;
}

const browserCookie = (secureCookies: boolean): string => `${secureCookies ? '__Secure-' : ''}proofline_browser`;
const browserOf = (request: RequestHead, secureCookies: boolean): string | undefined =>
  cookieOf(request.get('cookie'), browserCookie(secureCookies)) || undefined;

export const createIdentityRoutes = (needs: IdentityHttp): Route[] => [
  ...sessionRoutes(needs),
  ...ownAccountRoutes(needs),
  ...ownSessionRoutes(needs),
  ...seatRoutes(needs),
];

function sessionRoutes({ signIn, newSecret, secureCookies }: IdentityHttp): Route[] {
  const keep = refreshKeeper(secureCookies);
  function answer(started: Started, input: RouteInput<unknown, unknown, unknown>): SignedIn {
    keep(started, input);
    return started.signedIn;
  }
  return [
    route('POST /session', {
      reach: { kind: 'public' },
      handle: async (input) => {
        const { body, from, request, response } = input;
        const given = browserOf(request, secureCookies);
        const browser = given === undefined || given.length < 40 ? newSecret() : given;
        const started = await signIn.signIn(body, from, request.get('user-agent') ?? '', browser);
        const answered = answer(started, input);
        // This cookie outlives the session. It says only that this person has signed in from this browser, so that its failed attempts are
        // counted separately.
        response.cookie(browserCookie(secureCookies), browser, {
          httpOnly: true,
          sameSite: 'strict',
          secure: secureCookies,
          path: '/api/session',
          maxAge: KNOWN_S * 1_000,
        });
        return answered;
      },
    }),
    route('POST /session/refresh', {
      reach: { kind: 'public' },
      handle: async (input) =>
        answer(await signIn.refresh(cookieOf(input.request.get('cookie'), cookieName(secureCookies)), input.from), input),
    }),
    route('DELETE /session', {
      reach: { kind: 'self' },
      handle: async ({ principal, from, response }) => {
        await signIn.signOut(principal, from);
        response.clearCookie(cookieName(secureCookies), { path: '/api/session', secure: secureCookies });
      },
    }),
  ];
}

const ownAccountRoutes = ({ own, secureCookies, totpRule, siteZone, teamOf }: IdentityHttp): Route[] => [
  route('GET /session/profile', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => {
      const account = await own.own(principal);
      return profileOf(account, principal, { now: new Date(), totpRule, siteZone, team: await teamOf(account) });
    },
  }),
  route('POST /session/password', {
    reach: { kind: 'self' },
    handle: async ({ principal, body, from, request }) =>
      own.changePassword(principal, body, { from, browser: browserOf(request, secureCookies) }),
  }),
  route('POST /session/totp', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => own.beginTotp(principal),
  }),
  route('POST /session/totp/confirm', {
    reach: { kind: 'self' },
    handle: async ({ principal, body, from, request }) =>
      own.confirmTotp(principal, body.code, { from, browser: browserOf(request, secureCookies) }),
  }),
  route('POST /session/totp/remove', {
    reach: { kind: 'self' },
    handle: async ({ principal, body, from, request }) =>
      own.removeTotp(principal, body, { from, browser: browserOf(request, secureCookies) }),
  }),
  route('POST /session/notices/seen', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => own.noticesSeen(principal),
  }),
];

const ownSessionRoutes = ({ signIn }: IdentityHttp): Route[] => [
  route('GET /session/list', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => {
      const { userId, sessionId } = principal;
      return { sessions: (await signIn.openSessions(userId)).map((one) => ({ ...showSession(one), current: one.id === sessionId })) };
    },
  }),
  route('DELETE /session/list/:sessionId', {
    reach: { kind: 'self' },
    handle: async ({ principal, params, from }) => signIn.endSession(principal, principal.userId, params.sessionId, from),
  }),
];

const seatRoutes = ({ seatKey, seatTicket, codec, secureCookies }: IdentityHttp): Route[] => [
  route('POST /seat/credential', {
    reach: { kind: 'self' },
    handle: async ({ principal, request }): Promise<SeatCredential> => {
      const { sessionId } = principal;
      const scheme = secureCookies ? 'wss' : 'ws';
      return {
        username: sessionId,
        password: seatPassword(seatKey, sessionId),
        realm: SEAT_REALM,
        webSocketUrl: `${scheme}://${request.get('host') ?? ''}/sip?ticket=${await seatTicket(sessionId)}`,
        target: 'sip:seat@proofline.invalid',
        codec,
      };
    },
  }),
];
