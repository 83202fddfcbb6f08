import type { Principal } from '../shared/domain/people/rights.js';
import type { LiveSession } from '../shared/platform/events/live-sessions.js';
import type { AccessPolicy } from './access-policy.js';
import type { Account, AccountNotice, Session } from './account.js';

export interface AccountStore {
  byName(name: string): Promise<Account | undefined>;
  byId(id: string): Promise<Account | undefined>;
  all(): Promise<Account[]>;
  /** Fails with `already-exists` when the name is taken. */
  add(account: Account): Promise<void>;
  change(id: string, change: Partial<Account>): Promise<void>;
  /** Keeps the newest few for the person to see. */
  addNotice(id: string, notice: AccountNotice): Promise<void>;
  /** Takes the recovery code away and reports whether it was there: atomic, so that it works once. */
  takeRecoveryCode(id: string, hash: string): Promise<boolean>;
  /** Moves the last accepted step on and reports whether it was lower before. */
  takeTotpStep(id: string, step: number): Promise<boolean>;
}

export interface SessionStore {
  add(session: Session): Promise<void>;
  byId(id: string): Promise<Session | undefined>;
  /** Of one person, those not ended. */
  openOf(userId: string): Promise<Session[]>;
  /** Replaces the secret when the current one is still `expectedHash`; false when another refresh was faster. */
  rotate(id: string, expectedHash: string, next: Pick<Session, 'refreshHash' | 'rotatedAt' | 'lastUsedAt'>): Promise<boolean>;
  end(id: string, at: Date, reason: string): Promise<void>;
}

/** Which sessions are alive, for every process. */
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
  /** From now on the first key signs, and any of them is believed. Fails when one is not a P-256 key. */
  use(keyPems: readonly string[]): void;
  /** Ids of the keys, the signing one first. */
  keyIds(): readonly string[];
  sign(principal: Principal, expiresAt: Date): string;
  /** Undefined for whatever is not a token of ours in force. */
  verify(token: string): Principal | undefined;
}

export interface TotpCodes {
  newSecret(): string;
  seal(secret: string): string;
  uri(sealed: string, accountName: string): string;
  /** The time step the code belongs to, or undefined. */
  check(sealed: string, code: string): number | undefined;
}

/** Who tries to be a person, and from where. */
export interface Trier {
  /** Name of the account, in lower case. */
  readonly name: string;
  readonly from: string;
  /** The secret of the browser's cookie; a browser in which the person has signed in before is counted by itself. */
  readonly browser?: string | undefined;
}

/** Growing delays per account, per browser and per address. */
export interface SignInLimits {
  /** Milliseconds to wait, 0 when a try is allowed. */
  waitMs(trier: Trier): Promise<number>;
  failed(trier: Trier): Promise<void>;
  /** From now on the address and the browser count as this person's. */
  succeeded(trier: Trier): Promise<void>;
}

/** What is kept on the server between leaving for the provider and coming back; each is good for one return. */
export interface ProviderVisit {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The site's own sign-in, which vouches for people that have an account here. */
export interface IdentityProvider {
  /** Returns the address to which the browser is sent. */
  begin(): Promise<{ readonly address: string; readonly kept: ProviderVisit }>;
  /** Who came back, by the query of the return. Fails with `not-signed-in` when the answer does not hold. */
  finish(query: string, kept: ProviderVisit): Promise<{ readonly name: string; readonly secondFactor: boolean }>;
}

export interface ProviderVisits {
  keep(visit: ProviderVisit): Promise<string>;
  /** Answers once for each key. */
  take(key: string): Promise<ProviderVisit | undefined>;
}

/** The one policy of the site. */
export interface AccessPolicyStore {
  read(): Promise<AccessPolicy>;
  write(policy: AccessPolicy): Promise<void>;
}

/** Whether an address lies in one of the networks; what is no address lies in none. */
export type AddressInNetworks = (networks: readonly string[], address: string) => boolean;

/** From where people may sign in. */
export interface AllowedNetworks {
  /** Whether this person may be let in from an address: the account's own list, else those of the roles; no list restricts nothing. */
  allows(account: Account, address: string): Promise<boolean>;
}

export interface Chance {
  id(): string;
  secret(): string;
  sha256Hex(text: string): string;
  recoveryCodes(): string[];
}
