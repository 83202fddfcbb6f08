import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Encoder } from '../ports.js';
import { OPUS_PACKET_MS } from '../opus-pieces.js';

/** Processes at once. What comes while they run is taken by the next one together: a process costs more to start than a short call to encode. */
const AT_ONCE = 2;
/** Of one process: recordings, and bytes of sound. */
const MOST_TOGETHER = 16;
const MOST_BYTES = 16 * 1024 * 1024;

interface Job {
  readonly stereo: Uint8Array;
  readonly resolve: (ogg: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Encodes with ffmpeg at low priority, so that it never takes the processor from sound that is arriving. */
export function createFfmpegEncoder({ bitsPerSecondPerChannel = 24_000 }: { readonly bitsPerSecondPerChannel?: number } = {}): Encoder {
  const waiting: Job[] = [];
  let running = 0;

  function work(): void {
    while (running < AT_ONCE && waiting.length > 0) {
      running += 1;
      void encodeTogether(nextJobs(waiting), 2 * bitsPerSecondPerChannel).finally(() => {
        running -= 1;
        work();
      });
    }
  }

  return {
    async encode({ caller, agent }) {
      const stereo = new Uint8Array(caller.length * 2);
      for (let i = 0; i < caller.length; i += 1) {
        stereo[2 * i] = caller[i] ?? 0;
        stereo[2 * i + 1] = agent[i] ?? 0;
      }
      return new Promise((resolve, reject) => {
        waiting.push({ stereo, resolve, reject });
        work();
      });
    },
    async toWav(ogg) {
      const [samples = new Uint8Array()] = await runFfmpeg(['-i', 'pipe:3', '-f', 's16le', '-ar', '8000', '-ac', '2', 'pipe:4'], [ogg], 1);
      return Buffer.concat([wavHeader(samples.length), samples]);
    },
  };
}

function nextJobs(waiting: Job[]): Job[] {
  const jobs = waiting.splice(0, 1);
  let bytes = jobs[0]?.stereo.length ?? 0;
  while (jobs.length < MOST_TOGETHER && waiting[0] !== undefined && bytes + waiting[0].stereo.length <= MOST_BYTES) {
    bytes += waiting[0].stereo.length;
    jobs.push(...waiting.splice(0, 1));
  }
  return jobs;
}

/** Never fails: each job is told. When several together fail, each is tried alone, so that a bad one takes no other along. */
async function encodeTogether(jobs: readonly Job[], bitsPerSecond: number): Promise<void> {
  try {
    const oggs = await toOpus(
      jobs.map(({ stereo }) => stereo),
      bitsPerSecond,
    );
    jobs.forEach(({ resolve }, index) => resolve(oggs[index] ?? new Uint8Array()));
  } catch (error) {
    if (jobs.length === 1) jobs[0]?.reject(error);
    else for (const job of jobs) await encodeTogether([job], bitsPerSecond);
  }
}

/** Stereo A-law in, Ogg Opus out, each by a pipe of its own: sound in clear never touches the disk. */
function toOpus(inputs: readonly Uint8Array[], bitsPerSecond: number): Promise<Uint8Array[]> {
  const first = 3;
  const pipe = (index: number): string => `pipe:${first + index}`;
  // Complexity 0 and 60 ms packets halve the work and cost nothing that can be heard of telephone speech.
  const opus = ['-c:a', 'libopus', '-application', 'audio', '-compression_level', '0', '-frame_duration', String(OPUS_PACKET_MS)];
  return runFfmpeg(
    [
      ...inputs.flatMap((_, index) => ['-probesize', '32768', '-f', 'alaw', '-ar', '8000', '-ac', '2', '-i', pipe(index)]),
      ...inputs.flatMap((_, index) => [
        '-map',
        `${index}:a`,
        ...opus,
        '-b:a',
        String(bitsPerSecond),
        '-f',
        'ogg',
        pipe(inputs.length + index),
      ]),
    ],
    inputs,
    inputs.length,
  );
}

/** Inputs stand at descriptors 3 and up, outputs behind them. */
function runFfmpeg(args: readonly string[], inputs: readonly Uint8Array[], outputs: number): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const pipes = Array.from({ length: inputs.length + outputs }, () => 'pipe' as const);
    const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-threads', '1', ...args], {
      stdio: ['ignore', 'ignore', 'ignore', ...pipes],
    });
    if (child.pid !== undefined) {
      try {
        setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      } catch {
        // It has ended already.
      }
    }
    const streams = child.stdio.slice(3) as unknown as Duplex[];
    const chunks: Buffer[][] = Array.from({ length: outputs }, () => []);
    streams.forEach((stream, index) => {
      // When ffmpeg ends early its exit code says so; the broken pipe is the echo.
      stream.on('error', () => undefined);
      const input = inputs[index];
      if (input !== undefined) stream.end(input);
      else stream.on('data', (chunk: Buffer) => chunks[index - inputs.length]?.push(chunk));
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(chunks.map((parts) => Buffer.concat(parts)));
      else reject(new Error(`ffmpeg ended with ${code ?? 'a signal'}`));
    });
  });
}

/** RIFF header of 16-bit stereo at 8 kHz; its lengths are true. */
function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
