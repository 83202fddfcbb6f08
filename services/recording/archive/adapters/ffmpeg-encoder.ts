import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Encoder } from '../ports.js';
import { OPUS_PACKET_MS } from '../opus-pieces.js';

/** Encodes with ffmpeg at low priority, so that it never takes the processor from sound that is arriving. */
export function createFfmpegEncoder({ bitsPerSecondPerChannel = 24_000 }: { readonly bitsPerSecondPerChannel?: number } = {}): Encoder {
  return {
    async encode({ caller, agent }) {
      const stereo = new Uint8Array(caller.length * 2);
      for (let i = 0; i < caller.length; i += 1) {
        stereo[2 * i] = caller[i] ?? 0;
        stereo[2 * i + 1] = agent[i] ?? 0;
      }
      // Complexity 0 and 60 ms packets halve the work and cost nothing that can be heard of telephone speech.
      return runFfmpeg(
        [
          ...['-f', 'alaw', '-ar', '8000', '-ac', '2', '-i', 'pipe:0'],
          ...['-c:a', 'libopus', '-application', 'audio', '-compression_level', '0', '-frame_duration', String(OPUS_PACKET_MS)],
          ...['-b:a', String(2 * bitsPerSecondPerChannel), '-f', 'ogg', 'pipe:1'],
        ],
        stereo,
      );
    },
    async toWav(ogg) {
      const samples = await runFfmpeg(['-i', 'pipe:0', '-f', 's16le', '-ar', '8000', '-ac', '2', 'pipe:1'], ogg);
      return Buffer.concat([wavHeader(samples.length), samples]);
    },
  };
}

function runFfmpeg(args: readonly string[], input: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-hide_banner', '-v', 'error', '-threads', '1', '-probesize', '32768', ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    if (child.pid !== undefined) {
      try {
        setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      } catch {
        // It has ended already.
      }
    }
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    // When ffmpeg ends early its exit code says so; the broken pipe is the echo.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`ffmpeg ended with ${code ?? 'a signal'}`));
    });
    child.stdin.end(input);
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
