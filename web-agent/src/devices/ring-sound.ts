const RATE_HZ = 16_000;
/** Two short tones and a pause: heard through a headset that lies on the desk, and bearable for eight hours. */
const PATTERN = [
  { hz: 880, ms: 220 },
  { hz: 0, ms: 60 },
  { hz: 1_175, ms: 320 },
  { hz: 0, ms: 1_400 },
] as const;

/** A WAV file (16 bit, mono) of one ring, made here so that no download stands between a call and its ring. */
export function ringSound(pattern: readonly { readonly hz: number; readonly ms: number }[] = PATTERN): Uint8Array<ArrayBuffer> {
  const samples = pattern.reduce((sum, { ms }) => sum + Math.round((ms * RATE_HZ) / 1_000), 0);
  const bytes = new Uint8Array(44 + samples * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void => {
    for (let place = 0; place < value.length; place += 1) view.setUint8(at + place, value.charCodeAt(place));
  };
  text(0, 'RIFF');
  view.setUint32(4, 36 + samples * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples * 2, true);
  let at = 44;
  for (const { hz, ms } of pattern) {
    const count = Math.round((ms * RATE_HZ) / 1_000);
    for (let sample = 0; sample < count; sample += 1) {
      // Edges of 5 ms: a tone that starts at once clicks.
      const edge = Math.min(1, sample / 80, (count - sample) / 80);
      view.setInt16(at, hz === 0 ? 0 : Math.round(Math.sin((2 * Math.PI * hz * sample) / RATE_HZ) * 14_000 * edge), true);
      at += 2;
    }
  }
  return bytes;
}

/** The ringing tone of the networks here: 450 Hz, one second on, four off (ITU-T E.180, supplement 2, China). Quieter than a voice. */
export const ringingToneSound = (): Uint8Array<ArrayBuffer> =>
  ringSound([
    { hz: 450, ms: 1_000 },
    { hz: 0, ms: 4_000 },
  ]);

/** The tone before an automatic answer. */
export const answerToneSound = (): Uint8Array<ArrayBuffer> =>
  ringSound([
    { hz: 660, ms: 120 },
    { hz: 0, ms: 40 },
    { hz: 990, ms: 160 },
  ]);
