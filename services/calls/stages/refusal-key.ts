import type { Call, Mark } from '../machine/call.js';
import type { Effect, Step } from '../machine/effects.js';
import { after, left, sayAndEnd } from '../machine/step.js';

/** With this key the person whom we call refuses further calls (regulation item 5); the prompt `refusal-key` names it after the notice. */
export const REFUSAL_KEY = '9';

/** Whether a key pressed by the person outside is such a refusal: not while the key answers a question of the flow. */
export function isRefusal({ direction, answered, stage }: Call, key: string): boolean {
  if (direction !== 'outbound' || !answered || key !== REFUSAL_KEY) return false;
  switch (stage.kind) {
    case 'calling':
    case 'connected':
    case 'parked':
    case 'handed':
    case 'queued':
    case 'offered':
    case 'dialling':
    case 'outside':
      return true;
    case 'arriving':
    case 'playing':
    case 'menu':
    case 'admitting':
    case 'message':
    case 'survey':
    case 'closing':
    case 'ended':
      return false;
  }
}

/** The refusal is recorded and confirmed aloud, and the call ends. `undone` cancels what other parts are still doing for the call. */
export function refusedByKey(call: Call, undone: readonly Effect[], atMs: number): Step {
  const { stage } = call;
  const leaves: Mark[] = stage.kind === 'connected' ? [{ atMs, what: 'agent-left', agentId: stage.agentId, detail: 'hung-up' }] : [];
  const marked: Call = { ...call, history: [...call.history, ...leaves, { atMs, what: 'refused-by-key' }] };
  const agentLeaves = stage.kind === 'connected' ? [left(stage.agentId, 'hung-up')] : [];
  return after([{ do: 'keep-refusal' }, ...undone, ...agentLeaves], sayAndEnd(marked, 'refusal-confirmed', 'refused-by-key', 'caller'));
}
