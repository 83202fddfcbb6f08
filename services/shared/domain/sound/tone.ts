export const SAMPLE_RATE = 8_000;

/** A sine of `hertz`, starting at sample `from`, so that frames join without a click. Amplitude is 0..1 of full scale. */
export function tone(hertz: number, samples: number, from = 0, amplitude = 0.5): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(Math.sin((2 * Math.PI * hertz * (from + i)) / SAMPLE_RATE) * amplitude * 32_767),
  );
}

/** The share of the energy of these samples that lies at `hertz`, 0..1 (Goertzel's algorithm); 0 for silence. */
export function shareOfTone(samples: Int16Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
  let before = 0;
  let beforeThat = 0;
  let energy = 0;
  for (const sample of samples) {
    const now = sample + coefficient * before - beforeThat;
    beforeThat = before;
    before = now;
    energy += sample * sample;
  }
  // Anything below -60 dBFS is silence, whatever its spectrum.
  if (energy < samples.length * 32 ** 2) return 0;
  const power = before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
  return Math.min(1, (2 * power) / (samples.length * energy));
}

/** Whether these samples are a tone of `hertz`: it holds most of the energy and is louder than noise. */
export const hears = (samples: Int16Array, hertz: number): boolean => shareOfTone(samples, hertz) > 0.6;
