import { contradictionsOf } from '../../../../services/evidence/owners/contradictions.js';
import type { EventInput } from '../../../../services/shared/events/catalogue.js';
import type { World } from '../../world.js';
import type { Invariant } from '../invariant.js';

interface OnCall {
  readonly agentId: string;
  readonly at: Date;
  untilAt?: Date;
}

/** In an honest centre no call contradicts what its other owners wrote down, whatever failed meanwhile. */
export function ownersInvariant(world: World): Invariant {
  const name = 'owners';
  const { archive, stores } = world;
  const inCall = new Map<string, OnCall[]>();
  const current = new Map<string, OnCall>();
  world.bus.witnesses.push((event, told) => {
    if (event !== 'agent.state-changed') return;
    const { agentId, at, to, callId } = told as EventInput<'agent.state-changed'>;
    const before = current.get(agentId);
    if (before !== undefined) before.untilAt = new Date(at);
    current.delete(agentId);
    if (to !== 'on-call' || callId === undefined) return;
    const state: OnCall = { agentId, at: new Date(at) };
    current.set(agentId, state);
    inCall.set(callId, [...(inCall.get(callId) ?? []), state]);
  });

  return {
    name,
    sentence:
      'docs/evidence.md, Facts of different owners: the record of a call agrees with states, routing and ledger in an honest centre.',
    end() {
      for (const record of stores.records.values()) {
        const { callId } = record;
        const ledger = [...archive.rows.values()].find((row) => row.callId === callId);
        const said = contradictionsOf(
          { _id: callId, ...record },
          {
            ...{ onCall: inCall.get(callId) ?? [], isStateKept: true },
            visits: [...stores.visits.values()].filter((row) => row.callId === callId),
            ...(ledger === undefined ? {} : { ledger }),
          },
        );
        for (const { en } of said) world.fail(name, `${callId}: ${en}`, [callId]);
      }
    },
  };
}
