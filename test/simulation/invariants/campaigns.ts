import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';
import { agentsOf } from './oracle.js';

/** What was changed so recently may not have been read by the gate yet. */
const READ_MS = 2_500;
const STOP_WINS_MS = 2_000;
const STUCK_MS = 120_000;
const ORPHAN_MS = 3_000;

/** Campaigns: nobody who is called waits for an agent, a row is called once at a time, a pause wins, and no row is forgotten. */
export function campaignsInvariant(world: World): Invariant {
  const name = 'campaigns';
  const { campaigns, sip, stores } = world;
  const waitFor = createPatience(world, name);
  let judged = 0;
  let judgedLapses = 0;

  /** Judges an INVITE of a row by what was promised before it left. */
  function judgePromise(rowId: string, agentId: string | undefined, atMs: number): void {
    const promise = campaigns.promised.get(rowId);
    if (promise === undefined || atMs < promise.madeMs) return;
    if (atMs < promise.atMs) world.fail(name, `the row ${rowId} was called before the time that was promised`, [rowId]);
    if (atMs < promise.untilMs && agentId !== promise.agentId)
      world.fail(name, `the row ${rowId} was called by ${agentId}, and ${promise.agentId} has promised it`, [rowId]);
    campaigns.promised.delete(rowId);
  }

  function judgeInvites(): void {
    for (const { atMs, permit } of sip.out.slice(judged)) {
      const row = campaigns.rowOf(permit.permitId);
      if (row === undefined) continue;
      const haltedMs = campaigns.haltedMs.get(row.campaignId);
      if (haltedMs !== undefined && atMs - haltedMs > READ_MS)
        world.fail(name, `a row of ${row.campaignId} was called while it is halted`, [row.id]);
      judgePromise(row.id, permit.agentId, atMs);
      if (row.agentId !== permit.agentId)
        world.fail(name, `the row ${row.id} was called by another agent than it was presented to`, [row.id]);
    }
    judged = sip.out.length;
  }

  /** The figures of an agent count only what that agent had on the screen, until its time was over. */
  function judgeLapses(): void {
    for (const { rowId, lapse, reader, untilMs = Infinity } of campaigns.lapses.slice(judgedLapses)) {
      if (lapse.agentId !== reader) world.fail(name, `the row ${rowId} lapsed at ${lapse.agentId}, and ${reader} had it`, [rowId]);
      if (lapse.at.getTime() < untilMs) world.fail(name, `the row ${rowId} lapsed before its time was over`, [rowId]);
    }
    judgedLapses = campaigns.lapses.length;
  }

  function judgePauses(): void {
    for (const { permit } of sip.out.filter(({ rings }) => rings())) {
      const row = campaigns.rowOf(permit.permitId);
      const haltedMs = row === undefined ? undefined : campaigns.haltedMs.get(row.campaignId);
      const rang = haltedMs !== undefined && world.scheduler.nowMs - haltedMs > STOP_WINS_MS && !world.isDisturbed;
      if (rang && row !== undefined)
        world.fail(name, `the number of the row ${row.id} rings on although its campaign was halted`, [row.id]);
    }
  }

  return {
    name,
    sentence:
      'docs/adr/0053-campaigns-reserve-the-agent-first.md: the agent is reserved before anybody is called; of two steps of a row one wins; a pause calls off within two seconds what is being dialled; no row stays in hand for ever.',
    tick() {
      if (campaigns.rows.size === 0) return;
      judgeInvites();
      judgePauses();
      judgeLapses();
      for (const row of campaigns.rows.values()) {
        const calls = campaigns.callsOf.get(row.id) ?? [];
        const live = calls.filter((callId) => stores.calls.has(callId));
        if (live.length > 1) world.fail(name, `the row ${row.id} is called twice at once`, [row.id, ...live]);
        const alone = live.filter((callId) => {
          const stage = stores.calls.get(callId)?.call.stage;
          return stage?.kind === 'calling' && agentsOf(stage).size === 0;
        });
        waitFor(`${row.id}/alone`, alone.length > 0, ORPHAN_MS, () => `who is called for the row ${row.id} has no agent`, [
          row.id,
          ...alone,
        ]);
        const isStuck = (row.state === 'presented' || row.state === 'dialling') && live.length === 0;
        const isForgotten = row.state === 'done' && row.outcome === 'reached' && campaigns.promised.has(row.id);
        if (isForgotten) world.fail(name, `the row ${row.id} is done, and another call was promised`, [row.id]);
        waitFor(`${row.id}/stuck`, isStuck, STUCK_MS, () => `the row ${row.id} stays ${row.state} and nobody is called`, [row.id]);
      }
    },
  };
}
