import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { BareSeat } from '../support/bare-seat.js';
import { registeredTrunk } from '../support/centre/calling-out.js';
import { newPerson } from '../support/centre/people.js';
import { FarPhone } from '../support/phones/far-phone.js';
import { until } from '../support/until.js';
import { within } from '../support/within.js';
import { CALLER_HZ, Conversation } from './support/conversation.js';
import { attacked, endAllCalls, enter, liveCalls } from './support/tier.js';

// Numbers that are on no register: whoever has no right to dial them freely, and whoever has it and wants more.

const stack = attacked();
const OUTSIDE = '127.0.0.78';
const SHOWN = '95178';
const LAWYER = '13900007801';
const FAR_HZ = 2_100;
const REASON = 'the customer asks for the lawyer to join';

let far: FarPhone;
let admin: string;
let secondAdmin: string;
let supervisor: string;
let agentId: string;

interface Attempt {
  readonly callId: string;
  readonly allowed: boolean;
  readonly reason?: string;
  readonly freeReason?: string;
}

const laidOut = async <T>(token: string, method: string, path: string, body?: unknown): Promise<T> =>
  asked<T>(stack, token, method, `/api${path}`, body);

const attemptsOf = async (callId: string): Promise<readonly Attempt[]> =>
  (await laidOut<{ attempts: Attempt[] }>(supervisor, 'GET', '/outbound/attempts?limit=200')).attempts.filter(
    (attempt) => attempt.callId === callId,
  );

/** What each way of asking was answered. */
const answers = async (talk: Conversation, given: object, number = LAWYER): Promise<readonly string[]> => {
  const said: string[] = [];
  for (const how of ['transfer', 'consult'])
    said.push(
      await talk.seat.ask(`call:${how}`, { callId: talk.callId, target: { to: 'number', number }, ...given }).then(
        () => 'dialled',
        (error: unknown) => (error as Error).message,
      ),
    );
  return said;
};

/** Gives a right by two administrators, or takes it back by one. Either ends the person's sessions. */
async function grant(grants: readonly string[]): Promise<void> {
  const { waiting = [] } = await laidOut<{ waiting?: readonly string[] }>(admin, 'PATCH', `/users/${agentId}`, { grants });
  for (const id of waiting) await laidOut(secondAdmin, 'POST', `/account-changes/${id}/decide`, { approve: true });
}

beforeAll(async () => {
  [admin, supervisor] = [await stack.signIn('admin'), await stack.signIn('supervisor')];
  const compliance = await stack.signIn('compliance');
  far = await FarPhone.open(OUTSIDE);
  await laidOut(admin, 'PUT', '/trunks/carrier-free', {
    ...{ name: 'carrier-free', addresses: [OUTSIDE], outboundUri: far.uri, permittedCallerNumbers: [SHOWN], enabled: true },
  });
  const ours = {
    number: SHOWN,
    kind: '95',
    purpose: '回访',
    area: '北京',
    direction: 'both',
    commitmentLetter: true,
    state: 'in-use',
    clientId: 'C001',
  };
  await laidOut(compliance, 'POST', '/registry/numbers', { values: ours });
  await laidOut(compliance, 'POST', '/registry/trunks', { values: registeredTrunk('carrier-free', [SHOWN]) });
  const { users } = await laidOut<{ users: { id: string; name: string }[] }>(admin, 'GET', '/users');
  ({ token: secondAdmin } = await newPerson(stack, admin, { name: 'second-free-admin', roles: ['admin'] }));
  agentId = users.find(({ name }) => name === 'agent1')?.id ?? '';
}, 90_000);

afterEach(async () => {
  await endAllCalls(stack);
  await grant([]);
});
afterAll(async () => {
  far.close();
  await laidOut(await stack.signIn('admin'), 'DELETE', '/trunks/carrier-free');
});

describe('an agent without the right', () => {
  test('dials nobody who is on no register, with a reason or without one, and the refusal stands in the audit log', async () => {
    await using talk = await Conversation.begin(stack);
    const before = far.called.length;
    expect(await answers(talk, { freeReason: REASON })).toEqual(['not-allowed', 'not-allowed']);
    expect(await answers(talk, {})).toEqual(['outbound-destination', 'outbound-destination']);
    expect(far.called.slice(before)).toEqual([]);
    await talk.bothHear();
    const auditor = await stack.signIn('auditor');
    const { rows } = await laidOut<{ rows: { what: string; object?: string }[] }>(auditor, 'GET', `/audit?who=${agentId}&limit=50`);
    expect(rows.filter(({ what, object }) => what === 'access.denied' && object === 'event call:consult')).not.toEqual([]);
  }, 60_000);

  test('cannot grant it to their own account or another; an administrator cannot grant it to their own', async () => {
    const { signedIn } = await enter(stack, 'agent1');
    const body = { grants: ['outbound.free-dial'] };
    const ask = async (token: string, id: string, given: object = body): Promise<number> =>
      (await stack.http('PATCH', `/api/users/${id}`, { token, body: given })).status;
    expect(await ask(signedIn.accessToken, agentId)).toBe(403);
    const { userId } = (await laidOut<{ userId: string }>(admin, 'GET', '/session/profile')) satisfies { userId: string };
    expect(await ask(admin, userId)).toBeGreaterThanOrEqual(400);
    expect(await ask(admin, agentId, { grants: ['system.edit'] })).toBe(400);
    expect(await ask(admin, agentId, { grants: ['seat.use', 'outbound.free-dial'] })).toBe(400);
  }, 30_000);

  test('finds no address that would forward their call', async () => {
    await using talk = await Conversation.begin(stack);
    const { signedIn } = await enter(stack, 'agent1');
    const before = far.called.length;
    const target = { to: 'number', number: LAWYER };
    for (const path of ['transfer', 'consult', 'dial', 'conference', 'refer'])
      for (const method of ['POST', 'PUT', 'PATCH'])
        expect([
          path,
          (
            await stack.http(method, `/api/calls/${talk.callId}/${path}`, {
              token: signedIn.accessToken,
              body: { target, freeReason: REASON },
            })
          ).status,
        ]).toEqual([path, 404]);
    expect(far.called.slice(before)).toEqual([]);
  }, 60_000);
});

