import { ALAW_SILENCE, decodeAlaw, encodeAlaw } from '../../shared/domain/sound/g711.js';

/** 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160;
/** The largest number of waiting frames. Older frames are dropped, because they would only add delay. */
const MOST_FRAMES = 4;
/** A party that starts to send is played only after this many frames, so that its jitter is not audible. */
const FIRST_FRAMES = 2;

interface Party {
  readonly frames: Uint8Array[];
  playing: boolean;
}

/**
 * An N-1 room: every 20 ms each party gets the sum of the parties that it hears. Who hears whom is data (`hears`), so listening,
 * whispering, barging in and taking over are the same room with another matrix. Pure: sockets and clocks belong to the adapter.
 */
export interface Room {
  join(partyId: string): void;
  leave(partyId: string): void;
  /** Replaces the matrix. A party that is not named hears nobody. */
  setMatrix(hears: Readonly<Record<string, readonly string[]>>): void;
  receive(partyId: string, payload: Uint8Array): void;
  /** The next 20 ms for each party. */
  tick(): ReadonlyMap<string, Uint8Array>;
  readonly size: number;
}

export function createRoom(): Room {
  const parties = new Map<string, Party>();
  let matrix: Readonly<Record<string, readonly string[]>> = {};

  function next(party: Party): Uint8Array | undefined {
    if (!party.playing && party.frames.length < FIRST_FRAMES) return undefined;
    const frame = party.frames.shift();
    party.playing = frame !== undefined;
    return frame;
  }

  return {
    join(partyId) {
      if (!parties.has(partyId)) parties.set(partyId, { frames: [], playing: false });
    },
    leave(partyId) {
      parties.delete(partyId);
    },
    setMatrix(hears) {
      matrix = hears;
    },
    receive(partyId, payload) {
      const party = parties.get(partyId);
      if (party === undefined) return;
      for (let start = 0; start + FRAME_SAMPLES <= payload.length; start += FRAME_SAMPLES)
        party.frames.push(Uint8Array.from(payload.subarray(start, start + FRAME_SAMPLES)));
      while (party.frames.length > MOST_FRAMES) party.frames.shift();
    },
    tick() {
      const spoken = new Map<string, Uint8Array>();
      for (const [partyId, party] of parties) {
        const frame = next(party);
        if (frame !== undefined) spoken.set(partyId, frame);
      }
      return new Map([...parties.keys()].map((partyId) => [partyId, sum(heardBy(partyId), spoken)]));
    },
    get size() {
      return parties.size;
    },
  };

  function heardBy(partyId: string): readonly string[] {
    return matrix[partyId] ?? [];
  }
}

function sum(speakers: readonly string[], spoken: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const frames = speakers.flatMap((speaker) => spoken.get(speaker) ?? []);
  const [only] = frames;
  if (only === undefined) return new Uint8Array(FRAME_SAMPLES).fill(ALAW_SILENCE);
  if (frames.length === 1) return only;
  return Uint8Array.from({ length: FRAME_SAMPLES }, (_, index) =>
    encodeAlaw(frames.reduce((total, frame) => total + decodeAlaw(frame[index] ?? ALAW_SILENCE), 0)),
  );
}
