import type { PersonalRight, Role, Scope } from '../shared/domain/people/rights.js';
import type { Membership } from '../shared/domain/people/team.js';
import type { UserId } from '../shared/domain/ids.js';

/** One account is one person. */
export interface Account {
  readonly id: string;
  /** What is typed at sign-in, lower case. */
  readonly name: string;
  readonly displayName: string;
  readonly passwordHash: string;
  /** Newest first; a password may not return while it is here. */
  readonly passwordHistory: readonly string[];
  readonly passwordSetAt: Date;
  readonly mustChangePassword: boolean;
  readonly roles: readonly Role[];
  readonly scope: Scope;
  readonly disabled: boolean;
  readonly totp?: Totp;
  readonly createdAt: Date;
  readonly lastSignInAt?: Date;
  /** End of a time-boxed account (inspector). */
  readonly expiresAt?: Date;
  /** Until then a missing second factor is only asked for: the people of a trial installation. */
  readonly totpGraceUntil?: Date;
  /** Networks (`10.0.0.0/8`) from which alone this person signs in; none: from anywhere that the roles allow. */
  readonly networks?: readonly string[];
  /** Rights of this person that come with no role. */
  readonly grants?: readonly PersonalRight[];
  /** Who made it; of accounts of earlier versions that is not known. */
  readonly madeBy?: string;
  /** When a second administrator, the set-up of the site or the time of waiting confirmed it: before, its person decides nothing. */
  readonly confirmed?: { readonly at: Date; readonly by: string };
  /** When somebody else last gave it a password, a role or a scope. */
  readonly touchedAt?: Date;
  /** In which team the person was from when on, oldest first. */
  readonly memberships?: readonly Membership[];
  /** What others did with it that the person has not seen yet. */
  readonly notices?: readonly AccountNotice[];
}

export interface AccountNotice {
  readonly at: Date;
  readonly what: 'roles' | 'reset' | 'confirm' | 'grants';
  /** False: asked for, and not in force yet. */
  readonly done: boolean;
  /** Who asked for it. */
  readonly byName: string;
}

export interface Totp {
  /** Encrypted with the master key. */
  readonly secret: string;
  readonly confirmed: boolean;
  /** SHA-256 of each unused recovery code. */
  readonly recovery: readonly string[];
  /** The last accepted time step: a code works once. */
  readonly lastStep?: number;
}

/** One sign-in of one person in one browser. */
export interface Session {
  readonly id: string;
  readonly userId: UserId;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt?: Date;
  readonly endReason?: string;
  /** SHA-256 of the refresh secret in force, and of the one before with the time it was replaced. */
  readonly refreshHash: string;
  readonly previousHash?: string;
  /** Of the secrets before that one, as many as a whole session uses. */
  readonly pastHashes?: readonly string[];
  readonly rotatedAt: Date;
  readonly from: string;
  readonly device: string;
  /** The site's identity provider let this person in, with the second factor that the roles ask for. */
  readonly vouched?: boolean;
}

export const SESSION_MAX_MS = 16 * 3_600_000;
/** Idle log-off by role: the shortest of the roles holds. An agent's telephone may rest for a whole shift. */
const IDLE_MS: Partial<Record<Role, number>> = {
  supervisor: 8 * 3_600_000,
  admin: 3_600_000,
  'security-admin': 3_600_000,
  auditor: 3_600_000,
  inspector: 1_800_000,
  compliance: 7_200_000,
};
export const idleMsOf = (roles: readonly Role[]): number =>
  Math.min(SESSION_MAX_MS, ...roles.map((role) => IDLE_MS[role] ?? SESSION_MAX_MS));

/** A refresh by the secret before the current one within this time is two tabs at once, not a theft. */
const ROTATION_GRACE_MS = 10_000;

/**
 * What a refresh secret is worth: `theft` ends the session, since somebody else holds a copy (RFC 9700 section 4.14.2). A secret that never
 * was one is `wrong` and ends nothing: the id of a session is no secret, and whoever knows it must not be able to sign its person out.
 */
export function judgeRefresh(
  session: Session,
  presentedHash: string,
  now: Date,
  idleMs: number,
): 'current' | 'grace' | 'theft' | 'wrong' | 'over' {
  if (session.endedAt !== undefined || session.expiresAt <= now) return 'over';
  if (now.getTime() - session.lastUsedAt.getTime() > idleMs) return 'over';
  if (presentedHash === session.refreshHash) return 'current';
  if (presentedHash === session.previousHash) return now.getTime() - session.rotatedAt.getTime() <= ROTATION_GRACE_MS ? 'grace' : 'theft';
  return session.pastHashes?.includes(presentedHash) === true ? 'theft' : 'wrong';
}

/** Of whom a second factor is asked; whoever else sets one up is asked for it from then on (regulation item 57). */
export type TotpRule = 'all-but-agents' | 'all';

export const needsTotp = (roles: readonly Role[], rule: TotpRule): boolean => rule === 'all' || roles.some((role) => role !== 'agent');

/** What somebody has to do before any role is in force. */
export type SetUpStep = 'password' | 'totp';

export function setUpLeft(account: Account, now: Date, rule: TotpRule): readonly SetUpStep[] {
  const totpMissing = needsTotp(account.roles, rule) && account.totp?.confirmed !== true;
  const inGrace = account.totpGraceUntil !== undefined && now < account.totpGraceUntil;
  return [...(account.mustChangePassword ? (['password'] as const) : []), ...(totpMissing && !inGrace ? (['totp'] as const) : [])];
}

/** A person has no rights while somebody else knows the password, or while a second factor that the roles require is missing. */
export const rolesInForce = (account: Account, now: Date, rule: TotpRule): readonly Role[] =>
  setUpLeft(account, now, rule).length === 0 ? account.roles : [];

const FIRST_PASSWORD_MS = 7 * 86_400_000;

/**
 * A password that somebody else chose is good for a week; after that a new one has to be given. Not so for the account of the first start:
 * nobody is there yet who could give it one.
 */
export const firstPasswordEnded = ({ mustChangePassword, passwordSetAt, roles }: Account, now: Date): boolean =>
  mustChangePassword && conflictingRoles(roles) === undefined && now.getTime() - passwordSetAt.getTime() > FIRST_PASSWORD_MS;

/**
 * Role pairs that one person may not hold: whoever acts may not also keep the trace of it, and who runs the system does not decide who may.
 * The first account alone has both administrator roles, until there is a second person (`NewAccount.first`).
 */
const incompatible: readonly (readonly [Role, Role])[] = [
  ['admin', 'security-admin'],
  ['admin', 'auditor'],
  ['security-admin', 'auditor'],
  ['supervisor', 'auditor'],
  ['compliance', 'auditor'],
  ['agent', 'auditor'],
];

export function conflictingRoles(roles: readonly Role[]): readonly [Role, Role] | undefined {
  return incompatible.find(([one, other]) => roles.includes(one) && roles.includes(other));
}
