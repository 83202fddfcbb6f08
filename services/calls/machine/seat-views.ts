import type { Call } from './call.js';
import type { Effect } from './effects.js';
import { agentsIn, hearsTheCaller, liveCallView, partIn } from '../running/live-call.js';
import { changed } from './step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/**
 * Agents whose view of the call differs from the one before and must be updated. It follows from the two states alone, so that no
 * transition can forget a party. Rings, and agents who leave, have their own events.
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

/** A new source of the caller's voice changes the view too, because the page binds its playback to it. */
const viewOf = (call: Call, agentId: AgentId): string =>
  JSON.stringify([partIn(call, agentId), hearsTheCaller(call, agentId), liveCallView(call, undefined, agentId)]);

const readAnew: ReadonlySet<string> = new Set(['call.connected', 'call.held', 'call.resumed', 'call.changed']);

const isNotified = (effects: readonly Effect[], agentId: AgentId): boolean =>
  effects.some(
    (effect) => effect.do === 'publish' && readAnew.has(effect.name) && 'agentId' in effect.event && effect.event.agentId === agentId,
  );
