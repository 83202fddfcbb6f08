import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { maskNumber } from '../../services/shared/domain/numbers/phone-number.js';
import { until } from '../support/until.js';
import { dialFrom, PLAIN, STRANGER, TRUTHFUL } from './support/carrier.js';
import { Conversation } from './support/conversation.js';
import { RawRtp } from './support/raw-rtp.js';
import { describedAt, nonce, RawSip, type RawMessage } from './support/raw-sip.js';
import { attacked, endAllCalls, liveCalls } from './support/tier.js';

const stack = attacked();
/** About two thousand requests a second, for some seconds. */
const FLOOD = 10_000;
const FLOOD_IN_ONE_TURN = 20;
const target = `sip:4001000@${stack.sip.address}:${stack.sip.port}`;
let supervisor: string;

beforeAll(async () => {
  supervisor = await stack.signIn('supervisor');
});

afterEach(() => endAllCalls(stack));

const callersOf = async (): Promise<string[]> => {
  const { body } = await stack.http('GET', '/api/calls?limit=100', { token: supervisor });
  return (body as { calls: { callerMasked: string }[] }).calls.map(({ callerMasked }) => callerMasked);
};

describe('somebody at an address of no trunk', () => {
  test.each(['udp', 'tcp'] as const)('is let in by no method over %s, and is sent no sound', async (transport) => {
    using sip = await RawSip[transport](STRANGER, stack.sip);
    using ear = await RawRtp.open(STRANGER);
    const identity = ['P-Asserted-Identity: <sip:95533@bank.example>', 'Remote-Party-ID: <sip:95533@bank.example>'];
    const invite = await sip.ask({ method: 'INVITE', uri: target, headers: identity, body: describedAt(STRANGER, ear.port) });
    // Refused, or not answered at all: a stranger need not learn that somebody is here.
    expect(invite?.status ?? 403).toBeGreaterThanOrEqual(400);
    for (const method of ['REGISTER', 'SUBSCRIBE', 'MESSAGE', 'PUBLISH', 'REFER', 'INFO', 'UPDATE', 'BYE', 'NOTIFY', 'PRACK'])
      expect([method, ((await sip.ask({ method, uri: target }, 1_000))?.status ?? 403) >= 400]).toEqual([method, true]);
    expect(ear.received).toBe(0);
  });

  test.each(['seat', 'proof', '9990'])('is not taken for one of the house by dialling %s', async (user) => {
    using sip = await RawSip.udp(STRANGER, stack.sip);
    const answer = await sip.ask({
      method: 'INVITE',
      uri: `sip:${user}@${stack.sip.address}:${stack.sip.port}`,
      from: `<sip:proof@127.0.0.1>;tag=${nonce()}`,
      body: describedAt(STRANGER, 9_000),
    });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
  });

  test('is no trunk because it sits on this machine', async () => {
    using sip = await RawSip.udp('127.0.0.1', stack.sip);
    using ear = await RawRtp.open('127.0.0.1');
    const answer = await sip.ask({
      method: 'INVITE',
      uri: target,
      headers: ['P-Asserted-Identity: <sip:95534@bank.example>'],
      body: describedAt('127.0.0.1', ear.port),
    });
    // A demo trunk of this machine may take the call, but must believe no identity in it.
    if (answer !== undefined && (answer.status ?? 403) < 300) {
      const before = (await callersOf()).length;
      await sip.ask({
        method: 'BYE',
        uri: /<([^>]+)>/.exec(answer.header('contact'))?.[1] ?? target,
        callId: answer.header('call-id'),
        cseq: 2,
        from: answer.header('from'),
        to: answer.header('to'),
      });
      await until(callersOf, (callers) => callers.length > before, 10_000);
    }
    expect(await callersOf()).not.toContain(maskNumber('95534'));
  });
});

