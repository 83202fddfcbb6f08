import i18next from 'i18next';
import { callerName } from '../components/names/caller-name.js';
import type { RingingCall } from '../phone/phone.js';
import type { Ringer } from '../phone/ports.js';
import type { DeviceChoice } from './device-choice.js';
import { answerToneSound, ringSound } from './ring-sound.js';

const FLASH_EVERY_MS = 800;

/** A ring on its own device, the title that flashes, and a desktop notification when the page is not in front. */
export function createRinger(choice: () => DeviceChoice): Ringer & { test(): Promise<void> } {
  const sound = new Audio(URL.createObjectURL(new Blob([ringSound()], { type: 'audio/wav' })));
  const answerTone = new Audio(URL.createObjectURL(new Blob([answerToneSound()], { type: 'audio/wav' })));
  let flash: ReturnType<typeof setInterval> | undefined;
  let notification: Notification | null = null;
  let title: string | null = null;

  async function play(element: HTMLAudioElement): Promise<void> {
    element.volume = choice().ringVolume;
    await element.setSinkId(choice().ringerId).catch(() => element.setSinkId('').catch(() => undefined));
    element.currentTime = 0;
    await element.play().catch(() => undefined);
  }

  function flashTitle(offer: RingingCall): void {
    title = document.title;
    const ringing = `☎ ${i18next.t('seat.ringing')} ${callerName(offer.callerMasked, i18next.t)}`;
    document.title = ringing;
    flash = setInterval(() => {
      document.title = document.title === ringing ? (title ?? '') : ringing;
    }, FLASH_EVERY_MS);
  }

  function notify(offer: RingingCall): void {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.visibilityState === 'visible') return;
    notification = new Notification(i18next.t('seat.ringing'), {
      body: callerName(offer.callerMasked, i18next.t),
      tag: offer.callId,
      requireInteraction: true,
    });
    notification.onclick = () => window.focus();
  }

  const ringer = {
    ring(offer: RingingCall) {
      ringer.stop();
      if (offer.autoAnswer) {
        void play(answerTone);
        return;
      }
      sound.loop = true;
      void play(sound);
      flashTitle(offer);
      notify(offer);
    },
    stop() {
      sound.pause();
      clearInterval(flash);
      if (title !== null) document.title = title;
      title = null;
      notification?.close();
      notification = null;
    },
    async test() {
      sound.loop = false;
      await play(sound);
    },
  };
  return ringer;
}
