import type { Queue } from '../../../../../services/shared/contracts/queues/queue.js';

/** Whether people serve the queue, or may: one that only parts of the system serve, such as that of test calls, is nobody's to choose. */
export const isServedByPeople = ({ members }: Pick<Queue, 'members'>): boolean =>
  members === 'everyone' || members.length === 0 || members.some((id) => !id.includes(':'));
