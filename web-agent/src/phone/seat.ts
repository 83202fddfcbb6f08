import type { Ack, FromPage, FromPagePayload } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { Clock } from '../../../services/shared/domain/time/clock.js';
import { advancePhone, currentCall, hearsRinging, newPhone, type Phone, type PhoneEffect, type PhoneEvent } from './phone.js';
import type { ControlLink, Earpiece, Microphone, OpenSeatLine, Ringer } from './ports.js';
import { createFieldPause, type FieldPause } from './field-pause.js';
import { createQualityWatch, type QualityWatch } from './quality-watch.js';
import { createSeatLines, type SeatLines } from './seat-lines.js';
import { createSeatRequests, type SeatRequests } from './seat-requests.js';

export interface SeatPorts {
  readonly link: ControlLink;
  readonly openLine: OpenSeatLine;
  readonly microphone: Microphone;
  readonly earpiece: Earpiece;
  readonly ringer: Ringer;
  readonly clock: Clock;
  credential(): Promise<SeatCredential>;
}

/** The seat of this page: a store for the screens, and the effects of the pure phone. */
export interface Seat {
  getSnapshot(): Phone;
  subscribe(listener: () => void): () => void;
  readonly quality: QualityWatch;
  readonly fieldPause: Pick<FieldPause, 'focus' | 'blur'>;
  /** Sends a request; a refusal also appears on the banner. */
  ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack>;
  answer(): Promise<void>;
  toggleMute(): void;
  /** Takes the seat back from the page that took it over. */
  takeOver(): void;
  readProblem(): void;
  /** A microphone was chosen, permitted or replaced. */
  microphoneChanged(stream: MediaStream): Promise<void>;
  /** The caller's stream, for meters. */
  remote(): MediaStream | null;
  close(): void;
}

export function createSeat({ link, openLine, microphone, earpiece, ringer, clock, credential }: SeatPorts): Seat {
  let phone = newPhone;
  let closed = false;
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
    for (const effect of step.effects) carryOut(effect, { lines, requests, ringer });
  }

  const ofPage = { clock, phone: () => phone, isClosed: () => closed };
  const lines = createSeatLines({
    ...ofPage,
    openLine,
    microphone,
    earpiece,
    credential,
    lineIs: (state, trouble) => dispatch({ type: 'line', state, ...(trouble === undefined ? {} : { trouble }) }),
    microphoneMissing: () => dispatch({ type: 'refused', code: 'microphone-missing' }),
  });
  const requests = createSeatRequests({ ...ofPage, link, lines, dispatch });
  const quality = createQualityWatch({
    line: () => lines.current,
    call: () => currentCall(phone),
    report: (sample) => void link.ask('seat:quality', sample),
    silent: () => void lines.open(),
    clock,
  });
  // Sent directly by the link: a field's request is not a control of the agent, and its refusal appears beside the field.
  const fieldPause = createFieldPause({
    call: () => currentCall(phone),
    linkUp: () => phone.link === 'up',
    ask: (name, payload) => link.ask(name, payload),
    clock,
  });
  const stops = [
    link.onUp((up) => {
      requests.linkChanged();
      dispatch(up ? { type: 'link-up' } : { type: 'link-lost', atMs: clock.nowMs() });
    }),
    ...hear(link, clock, dispatch),
    () => quality.stop(),
    () => fieldPause.stop(),
    () => requests.stop(),
  ];
  // In parallel with the control socket, because after a reload every millisecond counts for the caller.
  void lines.open();

  return {
    getSnapshot: () => phone,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    quality,
    fieldPause,
    ask: (name, payload) => requests.ask(name, payload),
    async answer() {
      if (phone.offer !== null) await requests.answerCall(phone.offer.callId, phone.offer.offerId);
    },
    toggleMute: () => dispatch({ type: 'mute-toggled' }),
    takeOver: () => dispatch({ type: 'take-over' }),
    readProblem: () => dispatch({ type: 'problem-read' }),
    microphoneChanged: (stream) => lines.microphoneChanged(stream),
    remote: () => lines.current?.remote ?? null,
    close() {
      closed = true;
      for (const stop of stops) stop();
      ringer.stop();
      earpiece.ringing(false);
      lines.drop();
    },
  };
}

interface Hands {
  readonly lines: SeatLines;
  readonly requests: SeatRequests;
  readonly ringer: Ringer;
}

/** Carries out the effects of the pure phone. Results return as events. */
function carryOut(effect: PhoneEffect, { lines, requests, ringer }: Hands): void {
  switch (effect.do) {
    case 'sync':
      void requests.sync(false);
      break;
    case 'sync-again':
      requests.syncLater(true);
      break;
    case 'open-line':
    case 'rebuild-line':
      void lines.open();
      break;
    case 'close-line':
      lines.drop();
      break;
    case 'report-media':
      requests.reportMedia(effect.up);
      break;
    case 'ring':
      ringer.ring(effect.offer);
      requests.askWhenItRingsOn(effect.offer);
      break;
    case 'stop-ringing':
      ringer.stop();
      break;
    case 'answer':
      void requests.answerCall(effect.callId, effect.offerId);
      break;
    case 'bind-caller':
      void lines.current?.bindCaller(effect.ssrc);
      break;
    case 'set-mute':
      lines.current?.setMute(effect.muted);
  }
}

/** The reports of the server. The returned function stops listening. */
const hear = (link: ControlLink, clock: Clock, dispatch: (event: PhoneEvent) => void): (() => void)[] => [
  link.on('call:offered', (offer) => dispatch({ type: 'offered', offer, atMs: clock.nowMs() })),
  link.on('call:offer-ended', (end) => dispatch({ type: 'offer-ended', ...end })),
  link.on('call:changed', (call) => dispatch({ type: 'call-changed', call })),
  link.on('call:ended', (end) => dispatch({ type: 'call-ended', end })),
  link.on('call:handed-over', (transfer) => dispatch({ type: 'handed-over', transfer })),
  link.on('agent:changed', (agent) => dispatch({ type: 'agent-changed', agent })),
  link.on('seat:superseded', () => dispatch({ type: 'superseded' })),
  link.on('seat:renew', () => dispatch({ type: 'renewal-asked' })),
];
