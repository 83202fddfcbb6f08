import type { Call, Connected, RecordingPause } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Effect, Step } from '../machine/effects.js';
import { nextToken, refuse, step } from '../machine/step.js';

/** A field that has the focus for longer than this was forgotten: nobody reads out a card number for two minutes. */
export const FIELD_PAUSE_LIMIT_MS = 120_000;

type PauseEvent = Extract<CallEvent, { type: 'pause-recording' | 'resume-recording' }>;

/**
 * An agent, or a sensitive field of the form that has the focus, pauses and resumes the recording. A field never undoes a manual choice of
 * the agent. A field that comes too late is not refused, because the page cannot know.
 */
export function pauseOrResume(call: Call, stage: Connected, event: PauseEvent, atMs: number): Advance {
  if (event.agentId !== stage.agentId) return refuse('not-allowed');
  const byField = event.by === 'field';
  if (event.type === 'pause-recording') {
    if (call.recording === 'on') return paused(call, stage, event, atMs);
    if (!byField || call.recording === 'off') return refuse('wrong-state');
    // The focus moved from one field to the next: the time starts again.
    return step(call, {}, call.pause?.by === 'field' ? [limit(call.pause)] : []);
  }
  if (call.recording === 'paused' && (!byField || call.pause?.by === 'field')) return resumed(call, event.by, atMs);
  return byField ? step(call, {}) : refuse('wrong-state');
}

function paused(call: Call, stage: Connected, event: Extract<PauseEvent, { type: 'pause-recording' }>, atMs: number): Step {
  const [turned, token] = nextToken(call);
  const pause: RecordingPause = { by: event.by, agentId: stage.agentId, reason: event.reason, sinceMs: atMs, token };
  return step(
    turned,
    { recording: 'paused', pause },
    [{ do: 'pause-recording', reason: event.reason, token }, ...(event.by === 'field' ? [limit(pause)] : [])],
    [{ atMs, what: 'recording-paused', agentId: stage.agentId, detail: event.reason }],
  );
}

/** The clock of a field's pause. */
export const limit = ({ token }: RecordingPause): Effect => ({
  do: 'start-timer',
  timer: 'recording-pause',
  ms: FIELD_PAUSE_LIMIT_MS,
  token,
});

/** The recorder did not carry out the pause, so nobody may rely on it. Undefined for another event. */
export function pauseOver(call: Call, event: CallEvent, atMs: number): Advance | undefined {
  const failed = event.type === 'pause-failed';
  if (!failed && !(event.type === 'timer' && event.timer === 'recording-pause')) return undefined;
  return call.recording === 'paused' && call.pause?.token === event.token
    ? resumed(call, failed ? 'failed' : 'limit', atMs)
    : refuse('wrong-state');
}

function resumed(call: Call, why: string, atMs: number): Step {
  const { pause } = call;
  const agentId = call.stage.kind === 'connected' ? call.stage.agentId : undefined;
  return step(
    call,
    { recording: 'on', pause: undefined },
    [...(pause?.by === 'field' ? [{ do: 'cancel-timer', timer: 'recording-pause' } as const] : []), { do: 'resume-recording' }],
    [{ atMs, what: 'recording-resumed', ...(agentId === undefined ? {} : { agentId }), detail: why }],
  );
}

/**
 * A pause belongs to the conversation of the agent who made it: the conversation with the next agent is recorded, and so is the survey. A
 * field's pause also ends with its page. The end of the call ends every pause.
 */
export function withoutStalePause(next: Step, atMs: number): Step {
  const { call } = next;
  const { pause, stage } = call;
  if (call.recording !== 'paused' || pause === undefined || stage.kind === 'ended') return next;
  const lives = stage.kind === 'connected' && stage.agentId === pause.agentId && !(pause.by === 'field' && stage.away);
  if (lives) return next;
  const { call: recorded, effects } = resumed(call, 'left', atMs);
  return { call: recorded, effects: [...next.effects, ...effects] };
}
