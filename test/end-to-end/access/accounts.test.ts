import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { Secret, TOTP } from 'otpauth';
import type { SignedIn } from '../../../services/shared/contracts/session.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { callRow } from '../../support/centre/call-row.js';
import { newPerson, refreshCookieOf, type Person } from '../../support/centre/people.js';
import { Stack } from '../../support/stack.js';

// What an administrator, or whoever has stolen an administrator's token, could do to accounts on a site past its set-up.

jest.setTimeout(120_000);

const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;
const GUESS = 'Chosen-by-a-thief-3';

let stack: Stack;
let mongo: Connection;
let root: string;
let sue: Person;
let amy: Person;
let ann: Person;

type Answer = Awaited<ReturnType<Stack['http']>>;
const patch = (token: string, id: string, body: object): Promise<Answer> => stack.http('PATCH', `/api/users/${id}`, { token, body });
const decide = (token: string, id: string | undefined, approve = true): Promise<Answer> =>
  stack.http('POST', `/api/account-changes/${id ?? ''}/decide`, { token, body: { approve } });
const waitingOf = ({ body }: Answer): string[] => (body as { waiting?: string[] } | undefined)?.waiting ?? [];
const codeOf = ({ status, body }: Answer): string => `${status} ${(body as { code?: string } | undefined)?.code ?? ''}`.trim();

/** Makes everything so far a month old. */
const age = async (): Promise<void> => {
  const accounts = await mongo.collection('users').find({}).toArray();
  for (const { _id, createdAt } of accounts)
    await mongo.collection('users').updateOne({ _id }, { $set: { createdAt: new Date((createdAt as Date).getTime() - MONTH_MS) } });
};

beforeAll(async () => {
  stack = await Stack.start();
  root = await stack.signIn('admin');
  mongo = await connectMongo(stack.config);
  sue = await newPerson(stack, root, { name: 'sue', roles: ['security-admin'] });
  amy = await newPerson(stack, root, { name: 'amy', roles: ['admin'] });
  ann = await newPerson(stack, root, { name: 'ann', roles: ['supervisor'] });
  await age();
});

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

test('a stolen token of an administrator takes the account over in no way', async () => {
  for (const body of [
    { password: GUESS },
    { resetTotp: true },
    { scope: { queues: ['x'], sites: [], clientUnits: [] } },
    { roles: ['compliance'] },
    { networks: ['192.0.2.0/24'] },
    { expiresAt: '2020-01-01T00:00:00.000Z' },
    { disabled: true },
  ])
    expect([body, codeOf(await patch(amy.token, amy.userId, body))]).toEqual([body, '403 own-account']);
  const own = (path: string, body: object): Promise<Answer> => stack.http('POST', `/api/session/${path}`, { token: amy.token, body });
  expect(codeOf(await own('password', { current: GUESS, next: 'Another-horse-8', code: '000000' }))).toBe('403 not-allowed');
  // The password alone is not enough either.
  expect((await own('password', { current: amy.password, next: 'Another-horse-8' })).body).toMatchObject({ details: { need: 'totp' } });
  expect((await own('totp/remove', { password: amy.password })).body).toMatchObject({ details: { need: 'totp' } });
  expect(codeOf(await own('totp', {}))).toBe('409 wrong-state');
});

test('the password of a security administrator is reset by two, and the person is let know', async () => {
  const answer = await patch(amy.token, sue.userId, { password: GUESS, resetTotp: true });
  expect([answer.status, waitingOf(answer)]).toEqual([200, [expect.any(String)]]);
  const [id] = waitingOf(answer);
  expect((await stack.http('POST', '/api/session', { body: { name: 'sue', password: GUESS } })).status).toBe(401);
  const profile = await stack.http('GET', '/api/session/profile', { token: sue.token });
  expect(profile.body).toMatchObject({ notices: [{ what: 'reset', done: false, byName: 'amy' }] });
  const { body } = await stack.http('GET', '/api/account-changes', { token: root });
  expect(JSON.stringify(body)).not.toContain('argon2');
  expect(codeOf(await decide(amy.token, id))).toBe('403 second-person-needed');
  expect(codeOf(await decide(sue.token, id))).toBe('403 second-person-needed');
  const refused = await stack.http('POST', '/api/session/account-changes/refuse', { token: sue.token, body: {} });
  expect(refused.body).toEqual({ refused: 1 });
  expect(codeOf(await decide(root, id))).toBe('409 wrong-state');
  await stack.http('POST', '/api/session/notices/seen', { token: sue.token });
  expect((await stack.http('GET', '/api/session/profile', { token: sue.token })).body).toMatchObject({ notices: [] });
});

