import { startThread } from '../../../shared/platform/threads/thread.js';
import type { Encoder, StereoSound } from '../ports.js';
import { decodeToWav } from './ffmpeg-decoder.js';
import type { OpusJob, OpusReply } from './opus-thread.js';

/** The number of processors that encoding may use. */
const THREADS = 2;

interface Waiting {
  readonly resolve: (ogg: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Encodes in threads of this process: no process is started for a call, and WebAssembly cannot write outside its memory. A thread that ends
 * fails its current recording, which is tried again from the spool, and the next recording gets a new thread.
 */
export function createOpusEncoder({ bitsPerSecondPerChannel = 24_000 }: { readonly bitsPerSecondPerChannel?: number } = {}): Encoder {
  let threads: EncoderThread[] = [];
  function idlest(): EncoderThread {
    threads = threads.filter(({ alive }) => alive);
    const known = threads.toSorted((a, b) => a.waiting - b.waiting)[0];
    if (known !== undefined && (known.waiting === 0 || threads.length >= THREADS)) return known;
    const fresh = new EncoderThread();
    threads.push(fresh);
    return fresh;
  }
  return {
    encode: (sound) => idlest().encode(sound, 2 * bitsPerSecondPerChannel),
    toWav: decodeToWav,
  };
}

class EncoderThread {
  readonly #worker = startThread(import.meta.url, 'opus-thread');
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  alive = true;

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (reply: OpusReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the thread of the encoder has ended')));
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  encode(sound: StereoSound, bitsPerSecond: number): Promise<Uint8Array> {
    const id = (this.#next += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, sound, bitsPerSecond } satisfies OpusJob);
    });
  }

  #settle(reply: OpusReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    // A process without other work may end.
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('ogg' in reply) waiting?.resolve(reply.ogg);
    else waiting?.reject(new Error(reply.failure));
  }

  #end(error: Error): void {
    this.alive = false;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
