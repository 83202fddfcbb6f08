import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { rights, roles, type Principal, type Role } from '../shared/domain/rights.js';
import { network } from '../shared/platform/networks.js';
import { route, type Route } from '../shared/platform/route.js';
import { conflictingRoles, needsTotp, type Account, type Session, type TotpRule } from './account.js';
import type { AccountService } from './account-service.js';
import { decides, decidesFrom, type SettleRule } from './settled.js';
import type { SignInService } from './sign-in-service.js';

const scope = z.object({
  queues: z.array(z.string().max(64)),
  sites: z.array(z.string().max(64)),
  clientUnits: z.array(z.string().max(64)),
});
/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
const networks = z.array(network).max(50).optional();
const userName = z.string().regex(/^[a-zA-Z0-9._-]{2,64}$/);

export interface UserRoutes {
  readonly signIn: SignInService;
  readonly accounts: AccountService;
  readonly totpRule: TotpRule;
  readonly settle: SettleRule;
}

const hasSeat = (role: Role): boolean => (rights['seat.use'] as readonly Role[]).includes(role);

/** Accounts, for those who keep them. */
export function createUserRoutes({ signIn, accounts, totpRule, settle }: UserRoutes): Route[] {
  const shown = (account: Account): object => showAccount(account, totpRule, settle);
  return [
    route({
      method: 'get',
      path: '/users',
      right: 'users.read',
      reach: { kind: 'filtered' },
      summary: 'All accounts.',
      handle: async ({ principal }) => ({
        users: (await accounts.visibleTo(signedInAs(principal))).map(shown),
      }),
    }),
    route({
      method: 'get',
      path: '/users/names',
      right: 'queues.watch',
      reach: { kind: 'filtered' },
      summary: 'Names shown of all who have or had a seat, by their ids: for lists that name who took a call.',
      handle: async ({ principal }) => {
        const seats = (await accounts.colleaguesOf(signedInAs(principal))).filter((account) => account.roles.some(hasSeat));
        return { names: Object.fromEntries(seats.map(({ id, displayName }) => [id, displayName])) };
      },
    }),
    route({
      method: 'post',
      path: '/users',
      right: 'users.edit',
      reach: { kind: 'filtered' },
      summary:
        'Makes an account. Roles of weight are held once a second administrator has approved them: `waiting` names the changes that wait.',
      body: z.object({
        name: userName,
        displayName: z.string().trim().min(1).max(64),
        password: z.string().max(256),
        roles: z.array(z.enum(roles)).min(1),
        scope: scope.optional(),
        expiresAt: z.coerce.date().optional(),
        networks,
      }),
      handle: async ({ principal, body, from }) => {
        const { account, waiting } = await accounts.create(signedInAs(principal), body, from);
        return { ...shown(account), waiting };
      },
    }),
    route({
      method: 'patch',
      path: '/users/:id',
      right: 'users.edit',
      reach: { kind: 'object', of: 'person', param: 'id' },
      summary:
        'Changes the account of somebody else: name shown, roles, scope, networks, end, closed, password, authenticator taken away. Roles of weight, and resets of who holds one, wait for a second administrator: `waiting` names the changes.',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({
        displayName: z.string().trim().min(1).max(64).optional(),
        roles: z.array(z.enum(roles)).min(1).optional(),
        scope: scope.optional(),
        disabled: z.boolean().optional(),
        password: z.string().max(256).optional(),
        expiresAt: z.coerce.date().optional(),
        resetTotp: z.boolean().optional(),
        networks,
      }),
      handle: async ({ principal, params, body, from }) => {
        const { waiting } = await accounts.change(signedInAs(principal), params.id, body, from);
        return waiting.length === 0 ? undefined : { waiting };
      },
    }),
    route({
      method: 'get',
      path: '/users/:id/sessions',
      right: 'users.edit',
      reach: { kind: 'object', of: 'person', param: 'id' },
      summary: "A person's open sessions.",
      params: z.object({ id: z.string().max(64) }),
      handle: async ({ params }) => ({ sessions: (await signIn.openSessions(params.id)).map(showSession) }),
    }),
    route({
      method: 'delete',
      path: '/users/:id/sessions/:sessionId',
      right: 'users.edit',
      reach: { kind: 'object', of: 'person', param: 'id' },
      summary: 'Ends a session at once.',
      params: z.object({ id: z.string().max(64), sessionId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => signIn.endSession(signedInAs(principal), params.id, params.sessionId, from),
    }),
  ];
}

/** On every route but the public ones the authorisation point has put a person there. */
export function signedInAs(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal;
}

const DORMANT_MS = 90 * 86_400_000;

const showAccount = (account: Account, totpRule: TotpRule, settle: SettleRule): object => ({
  id: account.id,
  name: account.name,
  displayName: account.displayName,
  roles: account.roles,
  scope: account.scope,
  disabled: account.disabled,
  toSeparate: !account.disabled && conflictingRoles(account.roles) !== undefined,
  totpEnrolled: account.totp?.confirmed === true,
  totpNeeded: needsTotp(account.roles, totpRule),
  totpGraceUntil: account.totpGraceUntil ?? null,
  networks: account.networks ?? [],
  mustChangePassword: account.mustChangePassword,
  createdAt: account.createdAt,
  lastSignInAt: account.lastSignInAt ?? null,
  expiresAt: account.expiresAt ?? null,
  /** From when on the person decides about requests of others; null while nobody has confirmed the account. */
  decidesFrom: decides(account.roles) ? (decidesFrom(account, settle) ?? null) : undefined,
  dormant: Date.now() - (account.lastSignInAt ?? account.createdAt).getTime() > DORMANT_MS,
});

export const showSession = ({ id, createdAt, lastUsedAt, from, device }: Session): object => ({ id, createdAt, lastUsedAt, from, device });
