import type { CommandBus, CommandInput } from '../shared/contracts/calls/commands.js';
import type { CampaignSkipReason } from '../shared/domain/calls/campaign.js';
import { CallCentreError, failureOf, type FailureCode } from '../shared/domain/failure.js';
import type { ScriptBook } from '../shared/platform/stores/script-book.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { afterRefusal, afterSkip, callsAt, holdsCampaign, isUnknown, type Campaign, type CampaignRow, type RowNext } from './campaign.js';
import type { CampaignStore, RowStore } from './ports.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

/** A call without news is checked after this time, and again after the same time. */
export const LOOK_AFTER_MS = 30_000;
/** After this time a reason that refuses every row of a campaign is tried again. */
export const HELD_UP_MS = 60_000;

export interface RowStepNeeds {
  readonly campaigns: CampaignStore;
  readonly rows: RowStore;
  readonly commands: CommandBus;
  readonly scripts: Pick<ScriptBook, 'keep'>;
  readonly now: () => Date;
  /** The minute of the day at the site. */
  readonly minuteAt: (at: Date) => number;
  readonly log: Logger;
}

type Release = CommandInput<'agent.release'>['outcome'];

/** What people do with a presented row, and how rows go back. */
export function createRowSteps({ campaigns, rows, commands, scripts, now, minuteAt, log }: RowStepNeeds) {
  async function release({ agentId, callId }: CampaignRow, outcome: Release): Promise<void> {
    if (agentId === undefined || callId === undefined) return;
    // When this does not reach routing, routing frees the agent by itself.
    await commands
      .send('agent.release', { agentId, callId, outcome })
      .catch((error: unknown) => log.warn({ err: error, agentId }, 'a reserved agent could not be released'));
  }

  /** The row goes back to the list, and the agent to the queue. */
  async function withdraw(row: CampaignRow, outcome: Release, next: RowNext = { state: 'waiting' }): Promise<boolean> {
    const moved = await rows.move(row.id, { state: 'presented', callId: row.callId }, next);
    if (moved !== undefined) await release(row, outcome);
    return moved !== undefined;
  }

  async function notDialled(campaign: Campaign, row: CampaignRow, code: FailureCode): Promise<void> {
    // It may have been dialled nevertheless. The later check finds out, and until then nobody else calls this person.
    if (isUnknown(code)) return;
    await rows.move(row.id, { state: 'dialling', callId: row.callId }, afterRefusal(code, now()));
    if (holdsCampaign(code)) await campaigns.waits(campaign.id, { until: new Date(now().getTime() + HELD_UP_MS), why: code });
    await release(row, code === 'seat-lost' ? code : code === 'busy' ? 'refused' : 'withdrawn');
  }

  /** The script on the agent's screen, for the record of the call. Without a script there is nothing to keep. */
  const kept = async ({ id, name, script }: Campaign): Promise<string | undefined> =>
    script === ''
      ? undefined
      : scripts.keep({ of: 'campaign', subject: id, name, greeting: '', script: { 'zh-CN': script, en: script }, fields: [] });

  /**
   * Dials a presented row. Of two attempts at the same time one succeeds. Fails with the code of the rule that refused the call. `dialAt`:
   * the countdown dials, unless the agent has just stopped it.
   */
  async function dial(row: CampaignRow, dialAt?: Date): Promise<{ readonly callId: CallId }> {
    const { callId, agentId, contact } = row;
    const campaign = await campaigns.one(row.campaignId);
    if (campaign?.state !== 'running') {
      await withdraw(row, 'withdrawn');
      throw new CallCentreError('wrong-state', 'The campaign is not running.');
    }
    // Read before its hours were over, decided afterwards.
    if (!callsAt(campaign, minuteAt(now()))) {
      await withdraw(row, 'withdrawn', afterRefusal('outbound-hours', now()));
      throw new CallCentreError('outbound-hours', 'The campaign does not call at this hour.');
    }
    const scriptId = await kept(campaign);
    const lookAt = new Date(now().getTime() + LOOK_AFTER_MS);
    const dialling = await rows.move(row.id, { state: 'presented', callId, dialAt }, { state: 'dialling', lookAt });
    if (dialling === undefined || callId === undefined || agentId === undefined || contact === undefined)
      throw new CallCentreError('wrong-state', 'This row is being dialled already, or was withdrawn.');
    const { id: campaignId, from, purpose, queueId } = campaign;
    try {
      await commands.send(
        'call.dial',
        { agentId, number: contact.number, from, purpose, campaign: { campaignId, callId, queueId, scriptId } },
        { timeoutMs: 10_000 },
      );
    } catch (error) {
      await notDialled(campaign, dialling, failureOf(error));
      throw error;
    }
    return { callId };
  }

  /** The row on the agent's screen. Another agent's row is not found. */
  async function mine(rowId: string, agentId: AgentId): Promise<CampaignRow> {
    const row = await rows.one(rowId);
    if (row?.agentId !== agentId) throw new CallCentreError('not-found', 'There is no such row.');
    if (row.state !== 'presented') throw new CallCentreError('wrong-state', 'This row is being dialled already, or was withdrawn.');
    return row;
  }

  return {
    release,
    withdraw,
    dial,
    call: async (rowId: string, agentId: AgentId) => dial(await mine(rowId, agentId)),
    async hold(rowId: string, agentId: AgentId): Promise<void> {
      const { callId = '' } = await mine(rowId, agentId);
      if (!(await rows.hold(rowId, callId))) throw new CallCentreError('wrong-state', 'This row is being dialled already.');
    },
    async skip(rowId: string, agentId: AgentId, reason: CampaignSkipReason): Promise<void> {
      if (!(await withdraw(await mine(rowId, agentId), 'withdrawn', afterSkip(reason, now()))))
        throw new CallCentreError('wrong-state', 'This row is being dialled already.');
    },
    /** After a pause or a stop: nobody keeps reading a row that must not be called. */
    async withdrawAll(campaignId: string): Promise<void> {
      for (const row of await rows.presented()) if (row.campaignId === campaignId) await withdraw(row, 'withdrawn');
    },
  };
}
