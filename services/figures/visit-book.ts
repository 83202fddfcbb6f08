import type { EventOf, Handlers } from '../shared/events/catalogue.js';
import type { Reads } from '../shared/records/reads.js';
import type { EnteredVisit, VisitStore } from './ports.js';
import { resultsOf, resultText } from './results.js';
import type { QueueId } from '../shared/domain/ids.js';

const USUAL_THRESHOLD_MS = 20_000;

/** What a visit was entitled to at its beginning: the queue's threshold, and the client unit of the called number. */
export function createEntitlements({
  queues,
  serviceNumbers,
}: Pick<Reads, 'queues' | 'serviceNumbers'>): (
  queueId: QueueId,
  called: string,
) => Promise<Pick<EnteredVisit, 'thresholdMs' | 'clientUnit'>> {
  const [queueOf, numberOf] = [queues.lookUp(['serviceLevel']), serviceNumbers.lookUp(['clientUnit'])];
  return async (queueId, called) => {
    const [queue, number] = await Promise.all([queueOf(queueId), numberOf(called)]);
    return { thresholdMs: queue?.serviceLevel.thresholdMs ?? USUAL_THRESHOLD_MS, clientUnit: number?.clientUnit };
  };
}

/** Records the visits that telephony publishes. */
export function visitHandlers({
  visits,
  entitlements,
  reads,
  now,
}: {
  readonly visits: VisitStore;
  readonly entitlements: ReturnType<typeof createEntitlements>;
  readonly reads: Pick<Reads, 'contacts'>;
  readonly now: () => Date;
}): Handlers {
  return {
    'call.queued': async (event: EventOf<'call.queued'>) => {
      const { visitId, callId, queueId, enteredAt, at, returned, direction, class: kind, trunkId, called, priority, skills } = event;
      // An agent who waits for a colleague is not a visit.
      if (visitId === undefined) return;
      const entered = {
        callId,
        queueId,
        enteredAt: new Date(enteredAt ?? at),
        returned,
        direction,
        class: kind,
        trunkId,
        called,
        priority,
        skills,
      };
      await visits.entered({ _id: visitId, ...entered, ...(await entitlements(queueId, called)) }, now());
    },
    'call.visit-ended': async (event: EventOf<'call.visit-ended'>) => {
      const { visitId, callId, queueId, fromMs, toMs, waitMs, offers, outcome, detail, agentId } = event;
      const { returned, direction, class: kind, trunkId, called, priority, skills } = event;
      const entered = { callId, queueId, enteredAt: new Date(fromMs), returned, direction, class: kind, trunkId, called, priority, skills };
      await visits.left(
        { _id: visitId, ...entered, ...(await entitlements(queueId, called)) },
        { leftAt: new Date(toMs), waitMs, offers, outcome, detail, agentId },
        now(),
      );
      // An agent may have given the result before the caller came to this queue.
      const given = (await resultsOf(reads, [callId])).get(callId);
      if (given !== undefined) await visits.gaveResult(callId, given, now());
    },
    'contact.disposed': async ({ callId, disposition, at }: EventOf<'contact.disposed'>) => {
      const result = resultText(disposition);
      if (result !== undefined) await visits.gaveResult(callId, { result, at: new Date(at) }, now());
    },
  };
}
