import { CallCentreError } from '../shared/domain/failure.js';
import { mayUse, rights, type Principal, type Right } from '../shared/domain/people/rights.js';
import type { Team } from '../shared/domain/people/team.js';
import type { Profile, SignedIn, SignIn } from '../shared/contracts/session.js';
import type { Audit } from '../shared/platform/http/route.js';
import {
  firstPasswordEnded,
  idleMsOf,
  judgeRefresh,
  needsTotp,
  rolesInForce,
  SESSION_MAX_MS,
  setUpLeft,
  type Account,
  type Session,
  type TotpRule,
} from './account.js';
import type { AccountStore, AllowedNetworks, Chance, LiveSessions, Passwords, SessionStore, SignInLimits, Tokens } from './ports.js';
import type { Prove } from './proving.js';
import { asksForCode, type CheckSecondFactor } from './second-factor.js';
import { isOpen } from './settled.js';
import type { UserId } from '../shared/domain/ids.js';

const ACCESS_TOKEN_MS = 10 * 60_000;

export interface SignInDependencies {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly live: LiveSessions;
  readonly passwords: Passwords;
  readonly prove: Prove;
  readonly checkSecondFactor: CheckSecondFactor;
  readonly tokens: Tokens;
  readonly limits: SignInLimits;
  readonly networks: AllowedNetworks;
  readonly totpRule: TotpRule;
  readonly siteZone: string;
  /** The team of a person now. */
  readonly teamOf?: (account: Account) => Promise<Team | undefined>;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly now: () => Date;
  /** Called after a session has ended, for whatever reason: its seat ends with it. */
  readonly sessionEnded?: (userId: UserId, sessionId: string) => Promise<void>;
}

export interface Started {
  readonly signedIn: SignedIn;
  /** For the http-only cookie. */
  readonly refreshToken: string;
}

/** A person for whom the site's identity provider vouches, and whether it asked for a second factor. */
export interface Vouched {
  readonly name: string;
  readonly secondFactor: boolean;
}

const wrong = (): CallCentreError => new CallCentreError('not-signed-in', 'The name or the password is wrong.');

const noTeam = async (): Promise<undefined> => undefined;

/** How a session begins, what its person gets, and how it ends. */
function createStarting({
  accounts,
  sessions,
  live,
  tokens,
  totpRule,
  siteZone,
  teamOf = noTeam,
  chance,
  audit,
  now,
  sessionEnded,
}: SignInDependencies) {
  const principalOf = (account: Account, session: Session): Principal => ({
    userId: account.id,
    name: account.displayName,
    sessionId: session.id,
    roles: session.vouched === true ? account.roles : rolesInForce(account, now(), totpRule),
    scope: account.scope,
    ...(account.grants === undefined ? {} : { grants: account.grants }),
  });

  async function present(account: Account, session: Session, refreshToken: string): Promise<Started> {
    const principal = principalOf(account, session);
    const at = now();
    const expiresAt = new Date(Math.min(at.getTime() + ACCESS_TOKEN_MS, session.expiresAt.getTime()));
    const { userId, name, roles, scope } = principal;
    const liveMs = Math.min(session.expiresAt.getTime() - at.getTime(), idleMsOf(account.roles));
    await live.remember(session.id, { userId, name, roles, scope }, liveMs);
    return {
      signedIn: {
        accessToken: tokens.sign(principal, expiresAt),
        expiresAt: expiresAt.toISOString(),
        profile: profileOf(account, principal, { now: at, totpRule, siteZone, team: await teamOf(account) }),
      },
      refreshToken,
    };
  }

  async function end(userId: UserId, sessionId: string, reason: string): Promise<void> {
    await sessions.end(sessionId, now(), reason);
    await live.forget(sessionId);
    await sessionEnded?.(userId, sessionId);
  }

  async function begin(account: Account, from: string, device: string, vouched = false): Promise<Started> {
    const at = now();
    const secret = chance.secret();
    const session: Session = {
      id: chance.id(),
      userId: account.id,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: new Date(Math.min(at.getTime() + SESSION_MAX_MS, account.expiresAt?.getTime() ?? Infinity)),
      refreshHash: chance.sha256Hex(secret),
      rotatedAt: at,
      from,
      device: device.slice(0, 200),
      ...(vouched ? { vouched } : {}),
    };
    await sessions.add(session);
    await accounts.change(account.id, { lastSignInAt: at });
    await audit({
      who: account.id,
      what: 'session.started',
      object: session.id,
      from,
      success: true,
      ...(vouched ? { reason: 'single-sign-on' } : {}),
    });
    return present(account, session, `${session.id}.${secret}`);
  }

  return { present, end, begin };
}

