import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import { useBoard } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

/** A name in the page's language, else in any. */
export const nameOf = (names: Readonly<Record<string, string>>, language: string): string =>
  names[language] ?? names['zh-CN'] ?? Object.values(names)[0] ?? '';

/** The queues as they are now; undefined while they are not known yet. */
export function useQueues(): readonly QueueSnapshot[] | undefined {
  const may = useMay();
  const { value } = useBoard('board:queues');
  return value ?? (may('queues.watch') ? undefined : []);
}

/**
 * Finds a queue's name by its id; gives the id itself for a queue that is not on the board, and a placeholder while the board is not known.
 */
export function useQueueName(language: string): (queueId: string | undefined) => string {
  const queues = useQueues();
  return (queueId) => {
    if (queueId === undefined) return '';
    if (queues === undefined) return '…';
    const queue = queues.find((known) => known.queueId === queueId);
    return queue === undefined ? queueId : nameOf(queue.name, language);
  };
}
