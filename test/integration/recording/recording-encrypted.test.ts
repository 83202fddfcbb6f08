import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRtpengineCopies, type CopyOptions } from '../../../services/recording/capture/adapters/rtpengine-copies.js';
import { createUdpTaps } from '../../../services/recording/capture/adapters/udp-taps.js';
import type { CallMedia, RelayCopies, Subscription } from '../../../services/recording/capture/ports.js';
import { alawToLinear } from '../../../services/shared/domain/sound/g711.js';
import { createNgClient, type NgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, RecorderRig } from './recording-rig.js';
import { heardShare, placeCall, seconds, toneShare, type PlainCall } from './recording-support.js';

// Copies for a recorder on another machine: the real relay encrypts them, the recorder decrypts them.

const HEADER_BYTES = 12;
const TAG_BYTES = 10;
const COPIED_PACKETS = 100;
const COPIED_WITHIN_MS = 15_000;
let rig: RecorderRig;

beforeAll(async () => {
  rig = await RecorderRig.start(33_000, { RECORDER_SRTP: 'always' });
});
afterAll(() => rig.stop());

/** The profile by which the relay says it sends each copy of a call. */
async function profilesOf(mediaCallId: string): Promise<string[]> {
  const { tags = {} } = (await rig.relay.ng.send({ command: 'query', 'call-id': mediaCallId })) as unknown as {
    tags?: Record<string, { medias?: { protocol?: string }[] }>;
  };
  return Object.entries(tags).flatMap(([tag, { medias }]) =>
    tag.startsWith('rec-') ? (medias ?? []).map(({ protocol }) => protocol ?? '') : [],
  );
}

describe('the recorder', () => {
  test('records an encrypted copy as it records a plain one, also when it is killed in the call', async () => {
    const recorded = await rig.answer('call-encrypted');
    const { mediaCallId } = recorded.call;
    expect(
      await until(
        () => profilesOf(mediaCallId),
        (profiles) => profiles.length === 2,
        COPIED_WITHIN_MS,
      ),
    ).toEqual(['RTP/SAVP', 'RTP/SAVP']);
    await talked(recorded.call, 2_000);
    await rig.killRecorder();
    await talked(recorded.call, 3_000);
    expect(new Set(await profilesOf(mediaCallId))).toEqual(new Set(['RTP/SAVP']));
    const { talkMs } = await rig.hangUp(recorded);
    const { left, right } = await rig.playBack('call-encrypted');

    expect(toneShare(seconds(left, 0.5, 1.5), CALLER_HZ)).toBeGreaterThan(0.95);
    expect(toneShare(seconds(right, 0.5, 1.5), AGENT_HZ)).toBeGreaterThan(0.95);
    const end = talkMs / 1_000 - 0.3;
    expect(heardShare(seconds(left, 0.3, end), CALLER_HZ)).toBeGreaterThan(0.9);
    expect(heardShare(seconds(right, 0.3, end), AGENT_HZ)).toBeGreaterThan(0.9);
    expect((await rig.row('call-encrypted')).account?.ms.lost).toBe(0);
  });
});

/** Resolves when each party has heard that much more of the other. */
async function talked({ caller, agent }: PlainCall, ms: number): Promise<void> {
  const packets = Math.min(caller.heardPackets, agent.heardPackets) + ms / 20;
  await until(
    async () => Math.min(caller.heardPackets, agent.heardPackets),
    (heard) => heard >= packets,
    COPIED_WITHIN_MS,
  );
}

