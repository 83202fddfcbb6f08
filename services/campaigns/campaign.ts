import type {
  CampaignField,
  CampaignMode,
  CampaignOutcome,
  CampaignRowState,
  CampaignSkipReason,
  CampaignState,
} from '../shared/domain/calls/campaign.js';
import type { CallPurpose } from '../shared/domain/calls/call-purpose.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { ReleaseCause } from '../shared/domain/calls/release.js';
import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How a campaign calls. */
export interface CampaignSettings {
  readonly name: string;
  /** Our number that is shown. Its client unit is the campaign's. */
  readonly from: string;
  readonly purpose: CallPurpose;
  /** The queue whose members make the calls, in that queue's order. Its wrap-up and worksheet apply. */
  readonly queueId: QueueId;
  readonly mode: CampaignMode;
  readonly script: string;
  /** Minutes of the day at the site; undefined: no hours of its own. The gate's hours hold in any case. */
  readonly hours?: { readonly fromMinute: number; readonly toMinute: number } | undefined;
  readonly previewSeconds: number;
  readonly countdownSeconds: number;
  readonly mostTries: number;
  readonly busyAgainMinutes: number;
  readonly noAnswerAgainMinutes: number;
  /** The share of reached people who may refuse. More refusals pause the campaign. */
  readonly mostRefusalsPercent: number;
  /** The number of complaints per 10,000 reached people. More complaints pause the campaign. */
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
  /** The reason why no row can be dialled at this moment, if there is one for all rows. */
  readonly waits?: { readonly until: Date; readonly why: FailureCode };
}

/** What the list says about a person. It is erased when the row is done; for a reached person when the campaign ends. */
export interface CampaignContact {
  readonly number: string;
  readonly name: string;
  readonly note: string;
  /** Further columns of the list; missing in rows from before 2026-12-07. */
  readonly fields?: readonly CampaignField[];
}

/** An attempt that has ended, or of which nothing was heard any more. */
export interface CampaignAttempt {
  readonly at: Date;
  readonly agentId: AgentId;
  readonly callId: CallId;
  readonly outcome: CampaignOutcome;
}

/** An agent let the time of a row run out. */
export type CampaignLapse = Pick<CampaignAttempt, 'at' | 'agentId'>;

/** A person to be called. It is one document, so that two agents never have the same row. */
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
  /** The call of the current or last attempt. The agent is reserved under its id before the row is presented. */
  readonly callId?: CallId;
  readonly agentId?: AgentId;
  /** Only with `presented`. `dialAt` is set in progressive dialling until the agent stops the countdown. */
  readonly offer?: { readonly since: Date; readonly until: Date; readonly dialAt?: Date };
  /** Only with `dialling`: when to check whether the call is still live. */
  readonly lookAt?: Date;
  readonly outcome?: CampaignOutcome;
  /** Why the last attempt was not dialled. */
  readonly why?: FailureCode;
  readonly skipped?: CampaignSkipReason;
  readonly triedAt?: Date;
  /** Every attempt, in order of time; missing in rows from before 2026-12-01. */
  readonly attempts?: readonly CampaignAttempt[];
  /** Each time that the row was on an agent's screen until its time ran out. */
  readonly lapses?: readonly CampaignLapse[];
  /** Complaints about its call. */
  readonly complaintIds?: readonly string[];
  /** The agent's result, by the codes of the queue's worksheet. */
  readonly result?: readonly string[];
  /** The agent who promised to call again. After `wantedUntil` anybody of the queue may call. */
  readonly wantedAgentId?: string;
  readonly wantedUntil?: Date;
}

/** Whether the campaign calls at this minute of the day. */
export const callsAt = ({ hours }: Pick<CampaignSettings, 'hours'>, minute: number): boolean =>
  hours === undefined || (minute >= hours.fromMinute && minute < hours.toMinute);

