import type { Call, Stage } from './call.js';
import type { Effect } from './effects.js';
import { wayOut } from './ways-out.js';

/**
 * What a process must restart when it takes a call over: the clocks of the dead process, by the way out of the stage. Playback follows from
 * the state, so a prompt is played again from its beginning. Undefined for a call that cannot continue, because the other end does not know
 * it yet.
 */
export function takeOverEffects(call: Call, nowMs: number): readonly Effect[] | undefined {
  const way = wayOut(call, nowMs);
  if (way === undefined) return undefined;
  switch (way.by) {
    case 'speech':
      return [];
    case 'clock':
    case 'person':
      return way.effects;
    case 'answer':
      return asked(call.stage);
  }
}

function asked(stage: Stage): readonly Effect[] | undefined {
  switch (stage.kind) {
    case 'admitting':
      return [{ do: 'ask-queue', queueId: stage.queueId }];
    // The caller is still there, and the call continues as if the number did not answer.
    case 'dialling':
    case 'handed':
      return [];
    default:
      return undefined;
  }
}
