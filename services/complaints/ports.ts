import type { Principal } from '../shared/domain/people/rights.js';
import type { Document, Letterhead } from '../shared/domain/licence/document.js';
import type { CaseScope } from './cases/case-scope.js';
import type { FileOfCase } from './cases/case-parts.js';
import type { Complaint } from './cases/complaint.js';
import type { RuleTable } from './clock/deadline-rule.js';
import type { Calendar, CalendarYear } from './clock/working-days.js';
import type { AgentId, CallId, QueueId, UserId, ComplaintId } from '../shared/domain/ids.js';

export interface ComplaintSearch {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly owner?: string | undefined;
  readonly clientUnit?: string | undefined;
  readonly scope: CaseScope;
  readonly againstAgentId?: string | undefined;
  readonly numberHash?: string | undefined;
  readonly callId?: CallId | undefined;
  /** `was-overdue`: the clock ran out at any time, whether or not the case is closed. Nothing removes a case from that list. */
  readonly clock?: 'overdue' | 'today' | 'week' | 'later' | 'was-overdue' | undefined;
  readonly receivedFrom?: Date | undefined;
  readonly receivedTo?: Date | undefined;
  readonly skip: number;
  readonly limit: number;
}

export interface BoardCounts {
  readonly overdue: number;
  readonly today: number;
  readonly week: number;
  readonly later: number;
  readonly answered: number;
  /** The clock ran out at any time. */
  readonly wasOverdue: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byClient: Readonly<Record<string, number>>;
  readonly byAgent: Readonly<Record<string, number>>;
}

export interface ComplaintStore {
  /** The next number of a day, without gaps: `TS20261125-0001`. */
  nextNumber(date: string, count?: number): Promise<number>;
  add(complaints: readonly Complaint[]): Promise<void>;
  byId(id: ComplaintId): Promise<Complaint | undefined>;
  /** Writes if the stored revision is the previous one; false when somebody else was faster. */
  replace(complaint: Complaint): Promise<boolean>;
  search(
    query: ComplaintSearch,
    bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date },
  ): Promise<{ readonly complaints: Complaint[]; readonly total: number }>;
  counts(bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date }, scope: CaseScope): Promise<BoardCounts>;
  /** Like `add`, but an existing row stays as it is. */
  addMissing(complaints: readonly Complaint[]): Promise<void>;
  joinedTo(id: ComplaintId): Promise<Complaint[]>;
  /** Answers that were given to the outbox before `before` and whose outcome nobody has reported. */
  withSending(before: Date, limit: number): Promise<Complaint[]>;
  /** Open cases whose next clock step is due before `now`. */
  withDueClock(now: Date, limit: number): Promise<Complaint[]>;
  /** The numbers among these that have more than one case with a running clock. */
  withOthersRunning(numberHashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Cases of the same number with a running clock: candidates for joining. */
  runningOfNumber(numberHash: string): Promise<Complaint[]>;
  /** Open cases that list this call. */
  ofCall(callId: CallId): Promise<Complaint[]>;
  /** Cases received in a period, as figures need them; as a stream, because a year does not fit into memory. */
  received(from: Date, to: Date, scope: CaseScope): AsyncIterable<Complaint>;
}

export interface RuleStore {
  newest(): Promise<RuleTable | undefined>;
  version(version: number): Promise<RuleTable | undefined>;
  /** False when somebody else saved this version first. */
  add(table: RuleTable): Promise<boolean>;
  calendars(): Promise<Calendar>;
  putCalendar(year: CalendarYear): Promise<void>;
}

/** `service`: inbound calls, without test and practice calls. `all`: every call, as earlier stored figures were counted. */
export type CountedCalls = 'service' | 'all';

/** What complaints need from calls: the calls of a number, newest first, and the number of calls in a period. */
export interface CallsOfNumber {
  /** Calls of one client unit, if one is named: calls of other units are not its business. */
  find(numberHash: string, limit: number, clientUnit?: string): Promise<readonly string[]>;
  /** For many numbers at once, each with its calls and their client units. */
  findMany(
    numberHashes: readonly string[],
  ): Promise<ReadonlyMap<string, readonly { readonly callId: CallId; readonly clientUnit?: string }[]>>;
  /** The whole number of a stored call: only to be hashed, masked or put on the do-not-call list. */
  callerOf(callId: CallId): Promise<
    | {
        readonly number: string;
        readonly agentId?: AgentId;
        readonly at: Date;
        readonly clientUnit?: string;
        readonly queueId?: QueueId;
      }
    | undefined
  >;
  /** Inbound calls from `from` until `to` that had ended at `asOf`, within a scope. An empty list restricts nothing. */
  count(from: Date, to: Date, asOf: Date, scope: CaseScope, which: CountedCalls): Promise<number>;
}

