import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import { PROOF_QUEUE } from '../../shared/domain/proof.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Call } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { CallId, QueueId } from '../../shared/domain/ids.js';

const ROUTING_WAIT_MS = 800;

export interface QuestionNeeds {
  readonly commands: CommandBus;
  readonly tell: (callId: CallId, event: CallEvent) => void;
  readonly log: Logger;
}

/** What a call asks of routing. A missing answer keeps no caller out of the queue. */
export function createQueueQuestions({ commands, tell, log }: QuestionNeeds) {
  return { askQueue, askPlace };

  async function askQueue(call: Call, queueId: QueueId): Promise<void> {
    // Whatever a flow or an overflow that was saved long ago says: there is nobody to talk to.
    if (queueId === PROOF_QUEUE && call.class !== 'test') {
      tell(call.id, { type: 'not-admitted', reason: 'unknown-queue' });
      return;
    }
    try {
      const { admitted, reason, overflow } = await commands.send(
        'queue.admit',
        { queueId, callId: call.id },
        { timeoutMs: ROUTING_WAIT_MS },
      );
      tell(call.id, admitted || reason === 'ok' ? { type: 'admitted' } : { type: 'not-admitted', reason, overflow });
    } catch (error) {
      // Without routing the caller waits with music until routing is back or the longest wait has passed.
      log.warn({ callId: call.id, code: failureOf(error) }, 'routing did not answer; the caller waits');
      tell(call.id, { type: 'admitted' });
    }
  }

  async function askPlace(call: Call, token: string): Promise<void> {
    const { position, expectedWaitMs } = await commands
      .send('queue.position', { callId: call.id }, { timeoutMs: ROUTING_WAIT_MS })
      .catch(() => ({ position: 0, expectedWaitMs: undefined }));
    tell(call.id, { type: 'place', token, position, expectedWaitMs });
  }
}
