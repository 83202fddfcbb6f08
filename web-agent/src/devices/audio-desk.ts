import type { Earpiece, Microphone, Ringer } from '../phone/ports.js';
import { readChoice, writeChoice, type DeviceChoice } from './device-choice.js';
import { ringingToneSound } from './ring-sound.js';
import { createRinger } from './ringer.js';

/** Beside a voice on the same headset. */
const RINGING_TONE_VOLUME = 0.4;

export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface DeskState {
  readonly choice: DeviceChoice;
  readonly microphone: 'unknown' | 'open' | 'denied' | 'missing';
  readonly audioUnlocked: boolean;
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
  /** A device that was in use is gone and this one took its place: said aloud in the page. */
  readonly movedTo: string | null;
}

/** The microphone, the earpiece and the ringer of this workplace. */
export interface AudioDesk extends Microphone, Earpiece {
  getSnapshot(): DeskState;
  subscribe(listener: () => void): () => void;
  readonly ringer: Ringer;
  choose(part: Partial<DeviceChoice>): Promise<void>;
  /** Called from a click: browsers keep sound locked until then, unless the microphone is open. */
  unlock(): Promise<void>;
  testRing(): Promise<void>;
  /** Reports a stream's loudness, 0 to 1, about thirty times a second until the returned function is called. */
  meter(stream: MediaStream, show: (level: number) => void): () => void;
  onMicrophone(handle: (stream: MediaStream) => void): () => void;
  moveRead(): void;
  close(): void;
}

export function createAudioDesk(storage: Storage): AudioDesk {
  let state: DeskState = {
    choice: readChoice(storage),
    microphone: 'unknown',
    audioUnlocked: false,
    microphones: [],
    speakers: [],
    movedTo: null,
  };
  let stream: MediaStream | null = null;
  let opening: Promise<MediaStream> | null = null;
  let context: AudioContext | null = null;
  const listeners = new Set<() => void>();
  const microphoneListeners = new Set<(stream: MediaStream) => void>();
  const earpiece = new Audio();
  earpiece.autoplay = true;
  earpiece.hidden = true;
  earpiece.dataset.testid = 'earpiece';
  const ringer = createRinger(() => state.choice);
  const ringingTone = new Audio(URL.createObjectURL(new Blob([ringingToneSound()], { type: 'audio/wav' })));
  ringingTone.loop = true;
  ringingTone.dataset.testid = 'ringing-tone';
  ringingTone.volume = RINGING_TONE_VOLUME;
  document.body.append(earpiece, ringingTone);

  function become(part: Partial<DeskState>): void {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  }

  async function listDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind): Device[] =>
      devices.filter((device) => device.kind === kind && device.deviceId !== '').map(({ deviceId, label }) => ({ id: deviceId, label }));
    become({ microphones: of('audioinput'), speakers: of('audiooutput') });
  }

  async function capture(deviceId: string): Promise<MediaStream> {
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return navigator.mediaDevices.getUserMedia({
      audio: deviceId === '' ? audio : { ...audio, deviceId: { ideal: deviceId } },
    });
  }

  function open(): Promise<MediaStream> {
    if (stream?.getAudioTracks()[0]?.readyState === 'live') return Promise.resolve(stream);
    opening ??= (async () => {
      try {
        const fresh = await capture(state.choice.microphoneId);
        take(fresh);
        // A page that captures may play without a click (Chromium's autoplay rule).
        become({ microphone: 'open', audioUnlocked: true });
        void listDevices();
        return fresh;
      } catch (error) {
        become({ microphone: error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing' });
        throw error;
      }
    })().finally(() => {
      opening = null;
    });
    return opening;
  }

  function take(fresh: MediaStream): void {
    stream?.getTracks().forEach((track) => track.stop());
    stream = fresh;
    fresh.getAudioTracks()[0]?.addEventListener('ended', () => {
      if (stream === fresh) void moveOn();
    });
  }

  /** The microphone is gone (a headset pulled out): the next one takes over, and the page says so. */
  async function moveOn(): Promise<void> {
    stream = null;
    try {
      const next = await open();
      become({ movedTo: next.getAudioTracks()[0]?.label ?? '' });
      for (const listener of microphoneListeners) listener(next);
    } catch {
      // `open` has told why in the state.
    }
  }

  const devicesChanged = (): void => {
    void (async () => {
      const before = new Set(state.microphones.map(({ id }) => id));
      await listDevices();
      const used = stream?.getAudioTracks()[0]?.getSettings().deviceId;
      if (used !== undefined && before.has(used) && !state.microphones.some(({ id }) => id === used)) await moveOn();
      else if (state.microphone === 'missing') await moveOn();
      await route(earpiece, state.choice.speakerId);
    })().catch(() => undefined);
  };
  navigator.mediaDevices.addEventListener('devicechange', devicesChanged);

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ringer,
    open,
    play(remote) {
      earpiece.srcObject = remote;
      if (remote !== null) {
        void route(earpiece, state.choice.speakerId);
        void earpiece.play().then(
          () => become({ audioUnlocked: true }),
          () => become({ audioUnlocked: false }),
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
      void route(ringingTone, state.choice.speakerId);
      // `audioUnlocked` says whether the browser plays sound; the page also shows that it rings.
      void ringingTone.play().catch(() => undefined);
    },
    async choose(part) {
      const before = state.choice;
      const choice = { ...before, ...part };
      become({ choice });
      writeChoice(storage, choice);
      if (choice.speakerId !== before.speakerId) await Promise.all([earpiece, ringingTone].map((each) => route(each, choice.speakerId)));
      if (choice.microphoneId !== before.microphoneId && stream !== null) {
        const fresh = await capture(choice.microphoneId);
        take(fresh);
        for (const listener of microphoneListeners) listener(fresh);
      }
    },
    async unlock() {
      context ??= new AudioContext();
      await context.resume();
      if (earpiece.srcObject !== null) await earpiece.play();
      become({ audioUnlocked: context.state === 'running' });
    },
    testRing: () => ringer.test(),
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
        // -60 dB is silence, -10 dB is loud speech.
        show(power === 0 ? 0 : Math.max(0, Math.min(1, (10 * Math.log10(power) + 60) / 50)));
      }, 33);
      return () => {
        clearInterval(timer);
        node.disconnect();
      };
    },
    onMicrophone(handle) {
      microphoneListeners.add(handle);
      return () => microphoneListeners.delete(handle);
    },
    moveRead: () => become({ movedTo: null }),
    close() {
      navigator.mediaDevices.removeEventListener('devicechange', devicesChanged);
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      earpiece.srcObject = null;
      earpiece.remove();
      ringingTone.remove();
      ringer.stop();
      ringingTone.pause();
      void context?.close();
      context = null;
      become({ microphone: 'unknown' });
    },
  };
}

/** Sends sound to a device; one that is gone leaves the system's default. */
export async function route(element: HTMLAudioElement, deviceId: string): Promise<void> {
  await element.setSinkId(deviceId).catch(() => element.setSinkId('').catch(() => undefined));
}
