import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { mayUse, type Role } from '../shared/domain/people/rights.js';
import { conflictingRoles, needsTotp } from './account.js';
import { isCommonPassword } from './adapters/common-passwords.js';
import { passwordFault } from './password-policy.js';
import { asPerson, DAY_MS, GOOD, identityRig, tokens } from '../../test/support/servers/identity-rig.js';

const rig = identityRig();
const CLIENT = { from: 'a' };

const administrator = () => ({
  userId: randomUUID(),
  name: 'admin',
  sessionId: 'x',
  roles: ['security-admin' as const],
  scope: { queues: [], sites: [], clientUnits: [] },
});

test('whoever loses a right loses it at once: all sessions end', async () => {
  await rig.enter();
  await rig.enter();
  const [ann] = await rig.people.all();
  const by = administrator();
  await rig.people.change(by, ann!.id, { roles: ['agent'] }, 'a');
  expect(rig.alive.size).toBe(0);
  await expect(rig.people.change({ ...by, userId: ann!.id }, ann!.id, { roles: ['admin'] }, 'a')).rejects.toMatchObject({
    code: 'own-account',
  });
});

test('a password that was used before is not taken again', async () => {
  const principal = tokens.verify((await rig.enter()).signedIn.accessToken)!;
  await rig.own.changePassword(principal, { current: GOOD, next: 'Another-horse-8' }, CLIENT);
  await expect(rig.own.changePassword(principal, { current: 'Another-horse-8', next: GOOD }, CLIENT)).rejects.toMatchObject({
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
  await rig.people.seed({ ...given, name: 'new', roles: ['agent'] });
  await rig.people.seed({ ...given, name: 'first', roles: ['admin', 'security-admin'], first: true });
  const enter = (name: string) => rig.signIn.signIn({ name, password: GOOD }, '10.0.0.1', 'x');
  rig.clock = new Date(rig.clock.getTime() + 6 * 86_400_000);
  await expect(enter('new')).resolves.toBeDefined();
  rig.clock = new Date(rig.clock.getTime() + 2 * 86_400_000);
  await expect(enter('new')).rejects.toMatchObject({ code: 'not-signed-in' });
  await expect(enter('first')).resolves.toBeDefined();
});

describe('the roles of administrators', () => {
  const both: Role[] = ['admin', 'security-admin'];
  const wanted = { displayName: 'A', password: GOOD, mustChangePassword: false };

  test('are given to one person at the first start alone, and cannot be kept when they are changed', async () => {
    await expect(rig.people.seed({ ...wanted, name: 'both', roles: both })).rejects.toMatchObject({ details: { roles: both } });
    const first = await rig.people.seed({ ...wanted, name: 'first', roles: both, first: true });
    const { account: second } = await rig.people.create(asPerson(first), { ...wanted, name: 'second', roles: ['security-admin'] }, 'local');
    const by = asPerson(second);
    await expect(rig.people.change(by, first.id, { roles: [...both, 'agent'] }, 'a')).rejects.toMatchObject({ details: { roles: both } });
    await rig.people.change(by, first.id, { roles: ['admin'] }, 'a');
    expect(rig.accounts.get(first.id)?.roles).toEqual(['admin']);
    const self = { ...by, userId: first.id, roles: both };
    await expect(rig.people.change(self, first.id, { roles: ['agent'] }, 'a')).rejects.toMatchObject({ code: 'own-account' });
  });
});

test('nobody both acts and keeps the trace of it', () => {
  expect(conflictingRoles(['admin', 'auditor'])).toBeDefined();
  expect(conflictingRoles(['auditor'])).toBeUndefined();
  expect(conflictingRoles(['admin', 'security-admin'])).toBeDefined();
});

test('a right of a single person is in the token at the next sign-in; who gave it stands in the audit log, and the sessions of before end', async () => {
  const eve = await rig.people.seed({ name: 'eve', displayName: 'Eve', password: GOOD, roles: ['agent'], mustChangePassword: false });
  const enter = () => rig.signIn.signIn({ name: 'eve', password: GOOD }, '127.0.0.1', 'test');
  const before = tokens.verify((await enter()).signedIn.accessToken)!;
  expect(mayUse(before, 'outbound.free-dial')).toBe(false);
  await rig.people.change(administrator(), eve.id, { grants: ['outbound.free-dial'] }, '127.0.0.1');
  rig.clock = new Date(rig.clock.getTime() + DAY_MS);
  expect(await rig.pending.applyDue()).toBe(1);
  expect(rig.alive.has(before.sessionId)).toBe(false);
  const { signedIn } = await enter();
  expect(mayUse(tokens.verify(signedIn.accessToken), 'outbound.free-dial')).toBe(true);
  expect(signedIn.profile.rights).toContain('outbound.free-dial');
  await rig.people.change(administrator(), eve.id, { grants: [] }, '127.0.0.1');
  expect((await enter()).signedIn.profile.rights).not.toContain('outbound.free-dial');
});

describe('no role is in force', () => {
  const eve = (roles: Role[], given: object = {}) =>
    rig.people.seed({ name: 'eve', displayName: 'Eve', password: GOOD, roles, mustChangePassword: false, ...given });
  const enterAsEve = () => rig.signIn.signIn({ name: 'eve', password: GOOD }, '127.0.0.1', 'test');

  test('before the second factor that the roles ask for is set up; with it, they are at the next refresh', async () => {
    await eve(['supervisor']);
    const { signedIn, refreshToken } = await enterAsEve();
    const principal = tokens.verify(signedIn.accessToken)!;
    expect(signedIn.profile).toMatchObject({ mustSetUpTotp: true, roles: ['supervisor'], rights: ['self.use'] });
    expect(mayUse(principal, 'recordings.play')).toBe(false);
    expect(mayUse(principal, 'self.use')).toBe(true);
    expect(rig.alive.get(principal.sessionId)?.roles).toEqual([]);
    const { uri } = await rig.own.beginTotp(principal);
    await rig.own.confirmTotp(
      principal,
      new TOTP({ secret: Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '') }).generate(),
      CLIENT,
    );
    const after = await rig.signIn.refresh(refreshToken, '127.0.0.1');
    expect(after.signedIn.profile).toMatchObject({ mustSetUpTotp: false, totpEnrolled: true });
    expect(tokens.verify(after.signedIn.accessToken)?.roles).toEqual(['supervisor']);
  });

  test('before a first password is replaced', async () => {
    await eve(['agent'], { mustChangePassword: true });
    const { signedIn, refreshToken } = await enterAsEve();
    expect(signedIn.profile).toMatchObject({ mustChangePassword: true, rights: ['self.use'] });
    await rig.own.changePassword(tokens.verify(signedIn.accessToken)!, { current: GOOD, next: 'Another-horse-8' }, CLIENT);
    expect((await rig.signIn.refresh(refreshToken, '127.0.0.1')).signedIn.profile.rights).toContain('seat.use');
  });

  test('once the grace of a trial is over', async () => {
    await eve(['compliance'], { totpGraceUntil: new Date(rig.clock.getTime() + 60_000) });
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: false, totpGraceUntil: expect.any(String) });
    rig.clock = new Date(rig.clock.getTime() + 61_000);
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: true, rights: ['self.use'] });
  });

  test('an agent needs no second factor, and is asked for it once it is set up', async () => {
    await eve(['agent']);
    expect((await enterAsEve()).signedIn.profile).toMatchObject({ mustSetUpTotp: false });
    expect(needsTotp(['agent'], 'all')).toBe(true);
  });
});
