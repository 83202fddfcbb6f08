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
const seatUri = `sip:seat@${stack.sip.address}:${stack.sip.port}`;

/** A ticket of this session; undefined where the product gives none out. */
async function ticketOf(token: string): Promise<string | undefined> {
  const { status, body } = await stack.http('POST', '/api/session/seat-ticket', { token, body: {} });
  return status === 200 ? (body as { ticket: string }).ticket : undefined;
}

/** The seat's door as a page opens it, with whatever the product asks of a page. */
async function asPage(token: string, local = '127.0.0.1') {
  const ticket = await ticketOf(token);
  return RawSip.webSocket(ticket === undefined ? door : `${door}?ticket=${encodeURIComponent(ticket)}`, {
    local,
    headers: { origin: stack.web },
  });
}

async function openedAsPage(token: string): Promise<{ readonly sip: RawSip; readonly closed: Promise<void> }> {
  const opened = await asPage(token);
  if (opened.refused !== undefined) throw new Error(`the page was refused with ${opened.refused}`);
  return opened;
}

const credentialOf = async (token: string): Promise<SeatCredential> =>
  (await stack.http('POST', '/api/seat/credential', { token })).body as SeatCredential;

/** A request that brings the digest of a seat, as its page would. */
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

  test('keeps no sockets open there', async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => RawSip.webSocket(door, { local: STRANGER })));
    const sockets = opened.flatMap((each) => (each.refused === undefined ? [each.sip] : []));
    for (const sip of sockets) sip[Symbol.dispose]();
    expect(sockets.length).toBe(0);
  });
});

describe('a ticket', () => {
  test('is good once, also for two at the same moment', async () => {
    const ticket = await ticketOf(agent1);
    expect(ticket).toBeDefined();
    const url = `${door}?ticket=${encodeURIComponent(ticket ?? '')}`;
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => RawSip.webSocket(url, { local: '127.0.0.1', headers: { origin: stack.web } })),
    );
    const inside = opened.flatMap((each) => (each.refused === undefined ? [each.sip] : []));
    for (const sip of inside) sip[Symbol.dispose]();
    expect(inside.length).toBe(1);
    const again = await RawSip.webSocket(url, { local: '127.0.0.1', headers: { origin: stack.web } });
    expect(again.refused).toBeGreaterThanOrEqual(400);
  });

  test('of a session that has ended opens nothing', async () => {
    const { signedIn } = await enter(stack, 'agent2');
    const ticket = await ticketOf(signedIn.accessToken);
    expect(ticket).toBeDefined();
    await stack.http('DELETE', '/api/session', { token: signedIn.accessToken });
    const opened = await RawSip.webSocket(`${door}?ticket=${encodeURIComponent(ticket ?? '')}`, {
      local: '127.0.0.1',
      headers: { origin: stack.web },
    });
    if (opened.refused === undefined) opened.sip[Symbol.dispose]();
    expect(opened.refused).toBeGreaterThanOrEqual(400);
  });

  test('lets nobody in from another origin, and stands in no log', async () => {
    const ticket = await ticketOf(agent1);
    expect(ticket).toBeDefined();
    const url = `${door}?ticket=${encodeURIComponent(ticket ?? '')}`;
    const opened = await RawSip.webSocket(url, { local: '127.0.0.1', headers: { origin: 'https://evil.example' } });
    expect(opened.refused).toBe(403);
    expect(
      ['roles', 'sip', 'api']
        .map((name) => stack.logOf(name))
        .join('\n')
        .includes(ticket ?? ''),
    ).toBe(false);
  });

  test('carries the credential of no other session', async () => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    const other = await credentialOf(agent2);
    const answer = await asSeat(mine, 'INVITE', seatUri, other, { body: describedAt('127.0.0.1', 9_000) });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
  });
});

describe('a signed-in agent', () => {
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
    await stack.http('POST', `/api/calls/${talk.callId}/end`, { token: supervisor });
    const answer = await Promise.race([over, mine.next(({ method }) => method === 'BYE', 8_000)]);
    expect(answer).toBe('there');
    expect(mine.requests).toEqual([]);
  }, 60_000);

  test('calls nobody by the own door: what comes by it is the seat and nothing else', async () => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    using ear = await RawRtp.open('127.0.0.1');
    const credential = await credentialOf(agent1);
    const body = describedAt('127.0.0.1', ear.port);
    for (const uri of [number, 'sip:13800008888@127.0.0.71', 'sip:9990@127.0.0.1', 'tel:110', `sip:4001000@${TRUTHFUL}`, 'sip:seat%00@x'])
      expect([uri, ((await asSeat(mine, 'INVITE', uri, credential, { body }))?.status ?? 403) >= 400]).toEqual([uri, true]);
    for (const method of ['SUBSCRIBE', 'MESSAGE', 'REFER', 'PUBLISH', 'NOTIFY'])
      expect([method, ((await asSeat(mine, method, number, credential))?.status ?? 403) >= 400]).toEqual([method, true]);
    expect(ear.received).toBe(0);
  }, 60_000);

  test('hides no second message, no lie about a length and no header of a trunk in one frame', async () => {
    const { sip } = await openedAsPage(agent1);
    using mine = sip;
    using ear = await RawRtp.open('127.0.0.1');
    const body = describedAt('127.0.0.1', ear.port);
    const hidden = (): string => mine.compose({ method: 'INVITE', uri: number, callId: `hidden-${nonce()}`, body });
    const options = (length: string): string => mine.compose({ method: 'OPTIONS', uri: seatUri }).replace('Content-Length: 0', length);
    const frames = [
      options('Content-Length: 0') + hidden(),
      options('Content-Length: -1') + hidden(),
      options('Content-Length: 0\r\nContent-Length: 5000') + hidden(),
      options('Content-Length: 99999') + hidden(),
      options('l: 0\r\nContent-Length: 700') + hidden(),
      mine.compose({ method: 'OPTIONS', uri: seatUri, headers: [`X-Folded: a\r\n\tb\r\n ${hidden().split('\r\n')[0] ?? ''}`] }),
      mine.compose({ method: 'INVITE', uri: `${seatUri}\r\nRoute: <${number}>`, body }),
      mine.compose({ method: 'INVITE', uri: seatUri, from: `"a\r\nRoute: <${number};lr>\r\nX: "<sip:x@y>;tag=${nonce()}`, body }),
      mine.compose({ method: 'INVITE', uri: seatUri, headers: [`Route: <${number};lr>`, 'Record-Route: <sip:127.0.0.1;lr>'], body }),
      '\r\n\r\n',
      '\u0000'.repeat(100),
    ];
    for (const frame of frames) mine.write(frame);
    // What is asked last is answered, or the door is shut by now: either way what came before has been seen to.
    await mine.ask({ method: 'OPTIONS', uri: seatUri }, 2_000);
    const accepted = mine.received.filter(({ status, header }) => status === 200 && header('cseq').includes('INVITE'));
    const carried = mine.received.filter(({ header }) => header('call-id').startsWith('hidden-') && header('cseq').includes('INVITE'));
    expect(accepted).toEqual([]);
    expect(carried.filter(({ status }) => status !== undefined && status < 300)).toEqual([]);
    expect(ear.received).toBe(0);
    expect((await stack.http('GET', '/api/health')).status).toBe(200);
  }, 30_000);

  test('who signs out is cut off, and the credential is worth nothing afterwards', async () => {
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
    const answer = await asSeat(mine, 'INVITE', seatUri, credential, { body: describedAt('127.0.0.1', 9_000) });
    expect(answer?.status ?? 403).toBeGreaterThanOrEqual(400);
  }, 20_000);
});

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});
