import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRtpengineCopies } from '../../../services/recording/capture/adapters/rtpengine-copies.js';
import { createUdpTaps } from '../../../services/recording/capture/adapters/udp-taps.js';
import type { CallMedia } from '../../../services/recording/capture/ports.js';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

const NUMBER = '95100';
const OUTSIDE = '02160000001';
const CALLER_HERTZ = 700;
const AGENT_HERTZ = 1_300;
const STRANGER = '127.0.0.66';
const HEARD_WITHIN_MS = 8_000;
const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });

let far: FarPhone;
let rig: TelephonyRig;
let stranger: Stranger;

/** Sends RTP to every even port of the relay, on both of its addresses, and counts what comes back. */
class Stranger {
  readonly #packet = Buffer.alloc(172, 0xd5);
  #sequence = 0;
  heard = 0;
  sent = 0;
  /** How many packets came from which port. */
  readonly heardFrom: Record<string, number> = {};

  constructor(
    private readonly socket: Socket,
    private readonly ports: readonly number[],
  ) {
    this.#packet[0] = 0x80;
    this.#packet[1] = 8;
    this.#packet.writeUInt32BE(0xdeadbeef, 8);
    socket.on('message', (_packet, { address, port }) => {
      this.heard += 1;
      const from = `${address}:${port}`;
      this.heardFrom[from] = (this.heardFrom[from] ?? 0) + 1;
    });
    socket.on('error', () => undefined);
  }

  static async open(portMin: number, portMax: number): Promise<Stranger> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, STRANGER, resolve));
    const ports = Array.from({ length: (portMax - portMin + 1) / 2 }, (_, at) => portMin + 2 * at);
    return new Stranger(socket, ports);
  }

  /** Sends `times` packets to each port, one after another. */
  async sweep(times: number): Promise<void> {
    for (let turn = 0; turn < times; turn += 1) {
      this.#sequence += 1;
      this.#packet.writeUInt16BE(this.#sequence & 0xffff, 2);
      this.#packet.writeUInt32BE((this.#sequence * 160) >>> 0, 4);
      const packet = Buffer.from(this.#packet);
      for (const port of this.ports)
        for (const address of ['127.0.0.1', '127.0.0.2']) {
          this.sent += 1;
          await new Promise<void>((resolve) => this.socket.send(packet, port, address, () => resolve()));
        }
    }
  }

  close(): void {
    this.socket.close();
  }
}

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  rig = await TelephonyRig.start({
    numbers: [{ number: NUMBER, name: NUMBER, status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: far.uri, permittedCallerNumbers: [NUMBER] },
    // Legs are checked four times in this time.
    callerSilentMs: 8_000,
  });
  stranger = await Stranger.open(rig.relayPorts.min, rig.relayPorts.max);
});
afterAll(async () => {
  stranger.close();
  await rig[Symbol.asyncDispose]();
  far.close();
});

const mediaOf = async (callId: string): Promise<CallMedia> =>
  (await rig.event('call.answered', (event) => event['callId'] === callId))['media'] as CallMedia;

test('sweeps over all ports while calls wait, talk, are held, transferred and joined by a third get no sound of anybody', async () => {
  const [anna, bert] = [await rig.seat('anna'), await rig.seat('bert')];
  const waiting = await rig.queued(NUMBER);
  await stranger.sweep(3);
  const { caller, callId } = await rig.talking(NUMBER, 'anna');
  caller.sound.play(CALLER_HERTZ);
  anna.sound.play(AGENT_HERTZ);
  await stranger.sweep(3);
  await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  await anna.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);

  // Each of these points legs elsewhere: that is when a relay may ask anew where its parties are.
  await Promise.all([stranger.sweep(3), rig.commands.send('call.hold', { callId, agentId: 'anna' })]);
  await Promise.all([stranger.sweep(3), rig.commands.send('call.resume', { callId, agentId: 'anna' })]);
  await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  const coming = far.next();
  await Promise.all([
    stranger.sweep(3),
    rig.commands.send('call.consult', { callId, agentId: 'anna', target: { to: 'number', number: OUTSIDE } }),
  ]);
  const outside = await coming;
  await outside.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  await Promise.all([stranger.sweep(3), rig.commands.send('call.consult-end', { callId, agentId: 'anna', how: 'join' })]);
  await outside.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  await rig.commands.send('call.transfer', { callId, agentId: 'anna', target: { to: 'seat', agentId: 'bert' } });
  await Promise.all([stranger.sweep(3), rig.commands.send('call.answer', { callId, agentId: 'bert' })]);
  bert.sound.play(AGENT_HERTZ + 400);
  await caller.sound.untilHears(AGENT_HERTZ + 400, HEARD_WITHIN_MS);
  await stranger.sweep(3);

  expect(stranger.heardFrom).toEqual({});
  expect(stranger.sent).toBeGreaterThan(5_000);
  waiting.caller.hangUp();
  caller.hangUp();
  await Promise.all([rig.ended(callId), rig.ended(waiting.callId)]);
  for (const seat of [anna, bert]) seat.hangUp();
});

