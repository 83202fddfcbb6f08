import type { SipPhone } from './sip-phone.js';

const HEADER_BYTES = 12;
const FRAME_SAMPLES = 160;

/** Counts what an ear gets from now on: each frame of one source, in order, once. */
export interface FrameCount {
  readonly frames: number;
  /** Frames that are missing by the sequence numbers. */
  readonly lost: number;
  /** Frames that came a second time or after a later one. */
  readonly repeated: number;
  /** Changes of the source, or of the step from one time stamp to the next. */
  readonly breaks: number;
}

export function countFrames({ sound }: Pick<SipPhone, 'sound'>): () => FrameCount {
  let last: { readonly sequence: number; readonly timestamp: number; readonly source: number } | undefined;
  const count = { frames: 0, lost: 0, repeated: 0, breaks: 0 };
  sound.onPacket = (packet) => {
    if (packet.length < HEADER_BYTES) return;
    const now = { sequence: packet.readUInt16BE(2), timestamp: packet.readUInt32BE(4), source: packet.readUInt32BE(8) };
    const before = last;
    count.frames += 1;
    last = now;
    if (before === undefined) return;
    const step = (now.sequence - before.sequence + 0x1_0000) % 0x1_0000;
    if (before.source !== now.source) count.breaks += 1;
    else if (step === 0 || step > 0x8000) count.repeated += 1;
    else {
      count.lost += step - 1;
      if ((now.timestamp - before.timestamp + 2 ** 32) % 2 ** 32 !== step * FRAME_SAMPLES) count.breaks += 1;
    }
  };
  return () => ({ ...count });
}
