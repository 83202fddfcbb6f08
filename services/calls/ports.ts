import type { ServiceNumber, Trunk } from '../shared/contracts/flow.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { AnchorPlace, Call, Language } from './call.js';
import type { LegStatistics } from './leg-statistics.js';
import type { CallRecord } from './record.js';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Audio of legs at the relay, by leg id. */
export interface CallMedia {
  accept(leg: {
    readonly id: string;
    readonly kind: 'caller' | 'seat';
    readonly sdp: string;
  }): Promise<{ readonly sdp: string } & AnchorPlace>;
  invite(leg: { readonly id: string }): Promise<{ readonly sdp: string } & AnchorPlace>;
  inviteAnswered(id: string, sdp: string): Promise<void>;
  pair(one: string, other: string): Promise<void>;
  part(id: string): Promise<void>;
  innerOf(id: string): Endpoint;
  attach(id: string, towards: Endpoint): Promise<void>;
  echo(id: string, on: boolean): Promise<void>;
  play(id: string, file: string, times: number): Promise<{ readonly durationMs: number }>;
  stopPlay(id: string): Promise<void>;
  sendKey(id: string, key: string): Promise<void>;
  ssrcOf(id: string): Promise<number | undefined>;
  release(id: string): Promise<LegStatistics | undefined>;
  has(id: string): boolean;
  discard(place: { readonly relay: string; readonly mediaCallId: string }): Promise<void>;
}

/** A SIP dialog. `hangUp` may be called twice. */
export interface Leg {
  hangUp(): Promise<void>;
}

/** A trunk INVITE that signalling let in: known trunk, well formed, within the limits. */
export interface IncomingCall {
  readonly trunkId: string;
  readonly sipCallId: string;
  /** As the trunk gave it, normalised; `anonymous` when withheld. */
  readonly callerNumber: string;
  readonly called: string;
  readonly sdp: string;
  readonly receivedAtMs: number;
  refuse(failure: FailureCode): Promise<void>;
  /** Sends 200; fails when the caller has given up meanwhile. */
  answer(sdp: string): Promise<Leg>;
  /** CANCEL, BYE, or the loss of the caller: once, whenever it comes. */
  onEnded(handle: () => void): void;
}

/** A seat's INVITE whose digest was right and whose sign-in is alive. */
export interface IncomingSeat {
  readonly agentId: string;
  readonly sessionId: string;
  readonly sdp: string;
  /** Set up over WebRTC: its media is up when its page says so. */
  readonly isWebRtc: boolean;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<Leg>;
  onEnded(handle: () => void): void;
}

export interface OutgoingLeg extends Leg {
  readonly sdp: string;
  onEnded(handle: () => void): void;
}

/** Calls out through a trunk. Fails with `busy`, `not-found`, `timed-out`, `not-allowed` ... as the far side refuses. */
export interface Dialler {
  dial(out: {
    readonly trunkId: string;
    readonly from: string;
    readonly to: string;
    readonly sdp: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<OutgoingLeg>;
}

/** The gapless sequence of recordings, written before the 200 goes out. The consumer owns the port, services/recording implements it. */
export interface RecordingLedger {
  intent(leg: { readonly callId: string; readonly legId: string; readonly at: string }): Promise<{ readonly ledgerNumber: number }>;
}

/** Numbers and trunks as they are in force; read from memory, kept fresh by `config.changed`. */
export interface Directory {
  number(called: string): ServiceNumber | undefined;
  trunk(trunkId: string): Trunk | undefined;
  /** A trunk that can carry calls out and permits `from`, or any when `from` is not given. */
  trunkOut(from: string | undefined): { readonly trunk: Trunk; readonly from: string } | undefined;
  isBlocked(callerNumber: string): boolean;
}

export interface Prompts {
  /** The file of a prompt in a language; the site's own wins over the shipped one. Undefined when there is none. */
  file(promptId: string, language: Language): string | undefined;
}

/** Whether a number is open at a time; the calendar knows holidays and 调休. */
export type IsOpen = (number: ServiceNumber, atMs: number) => boolean;

export interface CallRecords {
  /** What the store does not take waits in the spool; the call does not wait for either. */
  save(record: CallRecord): void;
}

/** Live calls as they were last seen, for whoever starts after us. */
export interface LiveCalls {
  keep(call: Call): void;
  forget(callId: string): void;
  left(): Promise<readonly Call[]>;
}
