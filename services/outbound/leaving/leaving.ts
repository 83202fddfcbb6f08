import { barredKinds, type BarredKind, type LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import { planned, type PlannedNumber } from '../../shared/domain/numbers/numbering-plan.js';
import type { AllowedKinds, WayRules } from './leaving-rules.js';
import { isOutside, isTooOften, mayDial, type CallWindow, type DialRefusal, type Permission } from '../refusals/refusal.js';

/** A destination outside to which calls may be transferred, as the register has it: a row that a second person has approved. */
export interface Destination {
  /** Whose callers may be sent there; empty for all. */
  readonly clientId: string;
  readonly validUntil: string;
  /** The number of ours that is shown there in place of the one that was called. */
  readonly shown: string | undefined;
}

export interface LeaveQuestion {
  readonly way: LeaveWay;
  /** As it was asked for. */
  readonly number: string;
  /** `YYYY-MM-DD` at the site. */
  readonly today: string;
  readonly allowedKinds: AllowedKinds;
  readonly ways: WayRules;
  /** The beginnings of expensive numbers, by the fraud watch. */
  readonly watched: boolean;
  readonly stopped: boolean;
  readonly refused: boolean;
  /** Of the row of the register for this number. */
  readonly destination: Destination | undefined;
  /** Whoever asks may dial numbers that are on no register, and wrote why. */
  readonly free: boolean;
  /** For whom the number of ours works that was called, or that a call out shows. */
  readonly clientId: string;
  /** Only of a callback: whether it is dialled without a click of the agent, and whether the trunk of the original call vouches for its caller. */
  readonly callback: { readonly automatic: boolean; readonly vouched: boolean } | undefined;
  /** Only of a call by which a trunk is tested: whether its number is one of ours. */
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

/** Whether a leg outside may be dialled at this moment; the way out and the ceilings are asked after it. */
export function mayLeave(question: LeaveQuestion): Permission {
  const { way, ways, allowedKinds, callback } = question;
  const number = planned(question.number);
  // A local number without its area code reaches whoever the trunk's town has under it.
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

/** It reaches no person: the carrier's echo or test number, which two people have put on the register, or a number of ours. */
function tested({ stopped, refused, destination, today }: LeaveQuestion, own: boolean): Permission {
  if (stopped) return no('stopped');
  if (refused) return no('refused-by-person');
  return own || (destination !== undefined && destination.validUntil >= today) ? { allowed: true } : no('not-registered');
}

/** Whether the register has a destination in force to which callers of a client unit may be sent. */
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

/** Kinds that a rule for registered destinations may allow, and that nobody dials freely. */
const neverFree: readonly PlannedNumber['kind'][] = ['premium', 'satellite', 'emergency'];

/** A person whom nobody has approved and who has agreed to nothing: the hours and the caps of calling out hold. */
function dialledFreely(question: LeaveQuestion, kind: PlannedNumber['kind']): Permission {
  // A rule that lets the way reach foreign numbers holds here too; the watch names them all.
  if (neverFree.includes(kind) || (question.watched && kind !== 'foreign')) return no('kind-not-allowed');
  if (isOutside(question)) return no('outside-window');
  return isTooOften(question) ? no('too-often') : { allowed: true };
}
