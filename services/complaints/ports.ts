import type { Principal } from '../shared/domain/people/rights.js';
import type { Document, Letterhead } from '../shared/domain/licence/document.js';
import type { CaseScope } from './cases/case-scope.js';
import type { FileOfCase } from './cases/case-parts.js';
import type { Complaint } from './cases/complaint.js';
import type { RuleTable } from './clock/deadline-rule.js';
import type { Calendar, CalendarYear } from './clock/working-days.js';

export interface ComplaintSearch {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly owner?: string | undefined;
  readonly clientUnit?: string | undefined;
  readonly scope: CaseScope;
  readonly againstAgentId?: string | undefined;
  readonly numberHash?: string | undefined;
  readonly callId?: string | undefined;
  /** `was-overdue`: ran out at any time, closed or not; nothing takes a case off that list. */
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
  /** Ran out at any time. */
  readonly wasOverdue: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byClient: Readonly<Record<string, number>>;
  readonly byAgent: Readonly<Record<string, number>>;
}

export interface ComplaintStore {
  /** The next number of a day, gapless: `TS20261125-0001`. */
  nextNumber(date: string, count?: number): Promise<number>;
  add(complaints: readonly Complaint[]): Promise<void>;
  byId(id: string): Promise<Complaint | undefined>;
  /** Writes when the stored revision is the one before; false when somebody else was faster. */
  replace(complaint: Complaint): Promise<boolean>;
  search(
    query: ComplaintSearch,
    bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date },
  ): Promise<{ readonly complaints: Complaint[]; readonly total: number }>;
  counts(bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date }, scope: CaseScope): Promise<BoardCounts>;
  /** Like `add`, but what is there already stays as it is. */
  addMissing(complaints: readonly Complaint[]): Promise<void>;
  joinedTo(id: string): Promise<Complaint[]>;
  /** Answers that were given to the outbox before `before` and of whose end nobody has told. */
  withSending(before: Date, limit: number): Promise<Complaint[]>;
  /** Open cases whose next step of the clock is due before `now`. */
  withDueClock(now: Date, limit: number): Promise<Complaint[]>;
  /** Of these numbers, those with more than one case whose clock runs. */
  withOthersRunning(numberHashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Cases of the same number whose clock still runs: candidates for joining. */
  runningOfNumber(numberHash: string): Promise<Complaint[]>;
  /** Not closed, with this call among theirs. */
  ofCall(callId: string): Promise<Complaint[]>;
  /** Received in a time, as figures need them: by stream, since a year does not fit into memory. */
  received(from: Date, to: Date, scope: CaseScope): AsyncIterable<Complaint>;
}

export interface RuleStore {
  newest(): Promise<RuleTable | undefined>;
  version(version: number): Promise<RuleTable | undefined>;
  /** False when somebody else was first with this version. */
  add(table: RuleTable): Promise<boolean>;
  calendars(): Promise<Calendar>;
  putCalendar(year: CalendarYear): Promise<void>;
}

/** `service`: those that came in, without test and practice calls. `all`: every call, as stored figures of before were counted. */
export type CountedCalls = 'service' | 'all';

/** What complaints ask of calls: the calls of a number, newest first, and how many there were in a time. */
export interface CallsOfNumber {
  /** Of one client unit, when one is named: the calls of another are none of its business. */
  find(numberHash: string, limit: number, clientUnit?: string): Promise<readonly string[]>;
  /** Of many numbers at once, each with its calls and whose they were. */
  findMany(
    numberHashes: readonly string[],
  ): Promise<ReadonlyMap<string, readonly { readonly callId: string; readonly clientUnit?: string }[]>>;
  /** The whole number of a call as stored: to be hashed, masked or put on the do-not-call list, and nothing else. */
  callerOf(callId: string): Promise<
    | {
        readonly number: string;
        readonly agentId?: string;
        readonly at: Date;
        readonly clientUnit?: string;
        readonly queueId?: string;
      }
    | undefined
  >;
  /** Calls that came in from `from` until `to` and had ended at `asOf`, within a scope; an empty list does not restrict. */
  count(from: Date, to: Date, asOf: Date, scope: CaseScope, which: CountedCalls): Promise<number>;
}

/** Recordings under legal hold, by the case that asks for it. */
export interface RecordingHolds {
  hold(callIds: readonly string[], reason: string): Promise<void>;
  release(callIds: readonly string[], reason: string): Promise<void>;
}

export interface DoNotCall {
  add(number: string, reason: string, source: string): Promise<void>;
}

/** Messages that leave the house: taken at once, sent by whoever carries them, their end told by `message.settled`. */
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

/** Seals what identifies a complainant; bound to the case it stands in. */
export interface Sealer {
  seal(plain: string, caseId: string): string;
  open(sealed: string, caseId: string): string;
}

/** An import on its way: its cases are staged beside the others and become cases only when all of them are there. */
export interface ImportStore {
  /** Stages pieces; nothing of them is a case yet. */
  stage(importId: string, piece: number, cases: readonly Complaint[]): Promise<void>;
  /** From here the import happens, whatever fails: the one write that decides. */
  commit(head: ImportHead): Promise<void>;
  /** An import that is committed and that nobody works on; the caller's until `until`. */
  claim(now: Date, until: Date): Promise<ImportHead | undefined>;
  piece(importId: string, piece: number): Promise<readonly Complaint[]>;
  /** Pieces before `next` are cases now; the claim goes on. */
  advance(importId: string, next: number, until: Date): Promise<void>;
  finish(importId: string, at: Date): Promise<void>;
  byId(importId: string): Promise<ImportHead | undefined>;
  /** Throws away what was staged before `before` and never committed. */
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

/** A file that is kept with a case, as it is stored. */
export interface CaseFile extends FileOfCase {
  readonly complaintId: string;
  readonly contentType: string;
  readonly at: Date;
  readonly by: string;
  /** Shows a whole number: read only by those who may see one. */
  readonly whole: boolean;
}

/** Files of cases. One that no case names, because somebody gave up on the way, is thrown away after a day. */
export interface CaseFileStore {
  /** Keeps the bytes first and the row about them last: a half upload is no file. */
  put(about: Omit<CaseFile, 'sizeBytes' | 'sha256'>, body: Uint8Array): Promise<CaseFile>;
  byId(fileId: string): Promise<CaseFile | undefined>;
  /** The bytes, checked against the hash of the row. Fails with `file-damaged`. */
  read(file: CaseFile): Promise<Uint8Array>;
  /** The case names these now. */
  named(fileIds: readonly string[]): Promise<void>;
  /** Put before `before`, and as far as is known named by no case. */
  unnamed(before: Date, limit: number): Promise<CaseFile[]>;
  remove(fileId: string): Promise<void>;
}

/** Prints documents. */
export type PrintDocument = Readonly<Record<'docx' | 'pdf', (document: Document, letterhead: Letterhead) => Promise<Uint8Array>>>;
/** Everybody who may stand in a case by their id, or of them whom a person has to do with; `works`: a case can be handed to them. */
export type PeopleOfCases = (
  within?: Principal,
) => Promise<readonly { readonly userId: string; readonly name: string; readonly works: boolean }[]>;
/** The company and its licence, as the licence file has them. */
export type LicenceHolder = () => Promise<{
  readonly company: string;
  readonly licence: string;
  /** By the key of the unit. */
  readonly clientNames: ReadonlyMap<string, string>;
}>;
