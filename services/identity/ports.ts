import type { Principal } from '../shared/domain/people/rights.js';
import type { LiveSession } from '../shared/platform/events/live-sessions.js';
import type { AccessPolicy } from './access-policy.js';
import type { Account, AccountNotice, Session } from './account.js';
import type { UserId } from '../shared/domain/ids.js';

export interface AccountStore {
  byName(name: string): Promise<Account | undefined>;
  byId(id: string): Promise<Account | undefined>;
  all(): Promise<Account[]>;
  /** Fails with `already-exists` when the name is taken. */
  add(account: Account): Promise<void>;
  change(id: string, change: Partial<Account>): Promise<void>;
  /** The accounts that an import created. */
  ofImport(order: string): Promise<Account[]>;
  /** Replaces the first password of an import while nobody else has set one and nobody has signed in; returns whether it did. Atomic. */
  renewFirst(
    id: string,
    known: Date,
    change: Pick<Account, 'passwordHash' | 'passwordHistory' | 'passwordSetAt' | 'madeFrom'>,
  ): Promise<boolean>;
  /** Keeps the newest few for the person to see. */
  addNotice(id: string, notice: AccountNotice): Promise<void>;
  /** Removes the recovery code and returns whether it existed. Atomic, so that it works once. */
  takeRecoveryCode(id: string, hash: string): Promise<boolean>;
  /** Raises the last accepted step and returns whether it was lower before. */
  takeTotpStep(id: string, step: number): Promise<boolean>;
}

export interface SessionStore {
  add(session: Session): Promise<void>;
  byId(id: string): Promise<Session | undefined>;
  /** The sessions of one person that have not ended. */
  openOf(userId: UserId): Promise<Session[]>;
  /** Replaces the secret if the current one is still `expectedHash`; false when another refresh was faster. */
  rotate(id: string, expectedHash: string, next: Pick<Session, 'refreshHash' | 'rotatedAt' | 'lastUsedAt'>): Promise<boolean>;
  end(id: string, at: Date, reason: string): Promise<void>;
}

/** The sessions that are alive, for every process. */
export interface LiveSessions {
  remember(sessionId: string, session: LiveSession, ttlMs: number): Promise<void>;
  find(sessionId: string): Promise<LiveSession | undefined>;
  forget(sessionId: string): Promise<void>;
}

export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

export interface Tokens {
  /** From now on the first key signs, and all of them are accepted. Fails when one is no P-256 key. */
  use(keyPems: readonly string[]): void;
  /** The ids of the keys, the signing one first. */
  keyIds(): readonly string[];
  sign(principal: Principal, expiresAt: Date): string;
  /** Undefined for anything but a valid token of ours. */
  verify(token: string): Principal | undefined;
}

export interface TotpCodes {
  newSecret(): string;
  seal(secret: string): string;
  uri(sealed: string, accountName: string): string;
  /** The time step that the code belongs to, or undefined. */
  check(sealed: string, code: string): number | undefined;
}

/** Who tries to sign in, and from where. */
export interface Trier {
  /** The name of the account, in lower case. */
  readonly name: string;
  readonly from: string;
  /** The secret of the browser's cookie. A browser in which the person has signed in before is counted separately. */
  readonly browser?: string | undefined;
}

/** Growing delays per account, per browser and per address. */
export interface SignInLimits {
  /** Milliseconds to wait, 0 when an attempt is allowed. */
  waitMs(trier: Trier): Promise<number>;
  failed(trier: Trier): Promise<void>;
  /** From now on the address and the browser count as this person's. */
  succeeded(trier: Trier): Promise<void>;
}

/** Data stored on the server while the browser is at the provider. It can be used for one return. */
export interface ProviderVisit {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The site's own sign-in, which authenticates people who have an account here. */
export interface IdentityProvider {
  /** Returns the address that the browser is sent to. */
  begin(): Promise<{ readonly address: string; readonly kept: ProviderVisit }>;
  /**
   * The person who came back from the provider, read from the query of the return. Fails with `not-signed-in` when the answer is invalid.
   */
  finish(query: string, kept: ProviderVisit): Promise<{ readonly name: string; readonly secondFactor: boolean }>;
}

export interface ProviderVisits {
  keep(visit: ProviderVisit): Promise<string>;
  /** Returns a result once for each key. */
  take(key: string): Promise<ProviderVisit | undefined>;
}

/** The sign-in policy of the site. */
export interface AccessPolicyStore {
  read(): Promise<AccessPolicy>;
  write(policy: AccessPolicy): Promise<void>;
}

/** Whether an address lies in one of the networks; false for text that is not an address. */
export type AddressInNetworks = (networks: readonly string[], address: string) => boolean;

/** The networks from which people may sign in. */
export interface AllowedNetworks {
  /**
   * Whether this person may sign in from an address, by the account's own list, else by those of the roles. Without a list every address is
   * allowed.
   */
  allows(account: Account, address: string): Promise<boolean>;
}

export interface Chance {
  id(): string;
  secret(): string;
  sha256Hex(text: string): string;
  recoveryCodes(): string[];
}
