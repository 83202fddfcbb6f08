import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import type { SipMessage, SipRequest } from '../../../infra/embedded/sip/message/message.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createSignalling } from '../../../services/signalling/index.js';
import { RawPeer, SDP, SECRET, portOf, startServer } from '../sip/sip-support.js';

// A trunk with two addresses, both played by hand: which of them a call reaches, and when.

/** The called phone rings within this time, however dead the first address is. */
const RINGS_WITHIN_MS = 5_000;
const answer = { extra: ['Content-Type: application/sdp'], body: SDP };
let server: SipServer;
let first: RawPeer;
let second: RawPeer;
let signalling: ReturnType<typeof createSignalling>;
/** The permits of calls that were answered after they had moved on to another address. */
let late: string[];
/** What a call reported about the silence of its carrier. */
let silences: boolean[];
let trunks: Trunk[];

beforeEach(async () => {
  late = [];
  silences = [];
  // Real SIP timers: they decide how fast a dead address is left.
  server = await startServer({ timing: {} });
  [first, second] = await Promise.all([RawPeer.open(portOf(server, 'udp'), '127.0.0.2'), RawPeer.open(portOf(server, 'udp'), '127.0.0.3')]);
  const trunk: Trunk = {
    id: 'carrier',
    name: 'carrier',
    carrier: '',
    addresses: ['127.0.0.2', '127.0.0.3'],
    outboundUri: `sip:127.0.0.2:${String(first.port)}`,
    furtherUris: [`sip:127.0.0.3:${String(second.port)}`],
    trustsIdentity: false,
    permittedCallerNumbers: ['02160000001'],
    enabled: true,
  };
  trunks = [trunk];
  signalling = createSignalling({
    drachtioUrl: `tcp://127.0.0.1:${String(server.admin.port)}`,
    drachtioSecret: SECRET,
    doors: { seatPort: 1, testPort: 2, testAddress: '127.0.0.1' },
    seatKey: 'a key of seats',
    seatOwner: () => Promise.resolve(undefined),
    trunks: () => ({ trunks: () => trunks, trunk: () => trunks[0] }),
    redeem: () => true,
    notSent: () => undefined,
    onTrunkCall: () => Promise.resolve(),
    onSeatCall: () => Promise.resolve(),
    onAnsweredLate: ({ permitId }) => late.push(permitId),
    log: silentLogger,
  });
});

afterEach(async () => {
  await signalling.service.stop();
  first.close();
  second.close();
  await server.close();
});

const permit = { permitId: 'p', trunkId: 'carrier', from: '02160000001', number: '13800000000', way: 'callback' } as unknown as DialPermit;

function dial(timeoutMs = 30_000, changes: Partial<DialPermit> = {}): ReturnType<typeof signalling.dialler.dial> {
  return signalling.dialler.dial({
    permit: { ...permit, ...changes },
    sdp: SDP,
    timeoutMs,
    signal: new AbortController().signal,
    onLeaving: () => undefined,
    onSilence: (isSilent) => silences.push(isSilent),
  });
}

const is =
  (method: string) =>
  (message: SipMessage): boolean =>
    message.kind === 'request' && message.method === method;

/** Answers each OPTIONS until the test is over. */
function answersOptions(peer: RawPeer, status: number): void {
  void peer.request('OPTIONS').then((options) => {
    peer.answer(options, status);
    answersOptions(peer, status);
  });
}

async function takes(peer: RawPeer): Promise<void> {
  peer.answer(await peer.request('INVITE'), 200, answer);
  await peer.request('ACK');
}

type Health = Awaited<ReturnType<NonNullable<typeof signalling.service.health>>>;

async function health(): Promise<Health> {
  const told = await signalling.service.health?.();
  if (told === undefined) throw new Error('signalling tells nothing of its health');
  return told;
}

async function stateOf(): Promise<readonly string[]> {
  const { ways } = (await health()).facts as unknown as { readonly ways: Readonly<Record<string, readonly { readonly state: string }[]>> };
  return (ways['carrier'] ?? []).map(({ state }) => state);
}

async function until(states: readonly string[]): Promise<void> {
  const deadlineMs = performance.now() + 15_000;
  while ((await stateOf()).join() !== states.join() && performance.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await stateOf()).toEqual(states);
}

test('health says when all addresses are dead; a dead one costs a call nothing; one that is back is first again', async () => {
  await signalling.service.start();
  await until(['down', 'down']);
  expect((await health()).reason).toContain('does not answer at any address');
  answersOptions(second, 405);
  await until(['down', 'up']);
  expect((await health()).ok).toBe(true);
  const startedMs = performance.now();
  const call = dial();
  await takes(second);
  const dialog = await call;
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(first.received.some(is('INVITE'))).toBe(false);
  const over = dialog.hangUp();
  second.answer(await second.request('BYE'), 200);
  await over;
  answersOptions(first, 200);
  await until(['up', 'up']);
}, 40_000);

