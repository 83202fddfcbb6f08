import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SipPhone, type PhoneOptions } from '../../../services/proof-call/adapters/sip-phone.js';
import { PROOF_AGENT } from '../../../services/shared/domain/proof.js';
import { rememberSession, seatPassword } from '../../../services/shared/platform/events/live-sessions.js';
import { issueSeatTicket, TEST_CALLER, testDoorPassword } from '../../../services/shared/platform/network/sip-doors.js';
import { openSeatLink, startSeatDoor, type SeatLink } from '../../support/seat-link.js';
import { demoNumber } from '../../../services/calls/adapters/seed.js';
import { SEAT_KEY, SECRET, TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// Each door of SIP, tried from the others: the listener decides who is speaking.

const TRUNK = '127.0.0.1';
const STRANGER = '127.0.0.66';
const SEAT = 'sip:seat@proofline.invalid';

let rig: TelephonyRig;
const phones: { close(): void }[] = [];

beforeAll(async () => {
  rig = await TelephonyRig.start({ numbers: [demoNumber], trunk: { trustsIdentity: true } });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});
afterEach(() => {
  for (const phone of phones.splice(0)) phone.close();
});

async function signIn(agentId: string, sessionId: string, lastsMs = 60_000): Promise<void> {
  const scope = { queues: [], sites: [], clientUnits: [] };
  await rememberSession(rig.valkey, sessionId, { userId: agentId, name: agentId, roles: ['agent'], scope }, lastsMs);
}

const connect = async (sessionId: string, web = rig.web): Promise<SeatLink> =>
  openSeatLink(`${web}/sip?ticket=${await issueSeatTicket(rig.valkey, sessionId)}`);

async function call(server: PhoneOptions['server'], uri: string, session?: string, password?: string, local = TRUNK): Promise<number> {
  const phone = await SipPhone.open(
    {
      server,
      local,
      from: 'sip:13800000001@elsewhere',
      ...(session === undefined ? {} : { credential: { username: session, password: password ?? seatPassword(SEAT_KEY, session) } }),
    },
    uri,
  );
  phones.push(phone);
  return phone.call();
}

const trunkDoor = (): { address: string; port: number } => ({ address: TRUNK, port: rig.sipPort });
const testDoor = (): { address: string; port: number } => ({ address: TRUNK, port: rig.testPort });

describe('the seat door', () => {
  test('takes one connection a ticket, of a session that lives', async () => {
    await signIn('anna', 'session-1');
    const ticket = await issueSeatTicket(rig.valkey, 'session-1');
    const link = await openSeatLink(`${rig.web}/sip?ticket=${ticket}`);
    await expect(openSeatLink(`${rig.web}/sip?ticket=${ticket}`)).rejects.toThrow('401');
    await expect(openSeatLink(`${rig.web}/sip`)).rejects.toThrow('401');
    await expect(connect('session-of-nobody')).rejects.toThrow('403');
    link.close();
  });

  test("lets in the seat of its ticket's session and no other, though both digests are right", async () => {
    await signIn('anna', 'session-2');
    await signIn('bert', 'session-3');
    expect(await call(await connect('session-2'), SEAT, 'session-3')).toBe(403);
    expect(await call(await connect('session-2'), SEAT, 'session-2')).toBe(200);
  });

  test('reaches no service number, though the address behind it is that of a trunk', async () => {
    await signIn('anna', 'session-4');
    expect(await call(await connect('session-4'), `sip:${demoNumber.number}@proofline.invalid`, 'session-4')).toBe(403);
  });

  test('is shut behind a session that ends, that runs out, or that opens too many connections', async () => {
    const door = await startSeatDoor({
      sipPort: rig.seatPort,
      sipSecret: SECRET,
      seatKey: SEAT_KEY,
      valkey: rig.valkey,
      limits: { perSession: 2, perPerson: 3, checkEveryMs: 50, pingEveryMs: 50, idleMs: 400 },
    });
    await signIn('anna', 'session-5');
    await signIn('bert', 'session-6', 300);
    const [one, two] = [await connect('session-5', door.url), await connect('session-5', door.url)];
    await expect(connect('session-5', door.url)).rejects.toThrow('429');
    // Another session of the same person gets only what is left, whichever connection comes first.
    await signIn('anna', 'session-5b');
    const more = await Promise.allSettled([connect('session-5b', door.url), connect('session-5b', door.url)]);
    expect(more.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const ranOut = await connect('session-6', door.url);
    await once(ranOut.socket, 'close');
    const cut = Promise.all([once(one.socket, 'close'), once(two.socket, 'close')]);
    door.endSession('session-5');
    await cut;
    // Nobody calls over this connection.
    const idle = await connect('session-5', door.url);
    const openedMs = performance.now();
    await once(idle.socket, 'close');
    expect(performance.now() - openedMs).toBeGreaterThan(300);
    await door.stop();
  });

  test('cuts an address that knocks without tickets, and lets in who comes from there with one', async () => {
    await signIn('anna', 'session-11');
    const knock = (): Promise<string> =>
      openSeatLink(`${rig.web}/sip`).then(
        () => 'let in',
        (error: unknown) => String(error),
      );
    const answers: string[] = [];
    for (let i = 0; i < 60; i += 1) answers.push(await knock());
    expect(answers[0]).toContain('401');
    expect(answers.at(-1)).not.toContain('401');
    expect(answers).not.toContain('let in');
    (await connect('session-11')).close();
  });

  test('closes a connection that sends more than a page does, and goes on for the others', async () => {
    await signIn('anna', 'session-7');
    await signIn('bert', 'session-8');
    const flood = await connect('session-7');
    const cut = once(flood.socket, 'close');
    for (let i = 0; i < 200; i += 1) flood.send('\r\n');
    await cut;
    expect(await call(await connect('session-8'), SEAT, 'session-8')).toBe(200);
  });
});

describe('the trunk door', () => {
  test('knows no seat, and no stranger', async () => {
    await signIn('anna', 'session-9');
    expect(await call(trunkDoor(), `sip:seat@${TRUNK}`, 'session-9')).toBe(400);
    expect(await call(trunkDoor(), `sip:${demoNumber.number}@${TRUNK}`, undefined, undefined, STRANGER)).toBe(403);
  });

  test('takes no registration', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, TRUNK);
    await once(socket, 'listening');
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    const lines = [
      `REGISTER sip:${TRUNK} SIP/2.0`,
      `Via: SIP/2.0/UDP ${TRUNK}:${socket.address().port};branch=z9hG4bKregister`,
      'Max-Forwards: 70',
      'From: <sip:eve@x>;tag=1',
      'To: <sip:eve@x>',
      'Call-ID: register',
      'CSeq: 1 REGISTER',
      'Contact: <sip:13800000009@127.0.0.7>',
      'Content-Length: 0',
    ];
    socket.send([...lines, '', ''].join('\r\n'), rig.sipPort, TRUNK);
    expect((await answered)[0].toString()).toMatch(/^SIP\/2\.0 405 /);
    socket.close();
  });
});

