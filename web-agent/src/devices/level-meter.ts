const SILENCE_DB = -60;
const RANGE_DB = 50;
const EVERY_MS = 33;

export interface LevelMeter {
  /** Resolves with whether the browser now plays audio; called from a click. */
  unlock(): Promise<boolean>;
  /** Reports a stream's loudness, 0 to 1, about thirty times a second until the returned function is called. */
  meter(stream: MediaStream, show: (level: number) => void): () => void;
  close(): void;
}

export function createLevelMeter(): LevelMeter {
  let context: AudioContext | null = null;
  return {
    async unlock() {
      context ??= new AudioContext();
      await context.resume();
      return context.state === 'running';
    },
    meter(source, show) {
      context ??= new AudioContext();
      void context.resume();
      const node = context.createMediaStreamSource(source);
      const analyser = context.createAnalyser();
      analyser.fftSize = 512;
      node.connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        show(power === 0 ? 0 : Math.max(0, Math.min(1, (10 * Math.log10(power) - SILENCE_DB) / RANGE_DB)));
      }, EVERY_MS);
      return () => {
        clearInterval(timer);
        node.disconnect();
      };
    },
    close() {
      void context?.close();
      context = null;
    },
  };
}