describe('a dialog of a trunk', () => {
  interface Known {
    readonly sip: RawSip;
    readonly answer: RawMessage;
    readonly within: (method: string, cseq: number, more?: { body?: string; headers?: string[] }) => Parameters<RawSip['ask']>[0];
  }
  /** A caller whose Call-ID and tags somebody has overheard. */
  async function overheard(from: string): Promise<Known & { readonly sound: RawRtp }> {
    const sip = await RawSip.udp(from, stack.sip);
    const sound = await RawRtp.open(from);
    const answer = await sip.ask({ method: 'INVITE', uri: target, body: describedAt(from, sound.port) }, 10_000);
    if (answer?.status !== 200) throw new Error(`the caller was answered ${answer?.status}`);
    const uri = /<([^>]+)>/.exec(answer.header('contact'))?.[1] ?? target;
    const within: Known['within'] = (method, cseq, more = {}) => ({
      method,
      uri,
      callId: answer.header('call-id'),
      cseq,
      from: answer.header('from'),
      to: answer.header('to'),
      ...more,
    });
    return { sip, sound, answer, within };
  }

  test.each([
    ['an address of no trunk', STRANGER],
    ["another carrier's address", TRUTHFUL],
  ])(
    'takes nothing from %s that knows its tags',
    async (_who, elsewhere) => {
      const victim = await overheard(PLAIN);
      using thief = await RawSip.udp(elsewhere, stack.sip);
      using ear = await RawRtp.open(elsewhere);
      try {
        const stolen = [`Contact: <sip:thief@${thief.host}>`];
        for (const [place, method] of ['INVITE', 'UPDATE', 'REFER', 'INFO', 'MESSAGE', 'BYE'].entries()) {
          const body = ['INVITE', 'UPDATE'].includes(method) ? describedAt(elsewhere, ear.port) : '';
          const headers = method === 'REFER' ? [...stolen, 'Refer-To: <sip:00881612345678@127.0.0.71>'] : stolen;
          const answer = await thief.ask(victim.within(method, 100 + place, { body, headers }), 2_000);
          expect([method, (answer?.status ?? 403) >= 400]).toEqual([method, true]);
        }
        expect(ear.received).toBe(0);
        // The call itself is untouched: it still has sound, and its own BYE ends it.
        const before = victim.sound.received;
        await until(
          () => victim.sound.received,
          (received) => received > before + 20,
          5_000,
        );
        expect(victim.sip.requests).not.toContain('BYE');
        expect((await victim.sip.ask(victim.within('BYE', 2)))?.status).toBe(200);
      } finally {
        victim.sip[Symbol.dispose]();
        victim.sound[Symbol.dispose]();
      }
    },
    40_000,
  );

  test('is taken over by no Replaces', async () => {
    await using talk = await Conversation.begin(stack);
    using thief = await RawSip.udp(TRUTHFUL, stack.sip);
    using ear = await RawRtp.open(TRUTHFUL);
    const { body } = await stack.http('GET', `/api/calls/live`, { token: supervisor });
    expect(JSON.stringify(body)).toContain(talk.callId);
    await thief.ask({
      method: 'INVITE',
      uri: target,
      headers: [`Replaces: ${talk.callId};to-tag=x;from-tag=y`, `Replaces: ${talk.callId}@proof;to-tag=x;from-tag=y;early-only`],
      body: describedAt(TRUTHFUL, ear.port),
    });
    // At most it is a separate call: the two go on talking, and neither has been hung up on.
    await talk.bothHear();
    expect(talk.caller.requests).toEqual([]);
    await talk.bothHear();
  }, 60_000);

  test('sends its requests to no place that a Contact names', async () => {
    let connections = 0;
    const trap = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.99', resolve));
    const { port } = trap.address() as { port: number };
    using udpTrap = await RawRtp.open('127.0.0.99');
    const calls: Disposable[] = [];
    try {
      for (const contact of [
        `<sip:x@127.0.0.99:${port};transport=tcp>`,
        `<sip:x@127.0.0.99:${port}>;x="`,
        `<sip:x@127.0.0.99:${udpTrap.port}>`,
        `<sip:x@127.0.0.1:${new URL(stack.ready.urls['objects'] ?? '').port};transport=tcp>`,
      ]) {
        const sip = await RawSip.udp(PLAIN, stack.sip);
        calls.push(sip);
        const before = await liveCalls(stack);
        const answer = await sip.ask({ method: 'INVITE', uri: target, contact, body: describedAt(PLAIN, 9_000) }, 8_000);
        if ((answer?.status ?? 400) >= 300) continue;
        // The server's own BYE goes where it believes the caller to be.
        const [callId] = await until(
          async () => (await liveCalls(stack)).filter((id) => !before.includes(id)),
          (found) => found.length > 0,
        );
        const ended = await stack.http('POST', `/api/calls/${callId}/end`, { token: supervisor, body: { reason: 'over' } });
        expect(ended.status).toBeLessThan(300);
        const bye = await sip.next(({ method }) => method === 'BYE', 6_000);
        expect({ contact, sentThere: connections + udpTrap.received, toTheCaller: bye?.method }).toEqual({
          ...{ contact, sentThere: 0 },
          toTheCaller: 'BYE',
        });
      }
      expect(connections + udpTrap.received).toBe(0);
    } finally {
      for (const call of calls) call[Symbol.dispose]();
      trap.close();
    }
  }, 60_000);
});

