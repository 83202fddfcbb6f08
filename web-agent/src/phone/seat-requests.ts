import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { Ack, FromPage, FromPagePayload, SeatSync } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { Clock } from '../../../services/shared/domain/time/clock.js';
import type { Phone, PhoneEvent, RingingCall } from './phone.js';
import type { ControlLink } from './ports.js';
import { waitOf } from './retry-wait.js';
import type { SeatLines } from './seat-lines.js';

/** No queue rings longer. */
const LONGEST_RING_MS = 120_000;
const RING_NEWS_MS = 3_000;
/** A session that the server has not acknowledged after this many reports is invalid. */
const REPORTS = 5;

export interface SeatRequestsNeeds {
  readonly link: ControlLink;
  readonly lines: Pick<SeatLines, 'current' | 'lastId' | 'open'>;
  readonly clock: Clock;
  readonly phone: () => Phone;
  readonly isClosed: () => boolean;
  readonly dispatch: (event: PhoneEvent) => void;
}

/** The seat's requests and reports to the server, until they are answered. */
export interface SeatRequests {
  /** Sends a request; a refusal also appears on the banner. */
  ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack>;
  answerCall(callId: string, offerId: string): Promise<void>;
  sync(again: boolean): Promise<void>;
  syncLater(again: boolean): void;
  reportMedia(up: boolean): void;
  askWhenItRingsOn(offer: RingingCall): void;
  linkChanged(): void;
  stop(): void;
}

export function createSeatRequests({ link, lines, clock, phone, isClosed, dispatch }: SeatRequestsNeeds): SeatRequests {
  let cancelSyncRetry: (() => void) | undefined;
  let cancelReportRetry: (() => void) | undefined;
  let syncs = 0;

  /** Repeated until it is acknowledged: the other side may not know the session yet, or may be down for a moment. */
  async function report(callId: string, up: boolean, tries: number): Promise<void> {
    const isStale = (): boolean => callId !== lines.lastId || up !== (lines.current !== null);
    cancelReportRetry?.();
    const ack = await link.ask('seat:media', { up, line: callId });
    if (ack.ok || ack.code === 'not-allowed' || isClosed() || isStale()) return;
    if (phone().link !== 'up') return; // The sync after it makes a new line, or finds this one lost.
    cancelReportRetry = clock.after(waitOf(tries), () => {
      if (isStale()) return;
      if (up && tries >= REPORTS) void lines.open();
      else void report(callId, up, tries + 1);
    });
  }

  async function sync(again: boolean): Promise<void> {
    cancelSyncRetry?.();
    const asked = phone().heard;
    const ack = await link.ask('seat:sync', {});
    if (isClosed()) return;
    if (ack.ok) {
      dispatch({ type: 'synced', sync: ack.data as SeatSync, asked, again, atMs: clock.nowMs() });
      return;
    }
    dispatch({ type: 'refused', code: ack.code });
    if (ack.code !== 'not-allowed') syncLater(again);
  }

  function syncLater(again: boolean): void {
    cancelSyncRetry?.();
    syncs += 1;
    cancelSyncRetry = clock.after(waitOf(syncs), () => {
      if (!isClosed() && phone().link === 'up') void sync(again);
    });
  }

  async function ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack> {
    dispatch({ type: 'asked', what: name });
    const ack = await link.ask(name, payload);
    dispatch(ack.ok ? { type: 'answered' } : { type: 'refused', code: ack.code });
    // The end of this call was not received here.
    if (!ack.ok && ack.code === 'no-such-call' && 'callId' in payload && phone().calls.some(({ callId }) => callId === payload.callId))
      void sync(true);
    return ack;
  }

  return {
    ask,
    async answerCall(callId, offerId) {
      const ack = await ask('call:answer', { callId, ...(offerId === '' ? {} : { offerId }) });
      if (ack.ok) dispatch({ type: 'call-answered', call: ack.data as LiveCall });
      // If the server dies between the end of a call and its event, the page would still ring.
      else if (ack.code === 'no-such-call') dispatch({ type: 'offer-ended', callId, offerId });
    },
    sync,
    syncLater,
    reportMedia: (up) => void report(lines.lastId, up, 1),
    /** The server ends a ring. When the end is overdue, the page asks for it. */
    askWhenItRingsOn({ offerId, ringForMs }) {
      clock.after((ringForMs === 0 ? LONGEST_RING_MS : ringForMs) + RING_NEWS_MS, () => {
        if (!isClosed() && phone().offer?.offerId === offerId && phone().link === 'up') void sync(true);
      });
    },
    linkChanged() {
      syncs = 0;
    },
    stop() {
      cancelSyncRetry?.();
      cancelReportRetry?.();
    },
  };
}
