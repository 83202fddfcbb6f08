import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { DateTime } from 'luxon';
import type { ReachUse } from '../shared/domain/people/named-object.js';
import type { Role, Principal } from '../shared/domain/people/rights.js';
import type { Config } from '../shared/platform/settings/config.js';
import { findSession, forgetSession, rememberSession } from '../shared/platform/events/live-sessions.js';
import type { ExportKind } from '../shared/platform/reach/export-kind.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { contains } from '../shared/platform/network/networks.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { issueSeatTicket } from '../shared/platform/network/sip-doors.js';
import { createAccountService, type AccountDependencies, type AccountService } from './account-service.js';
import { scopeInAccount } from './account-scope.js';
import { createAccountImports } from './adapters/account-imports.js';
import { isCommonPassword } from './adapters/common-passwords.js';
import { createUpkeep } from './adapters/upkeep.js';
import { argon2Passwords, chance, createTokens, createTotpCodes, keysOf } from './adapters/credentials.js';
import { createMongoAccounts, createMongoSessions } from './adapters/mongo-accounts.js';
import { createMongoExports } from './adapters/mongo-exports.js';
import { createAllowedNetworks, createMongoAccessPolicy } from './adapters/networks.js';
import { createOidcProvider } from './adapters/oidc-provider.js';
import type { AccountImportNeeds } from './imports/account-import.js';
import { createAccountBatch } from './batch/account-batch.js';
import { createMongoChanges } from './adapters/mongo-changes.js';
import { createMongoTeams } from './adapters/mongo-teams.js';
import { createValkeyExclusive } from './adapters/valkey-exclusive.js';
import { createValkeyLimits } from './adapters/valkey-limits.js';
import { createValkeyVisits } from './adapters/valkey-visits.js';
import { createExportService } from './exports/export-service.js';
import { createExportRoutes } from './exports/http.js';
import { createIdentityRoutes, refreshKeeper } from './http.js';
import type { AccountStore, IdentityProvider, LiveSessions } from './ports.js';
import { createPolicyRoutes } from './policy-routes.js';
import { createChangeRoutes } from './changes/http.js';
import { createChangeService, type ChangeDependencies } from './changes/change-service.js';
import { createOwnAccountService } from './own-account-service.js';
import { createProving } from './proving.js';
import { createSecondFactor } from './second-factor.js';
import { isOpen, isSettled } from './settled.js';
import { createSignInService } from './sign-in-service.js';
import { createSingleSignOnRoutes } from './single-sign-on/http.js';
import { createJoining } from './teams/joining.js';
import { createTeamRoutes } from './teams/http.js';
import { createTeamService, type TeamDependencies } from './teams/team-service.js';
import { createTurns } from './turns.js';
import { createUserRoutes } from './users-routes.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { UserId } from '../shared/domain/ids.js';

/** How long an answer of Valkey about a session is believed: an ended session is dead everywhere within this time. */
const BELIEVED_MS = 1_000;
/** How many passwords are checked at once, each on its own core, and how many may wait for that. */
const CHECKED_AT_ONCE = 2;
const CHECKS_WAITING = 500;
/** How many may wait from one address: a whole hall may share one at the start of a shift. */
const CHECKS_WAITING_OF_ONE = 250;
const HOUR_MS = 3_600_000;
/** How long the people of a trial installation may do without a second factor. */
const TRIAL_GRACE_MS = 7 * 86_400_000;

export { createMembersOf, createTeamReader } from './adapters/mongo-teams.js';

export interface IdentityDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly valkey: Redis;
  readonly audit: Audit;
  readonly log: Logger;
  readonly sessionEnded?: (userId: UserId, sessionId: string) => Promise<void>;
  /** Called when somebody has another display name. */
  readonly renamed?: () => Promise<void>;
  /** The data that the slices allow to be exported in bulk, with a second person's approval. */
  readonly exports?: readonly ExportKind[];
  /** Account names of people who have left, according to the staff register. */
  readonly leavers?: () => Promise<readonly string[]>;
  /** The queues of the centre that people may be assigned to. */
  readonly queuesOf?: AccountImportNeeds['queuesOf'];
  readonly now?: () => Date;
}