test('a copy goes to the recorder alone, whoever sends to the port that it comes from', async () => {
  const seat = await rig.seat('cora');
  const { caller, callId } = await rig.talking(NUMBER, 'cora');
  caller.sound.play(CALLER_HERTZ);
  const media = await mediaOf(callId);
  const copies = createRtpengineCopies();
  const taps = createUdpTaps({ address: '127.0.0.2', portMin: 31_500, portMax: 31_600 });
  let [received, strange] = [0, 0];
  let hear: () => void = () => undefined;
  const tap = await taps.open((_packet, from) => {
    if (from.address === '127.0.0.2') received += 1;
    else strange += 1;
    if (received >= 100) hear();
  });
  const [subscription] = await copies.subscribe(media, [{ tag: media.callerTag, tap }]);
  expect(subscription?.source.address).toBe('127.0.0.2');
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const before = stranger.heard;
  await stranger.sweep(5);
  // A hundred packets are two seconds: after the sweeps the copy goes on as before.
  await heard;
  await stranger.sweep(5);
  received = 0;
  await new Promise<void>((resolve) => (hear = resolve));
  expect(stranger.heard - before).toBe(0);
  expect(strange).toBe(0);
  tap.close();
  copies.close();
  caller.hangUp();
  await rig.ended(callId);
  seat.hangUp();
});

test('a stranger at a live call raises an alarm', async () => {
  const seat = await rig.seat('dora');
  const { caller, callId } = await rig.talking(NUMBER, 'dora');
  await stranger.sweep(30);
  caller.hangUp();
  await rig.ended(callId);
  expect(rig.strangers.length).toBeGreaterThan(0);
  expect(rig.strangers[0]?.packets).toBeGreaterThanOrEqual(25);
  seat.hangUp();
});

test('a party behind NAT is found by its first packet, and by no other after it', async () => {
  const ng = createNgClient(rig.ngUrl);
  const description = ['v=0', 'o=- 1 1 IN IP4 127.0.0.70', 's=-', 'c=IN IP4 127.0.0.70', 't=0 0', 'm=audio 7070 RTP/AVP 8', ''].join(
    '\r\n',
  );
  const nat = createSocket('udp4');
  await new Promise<void>((resolve) => nat.bind(0, '127.0.0.71', resolve));
  const { sdp } = await rig.media.accept({ id: 'nat-1', kind: 'caller', sdp: description, behindNat: true });
  const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
  const endpoint = async (): Promise<{ address: string; port: number } | undefined> => {
    const { tags } = (await ng.send({ command: 'query', 'call-id': 'nat-1' })) as unknown as {
      tags: { A: { medias: { streams: { endpoint: { address: string; port: number } }[] }[] } };
    };
    const found = tags.A.medias[0]?.streams[0]?.endpoint;
    return found && { address: found.address, port: found.port };
  };
  const packet = Buffer.alloc(172, 0xd5);
  packet[0] = 0x80;
  packet[1] = 8;
  await new Promise<void>((resolve) => nat.send(packet, port, '127.0.0.1', () => resolve()));
  const { address, port: natPort } = nat.address();
  await until(endpoint, (found) => found?.address === address && found.port === natPort, HEARD_WITHIN_MS);
  await stranger.sweep(2);
  for (const towards of [9_001, 9_003, 9_005]) {
    await Promise.all([stranger.sweep(2), rig.media.attach('nat-1', { address: '127.0.0.2', port: towards })]);
    await stranger.sweep(2);
    expect(await endpoint()).toEqual({ address, port: natPort });
  }
  await rig.media.release('nat-1');
  nat.close();
  ng.close();
});
