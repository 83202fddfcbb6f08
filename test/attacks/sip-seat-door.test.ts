import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { SeatCredential } from '../../services/shared/contracts/session.js';
import { until } from '../support/until.js';
import { STRANGER, TRUTHFUL, PLAIN } from './support/carrier.js';
import { Conversation } from './support/conversation.js';
import { digestFor } from './support/digest.js';
import { RawRtp } from './support/raw-rtp.js';
import { describedAt, nonce, RawSip } from './support/raw-sip.js';
import { attacked, endAllCalls, enter } from './support/tier.js';

const stack = attacked();
const door = `${stack.web.replace('https', 'wss')}/sip`;
const number = `sip:4001000@${stack.sip.address}:${stack.sip.port}`;
const SEAT = 'sip:seat@proofline.invalid';

const credentialOf = async (token: string): Promise<SeatCredential> =>
  (await stack.http('POST', '/api/seat/credential', { token })).body as SeatCredential;

/** The ticket of a connection of this session. */
async function ticketOf(token: string): Promise<string> {
  const ticket = new URL((await credentialOf(token)).webSocketUrl).searchParams.get('ticket');
  if (ticket === null) throw new Error('the seat got no ticket');
  return ticket;
}

/** The seat's door as a page opens it. */
const atDoor = (ticket: string, { local = '127.0.0.1', origin = stack.web } = {}): ReturnType<typeof RawSip.webSocket> =>
  RawSip.webSocket(`${door}?ticket=${encodeURIComponent(ticket)}`, { local, headers: { origin } });

async function openedAsPage(token: string): Promise<{ readonly sip: RawSip; readonly closed: Promise<void> }> {
  const opened = await atDoor(await ticketOf(token));
  if (opened.refused !== undefined) throw new Error(`the page was refused with ${opened.refused}`);
  return opened;
}

/** A request with the digest credential of a seat, as its page would send it. */
async function asSeat(
  sip: RawSip,
  method: string,
  uri: string,
  credential: SeatCredential,
  more: { contact?: string; body?: string; headers?: string[] } = {},
) {
  const callId = nonce();
  const from = `<sip:${credential.username}@proofline.invalid>;tag=${nonce()}`;
  const first = await sip.ask({ method, uri, callId, from, ...more });
  if (first?.status !== 401) return first;
  const authorization = digestFor(first.header('www-authenticate'), { method, uri, ...credential });
  return sip.ask({ method, uri, callId, from, cseq: 2, ...more, headers: [...(more.headers ?? []), `Authorization: ${authorization}`] });
}

let agent1: string;
let agent2: string;
beforeAll(async () => {
  [agent1, agent2] = [await stack.signIn('agent1'), await stack.signIn('agent2')];
});

afterEach(() => endAllCalls(stack));

describe('somebody without a sign-in', () => {
  const tries: readonly (readonly [string, string, Record<string, string>])[] = [
    ['with nothing', door, {}],
    ['with the own origin', door, { origin: stack.web }],
    ['with an empty ticket', `${door}?ticket=`, { origin: stack.web }],
    ['with an invented ticket', `${door}?ticket=${'A'.repeat(43)}`, { origin: stack.web }],
    ['with many tickets', `${door}?ticket=a&ticket=b&ticket[$ne]=c`, { origin: stack.web }],
    ['from another origin', door, { origin: 'https://evil.example' }],
  ];
  test.each(tries)('does not get to the SIP server %s', async (_name, url, headers) => {
    const opened = await RawSip.webSocket(url, { local: STRANGER, headers });
    if (opened.refused !== undefined) {
      expect([400, 401, 403]).toContain(opened.refused);
      return;
    }
    using sip = opened.sip;
    using ear = await RawRtp.open(STRANGER);
    const answer = await sip.ask({
      method: 'INVITE',
      uri: number,
      headers: ['P-Asserted-Identity: <sip:95533@bank.example>'],
      body: describedAt(STRANGER, ear.port),
    });
    expect({ opened: true, status: answer?.status, received: ear.received }).toEqual('refused at the upgrade');
  });

  test('cannot keep sockets open there', async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => RawSip.webSocket(door, { local: STRANGER })));
    const sockets = opened.flatMap((each) => (each.refused === undefined ? [each.sip] : []));
    for (const sip of sockets) sip[Symbol.dispose]();
    expect(sockets.length).toBe(0);
  });
});

