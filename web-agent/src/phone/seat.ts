import type { Ack, FromPage, FromPagePayload, SeatSync } from '../../../services/shared/contracts/seat-socket.js';
import type { LiveCall } from '../../../services/shared/contracts/commands.js';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { Clock } from '../../../services/shared/domain/clock.js';
import {
  advancePhone,
  currentCall,
  hearsRinging,
  newPhone,
  type LineState,
  type Phone,
  type PhoneEffect,
  type PhoneEvent,
  type RingingCall,
} from './phone.js';
import type { ControlLink, Earpiece, Microphone, OpenSeatLine, Ringer, SeatLine } from './ports.js';
import { createFieldPause, type FieldPause } from './field-pause.js';
import { createQualityWatch, type QualityWatch } from './quality-watch.js';

const RETRY_MS = [100, 300, 700, 1_500, 3_000] as const;
/** The server re-points the call to the new session and hangs up the old one; one that is still there after this is closed by the page. */
const HAND_OVER_MS = 2_000;
/** No queue rings for longer. */
const LONGEST_RING_MS = 120_000;
const RING_NEWS_MS = 3_000;
/** A session that the server has not acknowledged after so many words is none. */
const REPORTS = 5;

const waitOf = (attempt: number): number => RETRY_MS[Math.min(attempt, RETRY_MS.length) - 1] ?? 3_000;

export interface SeatPorts {
  readonly link: ControlLink;
  readonly openLine: OpenSeatLine;
  readonly microphone: Microphone;
  readonly earpiece: Earpiece;
  readonly ringer: Ringer;
  readonly clock: Clock;
  credential(): Promise<SeatCredential>;
}

/** The seat of this page: a store for the screens, and the hands of the pure phone. */
export interface Seat {
  getSnapshot(): Phone;
  subscribe(listener: () => void): () => void;
  readonly quality: QualityWatch;
  readonly fieldPause: Pick<FieldPause, 'focus' | 'blur'>;
  /** Asks the server; a refusal is also put on the banner. */
  ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack>;
  answer(): Promise<void>;
  toggleMute(): void;
  /** Takes the seat back from the page that took it over. */
  takeOver(): void;
  readProblem(): void;
  /** A microphone was chosen, allowed or exchanged. */
  microphoneChanged(stream: MediaStream): Promise<void>;
  /** What the caller sends, for meters. */
  remote(): MediaStream | null;
  close(): void;
}

