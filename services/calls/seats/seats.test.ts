import { expect, test } from '@jest/globals';
import pino from 'pino';
import type { EventInput, EventName } from '../../shared/events/catalogue.js';
import type { CallMedia, IncomingSeat, Leg, LiveState } from '../ports.js';
import { createSeats, type Seats } from './seats.js';

interface Session {
  readonly incoming: IncomingSeat;
  /** The other side sends its ACK; without it the session is not established. */
  acknowledge(): void;
  /** The other side goes away. */
  end(): void;
  hungUp: boolean;
}

function session(sipCallId: string, sessionId = 's1', isWebRtc = true): Session {
  let acknowledge: (leg: Leg) => void = () => undefined;
  let ended: () => void = () => undefined;
  const answered = new Promise<Leg>((resolve) => (acknowledge = resolve));
  const made: Session = {
    hungUp: false,
    acknowledge: () =>
      acknowledge({
        dialogId: sipCallId,
        hangUp() {
          made.hungUp = true;
          return Promise.resolve();
        },
        isHeard: true,
        isThere: () => Promise.resolve(true),
        onRenegotiation: () => undefined,
        onDigit: () => undefined,
        sendDigit: async () => undefined,
      }),
    end: () => ended(),
    incoming: {
      agentId: 'ann',
      sessionId,
      sipCallId,
      sdp: '',
      isWebRtc,
      door: 'seat',
      refuse: () => Promise.resolve(),
      answer: () => answered,
      onEnded: (handle) => (ended = handle),
    },
  };
  return made;
}

function open(): { readonly seats: Seats; readonly told: string[] } {
  const told: string[] = [];
  let legs = 0;
  const seats = createSeats({
    media: {
      accept: () => Promise.resolve({ sdp: '' }),
      release: () => Promise.resolve(),
      export: () => undefined,
    } as unknown as CallMedia,
    outbox: {
      put<N extends EventName>(name: N, event: EventInput<N>): void {
        if (name === 'seat.media') told.push((event as EventInput<'seat.media'>).up ? 'sound' : 'no sound');
        else told.push(`${name} ${(event as EventInput<'seat.offline'>).reason}`);
      },
      drained: () => Promise.resolve(),
      whenOut: (run: () => void) => run(),
      waiting: 0,
    },
    liveState: { keepSeat: () => undefined, forgetSeat: () => undefined } as unknown as LiveState,
    watcher: { seatUp: () => told.push('up'), seatDown: () => told.push('down'), seatExchanged: () => undefined },
    newId: () => String((legs += 1)),
    nowMs: () => 0,
    log: pino({ level: 'silent' }),
  });
  return { seats, told };
}

async function put(seats: Seats, made: Session): Promise<Session> {
  const invited = seats.invited(made.incoming);
  made.acknowledge();
  await invited;
  return made;
}

const word = (sipCallId: string, up = true, sessionId = 's1') => ({ agentId: 'ann', sessionId, sipCallId, up });

test('a page whose session is not acknowledged yet is asked to say it again', async () => {
  const { seats, told } = open();
  const early = session('l1');
  const invited = seats.invited(early.incoming);
  expect(seats.mediaTold(word('l1'))).toBe(false);
  early.acknowledge();
  await invited;
  expect(seats.mediaTold(word('l1'))).toBe(true);
  expect(told).toEqual(['up', 'sound']);
});

test('while a page exchanges its session the seat can always talk, and the old session is hung up', async () => {
  const { seats, told } = open();
  const first = await put(seats, session('l1'));
  seats.mediaTold(word('l1'));
  await put(seats, session('l2'));
  expect(seats.of('ann')).toMatchObject({ sipCallId: 'l1', mediaUp: true });
  expect(seats.mediaTold(word('l2'))).toBe(true);
  expect(seats.of('ann')).toMatchObject({ sipCallId: 'l2', mediaUp: true });
  expect(first.hungUp).toBe(true);
  first.end();
  expect(told).toEqual(['up', 'sound', 'up', 'sound']);
});

test('a late word of the session before does not bring the new one up, nor down', async () => {
  const { seats } = open();
  await put(seats, session('l1'));
  seats.mediaTold(word('l1'));
  await put(seats, session('l2'));
  seats.mediaTold(word('l1'));
  expect(seats.of('ann')).toMatchObject({ sipCallId: 'l1' });
  seats.mediaTold(word('l2'));
  expect(seats.mediaTold(word('l1', false))).toBe(true);
  expect(seats.of('ann')).toMatchObject({ sipCallId: 'l2', mediaUp: true });
});

test('a session that dies before its successor has sound leaves a seat without sound, and everybody hears of it', async () => {
  const { seats, told } = open();
  const first = await put(seats, session('l1'));
  seats.mediaTold(word('l1'));
  await put(seats, session('l2'));
  first.end();
  expect(seats.of('ann')).toMatchObject({ sipCallId: 'l2', mediaUp: false });
  seats.mediaTold(word('l2'));
  expect(told).toEqual(['up', 'sound', 'no sound', 'down', 'up', 'sound']);
});

test('another sign-in takes the seat over, without sound at first', async () => {
  const { seats, told } = open();
  const first = await put(seats, session('l1'));
  seats.mediaTold(word('l1'));
  await put(seats, session('l2', 's2'));
  expect(first.hungUp).toBe(true);
  expect(seats.of('ann')).toMatchObject({ sessionId: 's2', mediaUp: false });
  expect(told).toEqual(['up', 'sound', 'seat.offline superseded', 'no sound', 'down']);
  expect(seats.mediaTold(word('l1'))).toBe(false);
});

test('a telephone without a page has sound as soon as it has answered', async () => {
  const { seats, told } = open();
  await put(seats, session('l1', 's1', false));
  expect(seats.of('ann')).toMatchObject({ mediaUp: true });
  expect(told).toEqual(['up', 'sound']);
});

test('a page that is gone without a word takes the sound of whatever session it had', async () => {
  const { seats, told } = open();
  await put(seats, session('l1'));
  seats.mediaTold(word('l1'));
  expect(seats.mediaTold({ agentId: 'ann', sessionId: 's1', up: false })).toBe(true);
  expect(told).toEqual(['up', 'sound', 'down', 'no sound']);
});