/** The next state of a row. It ends the row's offer. */
export interface RowNext {
  readonly state: CampaignRowState;
  readonly tries?: number;
  readonly notBefore?: Date;
  readonly outcome?: CampaignOutcome;
  /** When undefined, the earlier reason no longer applies. */
  readonly why?: FailureCode | undefined;
  readonly skipped?: CampaignSkipReason;
  readonly triedAt?: Date;
  readonly lookAt?: Date;
  /** Is added to the attempts of the row. */
  readonly attempt?: CampaignAttempt;
  /** Is added to the lapses of the row. */
  readonly lapse?: CampaignLapse;
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

type RetryRules = Pick<CampaignSettings, 'mostTries' | 'busyAgainMinutes' | 'noAnswerAgainMinutes'>;

/** What the end of a call says about its attempt. */
export function outcomeOf({ cause, answered }: { readonly cause: ReleaseCause; readonly answered: boolean }): CampaignOutcome {
  if (cause === 'refused-by-key') return 'refused';
  if (answered) return 'reached';
  switch (cause) {
    case 'far-busy':
      return 'busy';
    case 'far-no-answer':
      return 'no-answer';
    case 'carrier-silent':
    case 'far-unreachable':
      return 'unreachable';
    case 'outbound-stopped':
    case 'completed':
      return 'called-off';
    default:
      return 'failed';
  }
}

/** During the call the agent promised to call again. */
const isPromised = ({ wantedAgentId }: Pick<CampaignRow, 'wantedAgentId'>): boolean => wantedAgentId !== undefined;

/** An attempt has ended. A person who was not reached is tried again after a while, as often as the campaign allows. */
export function afterTry(
  row: Pick<CampaignRow, 'tries' | 'wantedAgentId' | 'agentId' | 'callId'>,
  outcome: CampaignOutcome,
  rules: RetryRules,
  now: Date,
): RowNext {
  const { agentId, callId } = row;
  const known = agentId === undefined || callId === undefined ? {} : { attempt: { at: now, agentId, callId, outcome } };
  const tried = { tries: row.tries + 1, outcome, triedAt: now, ...known };
  if (outcome === 'reached' && isPromised(row)) return { ...tried, state: 'waiting' };
  if (outcome === 'reached' || outcome === 'refused' || tried.tries >= rules.mostTries) return { ...tried, state: 'done' };
  const waitMinutes = outcome === 'no-answer' || outcome === 'unreachable' ? rules.noAnswerAgainMinutes : rules.busyAgainMinutes;
  return { ...tried, state: 'waiting', notBefore: after(now, waitMinutes * MINUTE_MS) };
}

/** Rules that refuse this person. Waiting does not help. */
const finalCodes: readonly FailureCode[] = ['outbound-do-not-call', 'outbound-consent', 'outbound-not-dialable', 'outbound-kind'];
/** Rules that refuse the whole campaign at this moment. */
const campaignCodes: readonly FailureCode[] = [
  'outbound-stopped',
  'outbound-hours',
  'outbound-number',
  'outbound-ceiling',
  'outbound-purpose',
];

export const holdsCampaign = (code: FailureCode): boolean => campaignCodes.includes(code);
/** Whether the call may have been dialled nevertheless, because only the answer is missing. */
export const isUnknown = (code: FailureCode): boolean => code === 'timed-out' || code === 'service-unavailable' || code === 'internal';

/** The rules, or the seat, refused the call: it does not count as an attempt. */
export function afterRefusal(code: FailureCode, now: Date): RowNext {
  if (finalCodes.includes(code)) return { state: 'done', outcome: 'not-permitted', why: code };
  if (code === 'outbound-too-often') return { state: 'waiting', why: code, notBefore: after(now, HOUR_MS) };
  return { state: 'waiting', why: code };
}

/** No key of the settings opens the row's data. Nothing is lost, and the row is tried again when the key may be back. */
export const afterUnread = (now: Date): RowNext => ({ state: 'waiting', why: 'internal', notBefore: after(now, HOUR_MS) });

/** The agent did not call before the time of the row ran out. */
export const afterTimeOut = ({ agentId }: Pick<CampaignRow, 'agentId'>, now: Date): RowNext => ({
  state: 'waiting',
  why: 'timed-out',
  ...(agentId === undefined ? {} : { lapse: { at: now, agentId } }),
});

export const afterSkip = (skipped: CampaignSkipReason, now: Date): RowNext =>
  skipped === 'later' ? { state: 'waiting', skipped, notBefore: after(now, HOUR_MS) } : { state: 'done', outcome: 'skipped', skipped };

/** The number of reached people from which a rate is meaningful. */
const LEAST_REACHED = 20;

/** Whether more people refuse further calls than the campaign allows. */
export const refusesTooOften = (
  { reached, refused }: { readonly reached: number; readonly refused: number },
  { mostRefusalsPercent }: Pick<CampaignSettings, 'mostRefusalsPercent'>,
): boolean => reached + refused >= LEAST_REACHED && refused * 100 > mostRefusalsPercent * (reached + refused);

/** Whether more people complain about the campaign's calls than it allows. A person who refused further calls counts as reached too. */
export const complainTooOften = (
  { reached, refused, complained }: { readonly reached: number; readonly refused: number; readonly complained: number },
  { mostComplaintsPer10000 }: Pick<CampaignSettings, 'mostComplaintsPer10000'>,
): boolean => reached + refused >= LEAST_REACHED && complained * 10_000 > mostComplaintsPer10000 * (reached + refused);
