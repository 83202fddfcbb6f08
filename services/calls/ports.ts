import type { ListedCaller } from '../shared/contracts/calls/caller-list.js';
import type { MediaEncryption, ServiceNumber, Trunk } from '../shared/contracts/calls/flow.js';
import type { TrunkCodec } from '../shared/domain/calls/trunk-codecs.js';
import type { Clock } from '../shared/domain/time/clock.js';
import type { DialPermit, LeaveWay } from '../shared/domain/calls/dial-permit.js';
import type { PartyDoor } from '../shared/domain/calls/party-door.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { EventInput, EventName } from '../shared/events/catalogue.js';
import type { AnchorPlace, Call, Language } from './machine/call.js';
import type { LegStatistics } from '../shared/records/call.js';
import type { CallRecord } from './records/record.js';
import type { AgentId, CallId, SipCallId, TrunkId } from '../shared/domain/ids.js';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What a trunk's settings say about its media; `codecs` in order of preference, otherwise whatever both sides support. */
export interface MediaTerms {
  readonly encryption: MediaEncryption;
  readonly codecs: readonly TrunkCodec[] | undefined;
  /** Digits go and come as tones: no RTP events are described. */
  readonly tones?: boolean;
}

export interface PartyPlace {
  readonly door: PartyDoor;
  /** Its packets come from an address other than it describes. */
  readonly behindNat: boolean;
}

/** Audio of legs at the relay, by leg id. */
export interface CallMedia {
  accept(leg: {
    readonly id: string;
    readonly kind: 'caller' | 'seat';
    readonly sdp: string;
    readonly door: PartyDoor;
    readonly behindNat?: boolean;
    readonly encryption?: MediaEncryption;
    readonly codecs?: MediaTerms['codecs'];
    readonly tones?: boolean;
  }): Promise<{ readonly sdp: string } & AnchorPlace>;
  invite(leg: { readonly id: string; readonly captured: boolean }): Promise<{ readonly sdp: string } & AnchorPlace>;
  offerFor(id: string, terms: MediaTerms): Promise<string>;
  inviteAnswered(id: string, sdp: string, party: PartyPlace): Promise<AnchorPlace>;
  reoffer(id: string, sdp: string): Promise<string>;
  offerAgain(id: string): string;
  offerAnswered(id: string, sdp: string): Promise<void>;
  pair(one: string, other: string): Promise<void>;
  part(id: string, how?: { readonly otherEnds?: boolean }): Promise<void>;
  innerOf(id: string): Endpoint;
  attach(id: string, towards: Endpoint): Promise<void>;
  /** Copies what the party sends; the leg and whoever is joined to it are not touched. Resolves with the name of the copy. */
  copy(id: string, openFor: (from: Endpoint) => Promise<Endpoint>): Promise<string>;
  endCopy(id: string, name: string): Promise<void>;
  /** Ends the copies that an earlier process asked for. */
  endOtherCopies(id: string): Promise<void>;
  echo(id: string, on: boolean): Promise<void>;
  play(id: string, file: string, times: number): Promise<{ readonly durationMs: number }>;
  stopPlay(id: string): Promise<void>;
  /**
   * Renegotiates a leg so that digits can be sent to it; without this the relay accepts the order and sends none. False when the leg is
   * ready already.
   */
  readyForKeys(id: string): Promise<boolean>;
  sendKey(id: string, key: string): Promise<void>;
  digitByInfo(id: string, digit: string): void;
  ssrcOf(id: string): Promise<number | undefined>;
  release(id: string): Promise<LegStatistics | undefined>;
  has(id: string): boolean;
  export(id: string): AnchorState | undefined;
  adopt(state: AnchorState): void;
  discard(place: { readonly relay: string; readonly mediaCallId: string }): Promise<void>;
}

/** A SIP dialog. `hangUp` may be called twice; `bySupervisor` is said in the BYE. */
export interface Leg {
  readonly dialogId: string;
  /** False when nothing that the far side sends reaches this process, not even its BYE. */
  readonly isHeard: boolean;
  hangUp(how?: { readonly bySupervisor: boolean }): Promise<void>;
  /** Whether the far side still knows the dialog, which may have ended while nobody here could be told. */
  isThere(): Promise<boolean>;
  /** Sets who answers for the media when the far side sends a re-INVITE. */
  onRenegotiation(renegotiation: Renegotiation): void;
  /** A digit that the far side sent by INFO. */
  onDigit(handle: (digit: string) => void): void;
  /** Sends a digit by INFO. Fails when the far side does not take it. */
  sendDigit(digit: string): Promise<void>;
}

/** The far side changes its media within the call, or asks for an offer of ours (RFC 3261 section 14). */
export interface Renegotiation {
  /** An offer of the far side; resolves with the answer. */
  readonly answer: (offer: string) => Promise<string>;
  /** Our offer, when the far side sends none. */
  readonly offer: () => string;
  /** The far side's answer to our offer, in the ACK. */
  readonly answered: (answer: string) => Promise<void>;
}

