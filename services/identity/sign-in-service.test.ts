import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { Secret, TOTP } from 'otpauth';
import { createTokens, keysOf } from './adapters/credentials.js';
import { GOOD, identityRig, keyPem, tokens } from '../../test/support/servers/identity-rig.js';

const rig = identityRig();

test('a person who signs in gets a token that names rights, and a session that is alive', async () => {
  const { signedIn } = await rig.enter();
  expect(signedIn.profile).toMatchObject({ name: 'ann', roles: ['supervisor'] });
  expect(signedIn.profile.rights).toContain('recordings.play');
  expect(signedIn.profile.rights).not.toContain('recordings.download');
  const principal = tokens.verify(signedIn.accessToken);
  expect(principal?.roles).toEqual(['supervisor']);
  expect(rig.alive.has(principal?.sessionId ?? '')).toBe(true);
});

test('an unknown name and a wrong password are answered alike, and both are in the trail', async () => {
  await expect(rig.enter('nonsense')).rejects.toMatchObject({ code: 'not-signed-in', message: 'The name or the password is wrong.' });
  await expect(rig.signIn.signIn({ name: 'nobody', password: 'x' }, 'a', 'b')).rejects.toMatchObject({
    message: 'The name or the password is wrong.',
  });
  expect(rig.trail.filter(({ what }) => what === 'session.refused')).toHaveLength(2);
});

test('after five wrong tries even the right password has to wait', async () => {
  for (let i = 0; i < 5; i += 1) await expect(rig.enter('nonsense')).rejects.toMatchObject({ code: 'not-signed-in' });
  await expect(rig.enter()).rejects.toMatchObject({ code: 'too-many-requests', details: { waitMs: 5_000 } });
});

