import type { Call } from '../../../services/calls/machine/call.js';
import type { CallRecord } from '../../../services/calls/records/record.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** The state is sampled four times a second, so each beginning and end may be off by that. */
const TOLERANCE_MS = 1_500;
const PER_CHANGE_MS = 500;

interface Seen {
  /** By agent, while the caller and the agent were in one conversation, held or not. */
  readonly talkMs: Map<string, number>;
  heldMs: number;
  changes: number;
  last: string;
}

/** The seconds of a record are those that were really talked and held: nobody talks with a caller who is parked or waits. */
export function spansInvariant(world: World): Invariant {
  const name = 'seconds';
  const seen = new Map<string, Seen>();
  const answers = new Map<string, Set<string>>();
  let lookedMs = world.scheduler.nowMs;

  world.bus.witnesses.push((event, { callId, outcome, offerId }) => {
    if (event !== 'call.offer-ended' || outcome !== 'answered' || typeof callId !== 'string' || typeof offerId !== 'string') return;
    answers.set(callId, (answers.get(callId) ?? new Set()).add(offerId));
  });

  function look(call: Call, passedMs: number): void {
    const { stage } = call;
    const known = seen.get(call.id) ?? { talkMs: new Map<string, number>(), heldMs: 0, changes: 0, last: '' };
    seen.set(call.id, known);
    const talking =
      stage.kind === 'connected'
        ? [stage.agentId, ...stage.parties.flatMap(({ id, role }) => (role === 'talk' && id.startsWith('agent:') ? [id.slice(6)] : []))]
        : [];
    for (const agentId of talking) known.talkMs.set(agentId, (known.talkMs.get(agentId) ?? 0) + passedMs);
    const isHeld = stage.kind === 'connected' && (stage.held || stage.consult !== undefined);
    if (isHeld) known.heldMs += passedMs;
    const now = `${talking.join()}/${isHeld}/${stage.kind}`;
    if (now !== known.last) known.changes += 1;
    known.last = now;
  }

  function judge(record: CallRecord, { talkMs, heldMs, changes }: Seen): void {
    const { callId } = record;
    const toleranceMs = TOLERANCE_MS + changes * PER_CHANGE_MS;
    const recorded = new Map<string, number>();
    for (const { agentId, from, to } of record.talks) recorded.set(agentId, (recorded.get(agentId) ?? 0) + to.getTime() - from.getTime());
    for (const agentId of new Set([...talkMs.keys(), ...recorded.keys()])) {
      const [was, says] = [talkMs.get(agentId) ?? 0, recorded.get(agentId) ?? 0];
      if (Math.abs(was - says) > toleranceMs)
        world.fail(name, `${callId}: ${agentId} was in the conversation for ${was} ms and the record says ${says} ms`, [callId, agentId]);
    }
    const holdsMs = record.holds.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
    if (Math.abs(holdsMs - heldMs) > toleranceMs)
      world.fail(name, `${callId}: the caller was held for ${heldMs} ms and the record says ${holdsMs} ms`, [callId]);
    for (const offerId of answers.get(callId) ?? [])
      for (const offer of record.offers)
        if (offer.offerId === offerId && offer.outcome !== 'answered')
          world.fail(name, `${callId}: the offer that ${offer.agentId} answered stands as ${offer.outcome}`, [callId]);
    const missing = [...talkMs].find(([agentId, ms]) => ms > toleranceMs && !record.agentIds.includes(agentId));
    if (missing !== undefined) world.fail(name, `${callId}: ${missing[0]} talked and is not among the agents of the record`, [callId]);
  }

  return {
    name,
    sentence:
      'docs/calls.md: one record is made from the history of a call: who talked when and how long the caller was held; nobody talks while the caller is parked or waits.',
    tick() {
      const passedMs = world.scheduler.nowMs - lookedMs;
      lookedMs = world.scheduler.nowMs;
      for (const { call } of world.stores.calls.values()) look(call, passedMs);
    },
    end() {
      const { faults, slowChance } = world.profile;
      if (faults.telephony + faults.bus + faults.documents + faults.relay > 0 || slowChance > 0) return;
      for (const record of world.stores.records.values()) {
        const was = seen.get(record.callId);
        if (was !== undefined) judge(record, was);
      }
    },
  };
}
