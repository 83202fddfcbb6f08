import type { Call, Connected, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Step } from '../machine/effects.js';
import { released } from '../machine/parties.js';
import { requeue } from './queueing.js';
import { after, left, nextToken, refuse, step } from '../machine/step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** A caller who hears music for longer than this was forgotten: the queue takes the call back. */
export const PARK_FOR_MS = 180_000;

/**
 * The agent lets go of the caller without handing the call to anybody. Refused in a conference or a consultation: who would have the
 * caller?
 */
export function park(call: Call, stage: Connected, agentId: AgentId, atMs: number): Advance {
  if (agentId !== stage.agentId) return refuse('not-allowed');
  if (stage.consult !== undefined || stage.away || stage.parties.some(({ role }) => role === 'talk')) return refuse('wrong-state');
  return after([...released(stage), left(agentId, 'parked')], letGo(call, agentId, stage.mixed, atMs));
}

/** Parks the call: nobody has the caller until it is fetched or its time is up. */
export function letGo(call: Call, by: string, mixed: boolean, atMs: number): Step {
  const [turned, token] = nextToken(call);
  return step(
    turned,
    { stage: { kind: 'parked', by, token, mixed } },
    [{ do: 'start-timer', timer: 'park', ms: PARK_FOR_MS, token }],
    [{ atMs, what: 'parked', agentId: by }],
  );
}

export function duringPark(call: Call, stage: Extract<Stage, { kind: 'parked' }>, event: CallEvent, atMs: number): Advance {
  switch (event.type) {
    case 'fetch':
      return fetched(call, stage, event.agentId, atMs);
    case 'timer':
      if (event.timer !== 'park' || event.token !== stage.token) return refuse('wrong-state');
      return after([], requeue({ ...call, avoid: [] }, undefined, atMs));
    default:
      return refuse('wrong-state');
  }
}

function fetched(call: Call, { mixed }: Extract<Stage, { kind: 'parked' }>, agentId: AgentId, atMs: number): Step {
  return step(
    call,
    {
      stage: { kind: 'connected', agentId, held: false, away: false, consult: undefined, parties: [], mixed },
      lastAgentId: agentId,
      introduction: undefined,
    },
    [
      { do: 'cancel-timer', timer: 'park' },
      { do: 'publish', name: 'call.connected', event: { agentId, ...(call.queueId === undefined ? {} : { queueId: call.queueId }) } },
    ],
    [{ atMs, what: 'agent-answered', agentId, detail: 'fetched' }],
  );
}
