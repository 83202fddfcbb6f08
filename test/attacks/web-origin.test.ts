import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../services/shared/platform/mongo.js';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/people.js';
import { until } from '../support/until.js';
import { dialFrom, PLAIN, STRANGER } from './support/carrier.js';
import { untilCut } from './support/raw-web.js';
import { attacked, endAllCalls } from './support/tier.js';

const stack = attacked();
/** A handshake that does not come is waited for ten seconds; a machine under load is late. */
const CUT_WITHIN_MS = 20_000;

let mongo: Connection;
let admin: string;
/** Opened before everything else: it has the time of the other tests to be cut. */
let silent: Promise<number | undefined>;

beforeAll(async () => {
  silent = untilCut(stack, STRANGER, CUT_WITHIN_MS);
  mongo = await connectMongo(stack.config);
  admin = await stack.signIn('admin');
});
afterEach(() => endAllCalls(stack));
afterAll(async () => {
  await mongo.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

describe('a session', () => {
  test('of a person who was closed has no open page left', async () => {
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
    await mongo.collection<{ _id: string }>('calls').insertOne({
      ...callOf('attackhidden01', HIDDEN, callerHash),
    });
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
      // Whoever may see whole numbers finds it: the search is not merely broken.
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

test('a connection that never says anything is cut', async () => {
  expect(await silent).toBeDefined();
}, 30_000);

const callOf = (callId: string, callerNumber: string, callerHash: string): Record<string, unknown> & { _id: string } => ({
  _id: callId,
  direction: 'inbound',
  callerNumber,
  callerMasked: '139****0123',
  callerHash,
  called: '4001000',
  queueId: 'service',
  agentIds: [],
  cause: 'served',
  by: 'caller',
  history: [],
  offers: [],
  talks: [],
  holds: [],
  pauses: [],
  choices: [],
  media: [],
  invitedAt: new Date(),
  endedAt: new Date(),
});
