import { failureOf } from '../shared/domain/failure.js';
import type { Handlers } from '../shared/events/catalogue.js';
import {
  afterRefusal,
  afterTimeOut,
  afterTry,
  afterUnread,
  callsAt,
  complainTooOften,
  outcomeOf,
  refusesTooOften,
  type Campaign,
  type CampaignRow,
} from './campaign.js';
import type { CampaignHalt } from '../shared/domain/calls/campaign.js';
import type { CallingOut, RowCounts } from './ports.js';
import { createRowSteps, HELD_UP_MS, LOOK_AFTER_MS, type RowStepNeeds } from './row-steps.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

const SECOND_MS = 1_000;
/** Routing frees an agent by itself if nobody else does. */
const HOLD_LONGER_MS = 10 * SECOND_MS;
/** Results of the last calls still arrive after the end of a campaign, for this long. */
const LIVELY_MS = 24 * 3_600_000;

type Ended = Parameters<typeof outcomeOf>[0];

export interface CampaignDeskNeeds extends RowStepNeeds {
  readonly callingOut: CallingOut;
  /** How a call ended, from its record; undefined while there is no record. */
  readonly recordOf: (callId: CallId) => Promise<Ended | undefined>;
  /** More people refuse or complain than the campaign allows: it dials nobody else. */
  readonly haltFor: (why: CampaignHalt, campaign: Campaign, counts: RowCounts) => Promise<void>;
  readonly newId: () => string;
}

type RowSteps = ReturnType<typeof createRowSteps>;

/** Reserves agents for due rows: first the agent, then the row. `presentedTo`: the agents who got one. */
function createOffering(
  { campaigns, rows, callingOut, commands, now, minuteAt, newId }: CampaignDeskNeeds,
  { release }: RowSteps,
  presentedTo: (agentId: AgentId) => void,
) {
  /** A reserved agent gets the row, or is free again. False when no agent is free. */
  async function offer(campaign: Campaign, row: CampaignRow, agentId?: AgentId): Promise<boolean> {
    const { queueId, mode, previewSeconds, countdownSeconds } = campaign;
    const callId = newId();
    const previewMs = previewSeconds * SECOND_MS;
    const reserved = await commands.send('agent.reserve', {
      queueId,
      callId,
      holdForMs: previewMs + HOLD_LONGER_MS,
      ...(agentId === undefined ? {} : { agentId }),
    });
    if (reserved.agentId === undefined) return false;
    presentedTo(reserved.agentId);
    const atMs = now().getTime();
    const to = {
      callId,
      agentId: reserved.agentId,
      offer: {
        since: new Date(reserved.since),
        until: new Date(atMs + previewMs),
        ...(mode === 'progressive' ? { dialAt: new Date(atMs + countdownSeconds * SECOND_MS) } : {}),
      },
    };
    if ((await rows.present(row.id, to)) === undefined) await release({ ...row, ...to }, 'withdrawn');
    return true;
  }

  /**
   * Nobody is reserved for a row that the lists refuse. The gate is asked all the same when the row is dialled. `held`: while the number
   * may not be shown, or the client unit whose consent is needed is unknown; an ended row does not come back.
   */
  async function standing({ id, from, purpose }: Campaign, row: CampaignRow): Promise<'clear' | 'refused' | 'held'> {
    if (row.contact === undefined) {
      await rows.move(row.id, { state: 'waiting' }, afterUnread(now()));
      return 'refused';
    }
    const against = (await callingOut.standing([row.numberHash], { purpose, from })).get(row.numberHash);
    if (against === undefined) return 'clear';
    if (against === 'no-consent' && (await callingOut.numberFault(from)) !== undefined) {
      await campaigns.waits(id, { until: new Date(now().getTime() + HELD_UP_MS), why: 'outbound-number' });
      return 'held';
    }
    await rows.move(row.id, { state: 'waiting' }, afterRefusal(against === 'refused' ? 'outbound-do-not-call' : 'outbound-consent', now()));
    return 'refused';
  }

  async function finish({ id }: Campaign): Promise<void> {
    if (await campaigns.turn(id, ['running'], { state: 'finished', by: 'system:campaigns', byName: '', at: now() })) await rows.erase(id);
  }

  async function serve(campaign: Campaign): Promise<void> {
    if (campaign.waits !== undefined && campaign.waits.until > now()) return;
    if (!callsAt(campaign, minuteAt(now()))) {
      await campaigns.waits(campaign.id, { until: new Date(now().getTime() + HELD_UP_MS), why: 'outbound-hours' });
      return;
    }
    if (campaign.waits !== undefined) await campaigns.waits(campaign.id, undefined);
    const asked = new Set<string>();
    for (const row of await rows.wanted(campaign.id, now())) {
      const { wantedAgentId } = row;
      // An agent with several promised calls is asked about the first one, once a round.
      if (wantedAgentId === undefined || asked.has(wantedAgentId)) continue;
      const stands = await standing(campaign, row);
      if (stands === 'held') return;
      if (stands === 'refused') continue;
      asked.add(wantedAgentId);
      await offer(campaign, row, wantedAgentId);
    }
    for (;;) {
      const row = await rows.next(campaign.id, now());
      if (row === undefined) {
        if ((await rows.open(campaign.id)) === 0) await finish(campaign);
        return;
      }
      const stands = await standing(campaign, row);
      if (stands === 'held' || (stands === 'clear' && !(await offer(campaign, row)))) return;
    }
  }

  return { serve };
}

