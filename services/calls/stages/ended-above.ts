import { isEmergencyNumber } from '../../shared/domain/numbers/numbering-plan.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import type { Call, Connected, EndedBy, Mark } from '../machine/call.js';
import type { Effect, Step } from '../machine/effects.js';
import { waitedFor } from '../machine/parties.js';
import { after, agentOf, decidedBy, end, sayAndEnd } from '../machine/step.js';
import { leftTheLine } from './queueing.js';

/** What the caller hears before a call that a supervisor ends is released. */
const GOODBYE = 'ended-by-supervisor';

/**
 * Whether police, fire brigade or ambulance are in the call: they were dialled, by the agent, a transfer or a consultation, or they call.
 * Only the people in such a call may end it.
 */
export const isEmergency = ({ outbound, dialled = [], callerNumber }: Pick<Call, 'outbound' | 'dialled' | 'callerNumber'>): boolean =>
  outbound?.emergency === true ||
  dialled.some(({ emergency, endedAtMs }) => emergency === true && endedAtMs === undefined) ||
  isEmergencyNumber(callerNumber);

/**
 * A supervisor ends the call: the agent is free at once and reads who did it and why; a caller who can hear it hears that the call ends. Ended
 * again while the caller hears that, it is over at once. `undone` cancels what other parts are still doing for the call.
 */
export function endedBySupervisor(call: Call, by: EndedBy, undone: readonly Effect[], atMs: number): Step {
  const { stage } = call;
  const decided: Call = { ...call, endedBy: call.endedBy ?? by };
  const cause = causeOf(call);
  if (!hearsGoodbye(call)) return end(decided, cause, 'supervisor', atMs, undone);
  if (stage.kind !== 'connected') {
    const waits: Effect[] = stage.kind === 'parked' ? [{ do: 'cancel-timer', timer: 'park' }] : [];
    // The visit to the queue is over before the caller hears that the call ends.
    return after([...undone, ...waits], sayAndEnd(leftTheLine(decided, atMs), GOODBYE, cause, 'supervisor'));
  }
  const everybody = [stage.agentId, ...colleaguesIn(stage)];
  const marks = everybody.map((agentId): Mark => ({ atMs, what: 'agent-left', agentId, detail: 'ended-by-supervisor' }));
  const leave = everybody.map((agentId): Effect => ({
    do: 'publish',
    name: 'call.agent-left',
    event: { agentId, reason: 'ended-by-supervisor', decided: decidedBy(by) },
  }));
  const marked: Call = { ...decided, history: [...decided.history, ...marks] };
  // A colleague leaves the conference once, and for this reason.
  const others = undone.filter(
    (effect) => !(effect.do === 'publish' && effect.name === leaving && everybody.includes(effect.event.agentId)),
  );
  return after([...waitedFor(stage), ...others, ...leave], sayAndEnd(marked, GOODBYE, cause, 'supervisor'));
}

const leaving = 'call.agent-left';

/** Agents who talk beside the one in charge: in a conference. Whoever supervises knows who ended the call from the page. */
const colleaguesIn = ({ parties }: Connected): readonly string[] =>
  parties.flatMap(({ id, role, barged }) => (role === 'talk' && barged !== true ? (agentOf(id) ?? []) : []));

/** A caller who already hears how the call ends, or who is with somebody outside, is not told again. */
const hearsGoodbye = ({ answered, stage }: Call): boolean =>
  answered && (stage.kind === 'connected' || stage.kind === 'queued' || stage.kind === 'parked');

function causeOf({ answered, stage }: Call): ReleaseCause {
  if (stage.kind === 'closing') return stage.cause;
  if (stage.kind === 'outside') return 'transferred-out';
  return stage.kind === 'calling' && !answered ? 'far-no-answer' : 'completed';
}
