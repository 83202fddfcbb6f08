import type { Call } from '../../../services/calls/machine/call.js';
import type { EventInput } from '../../../services/shared/events/catalogue.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** Messages take their time, and a clock is read twice. */
const TOLERANCE_MS = 2_500;
const MOMENT_MS = 50;

type Queued = EventInput<'call.queued'>;

interface Wait {
  first: Queued;
  last: Queued;
  /** The time in earlier visits, and when the present one began. */
  waitedMs: number;
  sinceMs: number | undefined;
}

/**
 * A call carries its place: priority, skills and the beginning of its wait go with it through queues, parks and lost seats; conversation
 * does not count as waiting; priority, wait and id decide who is served first; whoever rings has what is asked for.
 */
export function placeInvariant(world: World): Invariant {
  const name = 'place';
  const { stores, profile } = world;
  const waits = new Map<string, Wait>();
  /** Calls that ring, by what is published. */
  const rung = new Set<string>();
  /** The call that rings at each seat, according to what telephony says of the seat: this may come before the offer is published. */
  const ringsAt = new Map<string, string>();
  /** The call that routing has chosen each agent for: two are chosen at once, and one of the two offers is published first. */
  const chosenFor = new Map<string, string>();
  const transferredMs = new Map<string, number>();
  /** Calls that a queue has sent on: the flow may lead them to another queue step. */
  const sentOn = new Set<string>();
  // A telephony process that dies takes with it what it was about to publish.
  const judges = (): boolean => profile.faults.telephony === 0 && profile.faults.bus === 0 && !world.isDisturbed;
  const nowMs = (): number => world.scheduler.nowMs;

  function queued(event: Queued): void {
    const { callId } = event;
    // In a consultation through a queue the place is the agent's, not the caller's.
    if (event.enteredAt === undefined) return;
    const isSentOn = sentOn.delete(callId);
    const known = waits.get(callId);
    if (known === undefined) {
      waits.set(callId, { first: event, last: event, waitedMs: 0, sinceMs: nowMs() });
      return;
    }
    const returned = event.returned === true || (stores.liveCall(callId)?.history ?? []).some(({ what }) => what === 'agent-answered');
    if (returned && judges()) {
      if (!isAlike(event, known.last) && !(isSentOn && isGivenByStep(event)))
        world.fail(name, `${callId} came back to ${event.queueId} with other priority or skills than it had`, [callId]);
      if (!isSentOn && hasLostItsStep(stores.liveCall(callId)))
        world.fail(name, `${callId} came back to ${event.queueId} without the longest wait and the announcements of its queue step`, [
          callId,
        ]);
      if (event.queueId === known.last.queueId && event.waitingSince !== known.last.waitingSince)
        world.fail(name, `${callId} came back to ${event.queueId} and lost its place in line`, [callId]);
      const lineMs = Date.parse(event.at) - Date.parse(event.waitingSince);
      const waitedMs = known.waitedMs + (known.sinceMs === undefined ? 0 : nowMs() - known.sinceMs);
      const isTransferred = nowMs() - (transferredMs.get(callId) ?? 0) < MOMENT_MS;
      if (isTransferred && event.queueId !== known.last.queueId && lineMs > waitedMs + TOLERANCE_MS)
        world.fail(name, `${callId} came to ${event.queueId} as if it had waited ${lineMs} ms; it has waited ${waitedMs} ms`, [callId]);
    }
    known.last = event;
    known.sinceMs ??= nowMs();
  }

  const hasLostItsStep = (call: Call | undefined): boolean =>
    call?.stage.kind === 'queued' && call.stage.stepId === undefined && call.queueStepId !== undefined;

  const isAlike = (one: Pick<Queued, 'priority' | 'skills'>, other: Pick<Queued, 'priority' | 'skills'>): boolean =>
    one.priority === other.priority && JSON.stringify(one.skills) === JSON.stringify(other.skills);

  /** Whether a queue step of the flow leads to this queue and gives just this priority and these skills. */
  function isGivenByStep(event: Queued): boolean {
    const call = stores.liveCall(event.callId);
    return Object.values(call?.flow.steps ?? {}).some(
      (given) =>
        given.kind === 'queue' &&
        given.queueId === event.queueId &&
        isAlike(event, { priority: given.priority + (call?.callerPriority ?? 0), skills: given.skills }),
    );
  }

  function leftTheLine(callId: string): void {
    const wait = waits.get(callId);
    if (wait?.sinceMs === undefined) return;
    wait.waitedMs += nowMs() - wait.sinceMs;
    wait.sinceMs = undefined;
  }

  function offered({ callId, agentId, queueId, waitedMs }: EventInput<'call.offered'>): void {
    rung.add(callId);
    if (!judges()) return;
    const wait = waits.get(callId);
    const spentMs = wait === undefined ? 0 : wait.waitedMs + (wait.sinceMs === undefined ? 0 : nowMs() - wait.sinceMs);
    if (waitedMs > spentMs + TOLERANCE_MS)
      world.fail(name, `${agentId} is told that the caller of ${callId} has waited ${waitedMs} ms; it was ${spentMs} ms`, [
        callId,
        agentId,
      ]);
    const call = stores.liveCall(callId);
    if (call === undefined || call.stage.kind === 'connected' || wait?.sinceMs === undefined) return;
    if (!holds(agentId, wait.last, nowMs() - Date.parse(wait.last.enteredAt ?? wait.last.at)))
      world.fail(name, `${callId} rings at ${agentId}, who has not the skills that are asked`, [callId, agentId]);
    for (const [otherId, other] of waits) if (otherId !== callId && isPassed(otherId, other, wait, agentId, queueId)) return;
  }

  function occupied({ agentId, by }: EventInput<'seat.occupied'>): void {
    if (by?.as === 'ringing' && by.callId !== undefined) ringsAt.set(agentId, by.callId);
    else ringsAt.delete(agentId);
  }

  /** Whether an agent has the levels that queue and call ask for after so much waiting. */
  function holds(agentId: string, { queueId, skills = {} }: Queued, waitedMs: number): boolean {
    const queue = stores.queues.get(queueId);
    const held = stores.skills.get(agentId) ?? {};
    const lowered = (queue?.rings ?? []).filter(({ afterMs }) => waitedMs + TOLERANCE_MS >= afterMs).at(-1)?.lowerBy ?? 0;
    return [...Object.entries(queue?.skills ?? {}), ...Object.entries(skills)].every(
      ([skill, level]) => (held[skill] ?? 0) >= level - lowered,
    );
  }

  /**
   * Whether another caller of the same queue could have had this agent and has been ahead for long enough that no message is still on its
   * way.
   */
  function isPassed(otherId: string, other: Wait, wait: Wait, agentId: string, queueId: string): boolean {
    const call = stores.liveCall(otherId);
    // The stored state of a call may lag behind what is published of it.
    if (call?.stage.kind !== 'queued' || rings(otherId) || other.last.queueId !== queueId || wait.last.queueId !== queueId) return false;
    const quietMs = nowMs() - Math.max(call.history.at(-1)?.atMs ?? 0, other.sinceMs ?? nowMs());
    if (quietMs < 2 * TOLERANCE_MS || avoids(call, agentId)) return false;
    const mine = wait.last;
    const theirs = other.last;
    const isBefore =
      (theirs.priority ?? 0) - (mine.priority ?? 0) ||
      Date.parse(mine.waitingSince) - Date.parse(theirs.waitingSince) ||
      (otherId < mine.callId ? 1 : -1);
    if (isBefore <= 0 || !stores.waiting.has(otherId)) return false;
    if (!holds(agentId, theirs, -TOLERANCE_MS)) return false;
    world.fail(name, `${agentId} is offered ${mine.callId} while ${otherId} of the same queue stands before it in line`, [
      mine.callId,
      otherId,
      agentId,
    ]);
    return true;
  }

  const rings = (callId: string): boolean => rung.has(callId) || [ringsAt, chosenFor].some((of) => [...of.values()].includes(callId));

  const avoids = (call: Call, agentId: string): boolean =>
    call.avoid.includes(agentId) || (stores.waiting.get(call.id)?.avoid ?? []).includes(agentId);

  world.bus.witnesses.push((event, told) => {
    if (event === 'call.queued') queued(told as Queued);
    else if (event === 'call.offered') offered(told as EventInput<'call.offered'>);
    else if (event === 'call.offer-ended') rung.delete(String(told['callId']));
    else if (event === 'agent.state-changed')
      chosenFor.set(String(told['agentId']), told['to'] === 'offered' ? String(told['callId']) : '');
    else if (event === 'seat.occupied') occupied(told as EventInput<'seat.occupied'>);
    else if (event === 'call.connected' || event === 'call.dequeued') {
      leftTheLine(String(told['callId']));
      if (event === 'call.dequeued' && told['reason'] === 'overflow') sentOn.add(String(told['callId']));
    } else if (event === 'call.transferred' && told['to'] === 'queue') transferredMs.set(String(told['callId']), nowMs());
    else if (event === 'call.ended') {
      waits.delete(String(told['callId']));
      rung.delete(String(told['callId']));
      sentOn.delete(String(told['callId']));
    }
  });

  return {
    name,
    sentence:
      'docs/routing.md: a call carries its place (priority, skills, the beginning of its wait) through requeue, transfer and park; waiting is counted per visit; who is served first follows priority, then the wait, then the id.',
  };
}
