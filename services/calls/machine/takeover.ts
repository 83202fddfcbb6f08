import type { Call, Stage } from './call.js';
import type { Effect } from './effects.js';
import { wayOut } from './ways-out.js';

/**
 * What a process that takes a call over must set going again: the clocks that ran in the one that died, by the way out of the stage. What is
 * heard follows from the state, so that a prompt is said again from its beginning. Undefined for a call that cannot be gone on with, of
 * which the other end knows nothing yet.
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
    // The caller is there, and goes on as when the number did not answer.
    case 'dialling':
    case 'handed':
      return [];
    default:
      return undefined;
  }
}
