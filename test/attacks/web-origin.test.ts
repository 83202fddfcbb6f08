import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { BareSeat } from '../support/bare-seat.js';
import { callRow } from '../support/centre/call-row.js';
import { newPerson, refreshCookieOf } from '../support/centre/people.js';
import type { Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { dialFrom, PLAIN, STRANGER } from './support/carrier.js';
import { Conversation } from './support/conversation.js';
import { openSocket, untilCut } from './support/raw-web.js';
import { attacked, endAllCalls, enter } from './support/tier.js';

const stack = attacked();
/** The server waits ten seconds for a missing handshake; on a loaded machine the cut is late. */
const CUT_WITHIN_MS = 20_000;

let mongo: Connection;
let admin: string;
/** Opened before everything else, so that it can be cut while the other tests run. */
let silent: Promise<number | undefined>;
let nobody: WebSocket;

beforeAll(async () => {
  silent = untilCut(stack, STRANGER, CUT_WITHIN_MS);
  nobody = await openSocket(stack, STRANGER);
  mongo = await connectMongo(stack.config);
  admin = await stack.signIn('admin');
});
afterEach(() => endAllCalls(stack));
afterAll(async () => {
  await mongo.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

describe('a session', () => {
  test('is not ended by somebody who knows its id alone', async () => {
    const { headers } = await enter(stack, 'agent1');
    const [name = '', value = ''] = refreshCookieOf(headers).split('=', 2);
    const [id = ''] = decodeURIComponent(value).split('.', 1);
    for (const secret of ['wrong', '', 'A'.repeat(43)])
      expect(
        (await stack.http('POST', '/api/session/refresh', { from: STRANGER, headers: { cookie: `${name}=${id}.${secret}` } })).status,
      ).toBe(401);
    expect((await stack.http('POST', '/api/session/refresh', { headers: { cookie: `${name}=${value}` } })).status).toBe(200);
  });

  test('of a closed account keeps no page open', async () => {
    const person = await newPerson(stack, admin, { name: 'attack-leaver', roles: ['agent'] });
    const seat = await BareSeat.openAs(stack, person.token);
    const closed = new Promise<string>((resolve) => seat.socket.once('disconnect', resolve));
    expect((await stack.http('PATCH', `/api/users/${person.userId}`, { token: admin, body: { disabled: true } })).status).toBeLessThan(300);
    expect(await closed).toBeDefined();
    await until(
      () => stack.http('GET', '/api/session/profile', { token: person.token }),
      ({ status }) => status === 401,
      3_000,
    );
    seat.phone.close();
  }, 30_000);
});

test("a colleague's wrong guesses lock nobody out at an address that they share", async () => {
  const office = '127.0.0.67';
  const visit = (password: string, cookie = ''): ReturnType<Stack['http']> =>
    stack.http('POST', '/api/session', { from: office, headers: { cookie }, body: { name: 'agent1', password } });
  // The person's own browser brings the cookies of the last sign-in; the guesses come from another one.
  const { status, headers } = await visit(stack.password);
  expect(status).toBe(200);
  const own = [headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0]);
  for (let i = 0; i < 12; i += 1) expect((await visit(`guess-${i}`)).status).not.toBe(200);
  expect((await visit(stack.password, own.join('; '))).status).toBe(200);
}, 30_000);

describe('text that no program likes', () => {
  const texts = [
    '%00',
    '%01',
    '%ud800',
    '%ed%a0%80',
    encodeURIComponent('('.repeat(200)),
    encodeURIComponent('a'.repeat(5_000)),
    '%0d%0aX-A:%201',
  ];
  test.each(['/recordings?note=', '/recordings?number=', '/calls?search=', '/complaints?search=', '/audit?what=', '/reviews?agentId='])(
    'in %s is refused or finds nothing, and is no failure',
    async (path) => {
      for (const name of ['supervisor', 'compliance', 'auditor']) {
        const token = await stack.signIn(name);
        for (const text of texts) {
          const { status, headers } = await stack.http('GET', `/api${path}${text}`, { token });
          expect([text, status < 500, headers['x-a']]).toEqual([text, true, undefined]);
        }
      }
    },
  );
});

describe('the hidden digits of a number', () => {
  const HIDDEN = '13977770123';
  /** Many more than anybody looks up in an hour by hand. */
  const GUESSES = 80;
  beforeAll(async () => {
    const { callerHash } = await hashOf();
    const caller = { callerNumber: HIDDEN, callerMasked: '139****0123', callerHash };
    await mongo
      .collection<{ _id: string }>('calls')
      .insertOne(callRow('attackhidden01', { ...caller, called: '4001000', queueId: 'service' }));
  });

  /** The product's own hash of the number: taken from a real call of it, so that the search below finds the row if it looks. */
  async function hashOf(): Promise<{ callerHash: string }> {
    const phone = await dialFrom(stack, PLAIN, '4001000', HIDDEN);
    expect(await phone.call()).toBe(200);
    phone.hangUp();
    phone.close();
    const row = await until(
      () => mongo.collection('calls').findOne({ callerNumber: { $in: [HIDDEN, `+86${HIDDEN}`] } }),
      (found) => found !== null,
    );
    return { callerHash: String(row?.['callerHash']) };
  }

  test.each(['/calls?search=', '/recordings?number='])(
    'are not found by trying them in %s without the right to see them',
    async (path) => {
      const supervisor = await stack.signIn('supervisor');
      // Whoever may see whole numbers finds it, so the search itself works.
      expect(JSON.stringify((await stack.http('GET', `/api/calls?search=${HIDDEN}`, { token: supervisor })).body)).toContain(
        'attackhidden01',
      );
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const name = `attack-inspector-${path.slice(1, 5)}`;
      const inspector = await newPerson(stack, admin, { name, roles: ['inspector'], expiresAt });
      let found = 0;
      for (let i = 0; i < GUESSES; i += 1) {
        const middle = String(7_777 - GUESSES + 1 + i).padStart(4, '0');
        const { status, body } = await stack.http('GET', `/api${path}139${middle}0123`, { token: inspector.token });
        if (status === 200 && JSON.stringify(body).includes('callId')) found += 1;
      }
      expect(found).toBe(0);
    },
    30_000,
  );
});

describe('a call of somebody else', () => {
  test('gets no complaint, no hold and no figures from an agent who has no part in it', async () => {
    await using talk = await Conversation.begin(stack, { agent: 'agent2' });
    const thief = await stack.signIn('agent1');
    const complaint = await stack.http('POST', '/api/complaints', {
      token: thief,
      body: { callId: talk.callId, kind: 'attitude', text: 'the colleague was rude' },
    });
    expect(complaint.status).toBeGreaterThanOrEqual(400);
    const seat = await BareSeat.openAs(stack, thief);
    try {
      const forged = { callId: talk.callId, lossPercent: 99, jitterMs: 999, roundTripMs: 999, mos: 1 };
      await seat.ask('seat:quality', forged).catch(() => undefined);
      for (const event of ['call:hold', 'call:hang-up', 'call:park', 'call:fetch', 'call:answer'])
        await expect(seat.ask(event, { callId: talk.callId })).rejects.toThrow();
      await talk.bothHear();
    } finally {
      await seat.leave();
    }
    // A genuine sample follows the forged one on the same path: once it is there, the forged one would be too.
    await talk.seat.ask('seat:quality', { callId: talk.callId, lossPercent: 7, jitterMs: 7, roundTripMs: 7, mos: 4 });
    const supervisor = await stack.signIn('supervisor');
    const samples = await until(
      async () => JSON.stringify((await stack.http('GET', `/api/calls/${talk.callId}/quality`, { token: supervisor })).body),
      (text) => text.includes('"lossPercent":7'),
      10_000,
    );
    expect(samples).not.toContain('"lossPercent":99');
  }, 60_000);
});

test('an approved export is not taken again and again', async () => {
  const [compliance, supervisor] = [await stack.signIn('compliance'), await stack.signIn('supervisor')];
  const wish = await stack.http('POST', '/api/exports', {
    token: compliance,
    body: { kind: 'calls', reason: 'for the monthly report', query: { from: '2026-01-01', to: '2027-01-01' } },
  });
  const { id } = wish.body as { id: string };
  await stack.http('POST', `/api/exports/${id}/decide`, { token: supervisor, body: { approve: true } });
  const answers: number[] = [];
  for (let i = 0; i < 8; i += 1) answers.push((await stack.http('GET', `/api/exports/${id}/file`, { token: compliance })).status);
  expect(answers[0]).toBe(200);
  expect(answers.filter((status) => status === 200).length).toBeLessThan(5);
});

describe('control sockets', () => {
  /** One sign-in has sixteen, a person thirty-two (`services/api/adapters/page-limits.ts`). */
  const [SESSION, PERSON, TRIED] = [16, 32, 20];

  /** A new agent, who signs in once more with each call. */
  async function agentWithPassword(name: string): Promise<() => Promise<string>> {
    const [current, next] = ['Given-by-the-office-1', 'Chosen-by-oneself-2'];
    const scope = { queues: [], sites: [], clientUnits: [] };
    await stack.http('POST', '/api/users', { token: admin, body: { name, displayName: name, roles: ['agent'], scope, password: current } });
    const { signedIn } = await enter(stack, name, { password: current });
    await stack.http('POST', '/api/session/password', { token: signedIn.accessToken, body: { current, next } });
    return async () => (await enter(stack, name, { password: next })).signedIn.accessToken;
  }

  /** Opens many pages of one sign-in at once, and counts how many the server let in; the others got this answer. */
  async function openMany(token: string, opened: Socket[]): Promise<{ readonly isIn: number; readonly answers: ReadonlySet<string> }> {
    const answers = await Promise.all(
      Array.from({ length: TRIED }, async () => {
        const socket = io(stack.web, {
          auth: { token },
          transports: ['websocket'],
          rejectUnauthorized: false,
          reconnection: false,
          forceNew: true,
        });
        opened.push(socket);
        return new Promise<string>((resolve) => {
          socket.once('connect', () => resolve('in'));
          socket.once('connect_error', ({ message }) => resolve(message));
        });
      }),
    );
    return { isIn: answers.filter((answer) => answer === 'in').length, answers: new Set(answers.filter((answer) => answer !== 'in')) };
  }

  test('are limited for one sign-in and for one person, and the person is told', async () => {
    const enterAgain = await agentWithPassword('attack-many-pages');
    const opened: Socket[] = [];
    try {
      expect(await openMany(await enterAgain(), opened)).toEqual({ isIn: SESSION, answers: new Set(['too-many-requests']) });
      expect(await openMany(await enterAgain(), opened)).toEqual({ isIn: PERSON - SESSION, answers: new Set(['too-many-requests']) });
      expect((await openMany(await enterAgain(), opened)).isIn).toBe(0);
      // A colleague is none the worse, and neither is the first page.
      const colleague = await BareSeat.open(stack, 'agent1');
      await colleague.leave();
      expect(opened.filter(({ connected }) => connected)).toHaveLength(PERSON);
    } finally {
      for (const socket of opened) socket.disconnect();
    }
  }, 30_000);

  test('are closed when nobody signs in on them', async () => {
    await until(
      async () => nobody.readyState,
      (state) => state === WebSocket.CLOSED,
      CUT_WITHIN_MS,
    );
  }, 30_000);
});

test('a connection that never says anything is cut', async () => {
  expect(await silent).toBeDefined();
}, 30_000);