export function createSeat({ link, openLine, microphone, earpiece, ringer, clock, credential }: SeatPorts): Seat {
  let phone = newPhone;
  let line: SeatLine | null = null;
  /** The line that was the seat's last. */
  let lineId = '';
  let opening = false;
  let openAgain = false;
  /** A microphone that was exchanged while a line was opened with the one before. */
  let exchanged: MediaStreamTrack | undefined;
  let attempt = 0;
  let closed = false;
  let cancelRetry: (() => void) | undefined;
  let cancelSyncRetry: (() => void) | undefined;
  let cancelReportRetry: (() => void) | undefined;
  let syncs = 0;
  const listeners = new Set<() => void>();

  function dispatch(event: PhoneEvent): void {
    const step = advancePhone(phone, event);
    if (step.phone !== phone) {
      phone = step.phone;
      earpiece.ringing(hearsRinging(phone));
      for (const listener of listeners) listener();
      fieldPause.told();
      quality.told();
    }
    for (const effect of step.effects) run(effect);
  }

  function run(effect: PhoneEffect): void {
    switch (effect.do) {
      case 'sync':
        return void sync(false);
      case 'sync-again': {
        syncLater(true);
        return;
      }
      case 'open-line':
      case 'rebuild-line':
        return void open();
      case 'close-line': {
        dropLine();
        return;
      }
      case 'report-media':
        return void report(lineId, effect.up, 1);
      case 'ring': {
        ringer.ring(effect.offer);
        askWhenItRingsOn(effect.offer);
        return;
      }
      case 'stop-ringing': {
        ringer.stop();
        return;
      }
      case 'answer':
        return void answerCall(effect.callId, effect.offerId);
      case 'bind-caller':
        return void line?.bindCaller(effect.ssrc);
      case 'set-mute':
        return line?.setMute(effect.muted);
    }
  }

  /** Until it is heard: the other side may not have the session yet, or not be there for a moment. */
  async function report(callId: string, up: boolean, tries: number): Promise<void> {
    cancelReportRetry?.();
    const ack = await link.ask('seat:media', { up, line: callId });
    if (ack.ok || ack.code === 'not-allowed' || closed || callId !== lineId || up !== (line !== null)) return;
    if (phone.link !== 'up') return; // The sync after it makes a new line, or finds this one lost.
    cancelReportRetry = clock.after(waitOf(tries), () => {
      if (callId !== lineId || up !== (line !== null)) return;
      if (up && tries >= REPORTS) void open();
      else void report(callId, up, tries + 1);
    });
  }

  async function sync(again: boolean): Promise<void> {
    cancelSyncRetry?.();
    const asked = phone.heard;
    const ack = await link.ask('seat:sync', {});
    if (closed) return;
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
      if (!closed && phone.link === 'up') void sync(again);
    });
  }

  /** Opens a line, keeping the old one until the new one carries the call. */
  async function open(): Promise<void> {
    if (opening) {
      openAgain = true;
      return;
    }
    cancelRetry?.();
    opening = true;
    exchanged = undefined;
    const old = line;
    lineIs(old === null ? 'connecting' : 'rebuilding');
    try {
      const [secret, stream] = await Promise.all([credential(), openMicrophone()]);
      const fresh: SeatLine = await openLine({ credential: secret, microphone: stream, onLost: (why) => lineLost(fresh, why) });
      if (closed || phone.link === 'superseded') {
        fresh.close();
        return;
      }
      line = fresh;
      lineId = fresh.callId;
      attempt = 0;
      if (exchanged !== undefined) await fresh.useMicrophone(exchanged);
      earpiece.play(fresh.remote);
      lineIs('up');
      if (old !== null) clock.after(HAND_OVER_MS, () => old.close());
    } catch (error) {
      if (closed || phone.link === 'superseded') return;
      if (old === null) lineIs('lost');
      if (error instanceof MicrophoneMissing && exchanged === undefined) dispatch({ type: 'refused', code: 'microphone-missing' });
      else later(() => void open());
    } finally {
      opening = false;
      if (openAgain && !closed) {
        openAgain = false;
        void open();
      }
    }
  }

  async function openMicrophone(): Promise<MediaStream> {
    try {
      return await microphone.open();
    } catch (error) {
      throw new MicrophoneMissing('The microphone is not allowed or not there.', { cause: error });
    }
  }

  function lineLost(lost: SeatLine, why: string): void {
    if (line !== lost || closed) return;
    line = null;
    lineIs('lost');
    if (why !== 'microphone') void open();
  }

  function lineIs(state: LineState): void {
    dispatch({ type: 'line', state });
  }

  function later(act: () => void): void {
    cancelRetry?.();
    attempt += 1;
    cancelRetry = clock.after(waitOf(attempt), () => {
      if (!closed) act();
    });
  }

  function dropLine(): void {
    cancelRetry?.();
    line?.close();
    line = null;
    earpiece.play(null);
  }

  async function ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack> {
    dispatch({ type: 'asked', what: name });
    const ack = await link.ask(name, payload);
    dispatch(ack.ok ? { type: 'answered' } : { type: 'refused', code: ack.code });
    // The end of this call was not heard here.
    if (!ack.ok && ack.code === 'no-such-call' && 'callId' in payload && phone.calls.some(({ callId }) => callId === payload.callId))
      void sync(true);
    return ack;
  }

  async function answerCall(callId: string, offerId: string): Promise<void> {
    const ack = await ask('call:answer', { callId, ...(offerId === '' ? {} : { offerId }) });
    if (ack.ok) dispatch({ type: 'call-answered', call: ack.data as LiveCall });
    // If the server dies between the end of a call and its event, the page still rings.
    else if (ack.code === 'no-such-call') dispatch({ type: 'offer-ended', callId, offerId });
  }

  /** The end of a ring is the server's to say; when it should have come, it is asked for. */
  function askWhenItRingsOn({ offerId, ringForMs }: RingingCall): void {
    clock.after((ringForMs === 0 ? LONGEST_RING_MS : ringForMs) + RING_NEWS_MS, () => {
      if (!closed && phone.offer?.offerId === offerId && phone.link === 'up') void sync(true);
    });
  }

  const quality = createQualityWatch({
    line: () => line,
    call: () => currentCall(phone),
    report: (sample) => void link.ask('seat:quality', sample),
    silent: () => void open(),
    clock,
  });

  // By the link itself: what a field asks for is no control of the agent, and its refusal stands beside the field.
  const fieldPause = createFieldPause({
    call: () => currentCall(phone),
    linkUp: () => phone.link === 'up',
    ask: (name, payload) => link.ask(name, payload),
    clock,
  });

  const stops = [
    link.onUp((up) => {
      syncs = 0;
      dispatch(up ? { type: 'link-up' } : { type: 'link-lost', atMs: clock.nowMs() });
    }),
    link.on('call:offered', (offer) => dispatch({ type: 'offered', offer, atMs: clock.nowMs() })),
    link.on('call:offer-ended', (end) => dispatch({ type: 'offer-ended', ...end })),
    link.on('call:changed', (call) => dispatch({ type: 'call-changed', call })),
    link.on('call:ended', (end) => dispatch({ type: 'call-ended', end })),
    link.on('call:handed-over', (transfer) => dispatch({ type: 'handed-over', transfer })),
    link.on('agent:changed', (agent) => dispatch({ type: 'agent-changed', agent })),
    link.on('seat:superseded', () => dispatch({ type: 'superseded' })),
    link.on('seat:renew', () => dispatch({ type: 'renewal-asked' })),
    () => quality.stop(),
    () => fieldPause.stop(),
  ];
  // Beside the control socket, not after it: after a reload every millisecond is a caller who hears a tone.
  void open();

  return {
    getSnapshot: () => phone,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    quality,
    fieldPause,
    ask,
    async answer() {
      if (phone.offer !== null) await answerCall(phone.offer.callId, phone.offer.offerId);
    },
    toggleMute: () => dispatch({ type: 'mute-toggled' }),
    takeOver: () => dispatch({ type: 'take-over' }),
    readProblem: () => dispatch({ type: 'problem-read' }),
    async microphoneChanged(stream) {
      const track = stream.getAudioTracks()[0];
      if (opening) exchanged = track;
      if (line !== null && track !== undefined) await line.useMicrophone(track);
      else if (!opening && phone.link === 'up') await open();
    },
    remote: () => line?.remote ?? null,
    close() {
      closed = true;
      cancelSyncRetry?.();
      cancelReportRetry?.();
      for (const stop of stops) stop();
      ringer.stop();
      earpiece.ringing(false);
      dropLine();
    },
  };
}

/** The one failure of a line that waiting does not mend. */
class MicrophoneMissing extends Error {
  override readonly name = 'MicrophoneMissing';
}
