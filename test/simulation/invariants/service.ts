import type { Call } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const LIMIT_MS = 1_750;
/** Where messages may be slow, an offer and its answer may be as well. */
const SLOW_MS = 2_000;

/** A capable free agent and a waiting caller of the same queue are never side by side. */
export function serviceInvariant(world: World): Invariant {
  const name = 'service';
  const waitFor = createPatience(world, name);
  const { stores } = world;

  /** Whether an agent may take a call, by the text of docs/routing.md: ready, with sound, a member, with the levels asked for, not avoided. */
  function isAble(agentId: string, call: Call, queueId: string, stepId: string | undefined): boolean {
    const agent = stores.agents.get(agentId);
    const queue = stores.queues.get(queueId);
    const since = call.history.findLast(({ what }) => what === 'queued')?.atMs;
    if (agent === undefined || queue === undefined || since === undefined) return false;
    if (
      agent.state !== 'ready' ||
      !agent.mediaUp ||
      agent.occupied !== undefined ||
      agent.coolUntilMs !== undefined ||
      call.avoid.includes(agentId)
    )
      return false;
    if (queue.members !== 'everyone' && !queue.members.includes(agentId)) return false;
    // A caller who queues because no callback can be promised has what the queue step before asked for.
    const flowStep = call.flow.steps[stepId ?? call.queueStepId ?? ''];
    const asked = { ...queue.skills };
    for (const [skill, level] of Object.entries(flowStep?.kind === 'queue' ? flowStep.skills : {}))
      asked[skill] = Math.max(asked[skill] ?? 0, level);
    const held = stores.skills.get(agentId) ?? {};
    return Object.entries(asked).every(([skill, level]) => (held[skill] ?? 0) >= level);
  }

  return {
    name,
    sentence:
      'docs/routing.md: of the agents who are ready, have sound, hold the skills and have not missed this call the best gets it: a caller never waits beside one.',
    tick() {
      const ready = [...stores.agents.values()].filter(({ state, mediaUp }) => state === 'ready' && mediaUp).map(({ agentId }) => agentId);
      for (const { call } of stores.calls.values()) {
        const { stage } = call;
        const able = stage.kind === 'queued' ? ready.filter((agentId) => isAble(agentId, call, stage.queueId, stage.stepId)) : [];
        // The same agent may first serve others who are ahead in the queue, and is then no longer ready.
        waitFor(
          call.id,
          able.length > 0,
          LIMIT_MS + (world.profile.slowChance > 0 ? SLOW_MS : 0),
          () => `${call.id} waits in ${stage.kind === 'queued' ? stage.queueId : ''} beside ${able.join(', ')}`,
          [call.id, ...able],
        );
      }
    },
  };
}