export interface Identity {
  readonly routes: Route[];
  /** The person behind a token whose session is alive; undefined otherwise. */
  readonly whoIs: (token: string) => Promise<Principal | undefined>;
  /** A person with the roles and the scope of the account as they are now; undefined when the account is closed. */
  readonly personNow: (userId: UserId) => Promise<Principal | undefined>;
  /** A session of the product itself. It lasts for `lastsMs`, or until `end` is called. */
  readonly openSession: (who: {
    readonly userId: UserId;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly lastsMs: number;
  }) => Promise<{ readonly token: string; end(): Promise<void> }>;
  /**
   * Everybody who has an account, including closed ones: for pages that name who did something. `within`: only those who may deal with what
   * this person sees.
   */
  readonly people: (
    within?: Principal,
  ) => Promise<
    readonly { readonly userId: UserId; readonly displayName: string; readonly roles: readonly Role[]; readonly disabled: boolean }[]
  >;
  /** Makes the first administrator (and the demo people) when there is no account yet. */
  readonly seed: () => Promise<void>;
  /** Whether an account, or an export request, lies within the scope of a person. */
  readonly reachesPerson: (principal: Principal, userId: UserId, use: ReachUse) => Promise<boolean>;
  readonly reachesExport: (principal: Principal, exportId: string) => Promise<boolean>;
  /** Loads new token keys, and closes the accounts of leavers. */
  readonly service: Service;
}

export function createIdentity({
  config,
  mongo,
  valkey,
  audit,
  log,
  sessionEnded,
  renamed,
  exports = [],
  leavers = async () => [],
  queuesOf = async () => [],
  now = () => new Date(),
}: IdentityDependencies): Identity {
  const accounts = announcing(createMongoAccounts(mongo), renamed);
  const tokens = createTokens(keysOf(config.TOKEN_KEY));
  const totp = createTotpCodes(config.MASTER_KEY, config.MASTER_KEY_PREVIOUS);
  const policies = createMongoAccessPolicy(mongo);
  const [limits, exclusive] = [createValkeyLimits(valkey), createValkeyExclusive(valkey)];
  const totpRule = config.TOTP_REQUIRED;
  const secureCookies = config.TLS_CERT_FILE !== undefined;
  const live = {
    remember: rememberSession.bind(undefined, valkey),
    find: findSession.bind(undefined, valkey),
    forget: forgetSession.bind(undefined, valkey),
  };
  const common = { accounts, passwords: argon2Passwords, isCommon: isCommonPassword, chance, audit, now };
  const settle = { settleMs: config.ACCOUNT_SETTLE_HOURS * HOUR_MS, setUpMs: config.ACCOUNT_SETUP_HOURS * HOUR_MS };
  const turns = createTurns({ places: CHECKED_AT_ONCE, waitingMost: CHECKS_WAITING, waitingOfOne: CHECKS_WAITING_OF_ONE });
  const prove = createProving({ limits, turns });
  const checkSecondFactor = createSecondFactor({ accounts, totp, chance });
  const { teams, joining, today } = teamsOf({ ...common, exclusive, mongo, zone: config.SITE_TIME_ZONE });
  const signIn = createSignInService({
    ...common,
    sessions: createMongoSessions(mongo),
    live,
    tokens,
    limits,
    prove,
    checkSecondFactor,
    networks: createAllowedNetworks(policies),
    totpRule,
    siteZone: config.SITE_TIME_ZONE,
    teamOf: teams.ofAccount,
    ...(sessionEnded === undefined ? {} : { sessionEnded }),
  });
  const { changes, service } = changingOf({ ...common, mongo, exclusive, settle, joining, endAllOf: signIn.endAllOf });
  const { importList, importRoutes } = createAccountImports({ ...common, mongo, service, teams, queuesOf });
  const batch = createAccountBatch({ ...common, exclusive, settle, teams: { ...teams, today }, service, endAllOf: signIn.endAllOf });
  const own = createOwnAccountService({ ...common, totp, prove, checkSecondFactor, endAllOf: signIn.endAllOf });
  const exportService = createExportService({
    kinds: exports,
    store: createMongoExports(mongo),
    audit,
    scopeOf: (principal) => scopeInAccount(accounts, principal),
    async settled(userId) {
      const account = await accounts.byId(userId);
      return account !== undefined && isSettled(account, now(), settle);
    },
    newId: chance.id,
    now,
  });

  return {
    routes: [
      ...createIdentityRoutes({
        signIn,
        own,
        newSecret: chance.secret,
        seatKey: config.SEAT_KEY,
        seatTicket: (sessionId) => issueSeatTicket(valkey, sessionId),
        codec: config.SEAT_CODEC,
        secureCookies,
        totpRule,
        siteZone: config.SITE_TIME_ZONE,
        teamOf: teams.ofAccount,
      }),
      ...createUserRoutes({ signIn, accounts: service, teams, importList, batch, totpRule, settle }),
      ...importRoutes,
      ...createTeamRoutes(teams),
      ...createChangeRoutes(changes, now),
      ...createExportRoutes(exportService, now),
      ...createPolicyRoutes({ policies, contains, accounts: service, tokens, audit }),
      ...createSingleSignOnRoutes({
        provider: providerOf(config),
        visits: createValkeyVisits(valkey),
        signIn,
        keepRefresh: refreshKeeper(secureCookies),
        secureCookies,
      }),
    ],
    whoIs: knownBy(tokens, live),
    personNow: personIn(accounts, now),
    openSession: sessionOpener({ live, tokens, now }),
    people: peopleIn(service),
    seed: () => seedAccounts({ config, accounts, service, log, now }),
    reachesPerson: service.reaches,
    reachesExport: exportService.reaches,
    service: createUpkeep({ config, tokens, service, changes, leavers, log }),
  };
}

