import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import type { FiledState, Filing } from './checks/filing.js';
import type { Usage } from './checks/usage.js';
import type { AnnualSummary, PackKind } from './documents/pack-facts.js';
import type { FraudSettings } from '../shared/domain/calls/fraud.js';
import type { Language, Say, Words } from '../shared/domain/language.js';
import type { EquipmentList } from '../shared/domain/licence/equipment-list.js';
import type { TitleBlock, Topology } from '../shared/domain/licence/topology.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { EarlierPack } from './pack/history.js';
import type { Draw } from './pack/draw.js';
import type { StoredFigures } from './quality/stored-figures.js';
import type { SealedSheet } from '../shared/domain/licence/witnessed.js';
import type { ProbeRow, Reading } from '../shared/domain/licence/probe-row.js';
import type {
  AlarmRow,
  AttemptRow,
  CallRow,
  ComplaintRow,
  ProofRow,
  RecordingRow,
  ReviewRow,
  StateRow,
  SurveyRow,
} from './quality/call-row.js';
import type { AttachedFile, ClockRow, ConsentRow, LedgerEntry, LegRow } from './quality/proof-row.js';
import type { AnswerRow, CaseRow, SeatRow, TurnRow } from './quality/witness-row.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

/** The registers, read completely. `services/registry` provides them. */
export interface LicenceFileReader {
  read(language: Language): Promise<LicenceFile>;
}

/** The newest figures of each period; wired by the composition root. */
export type StoredFiguresReader = () => Promise<readonly StoredFigures[]>;

/** The sealed day sheets from a day on (`YYYY-MM-DD`), in order; wired by the composition root. */
export type SheetsFrom = (day: string) => Promise<readonly SealedSheet[]>;

/** A period; the end is not included. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The content of the stores, as rows in order of time, a few hundred at once. Each is a stream, because a year does not fit into memory.
 */
export interface StoredRows {
  calls(stretch: Stretch): AsyncIterable<readonly CallRow[]>;
  recordings(stretch: Stretch): AsyncIterable<readonly RecordingRow[]>;
  /** The recordings by their records: the object store is not asked. */
  archived(stretch: Stretch): AsyncIterable<readonly (Omit<RecordingRow, 'kept'> & { readonly deleted: boolean })[]>;
  complaints(stretch: Stretch): AsyncIterable<readonly ComplaintRow[]>;
  surveys(stretch: Stretch): AsyncIterable<readonly SurveyRow[]>;
  proofs(stretch: Stretch): AsyncIterable<readonly ProofRow[]>;
  states(stretch: Stretch): AsyncIterable<readonly StateRow[]>;
  reviews(stretch: Stretch): AsyncIterable<readonly ReviewRow[]>;
  attempts(stretch: Stretch): AsyncIterable<readonly AttemptRow[]>;
  alarms(stretch: Stretch): AsyncIterable<readonly AlarmRow[]>;
  /** By the time at which they were recorded. */
  consents(stretch: Stretch): AsyncIterable<readonly ConsentRow[]>;
  legs(stretch: Stretch): AsyncIterable<readonly LegRow[]>;
  /** The events of complaint clocks, whenever the complaints arrived. */
  clocks(stretch: Stretch): AsyncIterable<readonly ClockRow[]>;
  /** By the time of attachment, including files that have been withdrawn since. */
  attachments(stretch: Stretch): AsyncIterable<readonly AttachedFile[]>;
  /** Beginnings and ends of states that lasted over midnight, by their time. */
  turns(stretch: Stretch): AsyncIterable<readonly TurnRow[]>;
  /** Answers to surveys, by the time at which they were written. */
  answers(stretch: Stretch): AsyncIterable<readonly AnswerRow[]>;
  /** Complaints, by the time at which they were recorded. */
  cases(stretch: Stretch): AsyncIterable<readonly CaseRow[]>;
  /** Seats, by the time at which they came online. */
  seats(stretch: Stretch): AsyncIterable<readonly SeatRow[]>;
  /** The query of each file of rows, as it is sent to the store: printed in the manifest. */
  readonly queries: Readonly<Record<string, (stretch: Stretch) => string>>;
}

/** The rows of the recording ledger with an intent in a period, ordered by number; wired by the composition root. */
export type LedgerReader = (stretch: Stretch) => AsyncIterable<readonly LedgerEntry[]>;

/** The numbers of the recording ledger around those of a period; wired by the composition root. */
export type LedgerNumbersReader = (
  from: number,
  to: number,
) => Promise<{
  readonly after: number;
  readonly before: number;
  readonly numbers: readonly (readonly [from: number, to: number])[];
  readonly leases: readonly (readonly [from: number, to: number])[];
}>;

/**
 * The bytes of an attached file by its owner; undefined when the store no longer has it, or has other bytes. Wired by the composition root.
 */
export type AttachedBodies = (file: AttachedFile) => Promise<Uint8Array | undefined>;

/**
 * The bytes of an archived recording as they were before it was encrypted for the store, which is what the ledger has the hash of; without
 * `body` when the store no longer has them so. Wired by the composition root.
 */
export type RecordedBodies = (
  callId: CallId,
  sha256: string,
) => Promise<{ readonly body?: Uint8Array | undefined; readonly ledgerNumber?: number | undefined }>;

/**
 * Looks at archived recordings while a pack is made, and notes damage as a check does: a store lists an object also when its disk has lost
 * the bytes. Wired by the composition root; one for each reading.
 */
export interface RecordingLooks {
  /** Opens a recording and compares it with its hashes. */
  whole(callId: CallId): Promise<void>;
  /** Reads the last byte of its object, which has that many bytes in the listing of the store. */
  end(
    callId: CallId,
    object: { readonly key: string; readonly version: string; readonly bytes: number },
  ): Promise<{ readonly at: Date; readonly damage?: string }>;
}

