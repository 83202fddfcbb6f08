import { z } from 'zod';
import { SignIn, type SeatCredential } from '../shared/contracts/session.js';
import { SEAT_REALM, seatPassword } from '../shared/platform/live-sessions.js';
import { route, type RequestHead, type Route, type RouteInput } from '../shared/platform/route.js';
import type { TotpRule } from './account.js';
import { showSession, signedInAs } from './users-routes.js';
import { KNOWN_S } from './adapters/valkey-limits.js';
import { cookieOf } from './cookies.js';
import type { OwnAccountService } from './own-account-service.js';
import { profileOf, type SignInService, type Started } from './sign-in-service.js';

/** Over TLS with the prefix by which browsers refuse what was set without (RFC 6265bis section 4.1.3). */
const cookieName = (secure: boolean): string => `${secure ? '__Secure-' : ''}proofline_refresh`;
/** Same-site strict and only for the session routes: no other site's page can make the browser send it. */
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
  /** Of one connection of a session's seat. */
  readonly seatTicket: (sessionId: string) => Promise<string>;
  readonly codec: SeatCredential['codec'];
  readonly secureCookies: boolean;
  readonly totpRule: TotpRule;
  readonly siteZone: string;
}

export function createIdentityRoutes({
  signIn,
  own,
  newSecret,
  seatKey,
  seatTicket,
  codec,
  secureCookies,
  totpRule,
  siteZone,
}: IdentityHttp): Route[] {
  const keep = refreshKeeper(secureCookies);
  const browserCookie = `${secureCookies ? '__Secure-' : ''}proofline_browser`;
  const browserOf = (request: RequestHead): string | undefined => cookieOf(request.get('cookie'), browserCookie) || undefined;
  function answer(started: Started, input: RouteInput<unknown, unknown, unknown>): unknown {
    keep(started, input);
    return started.signedIn;
  }
  const session: Route[] = [
    route({
      method: 'post',
      path: '/session',
      right: 'public',
      reach: { kind: 'public' },
      summary: 'Signs in. Answers 401 with `details.need = "totp"` when a code of the authenticator is needed.',
      body: SignIn,
      handle: async (input) => {
        const { body, from, request, response } = input;
        const given = browserOf(request);
        const browser = given === undefined || given.length < 40 ? newSecret() : given;
        const started = await signIn.signIn(body, from, request.get('user-agent') ?? '', browser);
        const answered = answer(started, input);
        // Not of the session: it only says that this person has signed in here, and counts the wrong tries of this browser by themselves.
        response.cookie(browserCookie, browser, {
          httpOnly: true,
          sameSite: 'strict',
          secure: secureCookies,
          path: '/api/session',
          maxAge: KNOWN_S * 1_000,
        });
        return answered;
      },
    }),
    route({
      method: 'post',
      path: '/session/refresh',
      right: 'public',
      reach: { kind: 'public' },
      summary: 'A new access token for the refresh cookie; the cookie is replaced.',
      handle: async (input) =>
        answer(await signIn.refresh(cookieOf(input.request.get('cookie'), cookieName(secureCookies)), input.from), input),
    }),
    route({
      method: 'delete',
      path: '/session',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Signs out.',
      handle: async ({ principal, from, response }) => {
        await signIn.signOut(signedInAs(principal), from);
        response.clearCookie(cookieName(secureCookies), { path: '/api/session', secure: secureCookies });
      },
    }),
    route({
      method: 'get',
      path: '/session/profile',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'The own account with its rights.',
      handle: async ({ principal }) =>
        profileOf(await own.own(signedInAs(principal)), signedInAs(principal), { now: new Date(), totpRule, siteZone }),
    }),
    route({
      method: 'post',
      path: '/session/password',
      right: 'self.use',
      reach: { kind: 'self' },
      summary:
        'Changes the own password, by the present one and, of whoever has set one up, a code of the authenticator (`details.need = "totp"` asks for it).',
      body: z.object({ current: z.string().max(256), next: z.string().max(256), code: z.string().max(32).optional() }),
      handle: async ({ principal, body, from, request }) =>
        own.changePassword(signedInAs(principal), body, { from, browser: browserOf(request) }),
    }),
    route({
      method: 'post',
      path: '/session/totp',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Begins to set up an authenticator; the answer holds the otpauth URI.',
      handle: async ({ principal }) => own.beginTotp(signedInAs(principal)),
    }),
    route({
      method: 'post',
      path: '/session/totp/confirm',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Confirms the authenticator by its first code; the answer holds the recovery codes.',
      body: z.object({ code: z.string().max(16) }),
      handle: async ({ principal, body, from, request }) =>
        own.confirmTotp(signedInAs(principal), body.code, { from, browser: browserOf(request) }),
    }),
    route({
      method: 'post',
      path: '/session/totp/remove',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Takes the own authenticator away, for a new telephone: by the password and a code of it or a recovery code.',
      body: z.object({ password: z.string().max(256), code: z.string().max(32).optional() }),
      handle: async ({ principal, body, from, request }) =>
        own.removeTotp(signedInAs(principal), body, { from, browser: browserOf(request) }),
    }),
    route({
      method: 'post',
      path: '/session/notices/seen',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'The person has seen what others did with the own account.',
      handle: async ({ principal }) => own.noticesSeen(signedInAs(principal)),
    }),
    route({
      method: 'get',
      path: '/session/list',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'The own open sessions.',
      handle: async ({ principal }) => {
        const { userId, sessionId } = signedInAs(principal);
        return { sessions: (await signIn.openSessions(userId)).map((one) => ({ ...showSession(one), current: one.id === sessionId })) };
      },
    }),
    route({
      method: 'delete',
      path: '/session/list/:sessionId',
      right: 'self.use',
      reach: { kind: 'self' },
      summary: 'Ends one of the own sessions, on whatever computer it is.',
      params: z.object({ sessionId: z.string().max(64) }),
      handle: async ({ principal, params, from }) =>
        signIn.endSession(signedInAs(principal), signedInAs(principal).userId, params.sessionId, from),
    }),
    route({
      method: 'post',
      path: '/seat/credential',
      right: 'seat.use',
      reach: { kind: 'self' },
      summary: "The SIP credential of this sign-in's seat, and the address of one connection: its ticket is good once, for 20 s.",
      handle: async ({ principal, request }): Promise<SeatCredential> => {
        const { sessionId } = signedInAs(principal);
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

  return session;
}
