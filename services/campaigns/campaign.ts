import type {
  CampaignMode,
  CampaignOutcome,
  CampaignRowState,
  CampaignSkipReason,
  CampaignState,
} from '../shared/domain/calls/campaign.js';
import type { CallPurpose } from '../shared/domain/calls/call-purpose.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { ReleaseCause } from '../shared/events/catalogue.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How a campaign calls. */
export interface CampaignSettings {
  readonly name: string;
  /** The number of ours that is shown; its client unit is the campaign's. */
  readonly from: string;
  readonly purpose: CallPurpose;
  /** Whose members call, in its order; its wrap-up and worksheet follow. */
  readonly queueId: string;
  readonly mode: CampaignMode;
  readonly script: string;
  readonly previewSeconds: number;
  readonly countdownSeconds: number;
  readonly mostTries: number;
  readonly busyAgainMinutes: number;
  readonly noAnswerAgainMinutes: number;
  /** Share of the reached people who may refuse; more refusals pause the campaign. */
  readonly mostRefusalsPercent: number;
  /** People who may complain about its calls, of 10,000 reached; more pause the campaign. */
  readonly mostComplaintsPer10000: number;
}

export interface Campaign extends CampaignSettings {
  readonly id: string;
  readonly state: CampaignState;
  readonly at: Date;
  readonly by: string;
  readonly byName: string;
  /** When the state last changed. */
  readonly changedAt: Date;
  readonly changedBy: string;
  readonly changedByName: string;
  readonly reason?: string;
  /** No row can be dialled at this moment, for a reason that holds for all of them. */
  readonly waits?: { readonly until: Date; readonly why: FailureCode };
}

/** What the list says of a person; erased when the row is done, of whoever was reached with the end of the campaign. */
export interface CampaignContact {
  readonly number: string;
  readonly name: string;
  readonly note: string;
}

/** Somebody to be called. One document, so that two agents never have the same row. */
export interface CampaignRow {
  readonly id: string;
  readonly campaignId: string;
  readonly line: number;
  readonly importId: string;
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly contact?: CampaignContact;
  readonly state: CampaignRowState;
  readonly tries: number;
  readonly notBefore: Date;
  /** Call of the current or last attempt; the agent is reserved under it before the row is presented. */
  readonly callId?: string;
  readonly agentId?: string;
  /** Only with `presented`. `dialAt` is set in progressive dialling until the agent stops the countdown. */
  readonly offer?: { readonly since: Date; readonly until: Date; readonly dialAt?: Date };
  /** Only with `dialling`: when to check whether the call still goes on. */
  readonly lookAt?: Date;
  readonly outcome?: CampaignOutcome;
  /** Why the last try was not dialled. */
  readonly why?: FailureCode;
  readonly skipped?: CampaignSkipReason;
  readonly triedAt?: Date;
  /** Complaints about its call. */
  readonly complaintIds?: readonly string[];
  /** The agent's result, by the codes of the queue's worksheet. */
  readonly result?: readonly string[];
  /** Who promised to call again; after `wantedUntil` anybody of the queue. */
  readonly wantedAgentId?: string;
  readonly wantedUntil?: Date;
}

