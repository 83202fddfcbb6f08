import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Role, Principal } from '../shared/domain/rights.js';
import type { Config } from '../shared/platform/config.js';
import { findSession, forgetSession, rememberSession } from '../shared/platform/live-sessions.js';
import type { Logger } from '../shared/platform/logger.js';
import type { Audit, Route } from '../shared/platform/route.js';
import { createAccountService } from './account-service.js';
import { argon2Passwords, chance, createTokens, createTotpCodes } from './adapters/credentials.js';
import { createMongoAccounts, createMongoSessions } from './adapters/mongo-accounts.js';
import { createValkeyLimits } from './adapters/valkey-limits.js';
import { createIdentityRoutes } from './http.js';
import { createSignInService } from './sign-in-service.js';

/** How long an answer of Valkey about a session is believed: an ended session is dead everywhere within this time. */
const BELIEVED_MS = 1_000;

export interface IdentityDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly valkey: Redis;
  readonly audit: Audit;
  readonly log: Logger;
  readonly sessionEnded?: (userId: string, sessionId: string) => Promise<void>;
  readonly now?: () => Date;
}

export interface Identity {
  readonly routes: Route[];
  /** The person behind a token whose session is alive; undefined otherwise. */
  readonly whoIs: (token: string) => Promise<Principal | undefined>;
  /** Makes the first administrator (and the demo people) when there is no account yet. */
  readonly seed: () => Promise<void>;
}

export function createIdentity({
  config,
  mongo,
  valkey,
  audit,
  log,
  sessionEnded,
  now = () => new Date(),
}: IdentityDependencies): Identity {
  const accounts = createMongoAccounts(mongo);
  const tokens = createTokens(config.TOKEN_KEY);
  const totp = createTotpCodes(config.MASTER_KEY);
  const live = {
    remember: rememberSession.bind(undefined, valkey),
    find: findSession.bind(undefined, valkey),
    forget: forgetSession.bind(undefined, valkey),
  };
  const common = { accounts, passwords: argon2Passwords, totp, chance, audit, now };
  const signIn = createSignInService({
    ...common,
    sessions: createMongoSessions(mongo),
    live,
    tokens,
    limits: createValkeyLimits(valkey),
    ...(sessionEnded === undefined ? {} : { sessionEnded }),
  });
  const service = createAccountService({ ...common, endAllOf: signIn.endAllOf });
  const alive = new Map<string, { readonly alive: boolean; readonly untilMs: number }>();

  async function isAlive(sessionId: string): Promise<boolean> {
    const nowMs = Date.now();
    const believed = alive.get(sessionId);
    if (believed !== undefined && believed.untilMs > nowMs) return believed.alive;
    const found = (await live.find(sessionId)) !== undefined;
    if (alive.size > 10_000) alive.clear();
    alive.set(sessionId, { alive: found, untilMs: nowMs + BELIEVED_MS });
    return found;
  }

  async function seed(): Promise<void> {
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
      await service.create(
        'system:first-start',
        { name, displayName, password, roles, mustChangePassword: config.DEMO_DATA === 'no' },
        'local',
      );
    log.info({ accounts: people.length }, 'first accounts made');
  }

  return {
    routes: createIdentityRoutes({
      signIn,
      accounts: service,
      seatKey: config.SEAT_KEY,
      codec: config.SEAT_CODEC,
      secureCookies: config.TLS_CERT_FILE !== undefined,
    }),
    async whoIs(token) {
      const principal = tokens.verify(token);
      return principal !== undefined && (await isAlive(principal.sessionId)) ? principal : undefined;
    },
    seed,
  };
}
