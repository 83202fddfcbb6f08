import type { Principal } from '../shared/domain/rights.js';
import type { LiveSession } from '../shared/platform/live-sessions.js';
import type { Account, Session } from './account.js';

export interface AccountStore {
  byName(name: string): Promise<Account | undefined>;
  byId(id: string): Promise<Account | undefined>;
  all(): Promise<Account[]>;
  /** Fails with `already-exists` when the name is taken. */
  add(account: Account): Promise<void>;
  change(id: string, change: Partial<Account>): Promise<void>;
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

/** Growing delays per account and per address. */
export interface SignInLimits {
  /** Milliseconds to wait, 0 when a try is allowed. */
  waitMs(name: string, from: string): Promise<number>;
  failed(name: string, from: string): Promise<void>;
  succeeded(name: string, from: string): Promise<void>;
}

export interface Chance {
  id(): string;
  secret(): string;
  sha256Hex(text: string): string;
  recoveryCodes(): string[];
}
