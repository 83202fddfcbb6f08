import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

/** If the event that would end it is lost, the next round ends it: a call may be unknown for 10 s, and the next round comes within 15 s. */
const ENDED_MS = 30_000;
const SHOWN_MS = 3_000;

/** Requests for help: an agent has one at a time, one person comes, none outlives its call or its agent, and the board knows each. */
export function helpInvariant(world: World): Invariant {
  const name = 'help';
  const { helps, stores } = world;
  const waitFor = createPatience(world, name);
  return {
    name,
    sentence:
      'services/supervision/help-service.ts: a request is open until it is taken back, settled, or its call or its agent’s work is over; the first supervisor who comes is the one whom all are told; the board of agents shows what is open.',
    tick() {
      if (helps.rows.size === 0) return;
      const { open, board } = helps;
      const agents = open.map(({ agent }) => agent.userId);
      if (new Set(agents).size < agents.length) world.fail(name, `one agent has two open requests for help: ${agents.join(', ')}`, agents);
      for (const [id, who] of helps.told)
        if (who.size > 1) world.fail(name, `of the request ${id} it was said that ${[...who].join(' and ')} would come`, [id]);
      for (const { id, agent, at, call } of open) {
        const about = [agent.userId, id, ...(call === undefined ? [] : [call.callId])];
        const isOver = call !== undefined && !stores.calls.has(call.callId);
        waitFor(`${id}/call`, isOver, ENDED_MS, () => `${agent.userId} asks for help in ${call?.callId}, which is over`, about);
        const { state, sinceMs = 0 } = stores.agents.get(agent.userId) ?? {};
        const hasGone = state === 'signed-out' && sinceMs > at.getTime();
        waitFor(`${id}/agent`, hasGone, ENDED_MS, () => `${agent.userId} asks for help and has signed out since`, about);
      }
      const shown = [...(board ?? new Map<string, { id: string }>()).values()].map(({ id }) => id).sort();
      const wanted = open.map(({ id }) => id).sort();
      waitFor(
        'board',
        board !== undefined && shown.join() !== wanted.join(),
        SHOWN_MS,
        () => `the board shows the requests ${shown.join() || 'none'}, and open are ${wanted.join() || 'none'}`,
        agents,
      );
    },
  };
}