/** Recordings under legal hold, by the case that needs them. */
export interface RecordingHolds {
  hold(callIds: readonly CallId[], reason: string): Promise<void>;
  release(callIds: readonly CallId[], reason: string): Promise<void>;
}

export interface DoNotCall {
  add(number: string, reason: string, source: string): Promise<void>;
}

/** Outgoing messages: accepted at once, sent by a provider, with their end reported by `message.settled`. */
export interface Messenger {
  canSend(way: 'sms' | 'mail'): boolean;
  queue(message: {
    readonly messageId: string;
    readonly way: 'sms' | 'mail';
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly topic: { readonly kind: 'complaint-answer' | 'complaint-receipt'; readonly id: string };
  }): Promise<void>;
  states(
    messageIds: readonly string[],
  ): Promise<{ readonly messageId: string; readonly state: 'waiting' | 'sent' | 'failed'; readonly reason?: string }[]>;
}

/** Seals what identifies a complainant, bound to its case. */
export interface Sealer {
  seal(plain: string, caseId: string): string;
  open(sealed: string, caseId: string): string;
}

/** An import in progress. Its cases are staged beside the others and become cases only when all of them are there. */
export interface ImportStore {
  /** Stages pieces; they are not cases yet. */
  stage(importId: string, piece: number, cases: readonly Complaint[]): Promise<void>;
  /** The deciding write. From here on the import happens, whatever fails. */
  commit(head: ImportHead): Promise<void>;
  /** A committed import that nobody works on. It belongs to the caller until `until`. */
  claim(now: Date, until: Date): Promise<ImportHead | undefined>;
  piece(importId: string, piece: number): Promise<readonly Complaint[]>;
  /** Pieces before `next` are cases now; the claim is extended. */
  advance(importId: string, next: number, until: Date): Promise<void>;
  finish(importId: string, at: Date): Promise<void>;
  byId(importId: string): Promise<ImportHead | undefined>;
  /** Deletes what was staged before `before` and never committed. */
  sweep(before: Date): Promise<void>;
}

export interface ImportHead {
  readonly importId: string;
  readonly by: string;
  readonly at: Date;
  readonly total: number;
  readonly pieces: number;
  /** The next piece to become cases. */
  readonly next: number;
  readonly doneAt?: Date;
}

/** A file of a case, as it is stored. */
export interface CaseFile extends FileOfCase {
  readonly complaintId: ComplaintId;
  readonly contentType: string;
  readonly at: Date;
  readonly by: string;
  /** Shows a whole number; only people who may see one can read it. */
  readonly whole: boolean;
}

/** The files of cases. A file that no case names, because somebody gave up on the way, is deleted after a day. */
export interface CaseFileStore {
  /** Stores the bytes first and the row about them last: half an upload is not a file. */
  put(about: Omit<CaseFile, 'sizeBytes' | 'sha256'>, body: Uint8Array): Promise<CaseFile>;
  byId(fileId: string): Promise<CaseFile | undefined>;
  /** The bytes, checked against the hash of the row. Fails with `file-damaged`. */
  read(file: CaseFile): Promise<Uint8Array>;
  /** Marks files that the case names now. */
  named(fileIds: readonly string[]): Promise<void>;
  /** Files from before `before` that, as far as is known, no case names. */
  unnamed(before: Date, limit: number): Promise<CaseFile[]>;
  remove(fileId: string): Promise<void>;
}

export type PrintDocument = Readonly<Record<'docx' | 'pdf', (document: Document, letterhead: Letterhead) => Promise<Uint8Array>>>;
/**
 * Names of everybody whose id may appear in a case; with `within`, only of people whom that person is involved with. `works`: a case can be
 * given to them.
 */
export type PeopleOfCases = (
  within?: Principal,
) => Promise<readonly { readonly userId: UserId; readonly name: string; readonly works: boolean }[]>;
/** The company and its licence, from the licence file. */
export type LicenceHolder = () => Promise<{
  readonly company: string;
  readonly licence: string;
  /** Names by the key of the client unit. */
  readonly clientNames: ReadonlyMap<string, string>;
}>;
