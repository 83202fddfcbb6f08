import type { EventOf } from '../../shared/events/catalogue.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { AttemptStore, RefusalStore } from '../ports.js';

/**
 * Puts a person who pressed the refusal digit, in an outbound call or as a third party outside, on the do-not-call list. An event that
 * arrives twice is stored once.
 */
export function createKeyRefusals({
  refusals,
  attempts,
  audit,
}: {
  readonly refusals: RefusalStore;
  readonly attempts: AttemptStore;
  readonly audit: Audit;
}): (event: EventOf<'call.refused-by-key'>) => Promise<void> {
  return async ({ callId, at, callerHash, callerMasked, agentId, attemptId, clientUnit }) => {
    const refusedAt = new Date(at);
    await refusals.put({
      numberHash: callerHash,
      numberMasked: callerMasked,
      reason: 'asked-by-key',
      source: `call ${callId}`,
      ...(clientUnit === undefined ? {} : { clientUnit }),
      at: refusedAt,
      by: 'system',
    });
    await attempts.refusedByKey(attemptId ?? callId, refusedAt);
    const who = agentId ?? 'system';
    await audit({
      who,
      what: 'do-not-call.added',
      object: `call:${callId}`,
      success: true,
      reason: 'asked-by-key',
      after: { at, callerHash },
      once: true,
    });
  };
}
