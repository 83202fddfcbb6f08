import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { Stack } from '../support/stack.js';

// A site past its set-up, with one administrator: what that one person tries in order to act as two.

const TAKEN = 'Taken-over-by-me-1';
const query = { from: '2026-01-01', to: '2027-01-01' };

let stack: Stack;
let admin: string;
let users: readonly { readonly id: string; readonly name: string; readonly roles: readonly string[] }[];

beforeAll(async () => {
  stack = await Stack.start({ env: { ACCOUNT_SETUP_HOURS: '0' } });
  admin = await stack.signIn('admin');
  ({ users } = await asked<{ users: typeof users }>(stack, admin, 'GET', '/api/users'));
}, 120_000);
afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? '';
const enter = (name: string, password: string) => stack.http('POST', '/api/session', { body: { name, password } });
const waitingOf = (body: unknown): readonly string[] => (body as { waiting?: string[] } | undefined)?.waiting ?? [];

test.each(['compliance', 'auditor'])('does not sign in as %s by a new password and authenticator', async (name) => {
  const answer = await stack.http('PATCH', `/api/users/${idOf(name)}`, { token: admin, body: { password: TAKEN, resetTotp: true } });
  expect(waitingOf(answer.body)).toHaveLength(1);
  const [id] = waitingOf(answer.body);
  // The requester cannot approve, however the request is spelt.
  for (const body of [{ approve: true }, { approve: true, by: 'compliance' }])
    expect((await stack.http('POST', `/api/account-changes/${id}/decide`, { token: admin, body })).status).toBeGreaterThanOrEqual(400);
  expect((await enter(name, TAKEN)).status).toBe(401);
  expect((await enter(name, stack.password)).status).toBe(200);
});

test('cannot request an export and approve it with two accounts made for the purpose', async () => {
  const made: { readonly name: string; readonly token: string | undefined }[] = [];
  for (const [name, roles] of [
    ['puppet-1', ['compliance']],
    ['puppet-2', ['compliance']],
    ['puppet-3', ['supervisor']],
    ['puppet-4', ['admin']],
  ] as const) {
    const body = { name, displayName: name, password: TAKEN, roles, scope: { queues: [], sites: [], clientUnits: [] } };
    const answer = await stack.http('POST', '/api/users', { token: admin, body });
    expect([name, answer.status, waitingOf(answer.body).length]).toEqual([name, 200, 1]);
    const entered = await enter(name, TAKEN);
    made.push({ name, token: (entered.body as { accessToken?: string }).accessToken });
  }
  const changes = await asked<{ changes: { id: string }[] }>(stack, admin, 'GET', '/api/account-changes');
  expect(changes.changes.length).toBeGreaterThanOrEqual(4);
  const wish = { kind: 'calls', reason: 'for the monthly report', query };
  const { id } = await asked<{ id: string }>(stack, await stack.signIn('compliance'), 'POST', '/api/exports', wish);
  for (const { name, token = '' } of made) {
    expect([name, (await stack.http('POST', '/api/exports', { token, body: wish })).status]).toEqual([name, 403]);
    expect([name, (await stack.http('POST', `/api/exports/${id}/decide`, { token, body: { approve: true } })).status]).toEqual([name, 403]);
    for (const change of changes.changes) {
      const decided = await stack.http('POST', `/api/account-changes/${change.id}/decide`, { token, body: { approve: true } });
      expect([name, decided.status]).toEqual([name, 403]);
    }
  }
});

test('cannot give anybody the right to dial freely: not an existing account, not a new one, and not by asking twice', async () => {
  const grants = ['outbound.free-dial'];
  const agent = await stack.http('PATCH', `/api/users/${idOf('agent1')}`, { token: admin, body: { grants } });
  const again = await stack.http('PATCH', `/api/users/${idOf('agent1')}`, { token: admin, body: { grants } });
  const body = { name: 'dialler', displayName: 'dialler', password: TAKEN, roles: ['agent'], grants };
  const made = await stack.http('POST', '/api/users', { token: admin, body });
  const waiting = [agent, again, made].flatMap((answer) => waitingOf(answer.body));
  expect([waiting.length, new Set(waiting).size]).toEqual([3, 2]);
  for (const id of waiting)
    expect((await stack.http('POST', `/api/account-changes/${id}/decide`, { token: admin, body: { approve: true } })).body).toMatchObject({
      code: 'second-person-needed',
    });
  for (const [name, password] of [
    ['agent1', stack.password],
    ['dialler', TAKEN],
  ] as const) {
    const { accessToken: token } = (await enter(name, password)).body as { readonly accessToken: string };
    const { body: profile } = await stack.http('GET', '/api/session/profile', { token });
    expect([name, (profile as { rights: readonly string[] }).rights.includes('outbound.free-dial')]).toEqual([name, false]);
  }
  // Nor may the account's owner approve it.
  const { accessToken } = (await enter('agent1', stack.password)).body as { readonly accessToken: string };
  const own = await stack.http('POST', `/api/account-changes/${waiting[0] ?? ''}/decide`, { token: accessToken, body: { approve: true } });
  expect(own.status).toBe(403);
});