test('one carrier does not call as another: who is believed hangs on the address it came from', async () => {
  using sip = await RawSip.udp(PLAIN, stack.sip);
  using ear = await RawRtp.open(PLAIN);
  const answer = await sip.ask(
    {
      method: 'INVITE',
      uri: target,
      from: `<sip:13800000055@carrier.test>;tag=${nonce()}`,
      headers: ['P-Asserted-Identity: <sip:95535@bank.example>', `Via: SIP/2.0/UDP ${TRUTHFUL}:5060;branch=z9hG4bK${nonce()}`],
      body: describedAt(PLAIN, ear.port),
    },
    10_000,
  );
  expect(answer?.status).toBe(200);
  await sip.ask({
    method: 'BYE',
    uri: /<([^>]+)>/.exec(answer?.header('contact') ?? '')?.[1] ?? target,
    callId: answer?.header('call-id') ?? '',
    cseq: 2,
    from: answer?.header('from') ?? '',
    to: answer?.header('to') ?? '',
  });
  const callers = await until(callersOf, (found) => found.some((caller) => caller.endsWith('0055')));
  expect(callers).not.toContain(maskNumber('95535'));
}, 30_000);

test("a stranger's flood takes nothing from a carrier's callers", async () => {
  using sip = await RawSip.udp(STRANGER, stack.sip);
  let goesOn = true;
  const flood = (async () => {
    for (let sent = 0; goesOn && sent < FLOOD; sent += FLOOD_IN_ONE_TURN) {
      for (let i = 0; i < FLOOD_IN_ONE_TURN; i += 1)
        sip.write(sip.compose({ method: 'INVITE', uri: target, body: describedAt(STRANGER, 9_000) }));
      await pause(10);
    }
  })();
  try {
    for (let i = 0; i < 10; i += 1) {
      const honest = await dialFrom(stack, PLAIN, '4009999');
      const since = performance.now();
      expect(await honest.call()).toBe(404);
      expect(performance.now() - since).toBeLessThan(1_500);
      honest.close();
    }
  } finally {
    goesOn = false;
    await flood;
  }
  expect(sip.received.filter(({ status }) => status !== undefined && status >= 180 && status < 300)).toEqual([]);
}, 30_000);

test('five hundred media lines are answered in time, and a caller who comes at once is served', async () => {
  using sip = await RawSip.udp(PLAIN, stack.sip);
  const lines = Array.from({ length: 500 }, () => 'm=audio 9 RTP/AVP 8');
  const asked = sip.ask({ method: 'INVITE', uri: target, body: describedAt(PLAIN, 9_000, lines) }, 5_000);
  const honest = await dialFrom(stack, PLAIN, '4009999');
  try {
    expect(await honest.call()).toBe(404);
  } finally {
    honest.close();
  }
  expect((await asked)?.status).toBeGreaterThanOrEqual(200);
}, 20_000);

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});
