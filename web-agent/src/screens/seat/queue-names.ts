import type { QueueSnapshot } from '../../../../services/shared/contracts/commands.js';
import { useRead, useTold } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

/** A name in the page's language, else in any. */
export const nameOf = (names: Readonly<Record<string, string>>, language: string): string =>
  names[language] ?? names['zh-CN'] ?? Object.values(names)[0] ?? '';

/** The queues as they were told last; while nobody has told them yet they are asked for: in a quiet centre they are told seldom. */
export function useQueues(): readonly QueueSnapshot[] | undefined {
  const may = useMay();
  const { value } = useTold('board:queues');
  const asked = useRead('/queues/board', { enabled: value === null && may('queues.watch') });
  return value ?? (asked.isError || !may('queues.watch') ? [] : asked.data?.queues);
}

/** Finds a queue's name by its id; the id itself of a queue that is not on the board, and a mark while the board is not known. */
export function useQueueName(language: string): (queueId: string | undefined) => string {
  const queues = useQueues();
  return (queueId) => {
    if (queueId === undefined) return '';
    if (queues === undefined) return '…';
    const queue = queues.find((known) => known.queueId === queueId);
    return queue === undefined ? queueId : nameOf(queue.name, language);
  };
}