/** The outcomes of calls. */
function createSettling({ campaigns, rows, callingOut, commands, recordOf, haltFor, now }: CampaignDeskNeeds, { release }: RowSteps) {
  async function settle(row: CampaignRow, ended: Ended): Promise<void> {
    const campaign = await campaigns.one(row.campaignId);
    if (campaign === undefined) return;
    const outcome = outcomeOf(ended);
    if (outcome === 'unreachable' && row.callId !== undefined && (await callingOut.isUnsent(row.callId))) {
      // Every channel of the trunk was taken: the next row would find the same.
      const why = 'service-unavailable';
      await rows.move(row.id, { state: row.state, callId: row.callId }, afterRefusal(why, now()));
      await campaigns.waits(campaign.id, { until: new Date(now().getTime() + HELD_UP_MS), why });
      return;
    }
    const wasLost = row.state !== 'dialling';
    // A lost attempt has been counted already.
    const before = wasLost ? { ...row, tries: row.tries - 1 } : row;
    const moved = await rows.move(row.id, { state: row.state, callId: row.callId }, afterTry(before, outcome, campaign, now()));
    if (moved === undefined || outcome !== 'refused') return;
    await judge('campaign-refusals', campaign, refusesTooOften);
  }

  async function judge(why: CampaignHalt, campaign: Campaign, isTooOften: (counts: RowCounts, rule: Campaign) => boolean): Promise<void> {
    if (campaign.state !== 'running') return;
    const counts = await rows.counts(campaign.id);
    if (isTooOften(counts, campaign)) await haltFor(why, campaign, counts);
  }

  /** Also for a campaign that has ended, because its report shows it. */
  async function complained(callId: CallId, complaintId: string): Promise<void> {
    const row = await rows.complained(callId, complaintId);
    const campaign = row === undefined ? undefined : await campaigns.one(row.campaignId);
    if (campaign !== undefined) await judge('campaign-complaints', campaign, complainTooOften);
  }

  /**
   * The process that dialled may have died, or the answer came too late. Telephony and the call record tell whether the call is still live.
   */
  async function look(row: CampaignRow): Promise<void> {
    const { callId = '', agentId = '' } = row;
    const isLive = async (ofAgent: { readonly agentId?: AgentId }): Promise<boolean> =>
      (await commands.send('calls.live', ofAgent)).some((call) => call.callId === callId);
    // By now the person may be talking to a colleague, or be parked.
    if ((await isLive({ agentId })) || (await isLive({}))) {
      const lookAt = new Date(now().getTime() + LOOK_AFTER_MS);
      await rows.looked(row.id, callId, lookAt);
      return;
    }
    const ended = await recordOf(callId);
    if (ended !== undefined) return settle(row, ended);
    const campaign = await campaigns.one(row.campaignId);
    if (campaign === undefined) return;
    await rows.move(row.id, { state: 'dialling', callId }, afterTry(row, 'lost', campaign, now()));
    await release(row, 'withdrawn');
  }

  return { settle, look, complained };
}