test('an address that dies unseen is left within the attempt, and the phone rings in time; its late answer is ended', async () => {
  answersOptions(second, 200);
  await signalling.service.start();
  const startedMs = performance.now();
  const call = dial();
  const lost = await first.request('INVITE');
  await takes(second);
  await call;
  expect(performance.now() - startedMs).toBeLessThan(RINGS_WITHIN_MS);
  first.answer(lost, 200, { ...answer, toTag: 'late' });
  await first.request('ACK');
  first.answer(await first.request('BYE'), 200);
}, 40_000);

describe('a way that wakes up after the call has gone on to the next one', () => {
  /** The first address has the INVITE and says nothing; the second has the conversation. */
  async function talksElsewhere(): Promise<{ readonly lost: SipRequest; readonly dialog: Awaited<ReturnType<typeof dial>> }> {
    answersOptions(second, 200);
    await signalling.service.start();
    const call = dial();
    const lost = await first.request('INVITE');
    await takes(second);
    return { lost, dialog: await call };
  }
  /** The conversation goes on: nothing was sent to its carrier, and it ends when we end it. */
  async function isLeftAlone(dialog: Awaited<ReturnType<typeof dial>>): Promise<void> {
    expect(second.received.filter((message) => is('BYE')(message) || is('CANCEL')(message) || is('INVITE')(message))).toEqual([]);
    const over = dialog.hangUp();
    second.answer(await second.request('BYE'), 200);
    await over;
    // Nothing keeps ringing, and the first address gets no new INVITE.
    expect(first.received.filter((message) => is('INVITE')(message) && !isRepeated(message))).toEqual([]);
  }
  let known: string | undefined;
  const isRepeated = (message: SipMessage): boolean => message.headers.get('call-id') === known;

  test('and rings is called off, and its telephone is silent', async () => {
    const { lost, dialog } = await talksElsewhere();
    known = lost.headers.get('call-id');
    first.answer(lost, 180, { toTag: 'late' });
    first.answer(await first.request('CANCEL'), 200);
    first.answer(lost, 487, { toTag: 'late' });
    await first.request('ACK');
    await isLeftAlone(dialog);
    expect(late).toEqual([]);
  }, 40_000);

  test('and answers across the CANCEL is acknowledged and ended at once, and that is told', async () => {
    const { lost, dialog } = await talksElsewhere();
    known = lost.headers.get('call-id');
    first.answer(lost, 180, { toTag: 'late' });
    first.answer(await first.request('CANCEL'), 200);
    const answeredMs = performance.now();
    first.answer(lost, 200, { ...answer, toTag: 'late' });
    await first.request('ACK');
    first.answer(await first.request('BYE'), 200);
    expect(performance.now() - answeredMs).toBeLessThan(1_000);
    await isLeftAlone(dialog);
    expect(late).toEqual(['p']);
  }, 40_000);

  test('and answers without having rung is acknowledged and ended at once, and that is told once', async () => {
    const { lost, dialog } = await talksElsewhere();
    known = lost.headers.get('call-id');
    first.answer(lost, 200, { ...answer, toTag: 'late' });
    // A 200 that was repeated because the ACK was slow is the same answer.
    first.answer(lost, 200, { ...answer, toTag: 'late' });
    await first.request('ACK');
    first.answer(await first.request('BYE'), 200);
    await isLeftAlone(dialog);
    expect(late).toEqual(['p']);
  }, 40_000);

  test('and is busy, or is full, changes nothing', async () => {
    const { lost, dialog } = await talksElsewhere();
    known = lost.headers.get('call-id');
    first.answer(lost, 486, { toTag: 'late' });
    await first.request('ACK');
    await isLeftAlone(dialog);
    expect(late).toEqual([]);
  }, 40_000);
});

test('a carrier that does not answer OPTIONS and takes calls is no outage, and is not left for being slow to ring', async () => {
  await signalling.service.start();
  await until(['down', 'down']);
  const call = dial();
  const invite = await first.request('INVITE');
  first.answer(invite, 180);
  await until(['no-options', 'down']);
  first.answer(invite, 200, answer);
  await first.request('ACK');
  const dialog = await call;
  expect((await health()).ok).toBe(true);
  const over = dialog.hangUp();
  first.answer(await first.request('BYE'), 200);
  await over;
  // The next answer takes longer than a dead address is given.
  const slow = dial();
  const again = await first.request('INVITE');
  first.answer(again, 100);
  await new Promise((resolve) => setTimeout(resolve, RINGS_WITHIN_MS));
  expect(second.received.some(is('INVITE'))).toBe(false);
  first.answer(again, 200, answer);
  await slow;
  // An inbound call shows that the other address is alive too.
  second.sendText(second.requestText('INVITE', { callId: 'comes-in', ...{ extra: ['Content-Type: application/sdp'], body: SDP } }));
  await until(['no-options', 'no-options']);
  expect(signalling.trunkStates()[0]?.ways.map(({ state, history }) => [state, history.map((step) => step.state)])).toEqual([
    ['no-options', ['unknown', 'down']],
    ['no-options', ['unknown', 'down']],
  ]);
}, 60_000);

