import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { STRANGER } from './support/carrier.js';
import { healthDuring, percentile } from './support/raw-web.js';
import { attacked, enter } from './support/tier.js';

const stack = attacked();
let admin: string;
beforeAll(async () => {
  admin = await stack.signIn('admin');
});
afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

const atOnce = <T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_each, i) => act(i)));

test('three hundred wrong passwords at once are checked a few at a time, and keep nobody waiting', async () => {
  const { signedIn } = await enter(stack, 'agent2');
  const checked: number[] = [];
  let [colleague, colleagueMs] = [0, 0];
  const { times, stretch } = await healthDuring(stack, async () => {
    // Over connections that are there already: while three hundred are being made, the first guesses are found wrong and the rest refused.
    await atOnce(300, () => stack.http('GET', '/api/health', { from: STRANGER }));
    const guesses = atOnce(300, async (i) => {
      const { status } = await stack.http('POST', '/api/session/password', {
        from: STRANGER,
        token: signedIn.accessToken,
        body: { current: `guess-${i}`, next: 'Something-else-entirely-9' },
      });
      checked.push(status);
    });
    const since = performance.now();
    colleague = (await enter(stack, 'supervisor')).status;
    colleagueMs = performance.now() - since;
    await guesses;
  });
  expect(checked.filter((status) => status !== 429 && status !== 503).length).toBeLessThanOrEqual(15);
  expect(colleague).toBe(200);
  expect(colleagueMs / stretch).toBeLessThan(2_000);
  expect(percentile(times, 1) / stretch).toBeLessThan(1_500);
}, 120_000);

test('one export is decided once, however many people decide at the same moment', async () => {
  const [compliance, supervisor] = [await stack.signIn('compliance'), await stack.signIn('supervisor')];
  const wish = await stack.http('POST', '/api/exports', {
    token: compliance,
    body: { kind: 'calls', reason: 'for the monthly report', query: { from: '2026-01-01', to: '2027-01-01' } },
  });
  const { id } = wish.body as { id: string };
  const statuses = await atOnce(20, async (i) => {
    const { status } = await stack.http('POST', `/api/exports/${id}/decide`, { token: supervisor, body: { approve: i % 2 === 0 } });
    return status;
  });
  expect(statuses.filter((status) => status < 300).length).toBe(1);
});