describe('an agent with the right', () => {
  test.each([
    ['no text', ''],
    ['blanks', '      '],
    ['three characters', 'abc'],
    ['10 KB', 'x'.repeat(10_240)],
    ['no text but a list', ['the customer', 'asks']],
  ])(
    'who gives %s as a reason dials nobody',
    async (_what, freeReason) => {
      await grant(['outbound.free-dial']);
      await using talk = await Conversation.begin(stack);
      const before = far.called.length;
      expect(await answers(talk, { freeReason })).toEqual(['invalid-request', 'invalid-request']);
      expect(far.called.slice(before)).toEqual([]);
      expect(await attemptsOf(talk.callId)).toEqual([]);
    },
    60_000,
  );

  test('reaches neither numbers that cost nor people who refused', async () => {
    await grant(['outbound.free-dial']);
    const refused = '13900007802';
    await laidOut(supervisor, 'POST', '/do-not-call', { numbers: [refused], reason: 'other', source: 'said so' });
    await using talk = await Conversation.begin(stack);
    const before = far.called.length;
    for (const [number, code] of [
      ['16812345', 'outbound-kind'],
      ['00881612345678', 'outbound-kind'],
      ['13491234567', 'outbound-kind'],
      ['0085212345678', 'outbound-kind'],
      ['+19002345678', 'outbound-kind'],
      ['*21*13800009999#', 'outbound-not-dialable'],
      [refused, 'outbound-do-not-call'],
    ] as const)
      expect([number, await answers(talk, { freeReason: REASON }, number)]).toEqual([number, [code, code]]);
    expect(far.called.slice(before)).toEqual([]);
    expect((await attemptsOf(talk.callId)).filter(({ allowed }) => allowed)).toEqual([]);
  }, 60_000);

  test('invites somebody into a conference; record, attempts and audit log hold reason, agent and verdict, and only unmasking shows the whole number', async () => {
    await grant(['outbound.free-dial']);
    let callId = '';
    {
      await using talk = await Conversation.begin(stack);
      ({ callId } = talk);
      const coming = far.next();
      await talk.seat.ask('call:consult', { callId, target: { to: 'number', number: LAWYER }, freeReason: `  ${REASON} ` });
      const outside = await within(coming, 20_000, () => 'nobody was dialled');
      expect(outside.number).toBe(LAWYER);
      talk.seat.phone.sound.play(undefined);
      outside.sound.play(FAR_HZ);
      const join = (): Promise<boolean> =>
        talk.seat.ask('call:consult-end', { callId, how: 'join' }).then(
          () => true,
          () => false,
        );
      await until(join, Boolean, 10_000);
      await Promise.all([talk.caller.sound.untilHears(FAR_HZ, 10_000), outside.sound.untilHears(CALLER_HZ, 10_000)]);
    }
    await endAllCalls(stack);
    const record = await until(
      () => stack.http('GET', `/api/calls/${callId}`, { token: supervisor }),
      ({ status }) => status === 200,
    );
    expect(record.body).toMatchObject({ dialled: [{ way: 'consultation', from: SHOWN, agentId, freeReason: REASON }] });
    expect(await attemptsOf(callId)).toEqual([expect.objectContaining({ allowed: true, freeReason: REASON })]);
    const auditor = await stack.signIn('auditor');
    const { rows } = await laidOut<{ rows: { what: string; reason?: string }[] }>(auditor, 'GET', `/audit?object=call:${callId}&limit=50`);
    expect(rows.find(({ what }) => what === 'outbound.permitted')).toMatchObject({ reason: REASON });
    expect(JSON.stringify([record.body, rows])).not.toContain(LAWYER);
    // Whom a person without a register reached can be named to an authority, by those who may, for a reason.
    const [{ attemptId = '' } = {}] = (record.body as { dialled: { attemptId?: string }[] }).dialled;
    const unmask = (token: string) =>
      stack.http('POST', `/api/calls/${callId}/unmask-leg`, { token, body: { attemptId, reason: 'asked by the authority' } });
    expect((await unmask(await stack.signIn('agent1'))).status).toBe(403);
    expect(await unmask(supervisor)).toMatchObject({ status: 200, body: { number: LAWYER } });
    const after = await laidOut<{ rows: { what: string; reason?: string }[] }>(auditor, 'GET', `/audit?object=call:${callId}&limit=50`);
    expect(after.rows.find(({ what }) => what === 'number.unmasked')).toMatchObject({ reason: 'asked by the authority' });
  }, 60_000);

  test('loses every session and the right when it is revoked', async () => {
    await grant(['outbound.free-dial']);
    const seat = await BareSeat.open(stack, 'agent1');
    const gone = new Promise((resolve) => seat.socket.once('disconnect', resolve));
    await grant([]);
    await within(gone, 10_000, () => 'the page of a session that has ended is still there');
    seat.phone.close();
    await using talk = await Conversation.begin(stack);
    expect(await answers(talk, { freeReason: REASON })).toEqual(['not-allowed', 'not-allowed']);
    expect(await liveCalls(stack)).toHaveLength(1);
  }, 60_000);
});
