import type { CampaignOutcome, CampaignRowState, CampaignState } from '../shared/domain/calls/campaign.js';
import type { Campaign, CampaignContact, CampaignRow, CampaignSettings, RowNext } from './campaign.js';

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
  /** The newest first. */
  all(): Promise<Campaign[]>;
  /** Those that run, wait, or ended after `since`: whose rows may still change. */
  lively(since: Date): Promise<Campaign[]>;
  configure(id: string, settings: CampaignSettings): Promise<boolean>;
  /** False when it is in none of these states. */
  turn(id: string, from: readonly CampaignState[], change: StateChange): Promise<boolean>;
  /** Undefined: nothing holds it any more. */
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

export interface RowStore {
  /** A number that the campaign has already is left as it is. */
  addMany(list: { readonly campaignId: string; readonly importId: string; readonly at: Date }, rows: readonly NewRow[]): Promise<void>;
  /** Which of these numbers the campaign has. */
  known(campaignId: string, numberHashes: readonly string[]): Promise<ReadonlySet<string>>;
  one(id: string): Promise<CampaignRow | undefined>;
  /** The next row that anybody of the queue may call, by the time from which it may be called and its line. */
  next(campaignId: string, at: Date): Promise<CampaignRow | undefined>;
  /** Due rows that an agent has promised to call again. */
  wanted(campaignId: string, at: Date): Promise<CampaignRow[]>;
  /** A waiting row becomes the agent's; undefined when it waits no more. */
  present(
    id: string,
    to: { readonly callId: string; readonly agentId: string; readonly offer: NonNullable<CampaignRow['offer']> },
  ): Promise<CampaignRow | undefined>;
  /** The countdown is over for this offer: the agent decides. */
  hold(id: string, callId: string): Promise<boolean>;
  /** Undefined when the row is not in this state of this call, or its countdown to `dialAt` was stopped. */
  move(
    id: string,
    expected: { readonly state: CampaignRowState; readonly callId?: string | undefined; readonly dialAt?: Date | undefined },
    next: RowNext,
  ): Promise<CampaignRow | undefined>;
  /** Its call goes on; asked for again at `lookAt`. */
  looked(id: string, callId: string, lookAt: Date): Promise<void>;
  presented(): Promise<CampaignRow[]>;
  presentedTo(agentId: string): Promise<CampaignRow | undefined>;
  /** Presented to the agent, or being called by them. */
  inHandOf(agentId: string): Promise<CampaignRow | undefined>;
  /** Whose call should have ended, or may never have been dialled. */
  toLookAt(at: Date): Promise<CampaignRow[]>;
  ofCall(callId: string): Promise<CampaignRow | undefined>;
  /** There is a complaint about a call; the row of that call, undefined when it is no call of a campaign. A complaint counts once. */
  complained(callId: string, complaintId: string): Promise<CampaignRow | undefined>;
  result(callId: string, agentId: string, result: readonly string[]): Promise<void>;
  /** Schedules another call by the same agent to somebody whom the agent has reached. */
  again(id: string, agentId: string, at: { readonly notBefore: Date; readonly wantedUntil: Date }): Promise<boolean>;
  counts(campaignId: string): Promise<RowCounts>;
  /** Rows that are not done. */
  open(campaignId: string): Promise<number>;
  list(query: {
    readonly campaignId: string;
    readonly state?: CampaignRowState | undefined;
    readonly outcome?: CampaignOutcome | undefined;
    readonly skip: number;
    readonly limit: number;
  }): Promise<{ readonly rows: CampaignRow[]; readonly total: number }>;
  /** What lists said of people is erased. */
  erase(campaignId: string): Promise<void>;
}

/** What the rules of calling out say. The consumer owns the port, services/outbound has the rules. */
export interface CallingOut {
  /** What stands against numbers; one against which nothing stands is not in it. The gate asks again when it is dialled. */
  standing(
    numberHashes: readonly string[],
    ask: { readonly purpose: string; readonly from: string },
  ): Promise<ReadonlyMap<string, 'refused' | 'no-consent'>>;
  /** What keeps a number of ours from being shown today. */
  numberFault(from: string): Promise<string | undefined>;
  /** Nothing of the campaign is dialled from now on, and what rings is called off. */
  stop(campaignId: string, why: { readonly reason: string; readonly by: string; readonly byName: string }): Promise<void>;
  lift(campaignId: string): Promise<void>;
  /** The gate let this call out, and nothing of it left the house: it is no try. */
  isUnsent(callId: string): Promise<boolean>;
}
