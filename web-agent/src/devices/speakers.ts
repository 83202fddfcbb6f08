import type { Earpiece } from '../phone/ports.js';
import { ringingToneSound } from './ring-sound.js';

/** Quiet, because a voice may be on the same headset. */
const RINGING_TONE_VOLUME = 0.4;

export interface Speakers extends Earpiece {
  useSpeaker(deviceId: string): Promise<void>;
  /** The headset was plugged in or pulled out: the voice goes to the chosen device, or to the system's default. */
  routeVoice(): Promise<void>;
  /** Plays a voice that the browser held back. */
  resume(): Promise<void>;
  close(): void;
}

/** The caller's voice and the ringing tone, on the chosen device. `unlocked` reports whether the browser plays them. */
export function createSpeakers(speakerId: () => string, unlocked: (isUnlocked: boolean) => void): Speakers {
  const earpiece = new Audio();
  earpiece.autoplay = true;
  earpiece.hidden = true;
  earpiece.dataset.testid = 'earpiece';
  const ringingTone = new Audio(URL.createObjectURL(new Blob([ringingToneSound()], { type: 'audio/wav' })));
  ringingTone.loop = true;
  ringingTone.dataset.testid = 'ringing-tone';
  ringingTone.volume = RINGING_TONE_VOLUME;
  document.body.append(earpiece, ringingTone);
  return {
    play(remote) {
      earpiece.srcObject = remote;
      if (remote !== null) {
        void route(earpiece, speakerId());
        void earpiece.play().then(
          () => unlocked(true),
          () => unlocked(false),
        );
      }
    },
    ringing(on) {
      if (on === !ringingTone.paused) return;
      if (!on) {
        ringingTone.pause();
        return;
      }
      ringingTone.currentTime = 0;
      void route(ringingTone, speakerId());
      // `audioUnlocked` says whether the browser plays audio; the page also shows that it rings.
      void ringingTone.play().catch(() => undefined);
    },
    async useSpeaker(deviceId) {
      await Promise.all([earpiece, ringingTone].map((each) => route(each, deviceId)));
    },
    routeVoice: () => route(earpiece, speakerId()),
    async resume() {
      if (earpiece.srcObject !== null) await earpiece.play();
    },
    close() {
      earpiece.srcObject = null;
      earpiece.remove();
      ringingTone.remove();
      ringingTone.pause();
    },
  };
}

/** Sends audio to a device; if the device is gone, the system's default is used. */
export async function route(element: HTMLAudioElement, deviceId: string): Promise<void> {
  await element.setSinkId(deviceId).catch(() => element.setSinkId('').catch(() => undefined));
}
