import type { PersonalRight, Role, Scope } from '../shared/domain/people/rights.js';
import type { Membership } from '../shared/domain/people/team.js';
import type { UserId } from '../shared/domain/ids.js';

/** One account is one person. */
export interface Account {
  readonly id: string;
  /** The name that is typed at sign-in, in lower case. */
  readonly name: string;
  readonly displayName: string;
  readonly passwordHash: string;
  /** Newest first; a password may not be used again while its hash is here. */
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
  /** Until then a missing second factor is only asked for, not required: for the people of a trial installation. */
  readonly totpGraceUntil?: Date;
  /** The only networks (`10.0.0.0/8`) from which this person may sign in; without any, from anywhere that the roles allow. */
  readonly networks?: readonly string[];
  /** Rights of this person that no role includes. */
  readonly grants?: readonly PersonalRight[];
  /** Who created the account; unknown for accounts of earlier versions. */
  readonly madeBy?: string;
  /** Which row of which import created it. */
  readonly madeFrom?: MadeFrom;
  /**
   * When a second administrator, the set-up of the site or the waiting time confirmed the account. Before that, its person decides nothing.
   */
  readonly confirmed?: { readonly at: Date; readonly by: string };
  /** When somebody else last set its password, a role or its scope. */
  readonly touchedAt?: Date;
  /** The teams of the person and since when, oldest first. */
  readonly memberships?: readonly Membership[];
  /** What others did with the account that the person has not seen yet. */
  readonly notices?: readonly AccountNotice[];
}

export interface MadeFrom {
  readonly order: string;
  readonly line: number;
  /** When the import last set the first password. */
  readonly passwordAt: Date;
}

export interface AccountNotice {
  readonly at: Date;
  readonly what: 'roles' | 'reset' | 'confirm' | 'grants';
  /** False: requested, but not in force yet. */
  readonly done: boolean;
  /** Who requested it. */
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
  /** SHA-256 of the current refresh secret, and of the previous one with the time of its replacement. */
  readonly refreshHash: string;
  readonly previousHash?: string;
  /** SHA-256 of the secrets before that one, as many as a whole session uses. */
  readonly pastHashes?: readonly string[];
  readonly rotatedAt: Date;
  readonly from: string;
  readonly device: string;
  /** The site's identity provider vouched for this person, with the second factor that the roles require. */
  readonly vouched?: boolean;
}

export const SESSION_MAX_MS = 16 * 3_600_000;
/** Idle log-off by role: the shortest time among a person's roles applies. An agent's telephone may be idle for a whole shift. */
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

/** A refresh with the previous secret within this time comes from two tabs at once, not from a thief. */
const ROTATION_GRACE_MS = 10_000;

/**
 * What a refresh secret is worth: `theft` ends the session, since somebody else holds a copy (RFC 9700 section 4.14.2). A secret that the
 * session never had is `wrong` and ends nothing: the id of a session is not secret, and knowing it must not be enough to sign its person
 * out.
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

/** Who must use a second factor. Anybody else who sets one up must use it from then on (regulation item 57). */
export type TotpRule = 'all-but-agents' | 'all';

export const needsTotp = (roles: readonly Role[], rule: TotpRule): boolean => rule === 'all' || roles.some((role) => role !== 'agent');

/** What a person has to do before any role takes effect. */
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
 * A password that somebody else chose is valid for a week; after that a new one has to be set. This does not apply to the account of the
 * first start: nobody is there yet who could set one.
 */
export const firstPasswordEnded = ({ mustChangePassword, passwordSetAt, roles }: Account, now: Date): boolean =>
  mustChangePassword && conflictingRoles(roles) === undefined && now.getTime() - passwordSetAt.getTime() > FIRST_PASSWORD_MS;

/**
 * Role pairs that one person may not hold: a person who acts must not also keep the record of it, and a person who runs the system must not
 * decide on access. Only the first account has both administrator roles, until there is a second person (`NewAccount.first`).
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
