import type { ringSound } from './ring-sound.js';

let sound: HTMLAudioElement | undefined;

/** Two short tones, unlike a ring. A page that nobody has touched yet may not play: then the bell alone shows it. */
export async function playAlarmSound(soundOf: typeof ringSound): Promise<void> {
  sound ??= new Audio(
    URL.createObjectURL(
      new Blob(
        [
          soundOf([
            { hz: 880, ms: 140 },
            { hz: 660, ms: 200 },
          ]),
        ],
        { type: 'audio/wav' },
      ),
    ),
  );
  sound.currentTime = 0;
  await sound.play().catch(() => undefined);
}
