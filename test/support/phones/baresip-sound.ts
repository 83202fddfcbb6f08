import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';

const WAV_HEADER_BYTES = 44;
const RATE = 8_000;
/** The newest half second of what was heard. */
const NEWEST_BYTES = 2 * (RATE / 2);
const LEAST_SAMPLES = RATE / 4;

/** What baresip plays and hears, as files in its folder: it plays a tone of its own. */
export class BaresipSound {
  private constructor(private readonly folder: string) {}

  static async of(folder: string, hertz: number, seconds = 60): Promise<BaresipSound> {
    await writeFile(join(folder, 'tone.wav'), toneFile(hertz, seconds));
    return new BaresipSound(folder);
  }

  /** Lines of its `config`; the module is `aufile`. */
  get settings(): readonly string[] {
    return [`audio_source aufile,${join(this.folder, 'tone.wav')}`, `audio_player aufile,${join(this.folder, 'heard.wav')}`];
  }

  /** How much of the newest half second that it heard is this tone. */
  async heard(hertz: number): Promise<number> {
    const wav = await readFile(join(this.folder, 'heard.wav')).catch(() => Buffer.alloc(0));
    const last = wav.subarray(Math.max(WAV_HEADER_BYTES, wav.length - NEWEST_BYTES));
    const samples = Int16Array.from({ length: Math.floor(last.length / 2) }, (_, at) => last.readInt16LE(2 * at));
    return samples.length < LEAST_SAMPLES ? 0 : shareOfTone(samples, hertz);
  }
}

/** A 16-bit WAV with one channel. */
function toneFile(hertz: number, seconds: number): Buffer {
  const samples = RATE * seconds;
  const wav = Buffer.alloc(WAV_HEADER_BYTES + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(2 * RATE, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * samples, 40);
  for (let at = 0; at < samples; at += 1)
    wav.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / RATE)), WAV_HEADER_BYTES + 2 * at);
  return wav;
}
