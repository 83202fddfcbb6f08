import type { CampaignOutcome, CampaignRowState, CampaignState } from '../shared/domain/calls/campaign.js';
import type { Campaign, CampaignContact, CampaignRow, CampaignSettings, RowNext } from './campaign.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

/** Who changes the state of a campaign, and why. */
export interface StateChange {
  readonly state: CampaignState;
  readonly by: string;
  readonly byName: string;
  readonly at: Date;
  readonly reason?: string;
}

export interface CampaignStore {
  add(campaign: Campaign): Promise<void>;
  one(id: string): Promise<Campaign | undefined>;
  /** Newest first. */
  all(): Promise<Campaign[]>;
  /** Campaigns whose rows may still change: they run, wait, or ended after `since`. */
  lively(since: Date): Promise<Campaign[]>;
  configure(id: string, settings: CampaignSettings): Promise<boolean>;
  /** False when the campaign is not in one of the states `from`. */
  turn(id: string, from: readonly CampaignState[], change: StateChange): Promise<boolean>;
  /** Undefined when nothing holds the campaign any more. */
  waits(id: string, waits: Campaign['waits']): Promise<void>;
}

export type RowCounts = Readonly<Record<CampaignRowState | CampaignOutcome | 'all' | 'tried' | 'complained', number>>;

/** A row that was read from a list. */
export interface NewRow {
  readonly line: number;
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly contact: CampaignContact;
}

export interface RowQuery {
  readonly campaignId: string;
  readonly state?: CampaignRowState | undefined;
  readonly outcome?: CampaignOutcome | undefined;
  readonly numberHash?: string | undefined;
}

export interface RowStore {
  /** A number that the campaign has already keeps its row. */
  addMany(list: { readonly campaignId: string; readonly importId: string; readonly at: Date }, rows: readonly NewRow[]): Promise<void>;
  /** The ones among these numbers that the campaign has. */
  known(campaignId: string, numberHashes: readonly string[]): Promise<ReadonlySet<string>>;
  one(id: string): Promise<CampaignRow | undefined>;
  /** The next row that any agent of the queue may call, by its earliest time and its line. */
  next(campaignId: string, at: Date): Promise<CampaignRow | undefined>;
  /** Due rows that an agent has promised to call again. */
  wanted(campaignId: string, at: Date): Promise<CampaignRow[]>;
  /** Assigns a waiting row to the agent; undefined when it no longer waits. */
  present(
    id: string,
    to: { readonly callId: CallId; readonly agentId: AgentId; readonly offer: NonNullable<CampaignRow['offer']> },
  ): Promise<CampaignRow | undefined>;
  /** The countdown of this offer has ended: the agent decides. */
  hold(id: string, callId: CallId): Promise<boolean>;
  /** Undefined when the row is not in this state of this call, or its countdown to `dialAt` was stopped. */
  move(
    id: string,
    expected: { readonly state: CampaignRowState; readonly callId?: CallId | undefined; readonly dialAt?: Date | undefined },
    next: RowNext,
  ): Promise<CampaignRow | undefined>;
  /** The row's call is still live; it is checked again at `lookAt`. */
  looked(id: string, callId: CallId, lookAt: Date): Promise<void>;
  presented(): Promise<CampaignRow[]>;
  presentedTo(agentId: AgentId): Promise<CampaignRow | undefined>;
  /** Presented to the agent, or being dialled for them. */
  inHandOf(agentId: AgentId): Promise<CampaignRow | undefined>;
  /** Rows whose call should have ended, or may never have been dialled. */
  toLookAt(at: Date): Promise<CampaignRow[]>;
  ofCall(callId: CallId): Promise<CampaignRow | undefined>;
  /** Notes a complaint about a call. Returns the row of that call, undefined when it belongs to no campaign. A complaint counts once. */
  complained(callId: CallId, complaintId: string): Promise<CampaignRow | undefined>;
  result(callId: CallId, agentId: AgentId, result: readonly string[]): Promise<void>;
  /** Schedules another call by the same agent to a person whom the agent has reached. */
  again(id: string, agentId: AgentId, at: { readonly notBefore: Date; readonly wantedUntil: Date }): Promise<boolean>;
  counts(campaignId: string): Promise<RowCounts>;
  /** Rows that are not done. */
  open(campaignId: string): Promise<number>;
  list(
    query: RowQuery & { readonly skip: number; readonly limit: number },
  ): Promise<{ readonly rows: CampaignRow[]; readonly total: number }>;
  /** All these rows by their lines, without what the list said about people. */
  batches(query: RowQuery): AsyncIterable<readonly CampaignRow[]>;
  /** Erases what lists said about people. */
  erase(campaignId: string): Promise<void>;
}

/** The answers of the outbound rules. The consumer owns the port; services/outbound has the rules. */
export interface CallingOut {
  /** The objections to numbers; numbers without an objection are left out. The gate asks again at the moment of dialling. */
  standing(
    numberHashes: readonly string[],
    ask: { readonly purpose: string; readonly from: string },
  ): Promise<ReadonlyMap<string, 'refused' | 'no-consent'>>;
  /** Why our number may not be shown today. */
  numberFault(from: string): Promise<string | undefined>;
  /** From now on nothing of the campaign is dialled, and what is ringing is cancelled. */
  stop(campaignId: string, why: { readonly reason: string; readonly by: string; readonly byName: string }): Promise<void>;
  lift(campaignId: string): Promise<void>;
  /** The gate permitted this call, but no INVITE was sent: it does not count as an attempt. */
  isUnsent(callId: CallId): Promise<boolean>;
}
