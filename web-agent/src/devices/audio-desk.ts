import type { Earpiece, Microphone, Ringer } from '../phone/ports.js';
import { readChoice, writeChoice, type DeviceChoice } from './device-choice.js';
import { createLevelMeter } from './level-meter.js';
import { createRinger } from './ringer.js';
import { createSpeakers } from './speakers.js';

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
  /** A device in use is gone and this one took its place: the page announces it. */
  readonly movedTo: string | null;
}

/** The microphone, the earpiece and the ringer of this workplace. */
export interface AudioDesk extends Microphone, Earpiece {
  getSnapshot(): DeskState;
  subscribe(listener: () => void): () => void;
  readonly ringer: Ringer;
  choose(part: Partial<DeviceChoice>): Promise<void>;
  /** Called from a click: browsers keep audio locked until then, unless the microphone is open. */
  unlock(): Promise<void>;
  testRing(): Promise<void>;
  /** Reports a stream's loudness, 0 to 1, about thirty times a second until the returned function is called. */
  meter(stream: MediaStream, show: (level: number) => void): () => void;
  onMicrophone(handle: (stream: MediaStream) => void): () => void;
  moveRead(): void;
  close(): void;
}

interface DeskStore {
  readonly state: DeskState;
  become(part: Partial<DeskState>): void;
  subscribe(listener: () => void): () => void;
}

function createStore(choice: DeviceChoice): DeskStore {
  let state: DeskState = { choice, microphone: 'unknown', audioUnlocked: false, microphones: [], speakers: [], movedTo: null };
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    become(part) {
      state = { ...state, ...part };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function createAudioDesk(storage: Storage): AudioDesk {
  const store = createStore(readChoice(storage));
  const { become } = store;
  const levels = createLevelMeter();
  const speakers = createSpeakers(
    () => store.state.choice.speakerId,
    (audioUnlocked) => become({ audioUnlocked }),
  );
  const microphone = createMicrophone(store, () => speakers.routeVoice());
  const ringer = createRinger(() => store.state.choice);
  return {
    getSnapshot: () => store.state,
    subscribe: store.subscribe,
    ringer,
    open: microphone.open,
    play: (remote) => speakers.play(remote),
    ringing: (on) => speakers.ringing(on),
    async choose(part) {
      const before = store.state.choice;
      const choice = { ...before, ...part };
      become({ choice });
      writeChoice(storage, choice);
      if (choice.speakerId !== before.speakerId) await speakers.useSpeaker(choice.speakerId);
      if (choice.microphoneId !== before.microphoneId) await microphone.exchange(choice.microphoneId);
    },
    async unlock() {
      const audioUnlocked = await levels.unlock();
      await speakers.resume();
      become({ audioUnlocked });
    },
    testRing: () => ringer.test(),
    meter: (source, show) => levels.meter(source, show),
    onMicrophone: microphone.onMicrophone,
    moveRead: () => become({ movedTo: null }),
    close() {
      microphone.close();
      speakers.close();
      ringer.stop();
      levels.close();
      become({ microphone: 'unknown' });
    },
  };
}

/** The microphone of the desk: opened once, exchanged when another is chosen or plugged in. `devicesSeen` runs after each change of the devices. */
function createMicrophone(store: DeskStore, devicesSeen: () => Promise<void>) {
  const { become } = store;
  let stream: MediaStream | null = null;
  let opening: Promise<MediaStream> | null = null;
  const microphoneListeners = new Set<(stream: MediaStream) => void>();

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
        const fresh = await capture(store.state.choice.microphoneId);
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
      // `open` has put the reason into the state.
    }
  }

  const devicesChanged = (): void => {
    void (async () => {
      const before = new Set(store.state.microphones.map(({ id }) => id));
      await listDevices();
      const used = stream?.getAudioTracks()[0]?.getSettings().deviceId;
      if (used !== undefined && before.has(used) && !store.state.microphones.some(({ id }) => id === used)) await moveOn();
      else if (store.state.microphone === 'missing') await moveOn();
      await devicesSeen();
    })().catch(() => undefined);
  };
  navigator.mediaDevices.addEventListener('devicechange', devicesChanged);

  return {
    open,
    async exchange(deviceId: string): Promise<void> {
      if (stream === null) return;
      const fresh = await capture(deviceId);
      take(fresh);
      for (const listener of microphoneListeners) listener(fresh);
    },
    onMicrophone(handle: (stream: MediaStream) => void): () => void {
      microphoneListeners.add(handle);
      return () => microphoneListeners.delete(handle);
    },
    close(): void {
      navigator.mediaDevices.removeEventListener('devicechange', devicesChanged);
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
    },
  };
}
