import { callPurposes, type CallPurpose } from '../../shared/domain/calls/call-purpose.js';
import type { DialRefusal, RefusalReason, ShowFault } from '../../shared/domain/calls/calling-out.js';

export { dialRefusals, refusalReasons, type DialRefusal, type RefusalReason } from '../../shared/domain/calls/calling-out.js';

/** A number that must not be called again. Only a new consent removes it, and that consent is stored with it. */
export interface Refusal {
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly reason: RefusalReason;
  /** Its origin: `complaint TS20261125-0001`, the name of a list, or the id of a call. */
  readonly source: string;
  /** Only for a refusal during a call: the client unit of our number. The refusal then applies to all client units. */
  readonly clientUnit?: string;
  readonly at: Date;
  readonly by: string;
  /** When it was added to the list, whatever the time of the refusal itself; rows of earlier versions lack it. */
  readonly keptAt?: Date;
  readonly withdrawn?: { readonly at: Date; readonly by: string; readonly evidence: string };
}

/** Reasons that mean the person withdrew every consent, in contrast to a list that somebody else keeps. */
const reasonsOfThePerson: readonly RefusalReason[] = [
  'harassment',
  'called-after-refusal',
  'asked-by-voice',
  'asked-by-key',
  'asked-by-sms',
  'asked-by-web',
];
export const isOfThePerson = (reason: RefusalReason): boolean => reasonsOfThePerson.includes(reason);

/** The refusals of a number, in force or taken back. */
export interface RefusalsOfNumber {
  readonly numberHash: string;
  /** Taken from the refusal in force. */
  readonly inForceSince?: Date;
  /** When the person last refused, even if that was taken back. */
  readonly lastOfPerson?: Date;
}

export const purposes = callPurposes;
export type Purpose = CallPurpose;
export const isPurpose = (text: string): text is Purpose => (purposes as readonly string[]).includes(text);

export interface CallWindow {
  /** Minutes of the day, in the zone of the called number. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The legal limit, 08:00 to 21:00 (item 7): narrower is allowed, wider is refused. */
export const OUTER_WINDOW: CallWindow = { fromMinute: 8 * 60, toMinute: 21 * 60 };

/** The largest number of attempts to one number, over all caller numbers (item 8). */
export const CAPS: readonly { readonly withinMs: number; readonly tries: number }[] = [
  { withinMs: 5 * 60_000, tries: 3 },
  { withinMs: 24 * 3_600_000, tries: 5 },
];

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly reason: DialRefusal };

export interface DialQuestion {
  readonly purpose: string;
  /** Somebody has stopped outbound calls, either of this number or in general (item 15). */
  readonly stopped: boolean;
  readonly refused: boolean;
  /** A consent to this purpose is in force, or the person asked for this very call (item 4). */
  readonly consented: boolean;
  readonly minuteOfDay: number;
  readonly window: CallWindow;
  /** Periods within the window in which nobody is called. */
  readonly quiet: readonly CallWindow[];
  /** Earlier attempts to this number, newest first. */
  readonly tries: readonly Date[];
  readonly now: Date;
}

/** Whether it is outside the hours, or within a quiet period, in the zone of the called number. */
export function isOutside({ minuteOfDay, window, quiet }: Pick<DialQuestion, 'minuteOfDay' | 'window' | 'quiet'>): boolean {
  const from = Math.max(window.fromMinute, OUTER_WINDOW.fromMinute);
  const to = Math.min(window.toMinute, OUTER_WINDOW.toMinute);
  if (minuteOfDay < from || minuteOfDay >= to) return true;
  return quiet.some(({ fromMinute, toMinute }) => minuteOfDay >= fromMinute && minuteOfDay < toMinute);
}

export const isTooOften = ({ tries, now }: Pick<DialQuestion, 'tries' | 'now'>): boolean =>
  CAPS.some(({ withinMs, tries: allowed }) => tries.filter((at) => now.getTime() - at.getTime() < withinMs).length >= allowed);

/** Whether a number may be called at this moment; asked when dialling, never at import. */
export function mayDial(question: DialQuestion): Permission {
  const { purpose, stopped, refused, consented } = question;
  const no = (reason: DialRefusal): Permission => ({ allowed: false, reason });
  if (!isPurpose(purpose)) return no('purpose-not-allowed');
  if (stopped) return no('stopped');
  if (refused) return no('refused-by-person');
  if (!consented) return no('no-consent');
  if (isOutside(question)) return no('outside-window');
  return isTooOften(question) ? no('too-often') : { allowed: true };
}

/** What the register says about a number (items 1, 2, 9, 51). */
export interface RegisteredNumber {
  readonly kind: string;
  readonly state: string;
  readonly direction: string;
  readonly validUntil: string;
  readonly commitmentLetter: boolean;
  readonly outboundReason: string;
  readonly clientId: string;
  /** For the number of a client unit: whether a contract with it is in force. */
  readonly contracted: boolean;
  /** Whether the licence covers the place where the number is used. */
  readonly licensed: boolean;
}

/**
 * Why a number may not be shown: it must be registered, in use and valid in both directions, with its letter; an ordinary number also needs
 * its reason.
 */
export function showFault(number: RegisteredNumber | undefined, today: string): ShowFault | undefined {
  if (number === undefined) return 'not-registered';
  if (number.state !== 'in-use') return 'not-in-use';
  if (number.direction !== 'both') return 'not-both-ways';
  if (!number.commitmentLetter) return 'no-letter';
  if (number.validUntil !== '' && number.validUntil < today) return 'expired';
  if (!number.contracted) return 'no-contract';
  if (!number.licensed) return 'wrong-province';
  return number.kind === 'local' && number.outboundReason === '' ? 'no-reason' : undefined;
}

export const mayShow = (number: RegisteredNumber | undefined, today: string): boolean => showFault(number, today) === undefined;
