import { PROOF_QUEUE } from '../../shared/domain/proof.js';
import { unlessChangedMeanwhile } from '../../shared/platform/stores/edits.js';
import type { QueueStore } from '../ports.js';
import { Queue } from '../queue.js';

/** Creates the demo queue and the queue of test calls where they are missing, and restores the members and overflow of the latter. */
export async function seedQueues(
  queues: Pick<QueueStore, 'all' | 'seed' | 'put'>,
  { demo, proofAgentId }: { readonly demo: boolean; readonly proofAgentId: string },
): Promise<void> {
  const known = await queues.all();
  if (known.length === 0 && demo) await queues.seed(Queue.parse({ id: 'service', name: { 'zh-CN': '客户服务', en: 'Customer service' } }));
  const made = Queue.parse({
    id: PROOF_QUEUE,
    name: { 'zh-CN': '拨测', en: 'Proof calls' },
    members: [proofAgentId],
    wrapUp: { mode: 'none', ms: 0, extendable: false },
  });
  const stored = known.find(({ id }) => id === PROOF_QUEUE);
  if (stored === undefined) await queues.seed(made);
  else if (String(stored.members) !== proofAgentId || stored.overflow.to !== 'hang-up')
    await unlessChangedMeanwhile(queues.put(made, stored, 'system:seed'));
}