function knownBy(tokens: ReturnType<typeof createTokens>, live: Parameters<typeof createAliveSessions>[0]): Identity['whoIs'] {
  const isAlive = createAliveSessions(live);
  return async (token) => {
    const principal = tokens.verify(token);
    return principal !== undefined && (await isAlive(principal.sessionId)) ? principal : undefined;
  };
}

const peopleIn =
  (service: ReturnType<typeof createAccountService>): Identity['people'] =>
  async (within) =>
    (within === undefined ? await service.all() : await service.colleaguesOf(within)).map(({ id, displayName, roles, disabled }) => ({
      userId: id,
      displayName,
      roles,
      disabled,
    }));

const personIn =
  (accounts: Pick<AccountStore, 'byId'>, now: () => Date): Identity['personNow'] =>
  async (userId) => {
    const account = await accounts.byId(userId);
    if (account === undefined || !isOpen(account, now())) return undefined;
    const { displayName, roles, scope, grants } = account;
    return { userId, name: displayName, sessionId: '', roles, scope, grants };
  };
function teamsOf({
  mongo,
  zone,
  ...needs
}: Omit<TeamDependencies, 'accounts' | 'scopeOf' | 'teams' | 'today'> & {
  readonly accounts: AccountStore;
  readonly mongo: Connection;
  readonly zone: string;
}) {
  const teams = createMongoTeams(mongo);
  const today = () => DateTime.fromJSDate(needs.now(), { zone }).startOf('day').toJSDate();
  const scopeOf = (principal: Principal) => scopeInAccount(needs.accounts, principal);
  return { teams: createTeamService({ ...needs, teams, scopeOf, today }), joining: createJoining({ teams, today }), today };
}