/** Who may sign in: with a password of ours, or vouched for by the site's identity provider. Every refusal is audited. */
function createAdmission({ accounts, passwords, prove, checkSecondFactor, limits, networks, totpRule, audit, now }: SignInDependencies) {
  // Verified against when the name is unknown, so that the time taken does not tell which names exist.
  const decoy = passwords.hash('decoy of no account');

  function refuseClosed(account: Account): void {
    if (!isOpen(account, now())) throw wrong();
  }

  async function refuseStrangeNetwork(account: Account, from: string): Promise<void> {
    if (!(await networks.allows(account, from)))
      throw new CallCentreError('not-allowed', 'This account may not sign in from this network.');
  }

  return {
    async byPassword({ name: typed, password, code }: SignIn, from: string, browser?: string): Promise<Account> {
      const name = typed.toLowerCase();
      const trier = { name, from, browser };
      const account = await accounts.byName(name);
      await prove(
        trier,
        async () => {
          try {
            const right = await passwords.verify(account?.passwordHash ?? (await decoy), password);
            if (account === undefined || !right) throw wrong();
            refuseClosed(account);
            if (firstPasswordEnded(account, now())) throw wrong();
            await refuseStrangeNetwork(account, from);
            await checkSecondFactor(account, code);
          } catch (error) {
            if (!asksForCode(error, code)) await audit({ who: account?.id ?? 'unknown', what: 'session.refused', from, success: false });
            throw error;
          }
        },
        (error) => !asksForCode(error, code),
      );
      if (account === undefined) throw wrong();
      await limits.succeeded(trier);
      return account;
    },

    async byProvider({ name, secondFactor }: Vouched, from: string): Promise<Account> {
      const account = await accounts.byName(name.toLowerCase());
      try {
        if (account === undefined)
          throw new CallCentreError('not-signed-in', 'There is no account with this name here.', { details: { need: 'account' } });
        refuseClosed(account);
        await refuseStrangeNetwork(account, from);
        if (!secondFactor && (needsTotp(account.roles, totpRule) || account.totp?.confirmed === true))
          throw new CallCentreError('not-signed-in', 'The provider asked for no second factor.', { details: { need: 'second-factor' } });
      } catch (error) {
        await audit({ who: account?.id ?? 'unknown', what: 'session.refused', from, success: false, reason: 'single-sign-on' });
        throw error;
      }
      return account;
    },
  };
}