describe('the door of test calls', () => {
  test('asks for its secret, whatever the address', async () => {
    const number = `sip:${demoNumber.number}@${TRUNK}`;
    expect(await call(testDoor(), number)).toBe(401);
    expect(await call(testDoor(), number, TEST_CALLER, 'guessed')).toBe(401);
    await signIn('anna', 'session-10');
    expect(await call(testDoor(), number, 'session-10')).toBe(401);
  });

  test('makes test calls: the record says so, and the trunk is none of the carriers', async () => {
    const arrived = rig.event('call.arrived', ({ trunkId }) => trunkId === 'test');
    expect(await call(testDoor(), `sip:${demoNumber.number}@${TRUNK}`, TEST_CALLER, testDoorPassword(SEAT_KEY))).toBe(200);
    const { callId } = await arrived;
    for (const phone of phones.splice(0)) phone.close();
    await rig.ended(String(callId));
    // Without a document store records wait in the spool.
    const file = join(rig.folder, 'spool', 'calls', `${String(callId)}.json`);
    await until(() => existsSync(file), Boolean);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ class: 'test', trunkId: 'test' });
  });

  test('has the seat of proof calls and nobody else', async () => {
    await signIn('anna', 'session-11');
    await signIn(PROOF_AGENT, 'session-12');
    expect(await call(testDoor(), `sip:seat@${TRUNK}`, 'session-11')).toBe(403);
    expect(await call(testDoor(), `sip:seat@${TRUNK}`, 'session-12')).toBe(200);
  });
});
