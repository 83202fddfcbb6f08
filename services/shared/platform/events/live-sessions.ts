import { createHmac } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Role, Scope } from '../../domain/people/rights.js';
import type { AgentId, UserId } from '../../domain/ids.js';

/** A sign-in that is alive, in Valkey. Identity writes it; every part that must know whether a session has ended reads it. */
export interface LiveSession {
  readonly userId: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: Scope;
}

const key = (sessionId: string): string => `proofline:session:${sessionId}`;

export async function rememberSession(valkey: Redis, sessionId: string, session: LiveSession, ttlMs: number): Promise<void> {
  await valkey.set(key(sessionId), JSON.stringify(session), 'PX', ttlMs);
}

export async function findSession(valkey: Redis, sessionId: string): Promise<LiveSession | undefined> {
  const text = await valkey.get(key(sessionId));
  return text === null ? undefined : (JSON.parse(text) as LiveSession);
}

export async function forgetSession(valkey: Redis, sessionId: string): Promise<void> {
  await valkey.del(key(sessionId));
}

export const SEAT_REALM = 'proofline';

/** The SIP password of a seat for one sign-in. It is derived, so it is stored nowhere, and it is valid only while the session is alive. */
export const seatPassword = (seatKey: string, sessionId: string): string =>
  createHmac('sha256', seatKey).update(`seat:${sessionId}`).digest('base64url');

/** After this long without a sign of life from its page, a seat is gone. */
const SEAT_MARK_MS = 30_000;
const seatMark = (agentId: AgentId): string => `proofline:seat:${agentId}`;

/** The gateway renews the mark of every seat whose page it holds. The mark expires by itself when the gateway dies. */
export async function markSeat(valkey: Redis, agentId: AgentId): Promise<void> {
  await valkey.set(seatMark(agentId), '1', 'PX', SEAT_MARK_MS);
}

export async function unmarkSeat(valkey: Redis, agentId: AgentId): Promise<void> {
  await valkey.del(seatMark(agentId));
}

/** Returns the agents among `agentIds` who have a page open. */
export async function seatsPresent(valkey: Redis, agentIds: readonly AgentId[]): Promise<Set<string>> {
  if (agentIds.length === 0) return new Set();
  const marks = await valkey.mget(agentIds.map(seatMark));
  return new Set(agentIds.filter((_, index) => marks[index] !== null));
}
