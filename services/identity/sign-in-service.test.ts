import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { Secret, TOTP } from 'otpauth';
import { mayUse, type Role } from '../shared/domain/rights.js';
import type { AuditEntry } from '../shared/platform/route.js';
import type { LiveSession } from '../shared/platform/live-sessions.js';
import { contains } from '../shared/platform/networks.js';
import type { Account, Session } from './account.js';
import { networksOf, openPolicy, type AccessPolicy } from './access-policy.js';
import { conflictingRoles, needsTotp } from './account.js';
import { createAccountService } from './account-service.js';
import { chance, createTokens, createTotpCodes, keysOf } from './adapters/credentials.js';
import { isCommonPassword } from './adapters/common-passwords.js';
import { passwordFault } from './password-policy.js';
import { createSignInService } from './sign-in-service.js';
import { createTurns } from './turns.js';

const keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const tokens = createTokens([keyPem]);
const totp = createTotpCodes('a master key for this test');
/** Argon2 is tried in the integration tests; here the password itself is its hash. */
const passwords = {
  hash: async (password: string) => `h:${password}`,
  verify: async (hash: string, password: string) => hash === `h:${password}`,
};
const GOOD = 'Correct-horse-7';

let clock: Date;
let accounts: Map<string, Account>;
let sessions: Map<string, Session>;
let alive: Map<string, LiveSession>;
let trail: AuditEntry[];
let failures: number;
let policy: AccessPolicy;

function service() {
  const change = async (id: string, changed: Partial<Account>): Promise<void> =>
    void accounts.set(id, { ...accounts.get(id)!, ...changed });
  const store = {
    byName: async (name: string) => [...accounts.values()].find((account) => account.name === name),
    byId: async (id: string) => accounts.get(id),
    all: async () => [...accounts.values()],
    add: async (account: Account) => void accounts.set(account.id, account),
    change,
    takeRecoveryCode: async (id: string, hash: string) => {
      const account = accounts.get(id)!;
      const there = account.totp?.recovery.includes(hash) === true;
      if (there) await change(id, { totp: { ...account.totp, recovery: account.totp.recovery.filter((each) => each !== hash) } });
      return there;
    },
    takeTotpStep: async (id: string, step: number) => {
      const account = accounts.get(id)!;
      if ((account.totp?.lastStep ?? 0) >= step) return false;
      await change(id, { totp: { ...account.totp!, lastStep: step } });
      return true;
    },
  };
  const end = async (id: string, at: Date, reason: string): Promise<void> =>
    void sessions.set(id, { ...sessions.get(id)!, endedAt: at, endReason: reason });
  const limits = {
    waitMs: async () => (failures >= 5 ? 5_000 : 0),
    failed: async () => {
      failures += 1;
    },
    succeeded: async () => {
      failures = 0;
    },
  };
  const common = {
    accounts: store,
    passwords,
    isCommon: isCommonPassword,
    totp,
    limits,
    chance,
    audit: async (entry: AuditEntry) => void trail.push(entry),
    now: () => clock,
  };
  const signIn = createSignInService({
    ...common,
    turns: createTurns(2, 100),
    tokens,
    sessions: {
      add: async (session) => void sessions.set(session.id, session),
      byId: async (id) => sessions.get(id),
      openOf: async (userId) => [...sessions.values()].filter((session) => session.userId === userId && session.endedAt === undefined),
      rotate: async (id, expectedHash, next) => {
        const session = sessions.get(id)!;
        if (session.refreshHash !== expectedHash) return false;
        sessions.set(id, { ...session, ...next, previousHash: expectedHash });
        return true;
      },
      end,
    },
    live: {
      remember: async (id, session) => void alive.set(id, session),
      find: async (id) => alive.get(id),
      forget: async (id) => void alive.delete(id),
    },
    networks: { allows: async (account, address) => networksOf(account, policy).every((list) => contains(list, address)) },
    totpRule: 'all-but-agents',
    siteZone: 'Asia/Shanghai',
  });
  return { signIn, people: createAccountService({ ...common, endAllOf: signIn.endAllOf }) };
}

let signIn: ReturnType<typeof service>['signIn'];
let people: ReturnType<typeof service>['people'];