describe('a copy', () => {
  const taps = createUdpTaps({ address: '127.0.0.1', portMin: 34_100, portMax: 34_199 });
  let call: PlainCall;
  let media: CallMedia;

  interface Copy {
    readonly subscription: Subscription;
    /** Packets as they came, by sequence number. */
    readonly wire: Map<number, Buffer>;
    end(): void;
  }

  beforeAll(async () => {
    call = await placeCall(rig.relay.ng, 'media-copies', { caller: CALLER_HZ, agent: AGENT_HZ });
    media = { relay: rig.relay.url, mediaCallId: call.mediaCallId, callerTag: 'A', farTag: 'far' };
  });
  afterAll(() => call.hangUp());

  async function copied(options: CopyOptions): Promise<Copy> {
    const copies: RelayCopies = createRtpengineCopies(options);
    const wire = new Map<number, Buffer>();
    const tap = await taps.open((packet) => void wire.set(Buffer.from(packet).readUInt16BE(2), Buffer.from(packet)));
    const [subscription] = await copies.subscribe(media, [{ tag: 'A', tap }]);
    if (subscription === undefined) throw new Error('no copy');
    return {
      subscription,
      wire,
      end() {
        copies.close();
        tap.close();
      },
    };
  }

  const profile = async ({ subscription }: Copy): Promise<string | undefined> => {
    const { tags } = (await rig.relay.ng.send({ command: 'query', 'call-id': media.mediaCallId })) as unknown as {
      tags: Record<string, { medias: { protocol: string }[] }>;
    };
    return tags[subscription.tag]?.medias[0]?.protocol;
  };

  test('that is encrypted has on the wire nothing of the sound, and decrypted every bit of it', async () => {
    const [plain, encrypted] = [await copied({ srtp: 'never' }), await copied({ srtp: 'always' })];
    const enough = (): boolean => [...encrypted.wire.keys()].filter((sequence) => plain.wire.has(sequence)).length >= COPIED_PACKETS;
    await until(async () => enough(), Boolean, COPIED_WITHIN_MS);
    const [sound, sealed] = [new Map(plain.wire), new Map(encrypted.wire)];
    const everything = Buffer.concat([...sealed.values()]);
    let compared = 0;
    for (const [sequence, packet] of sealed) {
      const expected = sound.get(sequence);
      if (expected === undefined) continue;
      const opened = encrypted.subscription.open?.(packet);
      expect(packet.length).toBe(expected.length + TAG_BYTES);
      expect(Buffer.from(opened ?? []).subarray(HEADER_BYTES)).toEqual(expected.subarray(HEADER_BYTES));
      // Forty clear bytes of a tone would be found anywhere in the traffic.
      expect(everything.includes(expected.subarray(HEADER_BYTES, HEADER_BYTES + 40))).toBe(false);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(COPIED_PACKETS);
    for (const copy of [plain, encrypted]) copy.end();
  });

  test.each(['never', 'always'] as const)('of both sides comes by one subscription, each side to its own socket (%s)', async (srtp) => {
    const asked: string[] = [];
    const connect = (url: string): NgClient => {
      const client = createNgClient(url);
      return { ...client, send: (request, ...more) => (asked.push(request.command), client.send(request, ...more)) };
    };
    const copies = createRtpengineCopies({ srtp, connect });
    const wire: [Buffer[], Buffer[]] = [[], []];
    const [one, other] = await Promise.all(wire.map((packets) => taps.open((packet) => void packets.push(Buffer.from(packet)))));
    if (one === undefined || other === undefined) throw new Error('no socket');
    const [caller, agent] = await copies.subscribe(media, [
      { tag: 'A', tap: one },
      { tag: 'far', tap: other },
    ]);
    expect(asked).toEqual(['subscribe request', 'subscribe answer']);
    expect(agent?.tag).toBe(caller?.tag);
    expect(agent?.source.port).not.toBe(caller?.source.port);
    await until(
      async () => Math.min(wire[0].length, wire[1].length),
      (packets) => packets >= COPIED_PACKETS,
      COPIED_WITHIN_MS,
    );
    const heard = ([copy, packets]: [Subscription | undefined, Buffer[]]): Int16Array => {
      const opened = packets.flatMap((packet) => copy?.open?.(packet) ?? (srtp === 'never' ? packet : []));
      return alawToLinear(Buffer.concat(opened.map((packet) => packet.subarray(HEADER_BYTES))));
    };
    expect(toneShare(heard([caller, wire[0]]), CALLER_HZ)).toBeGreaterThan(0.9);
    expect(toneShare(heard([agent, wire[1]]), AGENT_HZ)).toBeGreaterThan(0.9);
    for (const tap of [one, other]) tap.close();
    copies.close();
  });

  test('opens a packet once, and none of another copy', async () => {
    const [one, other] = [await copied({ srtp: 'always' }), await copied({ srtp: 'always' })];
    await until(
      async () => Math.min(one.wire.size, other.wire.size),
      (size) => size > 5,
      COPIED_WITHIN_MS,
    );
    const [[, first = Buffer.alloc(0)] = [], [, foreign = Buffer.alloc(0)] = []] = [[...one.wire][0], [...other.wire][0]];
    expect(one.subscription.open?.(foreign)).toBeUndefined();
    expect(one.subscription.open?.(first)).toBeDefined();
    expect(one.subscription.open?.(first)).toBeUndefined();
    for (const copy of [one, other]) copy.end();
  });

  test('has a key of its own, also beside a party whose sound is encrypted', async () => {
    const offers: string[] = [];
    const connect = (url: string): NgClient => {
      const client = createNgClient(url);
      return {
        ...client,
        async send(...sent) {
          const reply = await client.send(...sent);
          if (reply.sdp !== undefined) offers.push(reply.sdp);
          return reply;
        },
      };
    };
    const ids = { 'call-id': 'media-srtp-party', 'from-tag': 'A' } as const;
    const party = randomBytes(30).toString('base64');
    const description = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 9 RTP/SAVP 8'];
    const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${party}`;
    await rig.relay.ng.send({ command: 'offer', ...ids, sdp: [...description, crypto, ''].join('\r\n'), 'transport-protocol': 'RTP/AVP' });
    await rig.relay.ng.send({ command: 'answer', ...ids, 'to-tag': 'far', sdp: call.agent.sdp });
    const copies = createRtpengineCopies({ srtp: 'always', connect });
    for (let copy = 0; copy < 2; copy += 1)
      await copies.subscribe({ ...media, mediaCallId: ids['call-id'] }, [
        { tag: 'A', tap: { address: '127.0.0.1', port: 9, close: () => undefined } },
      ]);
    const keys = offers.flatMap((offer) => /^a=crypto:\d+ AES_256_CM_HMAC_SHA1_80 inline:(\S+)/m.exec(offer)?.[1] ?? []);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(Buffer.from(key, 'base64').includes(Buffer.from(party, 'base64').subarray(0, 16))).toBe(false);
    copies.close();
    await rig.relay.ng.send({ command: 'delete', 'call-id': ids['call-id'], 'delete-delay': 0 });
  });

  test('of a relay on another machine is encrypted by itself, the first one too; on this machine it is not', async () => {
    const far = await copied({ isLocal: () => false });
    expect(await profile(far)).toBe('RTP/SAVP');
    expect(far.subscription.open).toBeDefined();
    const near = await copied({});
    expect(await profile(near)).toBe('RTP/AVP');
    expect(near.subscription.open).toBeUndefined();
    for (const copy of [far, near]) copy.end();
  });
});