/** Brings rows to agents. The agent is reserved first, so that no called person ever waits for one. */
export function createCampaignDesk(needs: CampaignDeskNeeds) {
  const { campaigns, rows, now, log } = needs;
  const steps = createRowSteps(needs);
  const { withdraw, dial } = steps;
  /** As of the last round, so that events of other calls and agents cause no query to the store. */
  let lively: readonly Campaign[] = [];
  const presentedTo = new Set<string>();
  const { serve } = createOffering(needs, steps, (agentId) => presentedTo.add(agentId));
  const { settle, look, complained } = createSettling(needs, steps);

  /**
   * Rows that agents have on their screen: rows of a halted campaign go back, countdowns end, and an agent who does not react is set to
   * away.
   */
  async function clocks(): Promise<void> {
    presentedTo.clear();
    const due: Promise<unknown>[] = [];
    for (const row of await rows.presented()) {
      const { agentId, offer: presented } = row;
      if (agentId === undefined || presented === undefined) continue;
      presentedTo.add(agentId);
      const runs = lively.some(({ id, state }) => id === row.campaignId && state === 'running');
      if (!runs) await withdraw(row, 'withdrawn');
      else if (presented.dialAt !== undefined && presented.dialAt <= now())
        due.push(
          dial(row, presented.dialAt).catch((error: unknown) =>
            log.info({ code: failureOf(error), callId: row.callId }, 'a row was not dialled'),
          ),
        );
      else if (presented.until <= now()) await withdraw(row, 'no-answer', afterTimeOut(row, now()));
    }
    await Promise.all(due);
  }

  const handlers = {
    'call.ended': async ({ callId, cause, answered, direction }) => {
      if (lively.length === 0 || direction !== 'outbound') return;
      const row = await rows.ofCall(callId);
      // The end of a call may arrive after the attempt was given up as lost.
      if (row?.state === 'dialling' || (row?.state !== 'presented' && row?.outcome === 'lost')) await settle(row, { cause, answered });
    },
    'complaint.opened': async ({ callId, complaintId }) => {
      if (callId !== undefined) await complained(callId, complaintId);
    },
    'contact.disposed': async ({ callId, agentId, disposition }) => {
      if (lively.length > 0) await rows.result(callId, agentId, disposition);
    },
    /** An agent who signs out, or whom routing has freed, is no longer reading the row. */
    'agent.state-changed': async ({ agentId, to, callId, at }) => {
      if (!presentedTo.has(agentId) || to === 'offered') return;
      const row = await rows.presentedTo(agentId);
      if (row?.offer === undefined || row.callId === callId || Date.parse(at) <= row.offer.since.getTime()) return;
      // Routing may have freed the agent before this desk found that the time was over.
      await withdraw(row, 'withdrawn', row.offer.until <= now() ? afterTimeOut(row, now()) : undefined);
    },
  } satisfies Handlers;

  return {
    handlers,
    /** Once a second. */
    async round(): Promise<void> {
      lively = await campaigns.lively(new Date(now().getTime() - LIVELY_MS));
      if (lively.length === 0) return;
      await clocks();
      for (const row of await rows.toLookAt(now())) await look(row);
      for (const campaign of lively) if (campaign.state === 'running') await serve(campaign);
    },
  };
}
