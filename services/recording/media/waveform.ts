import { decodeAlaw } from '../../shared/domain/sound/g711.js';

const BUCKET_MS = 100;
const SAMPLES_PER_BUCKET = BUCKET_MS * 8;
const magnitudes = Int16Array.from({ length: 256 }, (_, code) => Math.abs(decodeAlaw(code)));

/** Loudest sample of each 100 ms as 0-255, per channel: what a page draws. */
export interface Peaks {
  readonly bucketMs: number;
  readonly caller: Uint8Array;
  readonly agent: Uint8Array;
}

/** Collects peaks while the audio passes piece by piece. */
export class PeakMeter {
  readonly #peaks: number[] = [];
  #filled = 0;
  #peak = 0;

  push(alaw: Uint8Array): void {
    for (let from = 0; from < alaw.length;) {
      const to = Math.min(alaw.length, from + SAMPLES_PER_BUCKET - this.#filled);
      this.#filled += to - from;
      let peak = this.#peak;
      for (; from < to; from += 1) peak = Math.max(peak, magnitudes[alaw[from] ?? 0] ?? 0);
      this.#peak = peak;
      if (this.#filled === SAMPLES_PER_BUCKET) this.#close();
    }
  }

  finish(): Uint8Array {
    if (this.#filled > 0) this.#close();
    return Uint8Array.from(this.#peaks);
  }

  #close(): void {
    this.#peaks.push(this.#peak <= 8 ? 0 : Math.min(255, Math.round((this.#peak / 32_256) * 255)));
    this.#filled = 0;
    this.#peak = 0;
  }
}

export const peaksOf = (caller: PeakMeter, agent: PeakMeter): Peaks => ({
  bucketMs: BUCKET_MS,
  caller: caller.finish(),
  agent: agent.finish(),
});
