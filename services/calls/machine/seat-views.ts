import type { Call } from './call.js';
import type { Effect } from './effects.js';
import { agentsIn, hearsTheCaller, liveCallView, partIn } from '../running/live-call.js';
import { changed } from './step.js';

/**
 * Who must see the call anew: every agent in it whose view differs from the one before. It follows from the two states alone, so that no
 * transition can forget a party. A ring has events of its own, and so has who leaves.
 */
export function viewsChanged(before: Call, now: Call, effects: readonly Effect[]): Effect[] {
  const unchanged = before.stage === now.stage && before.dialled === now.dialled;
  if (unchanged && before.pause === now.pause && before.recording === now.recording) return [];
  return agentsIn(now)
    .filter(
      (agentId) => partIn(now, agentId) !== 'rings' && !isNotified(effects, agentId) && viewOf(before, agentId) !== viewOf(now, agentId),
    )
    .map(changed);
}

/** Another source of the caller's voice is a change of the view too: the page binds what it plays to it. */
const viewOf = (call: Call, agentId: string): string =>
  JSON.stringify([partIn(call, agentId), hearsTheCaller(call), liveCallView(call, undefined, agentId)]);

const readAnew: ReadonlySet<string> = new Set(['call.connected', 'call.held', 'call.resumed', 'call.changed']);

const isNotified = (effects: readonly Effect[], agentId: string): boolean =>
  effects.some(
    (effect) => effect.do === 'publish' && readAnew.has(effect.name) && 'agentId' in effect.event && effect.event.agentId === agentId,
  );