test('a refresh token works once; its second use ends the session, since somebody else has it', async () => {
  const first = await rig.enter();
  const second = await rig.signIn.refresh(first.refreshToken, 'a');
  rig.clock = new Date(rig.clock.getTime() + 60_000);
  await expect(rig.signIn.refresh(first.refreshToken, 'thief')).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(rig.trail.at(-1)).toMatchObject({ what: 'session.theft-suspected', success: false });
  await expect(rig.signIn.refresh(second.refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(rig.alive.size).toBe(0);
});

test('a secret that never was one is refused and ends nothing, whoever knows the id of the session', async () => {
  const { refreshToken } = await rig.enter();
  const [id] = refreshToken.split('.');
  for (const guess of [`${id}.wrong`, `${id}.`, `${id}`])
    await expect(rig.signIn.refresh(guess, 'thief')).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(rig.trail.some(({ what }) => what === 'session.theft-suspected')).toBe(false);
  await expect(rig.signIn.refresh(refreshToken, 'a')).resolves.toBeDefined();
});

test('a secret of an hour ago that comes back ends the session too', async () => {
  const first = await rig.enter();
  let { refreshToken } = first;
  for (let i = 0; i < 5; i += 1) ({ refreshToken } = await rig.signIn.refresh(refreshToken, 'a'));
  await expect(rig.signIn.refresh(first.refreshToken, 'thief')).rejects.toMatchObject({ code: 'not-signed-in' });
  await expect(rig.signIn.refresh(refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('two tabs that refresh at the same moment both stay signed in', async () => {
  const first = await rig.enter();
  const one = await rig.signIn.refresh(first.refreshToken, 'a');
  const other = await rig.signIn.refresh(first.refreshToken, 'a');
  expect(other.refreshToken).toBe('');
  await expect(rig.signIn.refresh(one.refreshToken, 'a')).resolves.toBeDefined();
});

test('a session ends by itself after its idle time and after its whole time', async () => {
  const { refreshToken } = await rig.enter();
  rig.clock = new Date(rig.clock.getTime() + 17 * 3_600_000);
  await expect(rig.signIn.refresh(refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('an account that was given an earlier end is out at once, and does not come back by its refresh token', async () => {
  const { refreshToken } = await rig.enter();
  const { id } = [...rig.accounts.values()][0]!;
  rig.accounts.set(id, { ...rig.accounts.get(id)!, expiresAt: new Date(rig.clock.getTime() - 1) });
  await expect(rig.signIn.refresh(refreshToken, 'a')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('with an authenticator the password alone is not enough; a code works once, a recovery code once', async () => {
  const { signedIn } = await rig.enter();
  const principal = tokens.verify(signedIn.accessToken)!;
  const { uri } = await rig.own.beginTotp(principal);
  const device = new TOTP({ secret: Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '') });
  const { recoveryCodes } = await rig.own.confirmTotp(principal, device.generate(), { from: 'a' });
  await expect(rig.enter()).rejects.toMatchObject({ details: { need: 'totp' } });
  await expect(rig.enter(GOOD, '000000')).rejects.toMatchObject({ details: { need: 'totp' } });
  // The confirmation has used up its time step: the code of the same half minute is refused, the next one is accepted.
  await expect(rig.enter(GOOD, device.generate())).rejects.toMatchObject({ details: { need: 'totp' } });
  await expect(rig.enter(GOOD, device.generate({ timestamp: Date.now() + 30_000 }))).resolves.toBeDefined();
  await expect(rig.enter(GOOD, recoveryCodes[0])).resolves.toBeDefined();
  await expect(rig.enter(GOOD, recoveryCodes[0])).rejects.toMatchObject({ details: { need: 'totp' } });
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

describe('single sign-on', () => {
  const vouched = (name: string, secondFactor: boolean) => rig.signIn.signInVouched({ name, secondFactor }, '127.0.0.1', 'test');

  test('opens an account that exists, with its roles in force', async () => {
    const { signedIn } = await vouched('Ann', true);
    expect(signedIn.profile).toMatchObject({ name: 'ann', mustSetUpTotp: false });
    expect(signedIn.profile.rights).toContain('recordings.play');
    expect(rig.trail.at(-1)).toMatchObject({ what: 'session.started', reason: 'single-sign-on' });
  });

  test('makes no account, and lets nobody in without the second factor that the roles ask for', async () => {
    await expect(vouched('stranger', true)).rejects.toMatchObject({ details: { need: 'account' } });
    await expect(vouched('ann', false)).rejects.toMatchObject({ details: { need: 'second-factor' } });
    expect(rig.accounts.size).toBe(1);
    expect(rig.trail.filter(({ what }) => what === 'session.refused')).toHaveLength(2);
  });

  test('a disabled account stays closed', async () => {
    const [ann] = await rig.people.all();
    rig.accounts.set(ann!.id, { ...ann!, disabled: true });
    await expect(vouched('ann', true)).rejects.toMatchObject({ code: 'not-signed-in' });
  });
});

test("from a network that is not the role's nobody signs in, nor stays signed in", async () => {
  rig.policy = { networks: { supervisor: ['127.0.0.0/8', '2001:db8::/32'] } };
  const { refreshToken } = await rig.enter();
  await expect(rig.signIn.signIn({ name: 'ann', password: GOOD }, '192.0.2.7', 'x')).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(rig.signIn.signIn({ name: 'ann', password: GOOD }, '::ffff:127.0.0.9', 'x')).resolves.toBeDefined();
  await expect(rig.signIn.signIn({ name: 'ann', password: GOOD }, '2001:db8::5', 'x')).resolves.toBeDefined();
  await expect(rig.signIn.refresh(refreshToken, '192.0.2.7')).rejects.toMatchObject({ code: 'not-signed-in' });
});

test('whoever has left by the staff register loses the account and every session', async () => {
  await rig.enter();
  expect(await rig.people.disableLeavers(['ANN', 'nobody'])).toEqual({ closed: 1, kept: 0 });
  expect(rig.alive.size).toBe(0);
  await expect(rig.enter()).rejects.toMatchObject({ code: 'not-signed-in' });
  expect(await rig.people.disableLeavers(['ann'])).toEqual({ closed: 0, kept: 0 });
  expect(rig.trail.filter(({ what }) => what === 'account.disabled')).toMatchObject([{ who: 'system:registry' }]);
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
  const principal = tokens.verify((await rig.enter()).signedIn.accessToken)!;
  for (let i = 0; i < 5; i += 1)
    await expect(
      rig.own.changePassword(principal, { current: `guess-${i}`, next: 'Another-horse-8' }, { from: 'a' }),
    ).rejects.toMatchObject({
      code: 'not-allowed',
    });
  await expect(rig.own.changePassword(principal, { current: GOOD, next: 'Another-horse-8' }, { from: 'a' })).rejects.toMatchObject({
    code: 'too-many-requests',
  });
});

test('a new password ends the other rig.sessions, a person ends the own ones, nobody finds one under another person', async () => {
  const principal = tokens.verify((await rig.enter()).signedIn.accessToken)!;
  await rig.enter();
  await rig.own.changePassword(principal, { current: GOOD, next: 'Another-horse-8' }, { from: 'a' });
  expect([...rig.alive.keys()]).toEqual([principal.sessionId]);
  await expect(rig.signIn.endSession(principal, 'somebody-else', principal.sessionId, 'a')).rejects.toMatchObject({ code: 'not-found' });
  await rig.signIn.endSession(principal, principal.userId, principal.sessionId, 'a');
  expect(rig.alive.size).toBe(0);
});