/** Data of other slices that come in no stream of rows. */
export interface SiteReader {
  /** The largest number of simultaneous seats, and who signed in on which day. */
  seats(stretch: Stretch): Promise<Pick<Usage, 'peakSeats' | 'seatDays'>>;
  accounts(): Promise<Usage['accounts']>;
  doNotCall(): Promise<number>;
  /** People's newest refusals, with masked numbers. */
  refusals(limit: number): Promise<readonly { readonly at: Date; readonly numberMasked: string; readonly reason: string }[]>;
  consents(): Promise<{ readonly inForce: number; readonly all: number }>;
  /** The calls among these that have an archived recording. */
  recorded(callIds: readonly CallId[]): Promise<ReadonlySet<string>>;
  /** The rules by which the fraud watch raises its alarms. */
  fraudSettings(): Promise<FraudSettings>;
  /** Account names by the id of the person. */
  accountNames(): Promise<Readonly<Record<string, string>>>;
  /** Queue names, as people use them, by the id of the queue. */
  queueNames(): Promise<Readonly<Record<string, Words>>>;
}

/** Seats and agents' states, taken from events. Evidence stores them, because no other slice does. */
export interface SeatLog {
  online(seat: {
    readonly sessionId: string;
    readonly agentId: AgentId;
    readonly at: Date;
    readonly device?: string;
    readonly address?: string;
  }): Promise<void>;
  offline(sessionId: string, at: Date, reason: string): Promise<void>;
  stateChanged(change: {
    readonly id: string;
    readonly agentId: AgentId;
    readonly at: Date;
    readonly from: string;
    readonly to: string;
    readonly reason?: string | undefined;
    readonly callId?: CallId | undefined;
  }): Promise<void>;
  /** Seats that were online since `since`, as readings of a probe. */
  recentSeats(since: Date): Promise<Reading[]>;
}

/** What the probes found, and what follows from it and the registers; wired by the composition root. */
export interface Inventory {
  latest(): Promise<{ readonly at: Date; readonly rows: readonly ProbeRow[] } | undefined>;
  reconcile(file: LicenceFile, probes: readonly ProbeRow[], say: Say): { readonly equipment: EquipmentList; readonly topology: Topology };
  draw(topology: Topology, title: TitleBlock, say: Say): Promise<{ readonly svg: string; readonly upright: boolean }>;
}

/** Runs the probes, and stores their rows with the lines that calls used; gives the number of rows. Wired by the composition root. */
export type ProbeRound = (used: Pick<Usage, 'trunks' | 'numbers'>) => Promise<number>;

export interface FilingStore {
  add(filing: Filing): Promise<void>;
  latest(): Promise<Filing | undefined>;
  all(): Promise<Omit<Filing, 'state'>[]>;
  firstSeen(): Promise<Readonly<Record<string, CalendarDate>>>;
  rememberSeen(firstSeen: Readonly<Record<string, CalendarDate>>): Promise<void>;
}

/** A sealed pack, as the list shows it. */
export interface PackRecord {
  readonly packId: string;
  readonly number: number;
  readonly kind: PackKind;
  /** The licence case that the pack was made for. */
  readonly caseId?: string;
  readonly from: string;
  readonly to: string;
  readonly madeAt: Date;
  readonly requestedBy: string;
  /** Packs from before the language could be chosen are in Chinese. */
  readonly language?: Language;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly manifestSha256: string;
  readonly previous: string | null;
  readonly fileName: string;
  /** The statement of the time-stamp authority, or why there is no stamp; missing when the site has no authority. */
  readonly stamp?: { readonly at: Date; readonly authority: string } | { readonly missing: string };
  /** Only for a pack with drawn recordings: how they were drawn, how many there are, and why they were asked for. */
  readonly drawn?: Draw & { readonly count: number; readonly reason: string };
  /** For an annual pack: its figures, and when it was filed. A filed pack never changes. */
  readonly annual?: AnnualSummary;
  readonly filed?: PackFiling;
}

export interface PackFiling {
  readonly filedOn: CalendarDate;
  /** The receipt of the platform, or another proof of filing. */
  readonly note: string;
  readonly by: string;
  readonly at: Date;
}

export interface PackStore {
  last(): Promise<PackRecord | undefined>;
  /** All packs, in order. */
  history(): Promise<readonly EarlierPack[]>;
  all(): Promise<PackRecord[]>;
  one(packId: string): Promise<PackRecord | undefined>;
  add(pack: PackRecord): Promise<void>;
  /** Stores the archive in the object store, so that every web process can send it. */
  upload(pack: PackRecord, path: string): Promise<void>;
  read(pack: PackRecord): Promise<AsyncIterable<Uint8Array>>;
  /** Marks an annual pack as filed; false when it was marked before. */
  file(packId: string, filed: PackFiling): Promise<boolean>;
  /** The annual pack that was filed for a year. */
  filedFor(year: number): Promise<PackRecord | undefined>;
  filedYears(): Promise<readonly number[]>;
}

export interface Job {
  readonly jobId: string;
  readonly kind: PackKind;
  readonly startedAt: Date;
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly state: 'running' | 'sealed' | 'failed';
  readonly packId?: string;
  readonly reason?: string;
}

export interface JobStore {
  put(job: Job): Promise<void>;
  one(jobId: string): Promise<Job | undefined>;
  recent(): Promise<Job[]>;
  /** Orders that were running when the process ended have failed. */
  failRunning(reason: string): Promise<void>;
}

export type { FiledState };

/** The worker's conclusions of its last round, for the pages. */
export interface StateStore {
  save(name: string, value: object, at: Date): Promise<void>;
  read(name: string): Promise<{ readonly at: Date; readonly value: object } | undefined>;
}
