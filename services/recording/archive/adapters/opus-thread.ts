import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { Encoder } from '@evan/opus/wasm/index.mjs';
import { decodeAlaw } from '../../../shared/domain/sound/g711.js';
import { OPUS_RATE, opusTags, writeOpus } from '../../media/ogg.js';
import { OPUS_PACKET_MS } from '../opus-pieces.js';
import type { StereoSound } from '../ports.js';

export interface OpusJob {
  readonly id: number;
  readonly sound: StereoSound;
  /** For both channels together. */
  readonly bitsPerSecond: number;
}
export type OpusReply = { readonly id: number } & ({ readonly ogg: Uint8Array } | { readonly failure: string });

const RATE = 8_000;
const PACKET_SAMPLES = (RATE * OPUS_PACKET_MS) / 1_000;
/** opus_defines.h */
const SET_BITRATE = 4_002;
const SET_COMPLEXITY = 4_010;
const GET_LOOKAHEAD = 4_027;

const port = parentPort;
if (port === null) throw new Error('This module is the body of a worker thread.');
// Only this thread, on Linux: encoding must never take the processor from incoming media.
setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

port.on('message', ({ id, sound, bitsPerSecond }: OpusJob) => {
  try {
    const ogg = encodeOpus(sound, bitsPerSecond);
    port.postMessage({ id, ogg } satisfies OpusReply, [ogg.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, failure: error instanceof Error ? error.message : 'the encoder failed' } satisfies OpusReply);
  }
});

function encodeOpus({ caller, agent }: StereoSound, bitsPerSecond: number): Uint8Array {
  const encoder = new Encoder({ channels: 2, sample_rate: RATE, application: 'audio' });
  try {
    encoder.ctl(SET_BITRATE, bitsPerSecond);
    // Packets of 60 ms halve the work, without an audible difference in telephone speech.
    encoder.ctl(SET_COMPLEXITY, 0);
    const lookahead = encoder.ctl(GET_LOOKAHEAD);
    const packets: Uint8Array[] = [];
    const samples = new Int16Array(2 * PACKET_SAMPLES);
    for (let from = 0; from < caller.length + lookahead; from += PACKET_SAMPLES) {
      for (let i = 0; i < PACKET_SAMPLES; i += 1) {
        const inside = from + i < caller.length;
        samples[2 * i] = inside ? decodeAlaw(caller[from + i] ?? 0) : 0;
        samples[2 * i + 1] = inside ? decodeAlaw(agent[from + i] ?? 0) : 0;
      }
      packets.push(encoder.encode(samples));
    }
    return writeOpus({
      serial: 1,
      head: opusHead((lookahead * OPUS_RATE) / RATE),
      tags: opusTags('proofline', {}),
      packets,
      packetSamples: (PACKET_SAMPLES * OPUS_RATE) / RATE,
      samples: (caller.length * OPUS_RATE) / RATE,
    });
  } finally {
    encoder.drop();
  }
}

/** RFC 7845 section 5.1, for two channels of telephone audio. */
function opusHead(preSkip: number): Uint8Array {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode('OpusHead'));
  head.set([1, 2], 8);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, RATE, true);
  return head;
}