test('the last place for a break goes to one of those who press at once, and a reason of one’s own does not bypass the limit', async () => {
  const reasons = [{ id: 'rest', name: { 'zh-CN': '小休', en: 'Short break' }, limitMs: 600_000, atOnce: 1 }];
  const { breaks } = (await stack.http('GET', '/api/routing/breaks', { token: admin })).body as { breaks: object };
  expect((await stack.http('PUT', '/api/routing/breaks', { token: admin, body: { breaks: reasons } })).status).toBe(204);
  const seats = await Promise.all(['agent1', 'agent2'].map((name) => BareSeat.open(stack, name)));
  try {
    const press = (seat: BareSeat, reason?: string): Promise<string> =>
      seat.ask('agent:set-state', { state: 'break', ...(reason === undefined ? {} : { reason }) }).then(
        () => 'taken',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    for (const reason of ['dentist', 'lunch', '', 'REST', undefined])
      expect([reason, await Promise.all(seats.map((seat) => press(seat, reason)))]).toEqual([
        reason,
        ['reason-required', 'reason-required'],
      ]);
    const answers = await Promise.all(seats.flatMap((seat) => [press(seat, 'rest'), press(seat, 'rest')]));
    expect(answers.filter((answer) => answer === 'taken').length).toBe(2);
    expect(new Set(answers)).toEqual(new Set(['taken', 'break-full']));
    const onBreak = async (): Promise<readonly { readonly since: string; readonly until?: string }[]> => {
      const { body } = await stack.http('GET', '/api/agents/board', { token: await stack.signIn('supervisor') });
      return (body as { agents: { state: string; since: string; until?: string }[] }).agents.filter(({ state }) => state === 'break');
    };
    const before = await onBreak();
    expect(before).toHaveLength(1);
    // Pressing again leaves the same break with the same end.
    await Promise.all(seats.map((seat) => press(seat, 'rest')));
    expect(await onBreak()).toEqual(before);
  } finally {
    await Promise.all(seats.map((seat) => seat.leave()));
    await stack.http('PUT', '/api/routing/breaks', { token: admin, body: { breaks } });
  }
}, 60_000);

describe('the last administrators', () => {
  test('do not close each other at the same moment, nor the site with them', async () => {
    const [one, two] = [
      await newPerson(stack, admin, { name: 'attack-race-1', roles: ['admin'] }),
      await newPerson(stack, admin, { name: 'attack-race-2', roles: ['admin'] }),
    ];
    const { body } = await stack.http('GET', '/api/users', { token: admin });
    const { users } = body as { users: { id: string; name: string; roles: string[]; disabled: boolean }[] };
    const others = users.filter(({ roles, disabled, name }) => roles.includes('admin') && !disabled && !name.startsWith('attack-race'));
    const changes = [{ disabled: true }, { expiresAt: '2020-01-01T00:00:00Z' }, { roles: ['agent'] }, { networks: ['10.9.9.9'] }];
    await atOnce(changes.length * 2, async (i) => {
      const [who, whom] = i % 2 === 0 ? [one, two] : [two, one];
      await stack.http('PATCH', `/api/users/${whom.userId}`, { token: who.token, body: changes[i >> 1] });
      for (const { id } of others.filter(({ name }) => name !== 'admin'))
        await stack.http('PATCH', `/api/users/${id}`, { token: who.token, body: changes[i >> 1] });
    });
    expect((await enter(stack, 'admin')).status).toBe(200);
    const after = (await stack.http('GET', '/api/users', { token: admin })).body as { users: { roles: string[]; disabled: boolean }[] };
    expect(after.users.filter(({ roles, disabled }) => roles.includes('admin') && !disabled).length).toBeGreaterThan(0);
  }, 30_000);

  test('is neither closed nor limited by an administrator whose account ends, also not by two at once', async () => {
    interface Administrator {
      readonly id: string;
      readonly name: string;
      readonly roles: readonly string[];
      readonly disabled: boolean;
    }
    const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const guests = [
      await newPerson(stack, admin, { name: 'attack-guest-1', roles: ['admin'], expiresAt }),
      await newPerson(stack, admin, { name: 'attack-guest-2', roles: ['admin'], expiresAt }),
    ];
    const { users } = (await stack.http('GET', '/api/users', { token: admin })).body as { users: Administrator[] };
    const open = users.filter(({ roles, disabled }) => roles.includes('admin') && !disabled);
    const last = open.find(({ name }) => name === 'admin')?.id ?? '';
    const others = open.filter(({ id }) => id !== last && !guests.some(({ userId }) => userId === id));
    const setAll = async (disabled: boolean): Promise<void> => {
      for (const { id } of others) await stack.http('PATCH', `/api/users/${id}`, { token: admin, body: { disabled } });
    };
    await setAll(true);
    try {
      const none = { queues: [], sites: [], clientUnits: [] };
      for (const body of [
        { expiresAt: '2090-01-01T00:00:00Z' },
        { networks: ['127.0.0.0/8'] },
        { scope: { ...none, clientUnits: ['nobody'] } },
        { roles: ['supervisor'] },
        { disabled: true },
      ]) {
        const statuses = await atOnce(
          guests.length,
          async (i) => (await stack.http('PATCH', `/api/users/${last}`, { token: guests[i]?.token ?? '', body })).status,
        );
        expect([body, statuses]).toEqual([body, [409, 409]]);
      }
      expect((await enter(stack, 'admin')).status).toBe(200);
    } finally {
      await setAll(false);
    }
  }, 60_000);

  test('cannot let their own account expire', async () => {
    const { signedIn } = await enter(stack, 'admin');
    const { status } = await stack.http('PATCH', `/api/users/${signedIn.profile.userId}`, {
      token: signedIn.accessToken,
      body: { expiresAt: '2090-01-01T00:00:00Z' },
    });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

test('a refresh token used twenty times at once continues one session, not twenty', async () => {
  const { headers } = await enter(stack, 'agent1');
  const set = headers['set-cookie'];
  const cookie = (Array.isArray(set) ? (set[0] ?? '') : (set ?? '')).split(';', 1)[0] ?? '';
  const answers = await atOnce(20, () => stack.http('POST', '/api/session/refresh', { headers: { cookie } }));
  const cookies = new Set(
    answers.flatMap(({ headers: each }) => (each['set-cookie'] === undefined ? [] : [String(each['set-cookie']).split(';', 1)[0]])),
  );
  expect(cookies.size).toBeLessThanOrEqual(2);
});
