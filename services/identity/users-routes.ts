import { CallCentreError } from '../shared/domain/failure.js';
import { rights, type Principal, type Role } from '../shared/domain/people/rights.js';
import { teamNow } from '../shared/domain/people/team.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { conflictingRoles, needsTotp, type Account, type Session, type TotpRule } from './account.js';
import type { AccountBatch } from './batch/account-batch.js';
import type { AccountImport } from './imports/account-import.js';
import type { AccountService } from './account-service.js';
import { decides, decidesFrom, type SettleRule } from './settled.js';
import type { SignInService } from './sign-in-service.js';
import type { TeamService } from './teams/team-service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';

export interface UserRoutes {
  readonly signIn: SignInService;
  readonly accounts: AccountService;
  readonly teams: Pick<TeamService, 'move' | 'refuseMove'>;
  readonly importList: AccountImport;
  readonly batch: AccountBatch;
  readonly totpRule: TotpRule;
  readonly settle: SettleRule;
}

const hasSeat = (role: Role): boolean => (rights['seat.use'] as readonly Role[]).includes(role);

/** Accounts, for the people who manage them. */
export function createUserRoutes({ signIn, accounts, teams, importList, batch, totpRule, settle }: UserRoutes): Route[] {
  const shown = (account: Account) => showAccount(account, totpRule, settle);
  return [
    route('GET /users', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({
        users: (await accounts.visibleTo(principal)).map(shown),
      }),
    }),
    route('GET /users/names', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const seats = (await accounts.colleaguesOf(principal)).filter((account) => account.roles.some(hasSeat));
        return { names: Object.fromEntries(seats.map(({ id, displayName }) => [id, displayName])) };
      },
    }),
    route('POST /users', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body: { teamId = null, ...body }, from }) => {
        if (teamId !== null) await teams.refuseMove(principal, teamId);
        const { account, waiting } = await accounts.create(principal, { ...body, teamId }, from);
        return { ...shown(account), teamId, waiting };
      },
    }),
    route('POST /users/import', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { fileName, commit }, from, upload }) =>
        importList({ bytes: await upload.bytes(), fileName, commit: commit === 'yes' }, principal, from),
    }),
    route('POST /users/batch', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body: { rows, commit }, from }) => batch(principal, rows, commit, from),
    }),
    route('PATCH /users/:id', {
      reach: { kind: 'object', of: 'person', param: 'id' },
      handle: async ({ principal, params, body: { teamId, ...body }, from }) => {
        const moves = teamId !== undefined && teamId !== (teamNow((await accounts.byId(params.id)).memberships) ?? null);
        if (moves) await teams.refuseMove(principal, teamId);
        const { waiting } = await accounts.change(principal, params.id, body, from);
        if (moves) await teams.move(principal, params.id, teamId, from);
        return waiting.length === 0 ? undefined : { waiting };
      },
    }),
    route('GET /users/:id/sessions', {
      reach: { kind: 'object', of: 'person', param: 'id' },
      handle: async ({ params }) => ({ sessions: (await signIn.openSessions(params.id)).map(showSession) }),
    }),
    route('DELETE /users/:id/sessions/:sessionId', {
      reach: { kind: 'object', of: 'person', param: 'id' },
      handle: async ({ principal, params, from }) => signIn.endSession(principal, params.id, params.sessionId, from),
    }),
  ];
}

/** On every route except the public ones, the authorisation point has set the principal. */
export function signedInAs(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal;
}

const DORMANT_MS = 90 * 86_400_000;

const showAccount = (account: Account, totpRule: TotpRule, settle: SettleRule) => ({
  id: account.id,
  name: account.name,
  displayName: account.displayName,
  roles: account.roles,
  scope: account.scope,
  teamId: teamNow(account.memberships) ?? null,
  disabled: account.disabled,
  toSeparate: !account.disabled && conflictingRoles(account.roles) !== undefined,
  totpEnrolled: account.totp?.confirmed === true,
  totpNeeded: needsTotp(account.roles, totpRule),
  totpGraceUntil: account.totpGraceUntil ?? null,
  networks: account.networks ?? [],
  grants: account.grants ?? [],
  mustChangePassword: account.mustChangePassword,
  createdAt: account.createdAt,
  lastSignInAt: account.lastSignInAt ?? null,
  expiresAt: account.expiresAt ?? null,
  /** From when the person may decide about requests of others; null while nobody has confirmed the account. */
  decidesFrom: decides(account.roles) ? (decidesFrom(account, settle) ?? null) : undefined,
  dormant: systemClock.nowMs() - (account.lastSignInAt ?? account.createdAt).getTime() > DORMANT_MS,
});

export const showSession = ({ id, createdAt, lastUsedAt, from, device }: Session) => ({ id, createdAt, lastUsedAt, from, device });
