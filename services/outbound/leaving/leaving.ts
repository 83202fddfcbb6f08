import { barredKinds, type BarredKind, type LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import { planned, type PlannedNumber } from '../../shared/domain/numbers/numbering-plan.js';
import type { AllowedKinds, WayRules } from './leaving-rules.js';
import { isOutside, isTooOften, mayDial, type CallWindow, type DialRefusal, type Permission } from '../refusals/refusal.js';

/** A destination outside to which calls may be transferred, as the register has it: a row that a second person approved. */
export interface Destination {
  /** The client units whose callers may be sent there; empty for all. */
  readonly clientId: string;
  readonly validUntil: string;
  /** The number of ours that is shown there instead of the one that was called. */
  readonly shown: string | undefined;
}

export interface LeaveQuestion {
  readonly way: LeaveWay;
  /** The number as it was requested. */
  readonly number: string;
  /** `YYYY-MM-DD` at the site. */
  readonly today: string;
  readonly allowedKinds: AllowedKinds;
  readonly ways: WayRules;
  /** Whether the number begins like an expensive one, by the list of the fraud watch. */
  readonly watched: boolean;
  readonly stopped: boolean;
  readonly refused: boolean;
  /** The destination in the register's row for this number. */
  readonly destination: Destination | undefined;
  /** The person who asks may dial numbers on no register, and wrote why. */
  readonly free: boolean;
  /** The client unit of our number that was called, or that an outbound call shows. */
  readonly clientId: string;
  /**
   * Only for a callback: whether it is dialled without a click by the agent, and whether the trunk of the original call vouches for its
   * caller.
   */
  readonly callback: { readonly automatic: boolean; readonly vouched: boolean } | undefined;
  /** Only for a trunk test: whether the number is one of ours. */
  readonly tested?: { readonly own: boolean } | undefined;
  readonly purpose: string;
  readonly consented: boolean;
  readonly minuteOfDay: number;
  readonly window: CallWindow;
  readonly quiet: readonly CallWindow[];
  readonly tries: readonly Date[];
  readonly now: Date;
}

const no = (reason: DialRefusal): Permission => ({ allowed: false, reason });
const isBarred = (kind: PlannedNumber['kind']): kind is BarredKind => (barredKinds as readonly string[]).includes(kind);

/** Whether an outside leg may be dialled at this moment; the way out and the ceilings are checked afterwards. */
export function mayLeave(question: LeaveQuestion): Permission {
  const { way, ways, allowedKinds, callback } = question;
  const number = planned(question.number);
  // A local number without its area code reaches the owner of that number in the trunk's town.
  if (number === undefined || number.kind === 'local') return no('not-dialable');
  if (isBarred(number.kind) && !allowedKinds[number.kind].includes(way)) return no('kind-not-allowed');
  if (callback?.automatic === true) {
    if (!callback.vouched) return no('caller-not-vouched');
    if (question.watched || (number.kind !== 'mobile' && number.kind !== 'geographic')) return no('kind-not-allowed');
  }
  if (question.tested !== undefined) return tested(question, question.tested.own);
  if (ways[way].rests === 'destination') return transferred(question, number.kind);
  if (number.kind === 'emergency') return question.stopped ? no('stopped') : { allowed: true };
  return mayDial(question);
}

/**
 * A trunk test reaches no person: its number is the carrier's echo or test number, which two people have put on the register, or one of
 * ours.
 */
function tested({ stopped, refused, destination, today }: LeaveQuestion, own: boolean): Permission {
  if (stopped) return no('stopped');
  if (refused) return no('refused-by-person');
  return own || (destination !== undefined && destination.validUntil >= today) ? { allowed: true } : no('not-registered');
}

/** Whether the register has a destination in force to which a client unit's callers may be sent. */
export const isRegistered = ({ destination, clientId, today }: Pick<LeaveQuestion, 'destination' | 'clientId' | 'today'>): boolean =>
  destination !== undefined && destination.validUntil >= today && (destination.clientId === '' || destination.clientId === clientId);

function transferred(question: LeaveQuestion, kind: PlannedNumber['kind']): Permission {
  const { way, ways, stopped, refused, free } = question;
  if (stopped) return no('stopped');
  if (refused) return no('refused-by-person');
  if (!isRegistered(question)) return free ? dialledFreely(question, kind) : no('not-registered');
  if (ways[way].hours && isOutside(question)) return no('outside-window');
  return ways[way].caps && isTooOften(question) ? no('too-often') : { allowed: true };
}

/** Kinds that a rule for registered destinations may allow, but that nobody may dial freely. */
const neverFree: readonly PlannedNumber['kind'][] = ['premium', 'satellite', 'emergency'];

/** A person whom nobody has approved and who has not consented: the hours and caps of outbound calls apply. */
function dialledFreely(question: LeaveQuestion, kind: PlannedNumber['kind']): Permission {
  // A rule that lets this way reach foreign numbers applies here too; the fraud watch lists them all.
  if (neverFree.includes(kind) || (question.watched && kind !== 'foreign')) return no('kind-not-allowed');
  if (isOutside(question)) return no('outside-window');
  return isTooOften(question) ? no('too-often') : { allowed: true };
}