describe('a ticket', () => {
  test('is valid once, even for two at the same moment', async () => {
    const ticket = await ticketOf(agent1);
    const opened = await Promise.all(Array.from({ length: 8 }, () => atDoor(ticket)));
    const inside = opened.flatMap((each) => (each.refused === undefined ? [each.sip] : []));
    for (const sip of inside) sip[Symbol.dispose]();
    expect(inside.length).toBe(1);
    expect((await atDoor(ticket)).refused).toBeGreaterThanOrEqual(400);
  });

  test('of ten sign-ins of one person opens no more connections than one person may have', async () => {
    const signedIn = await Promise.all(Array.from({ length: 10 }, () => enter(stack, 'agent2')));
    const tokens = signedIn.map(({ signedIn: { accessToken } }) => accessToken);
    const tickets = (await Promise.all(tokens.map((token) => Promise.all([ticketOf(token), ticketOf(token)])))).flat();
    const opened = await Promise.all(tickets.map((ticket) => atDoor(ticket)));
    const inside = opened.flatMap((each) => (each.refused === undefined ? [each.sip] : []));
    for (const token of tokens) await stack.http('DELETE', '/api/session', { token });
    for (const sip of inside) sip[Symbol.dispose]();
    // A connection of an earlier seat of the same person may still be there for a moment.
    expect(inside.length).toBeGreaterThan(4);
    expect(inside.length).toBeLessThanOrEqual(8);
    expect(opened.filter(({ refused }) => refused === 429).length).toBe(opened.length - inside.length);
  });

  test('of a session that has ended opens nothing', async () => {
    const { signedIn } = await enter(stack, 'agent2');
    const ticket = await ticketOf(signedIn.accessToken);
    await stack.http('DELETE', '/api/session', { token: signedIn.accessToken });
    expect((await atDoor(ticket)).refused).toBeGreaterThanOrEqual(400);
  });

  test('is given only to people with a seat', async () => {
    for (const name of ['compliance', 'auditor'])
      expect((await stack.http('POST', '/api/seat/credential', { token: await stack.signIn(name) })).status).toBe(403);
    expect((await stack.http('POST', '/api/seat/credential')).status).toBe(401);
  });

  test('admits nobody from another origin and appears in no log', async () => {
    const ticket = await ticketOf(agent1);
    expect((await atDoor(ticket, { origin: 'https://evil.example' })).refused).toBe(403);
    expect((await atDoor(ticket)).refused).toBeUndefined();
    expect(
      ['roles', 'sip', 'api']
        .map((name) => stack.logOf(name))
        .join('\n')
        .includes(ticket),
    ).toBe(false);
  });

  test('contains the credential of no other session', async () => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    const other = await credentialOf(agent2);
    const answer = await asSeat(mine, 'INVITE', SEAT, other, { body: describedAt('127.0.0.1', 9_000) });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
  });
});

