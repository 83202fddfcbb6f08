import { generateKeyPairSync } from 'node:crypto';
import { beforeEach } from '@jest/globals';
import type { AuditEntry } from '../../services/shared/platform/route.js';
import type { LiveSession } from '../../services/shared/platform/live-sessions.js';
import { contains } from '../../services/shared/platform/networks.js';
import type { Account, Session } from '../../services/identity/account.js';
import { networksOf, openPolicy, type AccessPolicy } from '../../services/identity/access-policy.js';
import { createAccountService } from '../../services/identity/account-service.js';
import { chance, createTokens, createTotpCodes } from '../../services/identity/adapters/credentials.js';
import { isCommonPassword } from '../../services/identity/adapters/common-passwords.js';
import { createSignInService } from '../../services/identity/sign-in-service.js';
import { createTurns } from '../../services/identity/turns.js';

export const keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
export const tokens = createTokens([keyPem]);
export const totp = createTotpCodes('a master key for this test');
/** Argon2 is tried in the integration tests; here the password itself is its hash. */
const passwords = {
  hash: async (password: string) => `h:${password}`,
  verify: async (hash: string, password: string) => hash === `h:${password}`,
};
export const GOOD = 'Correct-horse-7';

interface State {
  clock: Date;
  accounts: Map<string, Account>;
  sessions: Map<string, Session>;
  alive: Map<string, LiveSession>;
  trail: AuditEntry[];
  failures: number;
  policy: AccessPolicy;
}

export interface IdentityRig extends State, ReturnType<typeof service> {
  enter(password?: string, code?: string): ReturnType<ReturnType<typeof service>['signIn']['signIn']>;
}

const fresh = (): State => ({
  // jsonwebtoken looks at the real clock: the tests begin there.
  clock: new Date(),
  accounts: new Map(),
  sessions: new Map(),
  alive: new Map(),
  trail: [],
  failures: 0,
  policy: openPolicy,
});

/** Sign-in and accounts over maps, new before each test, with one supervisor, Ann. */
export function identityRig(): IdentityRig {
  const state = fresh();
  const rig: IdentityRig = Object.assign(state, service(state), {
    enter: (password = GOOD, code?: string) =>
      rig.signIn.signIn({ name: 'ann', password, ...(code === undefined ? {} : { code }) }, '127.0.0.1', 'test'),
  });
  beforeEach(async () => {
    Object.assign(rig, fresh());
    Object.assign(rig, service(rig));
    const totpGraceUntil = new Date(rig.clock.getTime() + 86_400_000);
    await rig.people.create(
      'system',
      { name: 'Ann', displayName: 'Ann', password: GOOD, roles: ['supervisor'], mustChangePassword: false, totpGraceUntil },
      'local',
    );
  });
  return rig;
}

function service(rig: State) {
  const change = async (id: string, changed: Partial<Account>): Promise<void> =>
    void rig.accounts.set(id, { ...rig.accounts.get(id)!, ...changed });
  const store = {
    byName: async (name: string) => [...rig.accounts.values()].find((account) => account.name === name),
    byId: async (id: string) => rig.accounts.get(id),
    all: async () => [...rig.accounts.values()],
    add: async (account: Account) => void rig.accounts.set(account.id, account),
    change,
    takeRecoveryCode: async (id: string, hash: string) => {
      const account = rig.accounts.get(id)!;
      const there = account.totp?.recovery.includes(hash) === true;
      if (there) await change(id, { totp: { ...account.totp, recovery: account.totp.recovery.filter((each) => each !== hash) } });
      return there;
    },
    takeTotpStep: async (id: string, step: number) => {
      const account = rig.accounts.get(id)!;
      if ((account.totp?.lastStep ?? 0) >= step) return false;
      await change(id, { totp: { ...account.totp!, lastStep: step } });
      return true;
    },
  };
  const end = async (id: string, at: Date, reason: string): Promise<void> =>
    void rig.sessions.set(id, { ...rig.sessions.get(id)!, endedAt: at, endReason: reason });
  const limits = {
    waitMs: async () => (rig.failures >= 5 ? 5_000 : 0),
    failed: async () => {
      rig.failures += 1;
    },
    succeeded: async () => {
      rig.failures = 0;
    },
  };
  const common = {
    accounts: store,
    passwords,
    isCommon: isCommonPassword,
    totp,
    limits,
    chance,
    audit: async (entry: AuditEntry) => void rig.trail.push(entry),
    now: () => rig.clock,
  };
  const signIn = createSignInService({
    ...common,
    turns: createTurns(2, 100),
    tokens,
    sessions: {
      add: async (session) => void rig.sessions.set(session.id, session),
      byId: async (id) => rig.sessions.get(id),
      openOf: async (userId) => [...rig.sessions.values()].filter((session) => session.userId === userId && session.endedAt === undefined),
      rotate: async (id, expectedHash, next) => {
        const session = rig.sessions.get(id)!;
        if (session.refreshHash !== expectedHash) return false;
        rig.sessions.set(id, { ...session, ...next, previousHash: expectedHash });
        return true;
      },
      end,
    },
    live: {
      remember: async (id, session) => void rig.alive.set(id, session),
      find: async (id) => rig.alive.get(id),
      forget: async (id) => void rig.alive.delete(id),
    },
    networks: { allows: async (account, address) => networksOf(account, rig.policy).every((list) => contains(list, address)) },
    totpRule: 'all-but-agents',
    siteZone: 'Asia/Shanghai',
  });
  return { signIn, people: createAccountService({ ...common, endAllOf: signIn.endAllOf }) };
}