/** Changes of accounts, those at once and those that wait. */
function changingOf({
  mongo,
  ...needs
}: Omit<AccountDependencies & ChangeDependencies, 'changes' | 'changesOf'> & { readonly mongo: Connection }) {
  const store = createMongoChanges(mongo);
  const changes = createChangeService({ ...needs, changes: store });
  return { changes, service: createAccountService({ ...needs, changes, changesOf: (userId) => store.of(userId) }) };
}

function sessionOpener({
  live,
  tokens,
  now,
}: {
  readonly live: Pick<LiveSessions, 'remember' | 'forget'>;
  readonly tokens: ReturnType<typeof createTokens>;
  readonly now: () => Date;
}): Identity['openSession'] {
  return async ({ lastsMs, ...who }) => {
    const sessionId = chance.id();
    const session = { ...who, scope: { queues: [], sites: [], clientUnits: [] } };
    await live.remember(sessionId, session, lastsMs);
    const token = tokens.sign({ ...session, sessionId }, new Date(now().getTime() + lastsMs));
    return { token, end: () => live.forget(sessionId) };
  };
}

/** Whether a session is still alive; an answer is believed for a moment. */
function createAliveSessions(live: Pick<LiveSessions, 'find'>) {
  const alive = new Map<string, { readonly alive: boolean; readonly untilMs: number }>();

  async function isAlive(sessionId: string): Promise<boolean> {
    const nowMs = systemClock.nowMs();
    const believed = alive.get(sessionId);
    if (believed !== undefined && believed.untilMs > nowMs) return believed.alive;
    const found = (await live.find(sessionId)) !== undefined;
    if (alive.size > 10_000) alive.clear();
    alive.set(sessionId, { alive: found, untilMs: nowMs + BELIEVED_MS });
    return found;
  }
  return isAlive;
}

/** The first accounts of a site that has none. */
async function seedAccounts({
  config,
  accounts,
  service,
  log,
  now,
}: {
  readonly config: Config;
  readonly accounts: Pick<AccountStore, 'all'>;
  readonly service: Pick<AccountService, 'seed'>;
  readonly log: Logger;
  readonly now: () => Date;
}): Promise<void> {
  if (config.ADMIN_PASSWORD === undefined || (await accounts.all()).length > 0) return;
  const password = config.ADMIN_PASSWORD;
  const people: [name: string, displayName: string, roles: Role[]][] = [['admin', '管理员', ['admin', 'security-admin']]];
  if (config.DEMO_DATA === 'yes')
    people.push(
      ['agent1', '坐席一', ['agent']],
      ['agent2', '坐席二', ['agent']],
      ['supervisor', '班长', ['supervisor']],
      ['compliance', '合规', ['compliance']],
      ['auditor', '审计', ['auditor']],
    );
  for (const [name, displayName, roles] of people)
    await service.seed({
      name,
      displayName,
      password,
      roles,
      first: roles.length > 1,
      mustChangePassword: config.DEMO_DATA === 'no',
      ...(config.DEMO_DATA === 'yes' ? { totpGraceUntil: new Date(now().getTime() + TRIAL_GRACE_MS) } : {}),
    });
  log.info({ accounts: people.length }, 'first accounts made');
}

/** Tells of each account that got another display name. */
const announcing = (accounts: AccountStore, renamed: IdentityDependencies['renamed']): AccountStore =>
  renamed === undefined
    ? accounts
    : {
        ...accounts,
        async change(id, change) {
          await accounts.change(id, change);
          if (change.displayName !== undefined) await renamed();
        },
      };

function providerOf(config: Config): IdentityProvider | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, WEB_ORIGIN: origin } = config;
  if (issuer === undefined || clientId === undefined || origin === undefined) return undefined;
  return createOidcProvider({
    issuer,
    clientId,
    clientSecret: config.OIDC_CLIENT_SECRET,
    claim: config.OIDC_CLAIM,
    asksSecondFactor: config.OIDC_SECOND_FACTOR === 'provider',
    origin: new URL(origin).origin,
  });
}
