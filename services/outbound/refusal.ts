/** Why a number is not to be called (regulation items 5 and 6). */
export const refusalReasons = [
  'harassment',
  'called-after-refusal',
  'asked-by-voice',
  'asked-by-key',
  'asked-by-sms',
  'asked-by-web',
  'external-list',
  'other',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** One number that is not called again. Withdrawn only by a new consent, which is kept beside it. */
export interface Refusal {
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly reason: RefusalReason;
  /** Where it came from: `complaint TS20261125-0001`, a list's name, a call's id. */
  readonly source: string;
  readonly at: Date;
  readonly by: string;
  readonly withdrawn?: { readonly at: Date; readonly by: string; readonly evidence: string };
}

/** Purposes an outbound call may have (item 3); marketing is not among them. */
export const purposes = ['prompt-return', 'enquiry', 'service-notice', 'complaint-return', 'satisfaction-return'] as const;
export type Purpose = (typeof purposes)[number];

export interface CallWindow {
  /** Minutes of the day at the called number's place. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The hard outer limit, 08:00 to 21:00 (item 7): narrower is allowed, wider is refused. */
export const OUTER_WINDOW: CallWindow = { fromMinute: 8 * 60, toMinute: 21 * 60 };

/** At most so many tries of one number over all caller numbers (item 8). */
export const CAPS: readonly { readonly withinMs: number; readonly tries: number }[] = [
  { withinMs: 5 * 60_000, tries: 3 },
  { withinMs: 24 * 3_600_000, tries: 5 },
];

export type Permission =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'refused-by-person' | 'outside-window' | 'too-often' | 'purpose-not-allowed' };

export interface DialQuestion {
  readonly purpose: string;
  readonly refused: boolean;
  readonly minuteOfDay: number;
  readonly window: CallWindow;
  /** Earlier tries of this number, newest first. */
  readonly tries: readonly Date[];
  readonly now: Date;
}

/** Whether a number may be called at this moment; asked at the moment of dialling, never at import. */
export function mayDial({ purpose, refused, minuteOfDay, window, tries, now }: DialQuestion): Permission {
  if (!(purposes as readonly string[]).includes(purpose)) return { allowed: false, reason: 'purpose-not-allowed' };
  if (refused) return { allowed: false, reason: 'refused-by-person' };
  const from = Math.max(window.fromMinute, OUTER_WINDOW.fromMinute);
  const to = Math.min(window.toMinute, OUTER_WINDOW.toMinute);
  if (minuteOfDay < from || minuteOfDay >= to) return { allowed: false, reason: 'outside-window' };
  const over = CAPS.some(({ withinMs, tries: allowed }) => tries.filter((at) => now.getTime() - at.getTime() < withinMs).length >= allowed);
  return over ? { allowed: false, reason: 'too-often' } : { allowed: true };
}
