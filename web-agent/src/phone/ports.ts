import type { Ack, FromPage, FromPagePayload, ToPage } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { RingingCall } from './phone.js';
import type { LegQuality } from './quality.js';

/** The control socket of the page. Every question is answered or refused; silence becomes `timed-out`. */
export interface ControlLink {
  ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack>;
  on<N extends keyof ToPage>(name: N, handle: ToPage[N]): () => void;
  /** Told at once with the present state, then at each change. */
  onUp(handle: (up: boolean) => void): () => void;
  /** Asks whether the other side is there, now: after sleep, or when the network came back. */
  checkNow(): void;
  close(): void;
}

export interface SeatLineEvents {
  /** Media runs both ways: SIP confirmed and DTLS connected. */
  readonly up: () => void;
  readonly lost: (why: 'signalling' | 'media' | 'ended' | 'refused' | 'microphone') => void;
}

/** One media session of the seat: a SIP dialog and its peer connection. Made anew rather than repaired. */
export interface SeatLine {
  /** Its Call-ID: how the other side tells the sessions of a seat apart. */
  readonly callId: string;
  readonly remote: MediaStream | null;
  setMute(muted: boolean): void;
  useMicrophone(track: MediaStreamTrack): Promise<void>;
  /** Tells the receiver which source is the caller, so that meters and statistics follow it; `null` for whoever speaks. Local, no SIP. */
  bindCaller(ssrc: number | null): Promise<void>;
  /** Since the last reading; `afterBreak` when the caller was not to be heard at some time since then. */
  quality(afterBreak: boolean): Promise<LegQuality | null>;
  close(): void;
}

/** Opens a line with an adapter; resolves once media runs, rejects when it cannot. */
export type OpenSeatLine = (options: {
  readonly credential: SeatCredential;
  readonly microphone: MediaStream;
  readonly onLost: SeatLineEvents['lost'];
}) => Promise<SeatLine>;

/** Sound and sight of a ringing call. */
export interface Ringer {
  ring(offer: RingingCall): void;
  stop(): void;
}

/** Where the caller is heard. */
export interface Earpiece {
  play(remote: MediaStream | null): void;
  /** The ringing tone of the other side: the server sends no sound to a seat before there is a conversation. */
  ringing(on: boolean): void;
}

/** The microphone of the seat; `open` asks for permission when it was not given yet. */
export interface Microphone {
  open(): Promise<MediaStream>;
}
