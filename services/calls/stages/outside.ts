import type { Call, Mark, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Step } from '../machine/effects.js';
import { requeue } from './queueing.js';
import { end, refuse, sayAndEnd, saying, step } from '../machine/step.js';

/** `dialling` and `outside`: a leg that we dial to a number. */
export function duringOutside(
  call: Call,
  stage: Extract<Stage, { kind: 'dialling' | 'outside' }>,
  event: CallEvent,
  atMs: number,
): Advance {
  if (event.type === 'prompt-ended') return step(call, {});
  switch (stage.kind) {
    case 'dialling':
      if (event.type === 'leg-answered' && event.legId === stage.legId)
        return step(
          call,
          { stage: { kind: 'outside', legId: stage.legId, number: stage.number } },
          [],
          [{ atMs, what: 'transferred', detail: 'number' }],
        );
      if ((event.type === 'leg-failed' || event.type === 'leg-ended') && event.legId === stage.legId)
        return dialFailed(call, stage, event.type === 'leg-failed' && event.failure.startsWith('outbound-'), atMs);
      return refuse('wrong-state');
    case 'outside':
      if ((event.type === 'leg-ended' || event.type === 'leg-failed') && event.legId === stage.legId)
        return event.type === 'leg-ended' && event.cause === 'refused-by-key'
          ? leftByRefusal(call, atMs)
          : event.type === 'leg-ended' && event.cause !== undefined
            ? end(call, event.cause, 'system', atMs)
            : end(call, 'transferred-out', 'far-party', atMs);
      return refuse('wrong-state');
  }
}

/** Nobody is left to talk with the caller, who goes back to the queue or hears the reason. */
const leftByRefusal = (call: Call, atMs: number): Step =>
  call.queueId === undefined || call.direction === 'outbound'
    ? sayAndEnd(call, 'transfer-failed', 'transferred-out', 'far-party')
    : requeue({ ...call, avoid: [] }, undefined, atMs);

/**
 * A number that is busy may be free later; one that the rules refuse will be refused again, so its caller is informed and not queued again.
 */
function dialFailed(call: Call, stage: Extract<Stage, { kind: 'dialling' }>, byRule: boolean, atMs: number): Step {
  const mark: Mark = { atMs, what: 'refused', detail: 'number' };
  const marked = { ...call, history: [...call.history, mark] };
  const { otherwise } = stage;
  if (otherwise !== undefined)
    return saying(marked, ['transfer-failed'], (speech) => ({ kind: 'playing', what: 'prompt', ...speech, then: otherwise }));
  return call.queueId === undefined || byRule
    ? sayAndEnd(marked, 'transfer-failed', 'no-agent', 'system')
    : requeue(marked, undefined, atMs);
}

/** The leg for whose answer the caller waits. */
export function dialledNow(stage: Stage): string | undefined {
  if (stage.kind === 'dialling') return stage.legId;
  return stage.kind === 'handed' && stage.target.to === 'number' ? stage.target.legId : undefined;
}