/** Signing in, staying signed in, and ending it. */
export function createSignInService(needs: SignInDependencies) {
  const { accounts, sessions, networks, chance, audit, now } = needs;
  const { present, end, begin } = createStarting(needs);
  const admission = createAdmission(needs);

  return {
    /** `browser`: the secret of the browser's cookie, which counts as this person's once the sign-in has succeeded. */
    async signIn(typed: SignIn, from: string, device: string, browser?: string): Promise<Started> {
      return begin(await admission.byPassword(typed, from, browser), from, device);
    },

    /**
     * Signs in a person for whom the site's identity provider vouches. An account must exist; none is created. A person who needs a second
     * factor and gave the provider none is refused with `details.need = "second-factor"`.
     */
    async signInVouched(vouched: Vouched, from: string, device: string): Promise<Started> {
      return begin(await admission.byProvider(vouched, from), from, device, true);
    },

    async refresh(refreshToken: string, from: string): Promise<Started> {
      const [id = '', secret = ''] = refreshToken.split('.');
      const session = await sessions.byId(id);
      const account = session === undefined ? undefined : await accounts.byId(session.userId);
      if (session === undefined || account === undefined || !isOpen(account, now()) || !(await networks.allows(account, from)))
        throw new CallCentreError('not-signed-in', 'Please sign in again.');
      const at = now();
      const presented = chance.sha256Hex(secret);
      const verdict = judgeRefresh(session, presented, at, idleMsOf(account.roles));
      if (verdict === 'theft') {
        await end(account.id, id, 'refresh-token-reused');
        await audit({ who: account.id, what: 'session.theft-suspected', object: id, from, success: false });
      }
      if (verdict === 'theft' || verdict === 'wrong' || verdict === 'over')
        throw new CallCentreError('not-signed-in', 'Please sign in again.');
      if (verdict === 'grace') return present(account, session, '');
      const next = chance.secret();
      const rotated = await sessions.rotate(id, presented, { refreshHash: chance.sha256Hex(next), rotatedAt: at, lastUsedAt: at });
      return present(account, session, rotated ? `${id}.${next}` : '');
    },

    async signOut(principal: Principal, from: string): Promise<void> {
      await end(principal.userId, principal.sessionId, 'signed-out');
      await audit({ who: principal.userId, what: 'session.ended', object: principal.sessionId, from, success: true });
    },

    /** One session of `userId`; another person's session is not found under this one. */
    async endSession(by: Principal, userId: UserId, sessionId: string, from: string): Promise<void> {
      if ((await sessions.byId(sessionId))?.userId !== userId) throw new CallCentreError('not-found', 'There is no such session.');
      const own = by.userId === userId;
      await audit({ who: by.userId, what: own ? 'session.ended' : 'session.ended-by-other', object: sessionId, from, success: true });
      await end(userId, sessionId, own ? 'ended-by-its-person' : 'ended-by-administrator');
    },

    /** Ends the sessions of a person, for example after a change of roles: nobody keeps a right that was taken away. */
    async endAllOf(userId: UserId, reason: string, but?: string): Promise<void> {
      for (const { id } of await sessions.openOf(userId)) if (id !== but) await end(userId, id, reason);
    },

    openSessions: (userId: UserId): Promise<Session[]> => sessions.openOf(userId),
  };
}
export type SignInService = ReturnType<typeof createSignInService>;

export const profileOf = (
  account: Account,
  principal: Principal,
  {
    now,
    totpRule,
    siteZone,
    team,
  }: { readonly now: Date; readonly totpRule: TotpRule; readonly siteZone: string; readonly team: Team | undefined },
): Profile => {
  // Roles in force are proof enough: the provider may have asked for a factor that is not stored here.
  const left = principal.roles.length > 0 ? [] : setUpLeft(account, now, totpRule);
  return {
    userId: account.id,
    name: account.name,
    displayName: account.displayName,
    roles: [...account.roles],
    rights: (Object.keys(rights) as Right[]).filter((right) => right !== 'public' && mayUse(principal, right)),
    mustChangePassword: left.includes('password'),
    totpEnrolled: account.totp?.confirmed === true,
    mustSetUpTotp: left.includes('totp'),
    ...(needsTotp(account.roles, totpRule) && account.totp?.confirmed !== true && account.totpGraceUntil !== undefined
      ? { totpGraceUntil: account.totpGraceUntil.toISOString() }
      : {}),
    idleMs: idleMsOf(account.roles),
    siteZone,
    notices: (account.notices ?? []).map(({ at, ...notice }) => ({ ...notice, at: at.toISOString() })),
    scope: {
      queues: [...account.scope.queues],
      clientUnits: [...account.scope.clientUnits],
      sites: [...account.scope.sites],
      ...((account.scope.teams ?? []).length === 0 ? {} : { teams: [...(account.scope.teams ?? [])] }),
    },
    ...(team === undefined ? {} : { team: { id: team.id, name: team.name } }),
  };
};
