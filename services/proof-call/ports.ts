import type { ProofEcho, ProofWay } from '../shared/contracts/trunks/trunk-test.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';
import type { Language } from '../shared/domain/language.js';

/** The key of the site, which signs the sheets; wired by the composition root. */
export interface SheetSigner {
  readonly publicKey: string;
  readonly fingerprint: string;
  sign(text: string): string;
}

/** Who holds the licence, for the head of a sheet; wired by the composition root. */
export type SheetHolder = (language: Language) => Promise<{ readonly company: string; readonly licence: string }>;

/** The stored recording of a call, decoded; and whether its hash is the one in the record. */
export interface ProofRecording {
  readonly caller: Int16Array;
  readonly agent: Int16Array;
  readonly durationMs: number;
  readonly sha256: string;
  readonly hashEqual: boolean;
}

export interface RecordingReader {
  /** Fails with `not-found` while there is no recording. */
  read(callId: CallId): Promise<ProofRecording>;
}

/** What the recording ledger and its witnesses say about a call. */
export interface ProofRow {
  readonly number: number;
  readonly answeredMs: number;
  readonly recordedMs: number;
  readonly lostMs: number;
  readonly recorderPackets: number | undefined;
  readonly capturePackets: number | undefined;
  readonly relayCallerPackets: number | undefined;
}

export interface ProofWitnesses {
  /** Undefined while the ledger has no row for the call. */
  rowOf(callId: CallId): Promise<ProofRow | undefined>;
  /** Whether a locked object resisted removal and change; undefined where the store has no Object Lock. */
  tryLock(): Promise<boolean | undefined>;
}

export interface ProofTelephone {
  call(): Promise<number>;
  readonly ended: Promise<'here' | 'there'>;
  hangUp(): void;
  close(): void;
  readonly sound: {
    play(hertz: number | undefined): void;
    /** Repeats everything heard from now on, with this delay. */
    repeat(afterMs: number): void;
    untilHears(hertz: number, timeoutMs: number): Promise<number>;
  };
}

/** What the relay counted for one leg of a call. */
export interface LegVoice {
  readonly leg: string;
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** Undefined when the far end sent no RTCP reports from which it could be computed. */
  readonly roundTripMs: number | undefined;
}

export interface ProofVoices {
  /** Empty while the record of the call has not been written. */
  legsOf(callId: CallId): Promise<readonly LegVoice[]>;
}

/** A number that no subscriber has: the record shows at once that the system itself called. */
export const SYSTEM_CALLER = '00000000000';

/** Telephones of a proof call: one calls the number over the trunk, the other is the seat. */
export interface ProofTelephones {
  caller(number: string): Promise<ProofTelephone>;
  /** A seat with a credential of its own, which is valid for a limited time. */
  seat(agentId: AgentId, sessionId: string): Promise<ProofTelephone>;
}

export interface ProofStore {
  add(proof: ProofCall): Promise<void>;
  newest(limit: number): Promise<ProofCall[]>;
  one(proofId: string): Promise<ProofCall | undefined>;
}

/** One stage of the proof: whether what was expected happened, and how long it took. */
export interface ProofStage {
  readonly name: StageName;
  readonly ok: boolean;
  readonly ms: number;
  /** A figure or a reason, in words without personal data. This text is signed. */
  readonly detail: string;
  /** The same in Chinese; left out when the words come from a program that is not ours. */
  readonly detailZh?: string;
}

export const stageNames = [
  'seat-ready',
  'call-answered',
  'seat-rings',
  'seat-answers',
  'caller-hears-agent',
  'agent-hears-caller',
  'call-ended',
  'recording-stored',
  'tones-in-channels',
  'hash-equal',
  'voice-measured',
  'ledger-whole',
  'witnesses-agree',
  'lock-holds',
  'played-by-console',
] as const;
/** Of a call to the carrier's echo number: it has one end. */
export const echoStageNames = [
  'seat-ready',
  'carrier-answers',
  'echo-heard',
  'call-ended',
  'recording-stored',
  'tones-in-channels',
  'hash-equal',
  'voice-measured',
  'ledger-whole',
  'witnesses-agree',
  'lock-holds',
  'played-by-console',
] as const;
export type StageName = (typeof stageNames | typeof echoStageNames)[number];

export interface ProofCall {
  readonly proofId: string;
  readonly at: Date;
  readonly callId?: CallId;
  readonly ok: boolean;
  readonly totalMs: number;
  readonly stages: readonly ProofStage[];
  /** `button`, `command` or `canary`. */
  readonly origin: string;
  /** When undefined, and `echo` too, over the loopback of the machine and no carrier's line. */
  readonly over?: ProofWay;
  /** Out by a trunk to its carrier's echo number. */
  readonly echo?: ProofEcho;
  /**
   * Enabled trunks that were dead at the end of the call, or for 10 s or more since the previous one; undefined when it was not known, as
   * in earlier proof calls.
   */
  readonly linesDown?: readonly string[];
}