describe('a signed-in agent', () => {
  test('registers at their own seat with their own credential, so that the refusals below concern the request itself', async () => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    using ear = await RawRtp.open('127.0.0.1');
    const answer = await asSeat(mine, 'INVITE', SEAT, await credentialOf(agent1), { body: describedAt('127.0.0.1', ear.port) });
    expect(answer?.status).toBe(200);
  });

  test.each([
    ["another carrier's number", '<sip:13800008888@127.0.0.71>'],
    ['the address of a caller', `<sip:proof@${PLAIN}>`],
    ['the address of a registrar', '<sip:127.0.0.8>'],
  ])('registers nothing, least of all %s', async (_what, contact) => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    const answer = await asSeat(mine, 'REGISTER', `sip:${stack.sip.address}`, await credentialOf(agent1), { contact });
    expect(answer?.status ?? 405).toBeGreaterThanOrEqual(400);
  });

  test("gets none of other people's calls by claiming where their callers are", async () => {
    await using talk = await Conversation.begin(stack, { agent: 'agent2', from: PLAIN });
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    const credential = await credentialOf(agent1);
    for (const contact of [`<sip:proof@${PLAIN}>`, `<sip:13800000002@${PLAIN}>`, `<sip:carrier.test>`, `<sip:${PLAIN}>;expires=99999999`])
      await asSeat(mine, 'REGISTER', `sip:${stack.sip.address}`, credential, { contact });
    const supervisor = await stack.signIn('supervisor');
    const over = talk.caller.ended;
    await stack.http('POST', `/api/calls/${talk.callId}/end`, { token: supervisor, body: { reason: 'over' } });
    const answer = await Promise.race([over, mine.next(({ method }) => method === 'BYE', 8_000)]);
    expect(answer).toBe('there');
    expect(mine.requests).toEqual([]);
  }, 60_000);

  const elsewhere = [number, 'sip:13800008888@127.0.0.71', 'sip:9990@127.0.0.1', 'tel:110', `sip:4001000@${TRUTHFUL}`, 'sip:seat%00@x'];
  test.each([
    ...elsewhere.map((uri) => ['INVITE', uri] as const),
    ...['SUBSCRIBE', 'MESSAGE', 'REFER', 'PUBLISH', 'NOTIFY', 'INFO', 'PRACK'].map((method) => [method, number] as const),
  ])('reaches nobody by %s %s: what comes by this door is the seat and nothing else', async (method, uri) => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    using ear = await RawRtp.open('127.0.0.1');
    const body = method === 'INVITE' ? describedAt('127.0.0.1', ear.port) : '';
    const answer = await asSeat(mine, method, uri, await credentialOf(agent1), { body });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
    expect(ear.received).toBe(0);
  });

  test("ends no colleague's seat, though Call-ID and tags are known", async () => {
    const [{ sip: hers }, { sip: his }] = [await openedAsPage(agent2), await openedAsPage(agent1)];
    using victim = hers;
    using thief = his;
    using ear = await RawRtp.open('127.0.0.1');
    const up = await asSeat(victim, 'INVITE', SEAT, await credentialOf(agent2), { body: describedAt('127.0.0.1', ear.port) });
    expect(up?.status).toBe(200);
    const known = { callId: up?.header('call-id') ?? '', from: up?.header('from') ?? '', to: up?.header('to') ?? '' };
    for (const method of ['BYE', 'INVITE', 'UPDATE', 'CANCEL'])
      expect([method, ((await thief.ask({ method, uri: SEAT, cseq: 50, ...known }))?.status ?? 403) >= 400]).toEqual([method, true]);
    const before = ear.received;
    expect(victim.requests).toEqual([]);
    expect((await victim.ask({ method: 'BYE', uri: SEAT, cseq: 60, ...known }))?.status).toBe(200);
    expect(ear.received).toBeGreaterThanOrEqual(before);
  });

  const hidden = (sip: RawSip): string =>
    sip.compose({ method: 'INVITE', uri: number, callId: `hidden-${nonce()}`, body: describedAt('127.0.0.1', 9_000) });
  const options = (sip: RawSip, length: string): string =>
    sip.compose({ method: 'OPTIONS', uri: SEAT }).replace('Content-Length: 0', length);
  const frames: readonly (readonly [string, (sip: RawSip) => string])[] = [
    ['a second message', (sip) => options(sip, 'Content-Length: 0') + hidden(sip)],
    ['a length below nothing', (sip) => options(sip, 'Content-Length: -1') + hidden(sip)],
    ['two lengths', (sip) => options(sip, 'Content-Length: 0\r\nContent-Length: 5000') + hidden(sip)],
    ['a length beyond the frame', (sip) => options(sip, 'Content-Length: 99999') + hidden(sip)],
    ['a length in the short form', (sip) => options(sip, 'l: 0\r\nContent-Length: 700') + hidden(sip)],
    ['a folded header', (sip) => sip.compose({ method: 'OPTIONS', uri: SEAT, headers: [`X-Folded: a\r\n\tb\r\n ${hidden(sip)}`] })],
    ['a line end in the address', (sip) => sip.compose({ method: 'INVITE', uri: `${SEAT}\r\nRoute: <${number}>` })],
    ['a bare line feed', (sip) => hidden(sip).replace('Max-Forwards: 70\r\n', 'Max-Forwards: 70\n')],
    [
      'a header in the display name',
      (sip) => sip.compose({ method: 'INVITE', uri: SEAT, from: `"a\r\nRoute: <${number};lr>\r\nX: "<sip:x@y>;tag=${nonce()}` }),
    ],
    [
      'a route',
      (sip) => sip.compose({ method: 'INVITE', uri: SEAT, headers: [`Route: <${number};lr>`, 'Record-Route: <sip:127.0.0.1;lr>'] }),
    ],
    ['an answer to nothing', (sip) => hidden(sip).replace(/^INVITE .*/, 'SIP/2.0 200 OK')],
    ['zeros', () => '\u0000'.repeat(100)],
  ];
  test.each(frames)('cannot hide anything behind %s', async (_what, frame) => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    mine.write(frame(mine));
    // The last request is answered, or the door is shut already: either way the frame before it has been handled.
    await mine.ask({ method: 'OPTIONS', uri: SEAT }, 2_000);
    const statuses = (): number[] =>
      mine.received.flatMap(({ status, header }) => (status !== undefined && header('cseq').includes('INVITE') ? [status] : []));
    // 100 says only that the request has arrived; what came of it follows.
    await until(statuses, (seen) => !seen.includes(100) || seen.some((status) => status > 100));
    expect(statuses().filter((status) => status > 100 && status < 300)).toEqual([]);
    expect(mine.requests).toEqual([]);
  });

  test('loses the connection on sign-out, and the credential is invalid afterwards', async () => {
    const { signedIn } = await enter(stack, 'agent2');
    const token = signedIn.accessToken;
    const { sip, closed } = await openedAsPage(token);
    const credential = await credentialOf(token);
    await stack.http('DELETE', '/api/session', { token });
    let isCut = false;
    void closed.then(() => (isCut = true));
    await until(() => isCut, Boolean, 5_000);
    sip[Symbol.dispose]();
    const { sip: other } = await openedAsPage(agent1);
    using mine = other;
    const answer = await asSeat(mine, 'INVITE', SEAT, credential, { body: describedAt('127.0.0.1', 9_000) });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
  }, 20_000);
});

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});
