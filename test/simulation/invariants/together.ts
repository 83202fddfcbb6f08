import type { Call } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const GONE_MS = 3_000;
/** How long a dead relay or process may still cost more than one seat. */
const BROKEN_MS = 60_000;
const ALONE: ReadonlySet<string> = new Set(['queued', 'offered', 'survey', 'closing', 'parked']);

/** Time for a process that was told to end to do so, and for the next one to take over its calls. */
const STOP_MS = 12_000;
/** Time after the relay was away for whatever could not be played or joined to come to its end. */
const RELAY_MS = 15_000;

/** A conversation of several goes on while somebody is left to talk; whoever belongs to no call any more is hung up. */
export function togetherInvariant(world: World): Invariant {
  const name = 'together';
  const waitFor = createPatience(world, name);
  /** Each call as it was written down before. */
  const before = new Map<string, Call>();
  let brokenMs = Number.NEGATIVE_INFINITY;
  world.onFault.push(() => (brokenMs = world.scheduler.nowMs));

  // A decision is stored before it is published: the two stages say who was there and who has left.
  world.onKept.push((call) => {
    const was = before.get(call.id);
    if (call.stage.kind === 'ended') before.delete(call.id);
    else before.set(call.id, call);
    if (was !== undefined && ALONE.has(call.stage.kind)) judgeLeft(was, call);
  });

  function judgeLeft(was: Call, call: Call): void {
    const marks = call.history.slice(was.history.length);
    // When the call was sent to a queue, when further calls were refused, and when a supervisor ended it, all leave.
    if (call.endedBy !== undefined) return;
    if (marks.some(({ what, detail }) => what === 'refused-by-key' || (what === 'transferred' && detail === 'queue'))) return;
    const left = marks.find(({ what }) => what === 'agent-left');
    // A seat that is lost is itself what is broken: the others of its conversation are judged all the same.
    const isBroken = left?.detail === 'seat-lost' ? world.scheduler.nowMs - brokenMs < BROKEN_MS : world.isDisturbed;
    const others = [...talkersOf(was)].filter((agentId) => agentId !== left?.agentId);
    if (left === undefined || others.length === 0 || isBroken) return;
    world.fail(name, `${left.agentId} left ${call.id} (${left.detail}), and ${others.join(' and ')} could have talked on`, [
      call.id,
      left.agentId ?? '',
      ...others,
    ]);
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
  // Whoever refused further calls hears that this was accepted, and is then hung up.
  const leaving = dialled.filter(({ refusedAtMs, endedAtMs }) => refusedAtMs !== undefined && endedAtMs === undefined);
  const own = [...(direction === 'outbound' ? ['far'] : []), ...leaving.map(({ legId }) => legId)];
  if (stage.kind === 'outside' || stage.kind === 'dialling' || stage.kind === 'calling') return new Set([...own, stage.legId]);
  // The party has answered and hears that it is recorded.
  if (stage.kind === 'handed' && stage.target.to === 'number') return new Set([...own, stage.target.legId]);
  if (stage.kind !== 'connected') return new Set(own);
  const numbers = [...stage.parties.map(({ id }) => id), stage.consult?.party ?? ''].filter((id) => id.startsWith('number:'));
  return new Set([...own, ...numbers.map((id) => id.slice('number:'.length))]);
}

/** The end of a process ends a call only where nothing could have kept it. */
export function survivalInvariant(world: World): Invariant {
  const name = 'survival';
  let stoppedMs = -Infinity;
  let relayMs = -Infinity;
  world.onFault.push((fault) => {
    if (fault === 'telephony-stop') stoppedMs = world.scheduler.nowMs;
    if (fault === 'relay') relayMs = world.scheduler.nowMs;
  });
  world.bus.witnesses.push((event, { callId, cause, answered }) => {
    // A call that comes while the relay or telephony is away is refused.
    if (event !== 'call.ended' || typeof callId !== 'string' || answered !== true) return;
    const nowMs = world.scheduler.nowMs;
    if (cause === 'media-failure' && !world.relay.hasForgotten(callId))
      world.fail(name, `${callId} ended for the relay, which had all of its legs`, [callId]);
    if (cause === 'system-failure' && nowMs - stoppedMs < STOP_MS && nowMs - relayMs > RELAY_MS)
      world.fail(name, `${callId} ended because telephony was told to end`, [callId]);
  });
  return {
    name,
    sentence: 'docs/calls.md, failures: a relay that is started again goes on with its calls, and a signal to one process is no hang-up.',
  };
}
