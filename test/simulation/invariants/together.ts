import type { Call } from '../../../services/calls/call.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

/** What one decision publishes goes out in the same moment. */
const MOMENT_MS = 10;
const GONE_MS = 3_000;
/** A relay or a process that went may still cost more than one seat for so long. */
const BROKEN_MS = 60_000;
const ALONE: ReadonlySet<string> = new Set(['queued', 'offered', 'survey', 'closing', 'parked']);

interface Leave {
  readonly agentId: string;
  readonly atMs: number;
  /** Its seat was lost. */
  readonly ofSeat: boolean;
}

/** A conversation of several goes on while somebody is left to talk; who belongs to no call any more is hung up. */
export function togetherInvariant(world: World): Invariant {
  const name = 'together';
  const waitFor = createPatience(world, name);
  /** Agents who were in each conversation when it was looked at last, with a seat. */
  const talked = new Map<string, ReadonlySet<string>>();
  const left = new Map<string, Leave[]>();
  let brokenMs = Number.NEGATIVE_INFINITY;
  world.onFault.push(() => (brokenMs = world.scheduler.nowMs));
  /** The caller was sent to a queue, or has refused: then all leave. */
  const sentMs = new Map<string, number>();

  world.bus.witnesses.push((event, { callId, agentId, to, reason }) => {
    if (typeof callId !== 'string') return;
    const atMs = world.scheduler.nowMs;
    if ((event === 'call.transferred' && to === 'queue') || event === 'call.refused-by-key') sentMs.set(callId, atMs);
    if (event === 'call.agent-left' && talked.get(callId)?.has(String(agentId)) === true)
      left.set(callId, [...(left.get(callId) ?? []), { agentId: String(agentId), atMs, ofSeat: reason === 'seat-lost' }]);
    if (event === 'call.ended') talked.delete(callId);
  });

  world.onKept.push((call) => {
    if (call.stage.kind !== 'ended') talked.set(call.id, talkersOf(call));
  });

  function judgeLeft(callId: string, leaves: readonly Leave[]): void {
    const kind = world.stores.liveCall(callId)?.stage.kind;
    const atMs = leaves.at(-1)?.atMs ?? 0;
    const inOneMoment = leaves.filter((each) => atMs - each.atMs < MOMENT_MS);
    const together = new Set(inOneMoment.map(({ agentId }) => agentId));
    // A seat that is lost is itself what is broken: the others of its conversation are judged all the same.
    const isBroken = inOneMoment.some(({ ofSeat }) => ofSeat) ? atMs - brokenMs < BROKEN_MS : world.isDisturbed;
    if (kind === undefined || !ALONE.has(kind) || together.size < 2 || isBroken) return;
    if (Math.abs((sentMs.get(callId) ?? 0) - atMs) < MOMENT_MS) return;
    world.fail(name, `${[...together].join(' and ')} left ${callId} together: one of them could have talked on`, [callId, ...together]);
  }

  function judgeLegs(call: Call, outside: readonly { readonly legId: string }[]): void {
    const held = legsOf(call);
    for (const { legId } of outside)
      waitFor(`${call.id}/${legId}`, !held.has(legId), GONE_MS, () => `the leg ${legId} of ${call.id} is up and belongs to nobody`, [
        call.id,
      ]);
  }

  return {
    name,
    sentence:
      'docs/calls.md: when the agent in charge leaves, whoever else talks has the caller; a leg outside ends with its part of the call, and the caller with the call.',
    tick() {
      for (const [callId, leaves] of left) judgeLeft(callId, leaves);
      left.clear();
      const going = new Set<string>();
      for (const { call, outside, sipCallId } of world.stores.calls.values()) {
        if (call.stage.kind === 'ended') continue;
        going.add(sipCallId);
        judgeLegs(call, outside);
      }
      for (const { party, state } of world.callers.values())
        waitFor(`${party}/up`, state === 'up' && !going.has(`sip-${party}`), GONE_MS, () => `${party} is up and in no call`, [party]);
    },
  };
}

function talkersOf({ stage }: Call): ReadonlySet<string> {
  if (stage.kind !== 'connected') return new Set();
  const beside = stage.parties.filter(({ id, role, away }) => role === 'talk' && away !== true && id.startsWith('agent:'));
  return new Set([...(stage.away ? [] : [stage.agentId]), ...beside.map(({ id }) => id.slice('agent:'.length))]);
}

function legsOf({ stage, direction, dialled = [] }: Call): ReadonlySet<string> {
  // Who refused further calls hears that this was taken, and is hung up then.
  const leaving = dialled.filter(({ refusedAtMs, endedAtMs }) => refusedAtMs !== undefined && endedAtMs === undefined);
  const own = [...(direction === 'outbound' ? ['far'] : []), ...leaving.map(({ legId }) => legId)];
  if (stage.kind === 'outside' || stage.kind === 'dialling' || stage.kind === 'calling') return new Set([...own, stage.legId]);
  // Answered, and hearing that it is recorded.
  if (stage.kind === 'handed' && stage.target.to === 'number') return new Set([...own, stage.target.legId]);
  if (stage.kind !== 'connected') return new Set(own);
  const numbers = [...stage.parties.map(({ id }) => id), stage.consult?.party ?? ''].filter((id) => id.startsWith('number:'));
  return new Set([...own, ...numbers.map((id) => id.slice('number:'.length))]);
}
