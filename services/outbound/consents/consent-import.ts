import { consentChannels } from '../../shared/domain/calls/calling-out.js';
import { callPurposes, type CallPurpose } from '../../shared/domain/calls/call-purpose.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { ConsentColumn, ImportFault } from '../../shared/domain/calls/consent-list.js';
import { columnsOf, unreadHeads } from '../../shared/domain/list-heads.js';
import { personalKinds, planned } from '../../shared/domain/numbers/numbering-plan.js';
import type { Consent } from '../ports.js';
import type { RefusalsOfNumber } from '../refusals/refusal.js';

/** A valid row of a list, with the number in its normal form. */
export type ListedConsent = Pick<
  Consent,
  'purposes' | 'channel' | 'givenAt' | 'evidence' | 'clientUnit' | 'validUntil' | 'numberMasked'
> & {
  /** The line number in the sheet: the headers are line 1. */
  readonly line: number;
  readonly number: string;
};
export interface RefusedRow {
  readonly line: number;
  readonly fault: ImportFault;
}
export interface ReadList {
  readonly rows: readonly ListedConsent[];
  readonly refused: readonly RefusedRow[];
  /** Columns that are missing in the headers. Then nothing was read. */
  readonly missing: readonly ConsentColumn[];
  /** Headers that are not read. Without its limits a consent counts for longer, or for more units, than was given. */
  readonly unread: readonly string[];
}

/** Headers as people write them, besides the column's own name. */
const heads: Readonly<Record<ConsentColumn, readonly string[]>> = {
  number: ['号码', '电话号码', '手机号', '手机号码', 'number', 'phone'],
  purposes: ['用途', '同意的用途', 'purposes', 'agreed to'],
  channel: ['方式', '渠道', 'channel', 'how'],
  givenAt: ['同意时间', 'given at', 'agreed at'],
  evidence: ['凭证', 'evidence', 'proof'],
  clientUnit: ['委托单位', 'client unit'],
  validUntil: ['有效期至', '有效期', '截止日期', 'valid until', 'until'],
};
const needed: readonly ConsentColumn[] = ['number', 'purposes', 'channel', 'givenAt', 'evidence'];

const purposeWords: Readonly<Record<CallPurpose, readonly string[]>> = {
  'prompt-return': ['及时回拨来电者', 'prompt call back'],
  enquiry: ['答复咨询', 'answer to an enquiry'],
  'service-notice': ['服务通知', 'notice about a service'],
  'complaint-return': ['投诉回访', 'answer to a complaint'],
  'satisfaction-return': ['满意度回访', 'satisfaction call'],
};
const channelWords: Readonly<Record<Consent['channel'], readonly string[]>> = {
  voice: ['电话', 'telephone'],
  web: ['网页', 'web page'],
  sms: ['短信', 'text message'],
  paper: ['书面', 'on paper'],
  app: ['应用', 'in the app'],
};

const MOST_EVIDENCE = 500;

/** The value of a cell: the name itself, or the words of the pages. */
function named<T extends string>(text: string, names: readonly T[], words: Readonly<Record<T, readonly string[]>>): T | undefined {
  const asked = text.trim().toLowerCase();
  return names.find((name) => name === asked || words[name].some((word) => word === asked));
}

/** Reads the content of a cell as a time at the site. */
export interface ListDates {
  /** A day, counted from its beginning, or a day with its time. */
  moment(text: string): Date | undefined;
  endOfDay(text: string): Date | undefined;
}

export interface ListContext {
  readonly now: Date;
  /** The client units, from the licence file. */
  readonly clientUnits: readonly string[];
}

