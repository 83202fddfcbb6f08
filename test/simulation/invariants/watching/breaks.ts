import type { World } from '../../world.js';
import { createPatience, type Invariant } from '../invariant.js';

/** Routing checks once a second; the alarm is delivered and stored within two more. */
const TOLD_MS = 3_000;
/** Where routing died in between, its successor reports it at the first check. */
const FIRST_LOOK_MS = 15_000;

/** Of breaks with a limit: whoever is late has one alarm, and nobody else has. */
export function breaksInvariant(world: World): Invariant {
  const name = 'breaks';
  const { alarms, stores, thresholds } = world;
  const waitFor = createPatience(world, name);
  const isTold = (agentId: string): boolean =>
    [...alarms.rows.values()].some(({ code, subject, state }) => code === 'break-over-limit' && subject === agentId && state !== 'cleared');
  return {
    name,
    sentence:
      'docs/routing.md: past the limit of the reason a break raises `break-over-limit`, and nothing changes by itself; the alarm is cleared when the break ends.',
    tick() {
      // In other profiles nobody takes in alarms.
      if (!thresholds.areUsed) return;
      for (const { agentId, state, untilMs } of stores.agents.values()) {
        const isLate = state === 'break' && untilMs !== undefined && untilMs <= world.scheduler.nowMs;
        const patienceMs = world.healthy ? TOLD_MS : FIRST_LOOK_MS;
        waitFor(`${agentId}/late`, isLate && !isTold(agentId), patienceMs, () => `${agentId} is late from a break and nobody is told`, [
          agentId,
        ]);
        waitFor(`${agentId}/back`, !isLate && isTold(agentId), patienceMs, () => `${agentId} is back, and supervisors read of a break`, [
          agentId,
        ]);
      }
    },
  };
}
