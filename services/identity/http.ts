import { z } from 'zod';
import { SignIn, type SeatCredential } from '../shared/contracts/session.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { roles, type Principal } from '../shared/domain/rights.js';
import { SEAT_REALM, seatPassword } from '../shared/platform/live-sessions.js';
import { route, type Route, type RouteInput } from '../shared/platform/route.js';
import type { Account, Session } from './account.js';
import { needsTotp } from './account.js';
import type { AccountService } from './account-service.js';
import { profileOf, type SignInService, type Started } from './sign-in-service.js';

const COOKIE = 'proofline_refresh';
const scope = z.object({
  queues: z.array(z.string().max(64)),
  sites: z.array(z.string().max(64)),
  clientUnits: z.array(z.string().max(64)),
});
const userName = z.string().regex(/^[a-zA-Z0-9._-]{2,64}$/);

export interface IdentityHttp {
  readonly signIn: SignInService;
  readonly accounts: AccountService;
  readonly seatKey: string;
  readonly codec: SeatCredential['codec'];
  readonly secureCookies: boolean;
}

export function createIdentityRoutes({ signIn, accounts, seatKey, codec, secureCookies }: IdentityHttp): Route[] {
  /** Same-site strict and only for the session routes: no other site's page can make the browser send it. */
  function answer({ signedIn, refreshToken }: Started, { response }: RouteInput<unknown, unknown, unknown>): unknown {
    if (refreshToken !== '')
      response.cookie(COOKIE, refreshToken, { httpOnly: true, sameSite: 'strict', secure: secureCookies, path: '/api/session' });
    return signedIn;
  }
  const cookieOf = (header: string | undefined): string =>
    (header ?? '')
      .split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${COOKIE}=`))
      ?.slice(COOKIE.length + 1) ?? '';

  const session: Route[] = [
    route({
      method: 'post',
      path: '/session',
      right: 'public',
      summary: 'Signs in. Answers 401 with `details.need = "totp"` when a code of the authenticator is needed.',
      body: SignIn,
      handle: async (input) => answer(await signIn.signIn(input.body, input.from, input.request.get('user-agent') ?? ''), input),
    }),
    route({
      method: 'post',
      path: '/session/refresh',
      right: 'public',
      summary: 'A new access token for the refresh cookie; the cookie is replaced.',
      handle: async (input) => answer(await signIn.refresh(decodeURIComponent(cookieOf(input.request.get('cookie'))), input.from), input),
    }),
    route({
      method: 'delete',
      path: '/session',
      right: 'self.use',
      summary: 'Signs out.',
      handle: async ({ principal, from, response }) => {
        await signIn.signOut(signedInAs(principal), from);
        response.clearCookie(COOKIE, { path: '/api/session' });
      },
    }),
    route({
      method: 'get',
      path: '/session/profile',
      right: 'self.use',
      summary: 'The own account with its rights.',
      handle: async ({ principal }) => profileOf(await accounts.byId(signedInAs(principal).userId), signedInAs(principal)),
    }),
    route({
      method: 'post',
      path: '/session/password',
      right: 'self.use',
      summary: 'Changes the own password.',
      body: z.object({ current: z.string().max(256), next: z.string().max(256) }),
      handle: async ({ principal, body, from }) => accounts.changeOwnPassword(signedInAs(principal), body.current, body.next, from),
    }),
    route({
      method: 'post',
      path: '/session/totp',
      right: 'self.use',
      summary: 'Begins to set up an authenticator; the answer holds the otpauth URI.',
      handle: async ({ principal }) => accounts.beginTotp(signedInAs(principal)),
    }),
    route({
      method: 'post',
      path: '/session/totp/confirm',
      right: 'self.use',
      summary: 'Confirms the authenticator by its first code; the answer holds the recovery codes.',
      body: z.object({ code: z.string().max(16) }),
      handle: async ({ principal, body, from }) => accounts.confirmTotp(signedInAs(principal), body.code, from),
    }),
    route({
      method: 'get',
      path: '/session/list',
      right: 'self.use',
      summary: 'The own open sessions.',
      handle: async ({ principal }) => ({ sessions: (await signIn.openSessions(signedInAs(principal).userId)).map(showSession) }),
    }),
    route({
      method: 'post',
      path: '/seat/credential',
      right: 'seat.use',
      summary: "The SIP credential of this sign-in's seat.",
      handle: async ({ principal, request }): Promise<SeatCredential> => {
        const { sessionId } = signedInAs(principal);
        const scheme = secureCookies ? 'wss' : 'ws';
        return {
          username: sessionId,
          password: seatPassword(seatKey, sessionId),
          realm: SEAT_REALM,
          webSocketUrl: `${scheme}://${request.get('host') ?? ''}/sip`,
          target: 'sip:seat@proofline.invalid',
          codec,
        };
      },
    }),
  ];

  const users: Route[] = [
    route({
      method: 'get',
      path: '/users',
      right: 'users.read',
      summary: 'All accounts.',
      handle: async () => ({ users: (await accounts.all()).map(showAccount) }),
    }),
    route({
      method: 'post',
      path: '/users',
      right: 'users.edit',
      summary: 'Makes an account.',
      body: z.object({
        name: userName,
        displayName: z.string().trim().min(1).max(64),
        password: z.string().max(256),
        roles: z.array(z.enum(roles)).min(1),
        scope: scope.optional(),
        expiresAt: z.coerce.date().optional(),
      }),
      handle: async ({ principal, body, from }) => showAccount(await accounts.create(signedInAs(principal).userId, body, from)),
    }),
    route({
      method: 'patch',
      path: '/users/:id',
      right: 'users.edit',
      summary: 'Changes an account: name shown, roles, scope, disabled, password, authenticator taken away.',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({
        displayName: z.string().trim().min(1).max(64).optional(),
        roles: z.array(z.enum(roles)).min(1).optional(),
        scope: scope.optional(),
        disabled: z.boolean().optional(),
        password: z.string().max(256).optional(),
        expiresAt: z.coerce.date().optional(),
        resetTotp: z.boolean().optional(),
      }),
      handle: async ({ principal, params, body, from }) => accounts.change(signedInAs(principal), params.id, body, from),
    }),
    route({
      method: 'get',
      path: '/users/:id/sessions',
      right: 'users.edit',
      summary: "A person's open sessions.",
      params: z.object({ id: z.string().max(64) }),
      handle: async ({ params }) => ({ sessions: (await signIn.openSessions(params.id)).map(showSession) }),
    }),
    route({
      method: 'delete',
      path: '/users/:id/sessions/:sessionId',
      right: 'users.edit',
      summary: 'Ends a session at once.',
      params: z.object({ id: z.string().max(64), sessionId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => signIn.endSession(signedInAs(principal), params.sessionId, from),
    }),
  ];
  return [...session, ...users];
}

/** On every route but the public ones the authorisation point has put a person there. */
function signedInAs(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal;
}

const DORMANT_MS = 90 * 86_400_000;

const showAccount = (account: Account): object => ({
  id: account.id,
  name: account.name,
  displayName: account.displayName,
  roles: account.roles,
  scope: account.scope,
  disabled: account.disabled,
  totpEnrolled: account.totp?.confirmed === true,
  totpNeeded: needsTotp(account.roles),
  mustChangePassword: account.mustChangePassword,
  createdAt: account.createdAt,
  lastSignInAt: account.lastSignInAt ?? null,
  expiresAt: account.expiresAt ?? null,
  dormant: Date.now() - (account.lastSignInAt ?? account.createdAt).getTime() > DORMANT_MS,
});

const showSession = ({ id, createdAt, lastUsedAt, from, device }: Session): object => ({ id, createdAt, lastUsedAt, from, device });
