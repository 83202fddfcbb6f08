import type { Call } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const LIMIT_MS = 3_000;
const PAGE_LIMIT_MS = 6_000;

interface Supervisor {
  readonly agentId: string;
  readonly barged: boolean;
}

/** A call's supervisors, read from its stored parties. */
export function supervisorsIn({ stage }: Call): Supervisor[] {
  if (stage.kind !== 'connected') return [];
  return stage.parties.flatMap(({ id, role, barged = false }) =>
    id.startsWith('agent:') && (role !== 'talk' || barged) ? [{ agentId: id.slice('agent:'.length), barged }] : [],
  );
}

export function listeningInvariant(world: World): Invariant {
  const name = 'listening';
  const waitFor = createPatience(world, name);
  const { listenings } = world;

  /** Judges the page of whoever answers for the call. */
  function judgePage(call: Call, supervisors: readonly Supervisor[]): void {
    if (call.stage.kind !== 'connected') return;
    const { agentId } = call.stage;
    const page = world.agents.get(agentId)?.page;
    if (page === undefined || page.closed || !page.online) return;
    const phone = page.seat.getSnapshot();
    const card = phone.calls.find(({ callId }) => callId === call.id);
    if (phone.link !== 'up' || !phone.synced || card === undefined) return;
    const shown = (card.listeners ?? []).map((each) => each.agentId).sort();
    const due = supervisors
      .filter(({ barged }) => barged || listenings.notice === 'at-once')
      .map((each) => each.agentId)
      .sort();
    const show = (): string =>
      `the page of ${agentId} shows ${JSON.stringify(shown)} listening, by the rule (${listenings.notice}) ${JSON.stringify(due)}`;
    // A secret must not be shown even for a moment.
    const leaked = listenings.notice !== 'at-once' && shown.some((each) => supervisors.some((one) => one.agentId === each && !one.barged));
    waitFor(`${call.id}/page`, shown.join() !== due.join(), PAGE_LIMIT_MS, show, [call.id, agentId]);
    waitFor(`${call.id}/secret`, leaked, LIMIT_MS, show, [call.id, agentId]);
  }

  return {
    name,
    sentence:
      'docs/calls.md: nobody listens without a row that was there before and has an end after; to nobody who has not acknowledged the rule; the card of the call shows who listens when the rule says at once, and never otherwise.',
    tick() {
      for (const { call } of world.stores.calls.values()) {
        const supervisors = supervisorsIn(call);
        judgePage(call, supervisors);
        for (const { agentId } of supervisors) {
          const rows = [...listenings.rows.values()].filter((row) => row.callId === call.id && row.listenerId === agentId);
          waitFor(`${call.id}/${agentId}/row`, rows.length === 0, LIMIT_MS, () => `${agentId} listens to ${call.id} without a row`, [
            call.id,
            agentId,
          ]);
        }
      }
      for (const { agentId, id } of listenings.rows.values())
        if (!listenings.hasAcknowledged(agentId))
          world.fail(name, `${agentId} has not acknowledged the rule and is listened to`, [agentId, id]);
    },
    end() {
      for (const row of listenings.rows.values()) {
        const began = row.beganAt.getTime();
        if (row.endedAt === undefined && row.parts.length > 0)
          world.fail(name, `${row.id} of ${row.callId} has parts and no end`, [row.callId]);
        if (row.endedAt === undefined) continue;
        const seconds = row.parts.reduce((sum, part) => sum + part.seconds, 0);
        const longest = (row.endedAt.getTime() - began) / 1_000 + row.parts.length;
        if (seconds > longest) world.fail(name, `${row.id} has ${seconds} s of at most ${longest}`, [row.callId]);
      }
    },
  };
}