/** Reads a list of consents. Each invalid row is named with its first fault and does not affect the valid rows. */
export function readConsents(sheet: readonly (readonly string[])[], context: ListContext, dates: ListDates): ReadList {
  const [first = [], ...lines] = sheet;
  const columns = columnsOf(first, heads);
  const unread = unreadHeads(first, columns);
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) return { rows: [], refused: [], missing, unread };
  const rows: ListedConsent[] = [];
  const refused: RefusedRow[] = [];
  const seen = new Set<string>();
  for (const [i, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const cell = (column: ConsentColumn): string => (cells[columns.indexOf(column)] ?? '').trim();
    const row = readRow(cell, context, dates);
    const line = i + 2;
    if (typeof row === 'string') {
      refused.push({ line, fault: row });
      continue;
    }
    const same = JSON.stringify([row.number, [...row.purposes].sort(), row.clientUnit, row.givenAt]);
    if (seen.has(same)) refused.push({ line, fault: 'repeated' });
    else rows.push({ line, ...row });
    seen.add(same);
  }
  return { rows, refused, missing, unread };
}

function readRow(
  cell: (column: ConsentColumn) => string,
  { now, clientUnits }: ListContext,
  dates: ListDates,
): Omit<ListedConsent, 'line'> | ImportFault {
  const number = normaliseNumber(cell('number'));
  const kind = planned(cell('number'))?.kind;
  if (number === undefined || kind === undefined || !personalKinds.includes(kind)) return 'number';
  const purposes = cell('purposes')
    .split(/[;；,，、]/)
    .filter((text) => text.trim() !== '')
    .map((text) => named(text, callPurposes, purposeWords));
  const known = purposes.filter((purpose) => purpose !== undefined);
  const [purpose] = known;
  if (purpose === undefined || known.length < purposes.length) return 'purposes';
  const channel = named(cell('channel'), consentChannels, channelWords);
  if (channel === undefined) return 'channel';
  const givenAt = dates.moment(cell('givenAt'));
  if (givenAt === undefined) return 'givenAt';
  if (givenAt.getTime() > now.getTime()) return 'future';
  const evidence = cell('evidence');
  if (evidence === '' || evidence.length > MOST_EVIDENCE) return 'evidence';
  const clientUnit = cell('clientUnit');
  if (clientUnit !== '' && !clientUnits.includes(clientUnit)) return 'clientUnit';
  const until = cell('validUntil');
  const validUntil = until === '' ? undefined : dates.endOfDay(until);
  if (until !== '' && validUntil === undefined) return 'validUntil';
  if (validUntil !== undefined && validUntil.getTime() <= Math.max(now.getTime(), givenAt.getTime())) return 'over';
  return {
    number,
    numberMasked: maskNumber(number),
    purposes: [...new Set(known)],
    channel,
    givenAt,
    evidence,
    ...(clientUnit === '' ? {} : { clientUnit }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

/**
 * The objection to a row: the person has refused since, the same consent is in force, or a consent to the same purpose has been withdrawn
 * since. A list that is months old names people who have withdrawn their consent; only what was given later counts.
 */
export function standingAgainst(
  row: Pick<ListedConsent, 'purposes' | 'givenAt' | 'clientUnit'>,
  known: readonly Consent[],
  refusals: RefusalsOfNumber | undefined,
  now: Date,
): Extract<ImportFault, 'known' | 'refused'> | undefined {
  const isLater = (end: Date | undefined): boolean => end !== undefined && end >= row.givenAt;
  if (isLater(refusals?.inForceSince) || isLater(refusals?.lastOfPerson)) return 'refused';
  const isSame = ({ withdrawn, validUntil, clientUnit, givenAt, purposes }: Consent): boolean =>
    withdrawn === undefined &&
    (validUntil === undefined || validUntil > now) &&
    clientUnit === row.clientUnit &&
    givenAt.getTime() === row.givenAt.getTime() &&
    row.purposes.every((purpose) => purposes.includes(purpose));
  if (known.some(isSame)) return 'known';
  // A consent without a client unit is valid for all of them.
  const isTakenBack = ({ withdrawn, clientUnit = row.clientUnit, purposes }: Consent): boolean =>
    isLater(withdrawn?.at) && clientUnit === (row.clientUnit ?? clientUnit) && row.purposes.some((purpose) => purposes.includes(purpose));
  return known.some(isTakenBack) ? 'refused' : undefined;
}
