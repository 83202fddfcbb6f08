import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** A process that was told to end has ended, and the one after it has taken its calls over. */
const STOP_MS = 12_000;
/** The relay was away, and what could not be played or joined meanwhile has come to its end. */
const RELAY_MS = 15_000;

/** A call ends for a process that ended only where nothing could have kept it. */
export function survivalInvariant(world: World): Invariant {
  const name = 'survival';
  let stoppedMs = -Infinity;
  let relayMs = -Infinity;
  world.onFault.push((fault) => {
    if (fault === 'telephony-stop') stoppedMs = world.scheduler.nowMs;
    if (fault === 'relay') relayMs = world.scheduler.nowMs;
  });
  world.bus.witnesses.push((event, { callId, cause, answered }) => {
    // A call that comes while the relay is away, or telephony is, is refused.
    if (event !== 'call.ended' || typeof callId !== 'string' || answered !== true) return;
    const nowMs = world.scheduler.nowMs;
    if (cause === 'media-failure' && !world.relay.hasForgotten(callId))
      world.fail(name, `${callId} ended for the relay, which had all of its legs`, [callId]);
    if (cause === 'system-failure' && nowMs - stoppedMs < STOP_MS && nowMs - relayMs > RELAY_MS)
      world.fail(name, `${callId} ended because telephony was told to end`, [callId]);
  });
  return {
    name,
    sentence: 'docs/calls.md, failures: a relay that is started again goes on with its calls, and a signal to one process is no hang-up.',
  };
}
