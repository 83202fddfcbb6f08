/** A WAV file of A-law at 8 kHz, one channel: RIFF with the format tag 6 (WAVE_FORMAT_ALAW). */
export function alawWav(samples: Uint8Array): Buffer {
  const header = Buffer.alloc(46);
  header.write('RIFF', 0);
  header.writeUInt32LE(38 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(6, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 38);
  header.writeUInt32LE(samples.length, 42);
  return Buffer.concat([header, samples]);
}