/** A trunk INVITE that signalling let in: from a known trunk, well formed, within the limits. */
export interface IncomingCall {
  readonly trunkId: TrunkId;
  /** `test`: a call of the installation itself, which no figure counts. */
  readonly class: 'service' | 'test';
  readonly sipCallId: SipCallId;
  /** In normal form (numbering-plan.ts); `anonymous` when withheld. */
  readonly callerNumber: string;
  readonly called: string;
  /** Undefined when the caller leaves the offer to us and answers it in the ACK (RFC 3261 section 13.2.1). */
  readonly sdp: string | undefined;
  readonly receivedAtMs: number;
  refuse(failure: FailureCode): Promise<void>;
  /** Sends 200; fails when the caller has given up meanwhile. */
  answer(sdp: string): Promise<Leg>;
  /** Sends 200 with our offer; resolves with the answer in the ACK, and fails when none comes. */
  offer(sdp: string): Promise<{ readonly leg: Leg; readonly answer: string }>;
  /** CANCEL, BYE, or loss of the caller. `handle` runs once, however late it is registered. */
  onEnded(handle: () => void): void;
}

/** A seat's INVITE whose digest was right and whose sign-in is alive. */
export interface IncomingSeat {
  readonly agentId: AgentId;
  readonly sessionId: string;
  readonly door: 'seat' | 'test';
  readonly sipCallId: SipCallId;
  readonly sdp: string;
  /** Set up over WebRTC: the media is up when the seat's page says so. */
  readonly isWebRtc: boolean;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<Leg>;
  onEnded(handle: () => void): void;
}

export interface OutgoingLeg extends Leg {
  readonly sdp: string;
  onEnded(handle: () => void): void;
}

/** Dials a leg outside by its permit, which it uses up. Fails with `busy`, `not-found`, `timed-out`, `not-allowed` ... as the far side refuses. */
export interface Dialler {
  dial(out: {
    readonly permit: DialPermit;
    readonly sdp: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    /**
     * Called once, before the first INVITE leaves. When `dial` fails without having called it, nobody was called, and the permit may be
     * given back.
     */
    readonly onLeaving: () => void;
    /** Another trunk may take the leg: when this one does not, the failure is `WayFailed` and comes within 4 s. */
    readonly mayMoveOn?: boolean;
    /** The trunk was passed over earlier and is tried now, whatever OPTIONS said. */
    readonly isLastResort?: boolean;
    /** Not even a 100 has come from the carrier for 4 s, and the leg waits all the same; or, after that, something has come. */
    readonly onSilence?: (isSilent: boolean) => void;
    /** Called once, when the far side rings or answers without ringing; with the time since it was dialled. */
    readonly onAlerted?: (alerted: { readonly afterMs: number; readonly rings: boolean }) => void;
    /** Called once, when early media arrives, as the far side describes it. */
    readonly onEarlyMedia?: (sdp: string) => void;
  }): Promise<OutgoingLeg>;
}

/** The gapless sequence of recordings, written before the 200 goes out. The consumer owns the port; services/recording implements it. */
export interface RecordingLedger {
  intent(leg: {
    readonly callId: CallId;
    readonly legId: string;
    readonly at: string;
    /** Where the leg is at the relay: a recorder that never learned of the answer finds it by that. */
    readonly media: AnchorPlace;
  }): Promise<{ readonly ledgerNumber: number }>;
}

/** Numbers and trunks as they are in force; read from memory, and refreshed by `telephony.read-again`. */
export interface Directory {
  number(called: string): ServiceNumber | undefined;
  trunk(trunkId: TrunkId): Trunk | undefined;
  /** Every trunk with each number that it may show: what an outbound call can choose from. */
  waysOut(): readonly { readonly trunkId: TrunkId; readonly from: string }[];
  /** The caller's entry in the black list or the VIP list. */
  listed(callerNumber: string): ListedCaller | undefined;
}

/** A leg that has ended, as the gate accounts for it. */
export interface AccountedLeg {
  readonly attemptId: string;
  /** The trunk over which it was last dialled, and the number that was shown there. */
  readonly trunkId: TrunkId;
  readonly from: string;
  readonly dialledAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date;
  readonly failure: string | undefined;
}

/**
 * The rules for whatever leaves the house, checked at the moment of dialling. Fails with an `outbound-...` code that says which rule
 * refused. The consumer owns the port; services/outbound implements it.
 */
