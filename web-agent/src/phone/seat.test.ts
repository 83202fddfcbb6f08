import { afterEach, expect, test } from '@jest/globals';
import type { Ack, FromPage, ToPage } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { ControlLink, OpenSeatLine, SeatLine } from './ports.js';
import { browserClock } from './browser-clock.js';
import { createSeat, type Seat } from './seat.js';

const credential: SeatCredential = {
  username: 's1',
  password: 'p',
  realm: 'r',
  webSocketUrl: 'wss://x/sip',
  target: 'sip:seat@x',
  codec: 'pcma',
};

/** The server's end of the control socket, by hand. */
function fakeLink(): ControlLink & {
  readonly asked: FromPage[];
  /** Questions that are refused, once each, in turn. */
  readonly refusals: { readonly name: FromPage; readonly code: string }[];
  up(up: boolean): void;
  tell<N extends keyof ToPage>(name: N, ...told: Parameters<ToPage[N]>): void;
} {
  const asked: FromPage[] = [];
  const refusals: { readonly name: FromPage; readonly code: string }[] = [];
  const handlers = new Map<string, ((...told: unknown[]) => void)[]>();
  let watcher: (up: boolean) => void = () => undefined;
  return {
    asked,
    refusals,
    ask: (name): Promise<Ack> => {
      asked.push(name);
      if (refusals[0]?.name === name) return Promise.resolve({ ok: false, code: refusals.shift()?.code ?? '' } as Ack);
      return Promise.resolve({ ok: true, data: name === 'seat:sync' ? { agent: null, calls: [], serverNowMs: 0 } : {} });
    },
    on(name, handle) {
      handlers.set(name, [...(handlers.get(name) ?? []), handle as (...told: unknown[]) => void]);
      return () => undefined;
    },
    onUp(handle) {
      watcher = handle;
      return () => undefined;
    },
    checkNow: () => undefined,
    close: () => undefined,
    up: (up) => watcher(up),
    tell: (name, ...told) => handlers.get(name)?.forEach((handle) => handle(...told)),
  };
}

interface MadeLine {
  closed: boolean;
  /** The microphone that it got after it was opened. */
  microphone: MediaStreamTrack | undefined;
  lose(): void;
}

/** Lines that come up when the test says so, and remember what was done to them. */
function fakeLines(): {
  readonly open: OpenSeatLine;
  readonly made: MadeLine[];
  readonly waiting: (() => void)[];
} {
  const made: MadeLine[] = [];
  const waiting: (() => void)[] = [];
  return {
    made,
    waiting,
    open: ({ onLost }) =>
      new Promise<SeatLine>((resolve) =>
        waiting.push(() => {
          const state: MadeLine = { closed: false, microphone: undefined, lose: () => onLost('signalling') };
          made.push(state);
          resolve({
            callId: `line-${made.length}`,
            remote: null,
            setMute: () => undefined,
            useMicrophone: (track) => {
              state.microphone = track;
              return Promise.resolve();
            },
            bindCaller: () => Promise.resolve(),
            quality: () => Promise.resolve(null),
            close: () => {
              state.closed = true;
            },
          });
        }),
      ),
  };
}

let seat: Seat | undefined;
afterEach(() => seat?.close());

/** Runs everything that waits for promises alone. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function openSeat(microphone: () => Promise<MediaStream> = () => Promise.resolve({ getAudioTracks: () => [] } as unknown as MediaStream)) {
  const link = fakeLink();
  const lines = fakeLines();
  const made = createSeat({
    link,
    openLine: lines.open,
    microphone: { open: microphone },
    earpiece: { play: () => undefined, ringing: () => undefined },
    ringer: { ring: () => undefined, stop: () => undefined },
    clock: browserClock,
    credential: () => Promise.resolve(credential),
  });
  seat = made;
  return { link, lines, seat: made };
}

test('the line is opened beside the control socket, and reported once the server knows of the page', async () => {
  const { link, lines } = openSeat();
  await settle();
  lines.waiting.shift()?.();
  await settle();
  expect(link.asked.filter((name) => name === 'seat:sync')).toEqual([]);
  link.up(true);
  await settle();
  expect(link.asked.slice(-2)).toEqual(['seat:sync', 'seat:media']);
  expect(lines.made).toHaveLength(1);
});

test('a seat that comes up syncs, opens its line and reports the media', async () => {
  const { link, lines, seat: made } = openSeat();
  link.up(true);
  await settle();
  lines.waiting.shift()?.();
  await settle();
  expect(made.getSnapshot().line).toBe('up');
  expect(link.asked).toEqual(['seat:sync', 'seat:media']);
});

test('the sound is reported until the server has the session', async () => {
  const { link, lines } = openSeat();
  link.refusals.push({ name: 'seat:media', code: 'seat-lost' });
  link.up(true);
  await settle();
  lines.waiting.shift()?.();
  while (link.asked.filter((name) => name === 'seat:media').length < 2) await settle();
  expect(lines.waiting).toEqual([]);
});

test('a microphone that is exchanged while a line is opened needs no second line', async () => {
  const { link, lines, seat: made } = openSeat();
  link.up(true);
  await settle();
  const track = { id: 'other' } as MediaStreamTrack;
  await made.microphoneChanged({ getAudioTracks: () => [track] } as unknown as MediaStream);
  lines.waiting.shift()?.();
  await settle();
  expect(lines.waiting).toEqual([]);
  expect(lines.made.map(({ microphone }) => microphone)).toEqual([track]);
});

test('make before break: the old line lives until the server has let it go', async () => {
  const { link, lines, seat: made } = openSeat();
  link.up(true);
  await settle();
  lines.waiting.shift()?.();
  await settle();
  link.up(false);
  link.up(true);
  await settle();
  expect(made.getSnapshot().line).toBe('rebuilding');
  expect(lines.made[0]?.closed).toBe(false);
  lines.waiting.shift()?.();
  await settle();
  expect(made.getSnapshot().line).toBe('up');
  expect(lines.made.map(({ closed }) => closed)).toEqual([false, false]);
  lines.made[0]?.lose();
  await settle();
  expect(made.getSnapshot().line).toBe('up');
  expect(lines.waiting).toEqual([]);
});

test('a line that is lost is opened again, and the server is told meanwhile', async () => {
  const { link, lines } = openSeat();
  link.up(true);
  await settle();
  lines.waiting.shift()?.();
  await settle();
  lines.made[0]?.lose();
  await settle();
  expect(lines.waiting).toHaveLength(1);
  expect(link.asked.filter((name) => name === 'seat:media')).toHaveLength(2);
});

test('a line that comes up after the seat was taken over is closed at once', async () => {
  const { link, lines, seat: made } = openSeat();
  link.up(true);
  await settle();
  link.tell('seat:superseded');
  lines.waiting.shift()?.();
  await settle();
  expect(lines.made[0]?.closed).toBe(true);
  expect(made.getSnapshot()).toMatchObject({ link: 'superseded', line: 'off' });
});

test('without a microphone no line is tried, and the page is told why', async () => {
  const { link, lines, seat: made } = openSeat(() => Promise.reject(new Error('denied')));
  link.up(true);
  await settle();
  expect(lines.waiting).toEqual([]);
  expect(made.getSnapshot()).toMatchObject({ line: 'lost', problem: 'microphone-missing' });
});