/** What becomes of a row. Its offer ends with it. */
export interface RowNext {
  readonly state: CampaignRowState;
  readonly tries?: number;
  readonly notBefore?: Date;
  readonly outcome?: CampaignOutcome;
  /** None: the reason of before is over. */
  readonly why?: FailureCode | undefined;
  readonly skipped?: CampaignSkipReason;
  readonly triedAt?: Date;
  readonly lookAt?: Date;
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

type RetryRules = Pick<CampaignSettings, 'mostTries' | 'busyAgainMinutes' | 'noAnswerAgainMinutes'>;

/** What the end of a call says of its try. */
export function outcomeOf({ cause, answered }: { readonly cause: ReleaseCause; readonly answered: boolean }): CampaignOutcome {
  if (cause === 'refused-by-key') return 'refused';
  if (answered) return 'reached';
  switch (cause) {
    case 'far-busy':
      return 'busy';
    case 'far-no-answer':
      return 'no-answer';
    case 'far-unreachable':
      return 'unreachable';
    case 'outbound-stopped':
    case 'completed':
      return 'called-off';
    default:
      return 'failed';
  }
}

/** The agent promised in the call to call again. */
const isPromised = ({ wantedAgentId }: Pick<CampaignRow, 'wantedAgentId'>): boolean => wantedAgentId !== undefined;

/** A try is over. Who was not reached is tried again after a while, and not more often than the campaign allows. */
export function afterTry(
  row: Pick<CampaignRow, 'tries' | 'wantedAgentId'>,
  outcome: CampaignOutcome,
  rules: RetryRules,
  now: Date,
): RowNext {
  const tried = { tries: row.tries + 1, outcome, triedAt: now };
  if (outcome === 'reached' && isPromised(row)) return { ...tried, state: 'waiting' };
  if (outcome === 'reached' || outcome === 'refused' || tried.tries >= rules.mostTries) return { ...tried, state: 'done' };
  const waitMinutes = outcome === 'no-answer' || outcome === 'unreachable' ? rules.noAnswerAgainMinutes : rules.busyAgainMinutes;
  return { ...tried, state: 'waiting', notBefore: after(now, waitMinutes * MINUTE_MS) };
}

/** Rules that refuse this person; waiting does not help. */
const finalCodes: readonly FailureCode[] = ['outbound-do-not-call', 'outbound-consent', 'outbound-not-dialable', 'outbound-kind'];
/** Rules that refuse the campaign at this moment, whoever is called. */
const campaignCodes: readonly FailureCode[] = [
  'outbound-stopped',
  'outbound-hours',
  'outbound-number',
  'outbound-ceiling',
  'outbound-purpose',
];

export const holdsCampaign = (code: FailureCode): boolean => campaignCodes.includes(code);
/** Whether the call may have been dialled all the same: the answer is what is missing. */
export const isUnknown = (code: FailureCode): boolean => code === 'timed-out' || code === 'service-unavailable' || code === 'internal';

/** The rules, or the seat, did not let the call out: it is no try. */
export function afterRefusal(code: FailureCode, now: Date): RowNext {
  if (finalCodes.includes(code)) return { state: 'done', outcome: 'not-permitted', why: code };
  if (code === 'outbound-too-often') return { state: 'waiting', why: code, notBefore: after(now, HOUR_MS) };
  return { state: 'waiting', why: code };
}

/** No key of the settings opens what the list said: nothing is lost, and the row is tried again when the key may be back. */
export const afterUnread = (now: Date): RowNext => ({ state: 'waiting', why: 'internal', notBefore: after(now, HOUR_MS) });

export const afterSkip = (skipped: CampaignSkipReason, now: Date): RowNext =>
  skipped === 'later' ? { state: 'waiting', skipped, notBefore: after(now, HOUR_MS) } : { state: 'done', outcome: 'skipped', skipped };

/** So many must have been reached before a rate says anything. */
const LEAST_REACHED = 20;

/** Whether more people refuse further calls than the campaign allows. */
export const refusesTooOften = (
  { reached, refused }: { readonly reached: number; readonly refused: number },
  { mostRefusalsPercent }: Pick<CampaignSettings, 'mostRefusalsPercent'>,
): boolean => reached + refused >= LEAST_REACHED && refused * 100 > mostRefusalsPercent * (reached + refused);

/** Whether more people complain about its calls than the campaign allows. Whoever refused further calls was reached too. */
export const complainTooOften = (
  { reached, refused, complained }: { readonly reached: number; readonly refused: number; readonly complained: number },
  { mostComplaintsPer10000 }: Pick<CampaignSettings, 'mostComplaintsPer10000'>,
): boolean => reached + refused >= LEAST_REACHED && complained * 10_000 > mostComplaintsPer10000 * (reached + refused);