export interface LeavingGate {
  permit(request: {
    readonly callId: CallId;
    readonly way: LeaveWay;
    readonly number: string;
    /** Undefined for a step of a flow and for the overflow of a queue. */
    readonly agentId?: AgentId | undefined;
    readonly purpose?: string | undefined;
    /** The campaign whose list has the number. */
    readonly campaignId?: string | undefined;
    /** In the order of preference. */
    readonly ways: readonly { readonly trunkId: TrunkId; readonly from: string }[];
    /** For a leg that joins a caller: the number of ours that the caller had called. */
    readonly called?: string | undefined;
    /** A trunk is being tested: the number must be on the register of destinations or be one of ours. */
    readonly test?: boolean | undefined;
    /** From somebody who may dial freely in a call: why a number on no register is dialled. */
    readonly freeReason?: string | undefined;
    /** The call in which the person asked for a callback, and whether its trunk vouches for the caller's number. */
    readonly askedIn?: { readonly callId: CallId; readonly vouched: boolean; readonly automatic: boolean } | undefined;
  }): Promise<DialPermit>;
  /**
   * The trunk did not take the leg: resolves with a permit for the next trunk that may carry it, or undefined when there is none.
   * `returns`: the trunk was not tried, and goes behind the others.
   */
  otherWay(permit: DialPermit, how?: { readonly returns: boolean }): Promise<DialPermit | undefined>;
  /** The leg was not dialled after all. */
  unused(permit: DialPermit): Promise<void>;
  /**
   * Watches while the leg is being dialled: `calledOff` runs when somebody stops what it belongs to, or the person refuses or withdraws
   * consent. Resolves after the first check, with the function that ends the watch.
   */
  whileDialled(permit: DialPermit, calledOff: (why: FailureCode) => void): Promise<() => void>;
  ended(leg: AccountedLeg): Promise<void>;
}

export interface Prompts {
  /** The file of a prompt in a language; the site's own wins over the shipped one. Undefined when there is none. */
  file(promptId: string, language: Language): string | undefined;
}

/** Whether a number is open at a time; the calendar knows holidays and 调休. */
export type IsOpen = (number: ServiceNumber, atMs: number) => boolean;

export interface CallRecords {
  /** A record that the store does not take waits in the spool; the call waits for neither. */
  save(record: CallRecord): void;
}

/** What the relay adapter needs to go on with a leg that an earlier process made; opaque here. */
export type AnchorState = Readonly<Record<string, unknown>> & { readonly id: string };

/** A fact about a call, as the event that publishes it. When it is published a second time, it is the same event with the same id. */
export type CallFact = { readonly [N in EventName]: { readonly id: string; readonly name: N; readonly event: EventInput<N> } }[EventName];

/** A live call as it was last stored, with what another process needs to continue it. */
export interface KeptCall {
  readonly call: Call;
  readonly sipCallId: SipCallId;
  readonly dialogId: string | undefined;
  readonly outside: readonly { readonly legId: string; readonly dialogId: string }[];
  readonly anchors: readonly AnchorState[];
  /** Facts that led to this state and may not have been published: whoever takes the call over publishes them, perhaps a second time. */
  readonly unpublished?: readonly CallFact[];
}

export interface KeptSeat {
  readonly agentId: AgentId;
  readonly sessionId: string;
  readonly legId: string;
  readonly dialogId: string;
  readonly sipCallId: SipCallId;
  readonly mediaUp: boolean;
  readonly anchor: AnchorState | undefined;
}

/** Live calls and seats for the next process. Written behind, never awaited. */
export interface LiveState {
  /** Called before the facts that led to this state are published: never more is published than is kept. */
  keepCall(kept: KeptCall): void;
  forgetCall(callId: CallId): void;
  /** Removes what could not be removed while the live state was away. */
  forgetAgain(): void;
  keepSeat(kept: KeptSeat): void;
  forgetSeat(legId: string): void;
  /** Resolves when everything handed over has been written, or cannot be written now. */
  written(): Promise<void>;
  left(): Promise<{ readonly calls: readonly KeptCall[]; readonly seats: readonly KeptSeat[] }>;
  /** The largest fencing token that a leader of routing ever had; 0 when there was none. */
  routingToken(): Promise<number>;
}

/** Takes over a dialog of an earlier process; undefined when it is gone. */
export type AdoptDialog = (dialogId: string, ended: () => void) => Promise<Leg | undefined>;

/** Test calls that are expected to come back in, across all telephony processes. */
export interface ExpectedTests {
  /** Expects one such call within the next 30 s. */
  expect(trunkId: TrunkId, called: string): Promise<void>;
  /** Whether an incoming call is the expected one; it is then expected no longer. False when the live state does not answer. */
  take(trunkId: TrunkId, called: string): Promise<boolean>;
}

/** What calls rest on: time, randomness, files and stores. Everything else they need is the work of another part. */
export interface CallsPlatform {
  readonly clock: Clock;
  /** Ids of calls and of seats' legs: time-ordered, safe in a path. */
  readonly newId: () => string;
  /** Ids of events. */
  readonly newEventId: () => string;
  readonly prompts: Prompts & { forget(): void };
  readonly records: CallRecords & { start(): Promise<void>; stop(): Promise<void>; waiting(): Promise<number> };
  /** The stored record of an ended call. */
  readonly recordOf: (
    callId: CallId,
  ) => Promise<Pick<CallRecord, 'trunkId' | 'callerNumber' | 'called' | 'language' | 'queueId' | 'choices'> | undefined>;
  readonly liveState: LiveState;
  /** Left out where no trunk is tested. */
  readonly expectedTests?: ExpectedTests;
  /**
   * The time of the copied settings by which calls are being decided (UTC, ISO 8601); undefined when the settings were read from the store.
   */
  readonly settingsCopiedAt?: () => string | undefined;
  /** `handle` runs whenever the live state is back after it was away; the returned function unsubscribes it. */
  readonly onLiveStateBack: (handle: () => void) => () => void;
}
