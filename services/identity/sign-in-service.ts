import { CallCentreError } from '../shared/domain/failure.js';
import { mayUse, rights, type Principal, type Right } from '../shared/domain/rights.js';
import type { Profile, SignedIn, SignIn } from '../shared/contracts/session.js';
import type { Audit } from '../shared/platform/route.js';
import { idleMsOf, judgeRefresh, SESSION_MAX_MS, type Account, type Session } from './account.js';
import type { AccountStore, Chance, LiveSessions, Passwords, SessionStore, SignInLimits, Tokens, TotpCodes } from './ports.js';

const ACCESS_TOKEN_MS = 10 * 60_000;

export interface SignInDependencies {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly live: LiveSessions;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly totp: TotpCodes;
  readonly limits: SignInLimits;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly now: () => Date;
  /** Told after a session has ended, whatever ended it: its seat goes with it. */
  readonly sessionEnded?: (userId: string, sessionId: string) => Promise<void>;
}

export interface Started {
  readonly signedIn: SignedIn;
  /** For the http-only cookie. */
  readonly refreshToken: string;
}

const wrong = (): CallCentreError => new CallCentreError('not-signed-in', 'The name or the password is wrong.');

/** Signing in, staying signed in, and ending it. */
export function createSignInService(needs: SignInDependencies) {
  const { accounts, sessions, live, passwords, tokens, totp, limits, chance, audit, now, sessionEnded } = needs;
  // Verified against when the name is unknown, so that the time taken does not tell which names exist.
  const decoy = passwords.hash('decoy of no account');

  const principalOf = (account: Account, sessionId: string): Principal => ({
    userId: account.id,
    name: account.displayName,
    sessionId,
    roles: account.roles,
    scope: account.scope,
  });

  async function present(account: Account, session: Session, refreshToken: string): Promise<Started> {
    const principal = principalOf(account, session.id);
    const at = now();
    const expiresAt = new Date(Math.min(at.getTime() + ACCESS_TOKEN_MS, session.expiresAt.getTime()));
    const { userId, name, roles, scope } = principal;
    await live.remember(session.id, { userId, name, roles, scope }, Math.min(session.expiresAt.getTime() - at.getTime(), idleMsOf(roles)));
    return {
      signedIn: {
        accessToken: tokens.sign(principal, expiresAt),
        expiresAt: expiresAt.toISOString(),
        profile: profileOf(account, principal),
      },
      refreshToken,
    };
  }

  async function end(userId: string, sessionId: string, reason: string): Promise<void> {
    await sessions.end(sessionId, now(), reason);
    await live.forget(sessionId);
    await sessionEnded?.(userId, sessionId);
  }

  async function checkSecondFactor(account: Account, code: string | undefined): Promise<void> {
    if (account.totp?.confirmed !== true) return;
    if (code === undefined || code === '')
      throw new CallCentreError('not-signed-in', 'A code of the authenticator is needed.', { details: { need: 'totp' } });
    const step = totp.check(account.totp.secret, code);
    const good =
      step === undefined
        ? await accounts.takeRecoveryCode(account.id, chance.sha256Hex(code.trim().toLowerCase()))
        : await accounts.takeTotpStep(account.id, step);
    if (!good) throw new CallCentreError('not-signed-in', 'The code is wrong or was used before.', { details: { need: 'totp' } });
  }

  return {
    async signIn({ name: typed, password, code }: SignIn, from: string, device: string): Promise<Started> {
      const name = typed.toLowerCase();
      const waitMs = await limits.waitMs(name, from);
      if (waitMs > 0) throw new CallCentreError('too-many-requests', 'Too many wrong tries.', { details: { waitMs } });
      const account = await accounts.byName(name);
      try {
        const right = await passwords.verify(account?.passwordHash ?? (await decoy), password);
        if (account === undefined || !right) throw wrong();
        if (account.disabled || (account.expiresAt !== undefined && account.expiresAt <= now())) throw wrong();
        await checkSecondFactor(account, code);
      } catch (error) {
        const asksForCode = error instanceof CallCentreError && error.details !== undefined && (code === undefined || code === '');
        if (!asksForCode) {
          await limits.failed(name, from);
          await audit({ who: account?.id ?? 'unknown', what: 'session.refused', from, success: false });
        }
        throw error;
      }
      await limits.succeeded(name, from);
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
      };
      await sessions.add(session);
      await accounts.change(account.id, { lastSignInAt: at });
      await audit({ who: account.id, what: 'session.started', object: session.id, from, success: true });
      return present(account, session, `${session.id}.${secret}`);
    },

    async refresh(refreshToken: string, from: string): Promise<Started> {
      const [id = '', secret = ''] = refreshToken.split('.');
      const session = await sessions.byId(id);
      const account = session === undefined ? undefined : await accounts.byId(session.userId);
      if (session === undefined || account === undefined || account.disabled)
        throw new CallCentreError('not-signed-in', 'Please sign in again.');
      const at = now();
      const presented = chance.sha256Hex(secret);
      const verdict = judgeRefresh(session, presented, at, idleMsOf(account.roles));
      if (verdict === 'theft') {
        await end(account.id, id, 'refresh-token-reused');
        await audit({ who: account.id, what: 'session.theft-suspected', object: id, from, success: false });
      }
      if (verdict === 'theft' || verdict === 'over') throw new CallCentreError('not-signed-in', 'Please sign in again.');
      if (verdict === 'grace') return present(account, session, '');
      const next = chance.secret();
      const rotated = await sessions.rotate(id, presented, { refreshHash: chance.sha256Hex(next), rotatedAt: at, lastUsedAt: at });
      return present(account, session, rotated ? `${id}.${next}` : '');
    },

    async signOut(principal: Principal, from: string): Promise<void> {
      await end(principal.userId, principal.sessionId, 'signed-out');
      await audit({ who: principal.userId, what: 'session.ended', object: principal.sessionId, from, success: true });
    },

    async endSession(by: Principal, sessionId: string, from: string): Promise<void> {
      await audit({ who: by.userId, what: 'session.ended-by-other', object: sessionId, from, success: true });
      await end((await sessions.byId(sessionId))?.userId ?? '', sessionId, 'ended-by-administrator');
    },

    /** After a change of roles or a disabled account: nobody keeps a right that was taken away. */
    async endAllOf(userId: string, reason: string): Promise<void> {
      for (const session of await sessions.openOf(userId)) {
        await end(userId, session.id, reason);
      }
    },

    openSessions: (userId: string): Promise<Session[]> => sessions.openOf(userId),
  };
}
export type SignInService = ReturnType<typeof createSignInService>;

export const profileOf = (account: Account, principal: Principal): Profile => ({
  userId: account.id,
  name: account.name,
  displayName: account.displayName,
  roles: [...account.roles],
  rights: (Object.keys(rights) as Right[]).filter((right) => right !== 'public' && mayUse(principal, right)),
  mustChangePassword: account.mustChangePassword,
  totpEnrolled: account.totp?.confirmed === true,
});
