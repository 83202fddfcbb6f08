import type { Ack, FromPage, FromPagePayload, ToPage } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { SeatCredential } from '../../../services/shared/contracts/session.js';
import type { RingingCall } from './phone.js';
import type { LegQuality } from './quality.js';

/** The control socket of the page. Every question is answered or refused; silence becomes `timed-out`. */
export interface ControlLink {
  ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<Ack>;
  on<N extends keyof ToPage>(name: N, handle: ToPage[N]): () => void;
  /** Called at once with the current state, then at each change. `tooMany`: the server refuses another page of this person. */
  onUp(handle: (up: boolean, tooMany?: boolean) => void): () => void;
  /** Checks now whether the other side is there: after sleep, or when the network came back. */
  checkNow(): void;
  close(): void;
}

export interface SeatLineEvents {
  /** Media flows in both directions: SIP confirmed and DTLS connected. */
  readonly up: () => void;
  readonly lost: (why: 'signalling' | 'media' | 'ended' | 'refused' | 'microphone') => void;
}

/** One media session of the seat: a SIP dialog and its peer connection. Replaced rather than repaired. */
export interface SeatLine {
  /** Its Call-ID, by which the other side distinguishes the sessions of a seat. */
  readonly callId: string;
  readonly remote: MediaStream | null;
  setMute(muted: boolean): void;
  useMicrophone(track: MediaStreamTrack): Promise<void>;
  /** Tells the receiver which source is the caller, so that meters and statistics follow it; `null` for any speaker. Local, without SIP. */
  bindCaller(ssrc: number | null): Promise<void>;
  /** Since the last reading. `afterBreak`: the caller was not to be heard at some time since then. */
  quality(afterBreak: boolean): Promise<LegQuality | null>;
  close(): void;
}

/** Opens a line with an adapter. Resolves once media flows, rejects when it cannot. */
export type OpenSeatLine = (options: {
  readonly credential: SeatCredential;
  readonly microphone: MediaStream;
  readonly onLost: SeatLineEvents['lost'];
}) => Promise<SeatLine>;

/** The sound and the notification of a ringing call. */
export interface Ringer {
  ring(offer: RingingCall): void;
  stop(): void;
}

/** The output device on which the caller is heard. */
export interface Earpiece {
  play(remote: MediaStream | null): void;
  /** The ringing tone, because the server sends no media to a seat before the conversation. */
  ringing(on: boolean): void;
}

/** The microphone of the seat; `open` asks for permission if it has not been given yet. */
export interface Microphone {
  open(): Promise<MediaStream>;
}
