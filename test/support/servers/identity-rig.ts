import { generateKeyPairSync } from 'node:crypto';
import { beforeEach } from '@jest/globals';
import { moved } from '../../../services/shared/domain/people/team.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import type { LiveSession } from '../../../services/shared/platform/events/live-sessions.js';
import { contains } from '../../../services/shared/platform/network/networks.js';
import type { Account, AccountNotice, Session } from '../../../services/identity/account.js';
import { networksOf, openPolicy, type AccessPolicy } from '../../../services/identity/access-policy.js';
import { createAccountService } from '../../../services/identity/account-service.js';
import { createChangeService } from '../../../services/identity/changes/change-service.js';
import type { PendingChange } from '../../../services/identity/changes/pending-change.js';
import { createOwnAccountService } from '../../../services/identity/own-account-service.js';
import { createProving } from '../../../services/identity/proving.js';
import { createSecondFactor } from '../../../services/identity/second-factor.js';
import { chance, createTokens, createTotpCodes } from '../../../services/identity/adapters/credentials.js';
import { isCommonPassword } from '../../../services/identity/adapters/common-passwords.js';
import { createSignInService } from '../../../services/identity/sign-in-service.js';
import { createTurns } from '../../../services/identity/turns.js';

export const keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
export const tokens = createTokens([keyPem]);
export const totp = createTotpCodes('a master key for this test');
/** Argon2 is tried in the integration tests; here the password itself is its hash. */
const passwords = {
  hash: async (password: string) => `h:${password}`,
  verify: async (hash: string, password: string) => hash === `h:${password}`,
};
export const GOOD = 'Correct-horse-7';
export const DAY_MS = 86_400_000;
const SETTLE = { settleMs: DAY_MS, setUpMs: DAY_MS };

interface State {
  clock: Date;
  accounts: Map<string, Account>;
  sessions: Map<string, Session>;
  alive: Map<string, LiveSession>;
  trail: AuditEntry[];
  failures: number;
  policy: AccessPolicy;
  changes: Map<string, PendingChange>;
}

export interface IdentityRig extends State, ReturnType<typeof service> {
  enter(password?: string, code?: string): ReturnType<ReturnType<typeof service>['signIn']['signIn']>;
}

const fresh = (): State => ({
  // jsonwebtoken uses the real clock, so the tests begin there.
  clock: new Date(),
  accounts: new Map(),
  sessions: new Map(),
  alive: new Map(),
  trail: [],
  failures: 0,
  policy: openPolicy,
  changes: new Map(),
});

/** Somebody of an account who is signed in, with the roles in force. */
export const asPerson = ({ id, displayName, roles, scope }: Account): Principal => ({
  userId: id,
  name: displayName,
  sessionId: `session of ${id}`,
  roles,
  scope,
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
    await rig.people.seed({
      name: 'Ann',
      displayName: 'Ann',
      password: GOOD,
      roles: ['supervisor'],
      mustChangePassword: false,
      totpGraceUntil,
    });
  });
  return rig;
}

function service(rig: State) {
  const change = async (id: string, changed: Partial<Account>): Promise<void> =>
    void rig.accounts.set(id, { ...rig.accounts.get(id)!, ...changed });
  const store = {
    ofImport: async (order: string) => [...rig.accounts.values()].filter(({ madeFrom }) => madeFrom?.order === order),
    renewFirst: async (id: string, known: Date, changed: Partial<Account>) => {
      const account = rig.accounts.get(id)!;
      const isUnread = account.passwordSetAt.getTime() === known.getTime() && account.mustChangePassword;
      if (isUnread && account.lastSignInAt === undefined) await change(id, changed);
      return isUnread && account.lastSignInAt === undefined;
    },
    byName: async (name: string) => [...rig.accounts.values()].find((account) => account.name === name),
    byId: async (id: string) => rig.accounts.get(id),
    all: async () => [...rig.accounts.values()],
    add: async (account: Account) => void rig.accounts.set(account.id, account),
    change,
    addNotice: async (id: string, notice: AccountNotice) => change(id, { notices: [...(rig.accounts.get(id)?.notices ?? []), notice] }),
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
    chance,
    audit: async (entry: AuditEntry) => void rig.trail.push(entry),
    now: () => rig.clock,
  };
  const prove = createProving({ limits, turns: createTurns({ places: 2, waitingMost: 100, waitingOfOne: 100 }) });
  const checkSecondFactor = createSecondFactor({ accounts: store, totp, chance });
  const signIn = createSignInService({
    ...common,
    limits,
    prove,
    checkSecondFactor,
    tokens,
    sessions: {
      add: async (session) => void rig.sessions.set(session.id, session),
      byId: async (id) => rig.sessions.get(id),
      openOf: async (userId) => [...rig.sessions.values()].filter((session) => session.userId === userId && session.endedAt === undefined),
      rotate: async (id, expectedHash, next) => {
        const session = rig.sessions.get(id)!;
        if (session.refreshHash !== expectedHash) return false;
        rig.sessions.set(id, {
          ...session,
          ...next,
          previousHash: expectedHash,
          pastHashes: [...(session.pastHashes ?? []), expectedHash],
        });
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
  let queue: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const changesOf = async (userId: string) => [...rig.changes.values()].filter((each) => each.userId === userId);
  const changes = createChangeService({
    ...common,
    exclusive,
    settle: SETTLE,
    endAllOf: signIn.endAllOf,
    changes: {
      add: async (pending) => void rig.changes.set(pending.id, pending),
      byId: async (id) => rig.changes.get(id),
      newest: async () => [...rig.changes.values()].reverse(),
      of: changesOf,
      waiting: async () => [...rig.changes.values()].filter(({ decision }) => decision === undefined),
      decide: async (id, decision) => {
        const found = rig.changes.get(id)!;
        if (found.decision !== undefined) return false;
        rig.changes.set(id, { ...found, decision });
        return true;
      },
    },
  });
  const own = createOwnAccountService({ ...common, totp, prove, checkSecondFactor, endAllOf: signIn.endAllOf });
  const joining = async (teamId: string) => moved([], teamId, rig.clock);
  const people = createAccountService({ ...common, exclusive, settle: SETTLE, changes, changesOf, joining, endAllOf: signIn.endAllOf });
  return { signIn, people, own, pending: changes, store, passwords };
}