test('one administrator alone makes nobody of weight; with another one the roles are given', async () => {
  const made = await stack.http('POST', '/api/users', {
    token: amy.token,
    body: { name: 'carl', displayName: 'Carl', password: 'Given-by-the-office-1', roles: ['compliance'] },
  });
  expect(made.body).toMatchObject({ roles: [], waiting: [expect.any(String)] });
  const [id] = waitingOf(made);
  const decided = await Promise.all([decide(root, id), decide(sue.token, id)]);
  expect(decided.map(({ status }) => status).sort()).toEqual([204, 409]);
  const { body } = await stack.http('GET', '/api/users', { token: root });
  expect((body as { users: { name: string; roles: string[] }[] }).users.find(({ name }) => name === 'carl')?.roles).toEqual(['compliance']);
});

describe('a bulk export', () => {
  const ask = (token: string): Promise<Answer> =>
    stack.http('POST', '/api/exports', {
      token,
      body: {
        kind: 'calls',
        query: { from: new Date(Date.now() - HOUR_MS).toISOString(), to: new Date().toISOString() },
        reason: 'a court asked',
      },
    });
  const approve = (token: string, id: string): Promise<Answer> =>
    stack.http('POST', `/api/exports/${id}/decide`, { token, body: { approve: true } });

  test('is not approved by somebody whom one administrator has just made, nor by a colleague whose password was just reset', async () => {
    const { body } = await ask(ann.token);
    const { id } = body as { id: string };
    const made = await newPerson(stack, amy.token, { name: 'puppet', roles: ['supervisor'] });
    expect(codeOf(await approve(made.token, id))).toBe('403 not-settled');
    await mongo.collection('users').updateOne({ name: 'supervisor' }, { $set: { touchedAt: new Date() } });
    const supervisor = await stack.signIn('supervisor');
    expect(codeOf(await approve(supervisor, id))).toBe('403 not-settled');
    await mongo.collection('users').updateOne({ name: 'supervisor' }, { $unset: { touchedAt: '' } });
    expect((await approve(supervisor, id)).status).toBe(204);
    const taken = [];
    for (let i = 0; i < 5; i += 1) taken.push((await stack.http('GET', `/api/exports/${id}/file`, { token: ann.token })).status);
    expect(taken).toEqual([200, 200, 200, 403, 403]);
    const rows = await stack.http('GET', '/api/audit?what=export.taken', { token: await stack.signIn('auditor') });
    expect((rows.body as { rows: { success: boolean }[] }).rows.map(({ success }) => success).sort()).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

test('two administrators who close each other at once: the site keeps one', async () => {
  const { body } = await stack.http('GET', '/api/users', { token: root });
  const users = (body as { users: { id: string; name: string; roles: string[] }[] }).users;
  const first = users.find(({ name }) => name === 'admin')!;
  const closed = await Promise.all([patch(root, amy.userId, { disabled: true }), patch(amy.token, first.id, { disabled: true })]);
  // The second is refused as the last administrator, or is closed already and no longer known.
  const [done, refused] = closed.map(codeOf).sort();
  expect(done).toBe('204');
  expect(['401 not-signed-in', '409 last-administrator']).toContain(refused);
  // Whichever account stays open, the person who decides about access reopens the other.
  for (const id of [amy.userId, first.id]) await patch(sue.token, id, { disabled: false });
  // The first account is security administrator too: the site may lose one of the two, not both.
  expect(codeOf(await patch(sue.token, first.id, { roles: ['admin'] }))).toBe('204');
  expect(codeOf(await patch(await signInAgain(amy), sue.userId, { expiresAt: '2030-01-01T00:00:00.000Z' }))).toBe('409 last-administrator');
  root = await stack.signIn('admin');
});

/** Signs in again after the account change has ended the session. */
async function signInAgain({ name, password }: Person): Promise<string> {
  // Nobody in this test uses the authenticator: a trial grace lets them in without.
  await mongo.collection('users').updateOne({ name }, { $unset: { totp: '' }, $set: { totpGraceUntil: new Date(Date.now() + HOUR_MS) } });
  const { body } = await stack.http('POST', '/api/session', { body: { name, password } });
  return (body as SignedIn).accessToken;
}

describe('signing in', () => {
  test('whoever knows the id of a session does not end it', async () => {
    const entered = await stack.http('POST', '/api/session', { body: { name: 'agent1', password: stack.password } });
    const cookie = refreshCookieOf(entered.headers);
    const id = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
    const guess = await stack.http('POST', '/api/session/refresh', { headers: { cookie: `${cookie.split('=')[0]}=${id}.wrong` } });
    expect(guess.status).toBe(401);
    expect((await stack.http('POST', '/api/session/refresh', { headers: { cookie } })).status).toBe(200);
  });

  test('three hundred guesses at once of a stolen session: five are checked, and others sign in meanwhile', async () => {
    const { accessToken } = (await stack.http('POST', '/api/session', { body: { name: 'agent2', password: stack.password } }))
      .body as SignedIn;
    const guesses = Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        stack.http('POST', '/api/session/password', { token: accessToken, body: { current: `guess-${i}`, next: 'Another-horse-8' } }),
      ),
    );
    const other = stack.http('POST', '/api/session', { body: { name: 'compliance', password: stack.password }, from: '127.0.0.9' });
    const answers = (await guesses).map(codeOf);
    // Two are checked at a time: one that runs beside the fifth is counted after it.
    expect(answers.filter((code) => code === '403 not-allowed').length).toBeLessThanOrEqual(6);
    expect(answers.every((code) => code === '403 not-allowed' || code === '429 too-many-requests')).toBe(true);
    expect((await other).status).toBe(200);
  });

  test('guesses at a shared address do not keep a person out of the own browser', async () => {
    const first = await stack.http('POST', '/api/session', { body: { name: 'auditor', password: stack.password }, from: '127.0.0.8' });
    const set = first.headers['set-cookie'];
    const cookie = (Array.isArray(set) ? set : [set ?? '']).find((each) => each.includes('proofline_browser'))?.split(';')[0] ?? '';
    expect(cookie).not.toBe('');
    for (let i = 0; i < 9; i += 1)
      await stack.http('POST', '/api/session', { body: { name: 'auditor', password: `wrong-${i}` }, from: '127.0.0.8' });
    const body = { name: 'auditor', password: stack.password };
    expect((await stack.http('POST', '/api/session', { body, from: '127.0.0.8' })).status).toBe(429);
    expect((await stack.http('POST', '/api/session', { body, from: '127.0.0.8', headers: { cookie } })).status).toBe(200);
    // A known browser is one person's: it helps nobody else.
    const elsewhere = await stack.http('POST', '/api/session', {
      body: { name: 'compliance', password: 'x' },
      from: '127.0.0.8',
      headers: { cookie },
    });
    expect(elsewhere.status).toBe(401);
  });
});

test("an agent opens no complaint on a colleague's call, and no recording of it is held", async () => {
  const others = { agentId: 'somebody-else', agentIds: ['somebody-else'] };
  await mongo
    .collection<{ _id: string }>('calls')
    .insertOne(callRow('000000000theirs', { called: '4001000', queueId: 'service', ...others }));
  const body = { kind: 'attitude', text: 'of another', callId: '000000000theirs' };
  const agent = await stack.signIn('agent1');
  expect(codeOf(await stack.http('POST', '/api/complaints', { token: agent, body }))).toBe('404 no-such-call');
  expect((await stack.http('POST', '/api/complaints', { token: ann.token, body })).status).toBe(200);
});

test('a code of the authenticator changes the own password, and takes the authenticator away for a new telephone', async () => {
  const fresh = await newPerson(stack, root, { name: 'nina', roles: ['agent'] });
  const stored = await mongo.collection('users').findOne({ name: 'nina' });
  expect((stored?.['totp'] as { confirmed: boolean } | undefined)?.confirmed).toBe(true);
  await mongo.collection('users').updateOne({ name: 'nina' }, { $unset: { totp: '' } });
  const { body } = await stack.http('POST', '/api/session/totp', { token: fresh.token, body: {} });
  const secret = Secret.fromBase32(new URL((body as { uri: string }).uri).searchParams.get('secret') ?? '');
  const confirmed = await stack.http('POST', '/api/session/totp/confirm', {
    token: fresh.token,
    body: { code: new TOTP({ secret }).generate() },
  });
  const [one, other] = (confirmed.body as { recoveryCodes: string[] }).recoveryCodes;
  const change = { current: fresh.password, next: 'Another-horse-8', code: one };
  expect((await stack.http('POST', '/api/session/password', { token: fresh.token, body: change })).status).toBe(204);
  const remove = { password: 'Another-horse-8', code: other };
  expect((await stack.http('POST', '/api/session/totp/remove', { token: fresh.token, body: remove })).status).toBe(204);
  expect((await stack.http('GET', '/api/session/profile', { token: fresh.token })).body).toMatchObject({ totpEnrolled: false });
});
