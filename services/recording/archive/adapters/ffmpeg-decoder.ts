import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';

/**
 * WAV of 16-bit stereo at 8 kHz from an Ogg Opus file, by ffmpeg, which is not the program that encoded it. Unencrypted audio never touches
 * the disk.
 */
export async function decodeToWav(ogg: Uint8Array): Promise<Uint8Array> {
  const samples = await runFfmpeg(['-i', 'pipe:3', '-f', 's16le', '-ar', '8000', '-ac', '2', 'pipe:4'], ogg);
  return Buffer.concat([wavHeader(samples.length), samples]);
}

/** The input is descriptor 3, the output descriptor 4. */
function runFfmpeg(args: readonly string[], input: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-threads', '1', ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , into, outOf] = child.stdio;
    if (!(into instanceof Writable) || !(outOf instanceof Readable)) throw new Error('ffmpeg has no pipes at descriptors 3 and 4');
    const chunks: Buffer[] = [];
    // When ffmpeg ends early, its exit code says so; the broken pipe is only a consequence.
    for (const stream of [into, outOf]) stream.on('error', () => undefined);
    into.end(input);
    outOf.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`ffmpeg ended with ${code ?? 'a signal'}`));
    });
  });
}

/** A RIFF header of 16-bit stereo at 8 kHz, with the real lengths. */
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