beforeEach(async () => {
  // jsonwebtoken looks at the real clock: the tests begin there.
  clock = new Date();
  accounts = new Map();
  sessions = new Map();
  alive = new Map();
  trail = [];
  failures = 0;
  policy = openPolicy;
  ({ signIn, people } = service());
  await people.create(
    'system',
    {
      name: 'Ann',
      displayName: 'Ann',
      password: GOOD,
      roles: ['supervisor'],
      mustChangePassword: false,
      totpGraceUntil: new Date(clock.getTime() + 86_400_000),
    },
    'local',
  );
});

const enter = (password = GOOD, code?: string) =>
  signIn.signIn({ name: 'ann', password, ...(code === undefined ? {} : { code }) }, '127.0.0.1', 'test');

test('a person who signs in gets a token that names rights, and a session that is alive', async () => {
  const { signedIn } = await enter();
  expect(signedIn.profile).toMatchObject({ name: 'ann', roles: ['supervisor'] });
  expect(signedIn.profile.rights).toContain('recordings.play');
  expect(signedIn.profile.rights).not.toContain('recordings.download');
  const principal = tokens.verify(signedIn.accessToken);
  expect(principal?.roles).toEqual(['supervisor']);
  expect(alive.has(principal?.sessionId ?? '')).toBe(true);
});

test('an unknown name and a wrong password are answered alike, and both are in the trail', async () => {
  await expect(enter('nonsense')).rejects.toMatchObject({ code: 'not-signed-in', message: 'The name or the password is wrong.' });
  await expect(signIn.signIn({ name: 'nobody', password: 'x' }, 'a', 'b')).rejects.toMatchObject({
    message: 'The name or the password is wrong.',
  });
  expect(trail.filter(({ what }) => what === 'session.refused')).toHaveLength(2);
});

test('after five wrong tries even the right password has to wait', async () => {
  for (let i = 0; i < 5; i += 1) await expect(enter('nonsense')).rejects.toMatchObject({ code: 'not-signed-in' });
  await expect(enter()).rejects.toMatchObject({ code: 'too-many-requests', details: { waitMs: 5_000 } });
});

