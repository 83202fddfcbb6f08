import type { Callback } from '../../../services/routing/callbacks/callback.js';
import { siteDate } from '../models/outbound.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const openStates: readonly Callback['state'][] = ['waiting', 'dialling'];
const SEEN_MS = 4_000;
const OVERDUE_MS = 30_000;
const REFUSED_WITHIN_MS = 5_000;

/** What was promised to a caller, and what an agent owes or has chosen, is kept. */
export function promisesInvariant(world: World): Invariant {
  const name = 'promises';
  const waitFor = createPatience(world, name);
  const { stores } = world;
  const asked = new Set<string>();
  /** Calls of whom the result is owed, by agent, once the agent is out of the call. */
  const owed = new Map<string, Set<string>>();
  const disposed = new Set<string>();
  /** The queue for which an agent has a call. */
  const inQueue = new Map<string, string>();
  const pressed = new Map<string, number>();
  /** What an agent chose last; nothing when a supervisor has decided since. */
  const chosen = new Map<string, string>();

  // Recorded in the order in which routing took them: an agent and a supervisor may decide at the same moment.
  world.commands.witnesses.push((command, { agentId, state }) => (answer) => {
    const who = String(agentId);
    if (answer === undefined) return;
    if (command === 'agent.sign-out') chosen.delete(who);
    if (command === 'agent.force-state') {
      // Except for a sign-out, a supervisor's decision also clears the results that are owed.
      chosen.delete(who);
      if (state !== 'signed-out') owed.delete(who);
    }
    // What an agent chooses while such a decision waits for the end of the call does not count.
    if (command !== 'agent.set-state') return;
    if (answer['forced'] === undefined && answer['nextForced'] === undefined) chosen.set(who, String(state));
    else chosen.delete(who);
  });

  function left(callId: string, agentId: string): void {
    const queueId = inQueue.get(`${callId}/${agentId}`);
    inQueue.delete(`${callId}/${agentId}`);
    if (queueId === undefined || stores.queues.get(queueId)?.wrapUp.untilDisposed !== true || disposed.has(`${callId}/${agentId}`)) return;
    owed.set(agentId, (owed.get(agentId) ?? new Set()).add(callId));
  }

  world.bus.witnesses.push((event, { callId, agentId, queueId }) => {
    if (typeof callId !== 'string') return;
    if (event === 'call.callback-asked') asked.add(callId);
    if (event === 'call.refused-by-key') pressed.delete(callId);
    if (event === 'call.connected' && typeof queueId === 'string') inQueue.set(`${callId}/${String(agentId)}`, queueId);
    if (event === 'call.agent-left') left(callId, String(agentId));
    if (event === 'call.ended')
      for (const key of [...inQueue.keys()]) if (key.startsWith(`${callId}/`)) left(callId, key.slice(callId.length + 1));
    if (event === 'contact.disposed') {
      disposed.add(`${callId}/${String(agentId)}`);
      owed.get(String(agentId))?.delete(callId);
    }
  });
  world.onKey.push((legId, key) => {
    const [callId = '', outside] = legId.split('-');
    const third = stores.liveCall(callId)?.dialled?.find((leg) => leg.legId === outside);
    const isUp = third?.answeredAtMs !== undefined && third.endedAtMs === undefined && third.refusedAtMs === undefined;
    if (key === '9' && isUp && third.emergency !== true) pressed.set(callId, world.scheduler.nowMs);
    const call = stores.liveCall(legId);
    if (key !== '9' || call?.direction !== 'outbound' || !call.answered) return;
    if (['calling', 'connected', 'parked', 'queued', 'offered', 'outside'].includes(call.stage.kind))
      pressed.set(legId, world.scheduler.nowMs);
  });

  /** Due and never tried, though somebody who holds the levels is free. */
  function isOverdue({ state, notBefore, tries, queueId, skills }: Callback, nowMs: number): boolean {
    // What could not be written while the store was away is in memory alone.
    if (world.profile.faults.documents > 0 || state !== 'waiting' || tries > 0 || notBefore.getTime() > nowMs - OVERDUE_MS) return false;
    const queue = stores.queues.get(queueId);
    return [...stores.agents.values()].some(({ agentId, state: is, mediaUp, sinceMs }) => {
      const isMember = queue?.members === 'everyone' || queue?.members.includes(agentId) === true;
      const held = stores.skills.get(agentId) ?? {};
      const isAble = [...Object.entries(queue?.skills ?? {}), ...Object.entries(skills)].every(
        ([skill, level]) => (held[skill] ?? 0) >= level,
      );
      return is === 'ready' && mediaUp && nowMs - sinceMs > OVERDUE_MS && isMember && isAble;
    });
  }

  /** Another open callback of the same person. */
  const alsoOpen = ({ callId, state, callerHash, clientUnit }: Callback): Callback | undefined =>
    callerHash === undefined || !openStates.includes(state)
      ? undefined
      : [...stores.callbacks.values()].find(
          (each) =>
            each.callId !== callId && each.callerHash === callerHash && each.clientUnit === clientUnit && openStates.includes(each.state),
        );

  return {
    name,
    sentence:
      'docs/routing.md and docs/calls.md: a callback that was promised is tried, and one person has one; a result that is owed is asked for before the agent goes on; what an agent chose in a call comes after it; the key against further calls is kept.',
    tick() {
      if (world.profile.faults.routing === 0 && world.profile.faults.telephony === 0 && world.profile.faults.bus === 0)
        for (const [agentId, calls] of owed) {
          const agent = stores.agents.get(agentId);
          waitFor(
            `${agentId}/owed`,
            calls.size > 0 && agent?.state === 'ready',
            SEEN_MS,
            () => `${agentId} is ready and owes the results of ${[...calls].join(', ')}`,
            [agentId, ...calls],
          );
        }
      for (const [callId, atMs] of pressed)
        waitFor(
          `${callId}/refusal`,
          world.scheduler.nowMs - atMs > REFUSED_WITHIN_MS,
          0,
          () => `the person in ${callId} has refused further calls, and nothing says so`,
          [callId],
        );
      for (const [agentId, choice] of chosen)
        waitFor(
          `${agentId}/chosen`,
          choice !== 'ready' && stores.agents.get(agentId)?.state === 'ready',
          SEEN_MS,
          () => `${agentId} had chosen ${choice} and is ready`,
          [agentId],
        );
    },
    end() {
      const nowMs = world.scheduler.nowMs;
      for (const callId of asked) {
        const callback = stores.callbacks.get(callId);
        const other = callback === undefined ? undefined : alsoOpen(callback);
        if (other !== undefined)
          world.fail(name, `one person is called back twice, for ${callId} and ${other.callId}`, [callId, other.callId]);
        if (callback === undefined) world.fail(name, `the callback that ${callId} was promised is nowhere`, [callId]);
        else if (isOverdue(callback, nowMs)) world.fail(name, `the callback that ${callId} was promised has not been tried`, [callId]);
      }
    },
  };
}

/** Daily counts cover their own day only. */
export function countersInvariant(world: World): Invariant {
  const name = 'figures';
  const connects = new Map<string, number>();
  const today = (): string => siteDate(new Date(world.scheduler.nowMs));
  world.bus.witnesses.push((event, { agentId }) => {
    if (event !== 'call.connected' && event !== 'call.dialled') return;
    const key = `${today()}/${String(agentId)}`;
    connects.set(key, (connects.get(key) ?? 0) + 1);
  });
  return {
    name,
    sentence: 'docs/routing.md: fewest calls and least talk are of the day; the counters begin at zero when the date of the site changes.',
    end() {
      if (world.profile.faults.routing + world.profile.faults.bus > 0) return;
      for (const { agentId, calls, day } of world.stores.agents.values()) {
        const were = connects.get(`${today()}/${agentId}`) ?? 0;
        if (calls > were) world.fail(name, `${agentId} counts ${calls} calls for ${day ?? 'no day'} and had ${were} today`, [agentId]);
      }
    },
  };
}