test('ways that answer no OPTIONS are down when a call hears nothing of them, the last one too', async () => {
  await signalling.service.start();
  await until(['down', 'down']);
  for (const [peer, callId] of [
    [first, 'in-1'],
    [second, 'in-2'],
  ] as const)
    peer.sendText(peer.requestText('INVITE', { callId, ...{ extra: ['Content-Type: application/sdp'], body: SDP } }));
  await until(['no-options', 'no-options']);
  // Both are known to send a 100.
  const busy = dial();
  const full = await first.request('INVITE');
  first.answer(full, 100);
  first.answer(full, 503);
  const taken = await second.request('INVITE');
  second.answer(taken, 100);
  second.answer(taken, 486);
  await expect(busy).rejects.toMatchObject({ code: 'busy' });
  expect(await stateOf()).toEqual(['no-options', 'no-options']);
  await expect(dial(9_000)).rejects.toBeDefined();
  await until(['down', 'down']);
}, 60_000);

test('a carrier that is slow to ring is not left: it answers OPTIONS', async () => {
  answersOptions(first, 200);
  answersOptions(second, 200);
  await signalling.service.start();
  const call = dial();
  const invite = await first.request('INVITE');
  first.answer(invite, 100);
  await new Promise((resolve) => setTimeout(resolve, RINGS_WITHIN_MS));
  expect(second.received.some(is('INVITE'))).toBe(false);
  first.answer(invite, 200, answer);
  await call;
}, 40_000);

test('a 503 is left at once; a busy number is no reason to ask elsewhere', async () => {
  answersOptions(first, 200);
  answersOptions(second, 200);
  await signalling.service.start();
  const call = dial();
  first.answer(await first.request('INVITE'), 503);
  await takes(second);
  await call;
  const busy = dial();
  first.answer(await first.request('INVITE'), 486);
  await expect(busy).rejects.toMatchObject({ code: 'busy' });
  expect(second.received.some(is('INVITE'))).toBe(false);
}, 40_000);

describe('a trunk with one address', () => {
  beforeEach(() => {
    trunks = trunks.map((trunk) => ({ ...trunk, furtherUris: [] }));
  });
  const failsAfter = async (call: Promise<unknown>): Promise<number> => {
    const beganMs = performance.now();
    await expect(call).rejects.toMatchObject({ code: 'carrier-silent' });
    return performance.now() - beganMs;
  };

  test('that says nothing at all, from the first day: told after 4 s, given up after 8 s; the next call is refused at once', async () => {
    await signalling.service.start();
    await until(['down']);
    const tookMs = await failsAfter(dial());
    expect(tookMs).toBeGreaterThan(7_500);
    expect(tookMs).toBeLessThan(9_000);
    expect(silences).toEqual([true]);
    const invites = first.received.filter(is('INVITE')).length;
    expect(await failsAfter(dial())).toBeLessThan(1_500);
    expect(first.received.filter(is('INVITE'))).toHaveLength(invites);
  }, 40_000);

  test('that has said 100 to an earlier call is given up after 4 s', async () => {
    answersOptions(first, 200);
    await signalling.service.start();
    await until(['up']);
    const busy = dial();
    const invite = await first.request('INVITE');
    first.answer(invite, 100);
    first.answer(invite, 486);
    await expect(busy).rejects.toMatchObject({ code: 'busy' });
    expect(await failsAfter(dial())).toBeLessThan(5_000);
    expect(silences).toEqual([]);
  }, 40_000);

  test('that answers OPTIONS, says no 100 and rings late is waited for: the silence is told, and then its end', async () => {
    answersOptions(first, 200);
    await signalling.service.start();
    await until(['up']);
    const call = dial();
    const invite = await first.request('INVITE');
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    expect(silences).toEqual([true]);
    first.answer(invite, 180);
    first.answer(invite, 200, answer);
    await call;
    expect(silences).toEqual([true, false]);
  }, 40_000);

  test('a test of the trunk hears a carrier out that says nothing, and shows by its ringing that it is there', async () => {
    await signalling.service.start();
    await until(['down']);
    const call = dial(30_000, { test: true });
    const invite = await first.request('INVITE');
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    first.answer(invite, 180);
    first.answer(invite, 200, answer);
    await call;
    await until(['no-options']);
  }, 40_000);
});