test('a refresh token works once; its second use ends the session, since somebody else has it', async () => {
  const first = await enter();
  const second = await signIn.refresh(first.refreshToken, 'a');
  clock = new Date(clock.getTime() + 60_000);
  await expect(signIn.refresh(first.refreshToken, 'thief')).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(trail.at(-1)).toMatchObject({ what: 'session.theft-suspected', success: false });
  await expect(signIn.refresh(second.refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(alive.size).toBe(0);
});

test('two tabs that refresh at the same moment both stay signed in', async () => {
  const first = await enter();
  const one = await signIn.refresh(first.refreshToken, 'a');
  const other = await signIn.refresh(first.refreshToken, 'a');
  expect(other.refreshToken).toBe('');
  await expect(signIn.refresh(one.refreshToken, 'a')).resolves.toBeDefined();
});

test('a session ends by itself after its idle time and after its whole time', async () => {
  const { refreshToken } = await enter();
  clock = new Date(clock.getTime() + 17 * 3_600_000);
  await expect(signIn.refresh(refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('an account that was given an earlier end is out at once, and does not come back by its refresh token', async () => {
  const { refreshToken } = await enter();
  const { id } = [...accounts.values()][0]!;
  accounts.set(id, { ...accounts.get(id)!, expiresAt: new Date(clock.getTime() - 1) });
  await expect(signIn.refresh(refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('with an authenticator the password alone is not enough; a code works once, a recovery code once', async () => {
  const { signedIn } = await enter();
  const principal = tokens.verify(signedIn.accessToken)!;
  const { uri } = await people.beginTotp(principal);
  const device = new TOTP({ secret: Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '') });
  const { recoveryCodes } = await people.confirmTotp(principal, device.generate(), 'a');
  await expect(enter()).rejects.toMatchObject({ details: { need: 'totp' } });
  await expect(enter(GOOD, '000000')).rejects.toMatchObject({ details: { need: 'totp' } });
  // The step of the confirmation is spent: the code of the same half minute is refused, the next is taken.
  await expect(enter(GOOD, device.generate())).rejects.toMatchObject({ details: { need: 'totp' } });
  await expect(enter(GOOD, device.generate({ timestamp: Date.now() + 30_000 }))).resolves.toBeDefined();
  await expect(enter(GOOD, recoveryCodes[0])).resolves.toBeDefined();
  await expect(enter(GOOD, recoveryCodes[0])).rejects.toMatchObject({ details: { need: 'totp' } });
});

test('tokens that are not ours are worth nothing', () => {
  const claims = { sid: 's', name: 'x', roles: ['admin'], scope: { queues: [], sites: [], clientUnits: [] } };
  const options = { subject: 'u', issuer: 'proofline', audience: 'proofline' } as const;
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ours = tokens.sign(
    { userId: 'u', sessionId: 's', name: 'x', roles: ['agent'], scope: claims.scope },
    new Date(Date.now() + 60_000),
  );
  const kid = jwt.decode(ours, { complete: true })!.header.kid!;
  const [head, , signature] = ours.split('.');
  const raised = Buffer.from(JSON.stringify({ ...claims, exp: 9_999_999_999 })).toString('base64url');
  expect(tokens.verify(ours)).toBeDefined();
  for (const token of [
    jwt.sign(claims, '', { ...options, algorithm: 'none', keyid: kid }),
    jwt.sign(claims, other, { ...options, algorithm: 'ES256', keyid: kid }),
    jwt.sign(claims, createHash('sha256').update(keyPem).digest('hex'), { ...options, algorithm: 'HS256', keyid: kid }),
    tokens.sign({ userId: 'u', sessionId: 's', name: 'x', roles: ['agent'], scope: claims.scope }, new Date(Date.now() - 1_000)),
    `${head}.${raised}.${signature}`,
    'nonsense',
    '',
  ])
    expect(tokens.verify(token)).toBeUndefined();
});

test('whoever loses a right loses it at once: all sessions end', async () => {
  await enter();
  await enter();
  const [ann] = await people.all();
  const by = {
    userId: randomUUID(),
    name: 'admin',
    sessionId: 'x',
    roles: ['security-admin' as const],
    scope: { queues: [], sites: [], clientUnits: [] },
  };
  await people.change(by, ann!.id, { roles: ['agent'] }, 'a');
  expect(alive.size).toBe(0);
  await expect(people.change({ ...by, userId: ann!.id }, ann!.id, { roles: ['admin'] }, 'a')).rejects.toMatchObject({
    code: 'not-allowed',
  });
});

test('a password that was used before is not taken again', async () => {
  const principal = tokens.verify((await enter()).signedIn.accessToken)!;
  await people.changeOwnPassword(principal, GOOD, 'Another-horse-8', 'a');
  await expect(people.changeOwnPassword(principal, 'Another-horse-8', GOOD, 'a')).rejects.toMatchObject({
    details: { password: 'used-before' },
  });
});

test.each([
  ['short1!A', 'too-short'],
  ['onlylowercase', 'too-simple'],
  ['Ann-is-great-1', 'contains-name'],
  ['Password1!', 'too-common'],
  ['Sunshine2024!', 'too-common'],
  ['P@ssw0rd!!24', 'too-common'],
  ['Basketball1!', 'too-common'],
  ['Sunshine-over-Qingdao-2024', undefined],
  ['a long sentence of words', undefined],
  [GOOD, undefined],
])('the password %j: %s', (password, fault) => {
  expect(passwordFault(password, 'ann', isCommonPassword)).toBe(fault);
});

test('a first password is good for a week; the one of the first start for as long as it takes', async () => {
  const given = { displayName: 'N', password: GOOD };
  await people.create('system', { ...given, name: 'new', roles: ['agent'] }, 'local');
  await people.create('system', { ...given, name: 'first', roles: ['admin', 'security-admin'], first: true }, 'local');
  const enter = (name: string) => signIn.signIn({ name, password: GOOD }, '10.0.0.1', 'x');
  clock = new Date(clock.getTime() + 6 * 86_400_000);
  await expect(enter('new')).resolves.toBeDefined();
  clock = new Date(clock.getTime() + 2 * 86_400_000);
  await expect(enter('new')).rejects.toMatchObject({ code: 'not-signed-in' });
  await expect(enter('first')).resolves.toBeDefined();
});

describe('the roles of administrators', () => {
  const both: Role[] = ['admin', 'security-admin'];
  const wanted = { displayName: 'A', password: GOOD, mustChangePassword: false };

  test('are given to one person at the first start alone, and cannot be kept when they are changed', async () => {
    await expect(people.create('system', { ...wanted, name: 'both', roles: both }, 'local')).rejects.toMatchObject({
      details: { roles: both },
    });
    const first = await people.create('system', { ...wanted, name: 'first', roles: both, first: true }, 'local');
    const second = await people.create(first.id, { ...wanted, name: 'second', roles: ['security-admin'] }, 'local');
    const by = { userId: second.id, name: 'S', sessionId: 's', roles: second.roles, scope: second.scope };
    await expect(people.change(by, first.id, { roles: both }, 'a')).rejects.toMatchObject({ details: { roles: both } });
    await people.change(by, first.id, { roles: ['admin'] }, 'a');
    expect(accounts.get(first.id)?.roles).toEqual(['admin']);
    const self = { ...by, userId: first.id, roles: both };
    await expect(people.change(self, first.id, { roles: ['admin'] }, 'a')).rejects.toMatchObject({ code: 'not-allowed' });
  });
});

test('nobody both acts and keeps the trace of it', () => {
  expect(conflictingRoles(['admin', 'auditor'])).toBeDefined();
  expect(conflictingRoles(['auditor'])).toBeUndefined();
  expect(conflictingRoles(['admin', 'security-admin'])).toBeDefined();
});

describe('no role is in force', () => {
  const eve = (roles: Role[], given: object = {}) =>
    people.create('system', { name: 'eve', displayName: 'Eve', password: GOOD, roles, mustChangePassword: false, ...given }, 'local');
  const enterAsEve = () => signIn.signIn({ name: 'eve', password: GOOD }, '127.0.0.1', 'test');

  test('before the second factor that the roles ask for is set up; with it, they are at the next refresh', async () => {
    await eve(['supervisor']);
    const { signedIn, refreshToken } = await enterAsEve();
    const principal = tokens.verify(signedIn.accessToken)!;
    expect(signedIn.profile).toMatchObject({ mustSetUpTotp: true, roles: ['supervisor'], rights: ['self.use'] });
    expect(mayUse(principal, 'recordings.play')).toBe(false);
    expect(mayUse(principal, 'self.use')).toBe(true);
    expect(alive.get(principal.sessionId)?.roles).toEqual([]);
    const { uri } = await people.beginTotp(principal);
    await people.confirmTotp(
      principal,
      new TOTP({ secret: Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '') }).generate(),
      'a',
    );
    const after = await signIn.refresh(refreshToken, '127.0.0.1');
    expect(after.signedIn.profile).toMatchObject({ mustSetUpTotp: false, totpEnrolled: true });
    expect(tokens.verify(after.signedIn.accessToken)?.roles).toEqual(['supervisor']);
  });

  test('before a first password is replaced', async () => {
    await eve(['agent'], { mustChangePassword: true });
    const { signedIn, refreshToken } = await enterAsEve();
    expect(signedIn.profile).toMatchObject({ mustChangePassword: true, rights: ['self.use'] });
    await people.changeOwnPassword(tokens.verify(signedIn.accessToken)!, GOOD, 'Another-horse-8', 'a');
    expect((await signIn.refresh(refreshToken, '127.0.0.1')).signedIn.profile.rights).toContain('seat.use');
  });

  test('once the grace of a trial is over', async () => {
    await eve(['compliance'], { totpGraceUntil: new Date(clock.getTime() + 60_000) });
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: false, totpGraceUntil: expect.any(String) });
    clock = new Date(clock.getTime() + 61_000);
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: true, rights: ['self.use'] });
  });

  test('an agent needs no second factor, and is asked for it once it is set up', async () => {
    await eve(['agent']);
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: false });
    expect(needsTotp(['agent'], 'all')).toBe(true);
  });
});

describe('single sign-on', () => {
  const vouched = (name: string, secondFactor: boolean) => signIn.signInVouched({ name, secondFactor }, '127.0.0.1', 'test');

  test('opens an account that exists, with its roles in force', async () => {
    const { signedIn } = await vouched('Ann', true);
    expect(signedIn.profile).toMatchObject({ name: 'ann', mustSetUpTotp: false });
    expect(signedIn.profile.rights).toContain('recordings.play');
    expect(trail.at(-1)).toMatchObject({ what: 'session.started', reason: 'single sign-on' });
  });

  test('makes no account, and lets nobody in without the second factor that the roles ask for', async () => {
    await expect(vouched('stranger', true)).rejects.toMatchObject({ details: { need: 'account' } });
    await expect(vouched('ann', false)).rejects.toMatchObject({ details: { need: 'second-factor' } });
    expect(accounts.size).toBe(1);
    expect(trail.filter(({ what }) => what === 'session.refused')).toHaveLength(2);
  });

  test('a disabled account stays closed', async () => {
    const [ann] = await people.all();
    accounts.set(ann!.id, { ...ann!, disabled: true });
    await expect(vouched('ann', true)).rejects.toMatchObject({ code: 'not-signed-in' });
  });
});

test("from a network that is not the role's nobody signs in, nor stays signed in", async () => {
  policy = { networks: { supervisor: ['127.0.0.0/8', '2001:db8::/32'] } };
  const { refreshToken } = await enter();
  await expect(signIn.signIn({ name: 'ann', password: GOOD }, '192.0.2.7', 'x')).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(signIn.signIn({ name: 'ann', password: GOOD }, '::ffff:127.0.0.9', 'x')).resolves.toBeDefined();
  await expect(signIn.signIn({ name: 'ann', password: GOOD }, '2001:db8::5', 'x')).resolves.toBeDefined();
  await expect(signIn.refresh(refreshToken, '192.0.2.7')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('whoever has left by the staff register loses the account and every session', async () => {
  await enter();
  expect(await people.disableLeavers(['ANN', 'nobody'])).toBe(1);
  expect(alive.size).toBe(0);
  await expect(enter()).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(await people.disableLeavers(['ann'])).toBe(0);
  expect(trail.filter(({ what }) => what === 'account.disabled')).toMatchObject([{ who: 'system:registry' }]);
});

test('a new key signs, the one before is still believed, the one before that no longer', async () => {
  const [second, third] = [1, 2].map(() =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ) as [string, string];
  const rotated = createTokens(keysOf(keyPem));
  const principal = {
    userId: 'u',
    sessionId: 's',
    name: 'x',
    roles: ['agent' as const],
    scope: { queues: [], sites: [], clientUnits: [] },
  };
  const soon = new Date(Date.now() + 60_000);
  const old = rotated.sign(principal, soon);
  rotated.use(keysOf(`${second}${keyPem}`));
  expect(jwt.decode(rotated.sign(principal, soon), { complete: true })?.header.kid).toBe(rotated.keyIds()[0]);
  expect(rotated.verify(old)).toEqual(principal);
  rotated.use([third, second]);
  expect(rotated.verify(old)).toBeUndefined();
  const weak = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(() => rotated.use([weak])).toThrow('P-256');
  expect(() => rotated.use([])).toThrow('no key');
});

test('the own password is no faster to guess from inside a session', async () => {
  const principal = tokens.verify((await enter()).signedIn.accessToken)!;
  for (let i = 0; i < 5; i += 1)
    await expect(people.changeOwnPassword(principal, `guess-${i}`, 'Another-horse-8', 'a')).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(people.changeOwnPassword(principal, GOOD, 'Another-horse-8', 'a')).rejects.toMatchObject({ code: 'too-many-requests' });
});

test('a new password ends the other sessions, a person ends the own ones, nobody finds one under another person', async () => {
  const principal = tokens.verify((await enter()).signedIn.accessToken)!;
  await enter();
  await people.changeOwnPassword(principal, GOOD, 'Another-horse-8', 'a');
  expect([...alive.keys()]).toEqual([principal.sessionId]);
  await expect(signIn.endSession(principal, 'somebody-else', principal.sessionId, 'a')).rejects.toMatchObject({ code: 'not-found' });
  await signIn.endSession(principal, principal.userId, principal.sessionId, 'a');
  expect(alive.size).toBe(0);
});
