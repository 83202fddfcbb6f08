import { planned } from '../../shared/domain/numbers/numbering-plan.js';
import type { NotInvited } from '../survey.js';

/** The known facts of an ended call whose caller was not asked at its end. */
export interface UnaskedCall {
  readonly direction: string;
  /** The whole number: only to be checked and to be sent the SMS. */
  readonly number: string;
  readonly language: string;
  /** The service number. */
  readonly called?: string;
}

export interface LinkQuestion {
  readonly call: UnaskedCall;
  /** A do-not-call number is not asked (regulation item 37). */
  readonly refused: boolean;
  /** The number was asked by link within `ASKED_AGAIN_AFTER_MS`. */
  readonly askedRecently: boolean;
  readonly canSend: boolean;
  readonly minuteOfDay: number;
  readonly now: Date;
}

/** Nobody is asked by link more often than this, whatever number they called. */
export const ASKED_AGAIN_AFTER_MS = 24 * 3_600_000;
/** How long a link works. */
export const LINK_MS = 7 * 86_400_000;
const EARLIEST_MINUTE = 8 * 60;
const LATEST_MINUTE = 21 * 60;
const DAY_MINUTES = 24 * 60;

export type LinkDecision = { readonly sendAt: Date } | { readonly not: NotInvited };

/** Whether a caller who hung up is asked by link, and when: between 08:00 and 21:00 at the site. */
export function decideLink({ call, refused, askedRecently, canSend, minuteOfDay, now }: LinkQuestion): LinkDecision {
  if (call.direction !== 'inbound') return { not: 'outbound-call' };
  if (refused) return { not: 'do-not-call' };
  if (planned(call.number)?.kind !== 'mobile') return { not: 'no-mobile-number' };
  if (!canSend) return { not: 'no-provider' };
  if (askedRecently) return { not: 'asked-recently' };
  const waitMinutes =
    minuteOfDay < EARLIEST_MINUTE
      ? EARLIEST_MINUTE - minuteOfDay
      : minuteOfDay >= LATEST_MINUTE
        ? DAY_MINUTES - minuteOfDay + EARLIEST_MINUTE
        : 0;
  return { sendAt: new Date(now.getTime() + waitMinutes * 60_000) };
}

/** The words of the SMS in the caller's language. */
export const linkText = (language: string, link: string): string =>
  language === 'en'
    ? `Thank you for calling. How was our service? One tap, once, within 7 days: ${link}`
    : `感谢您的来电。请点击链接为本次服务评分(仅限一次,7天内有效):${link}`;
