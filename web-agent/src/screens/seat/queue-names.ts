import { useTold } from '../../session/use-server.js';

/** A name in the page's language, else in any. */
export const nameOf = (names: Readonly<Record<string, string>>, language: string): string =>
  names[language] ?? names['zh-CN'] ?? Object.values(names)[0] ?? '';

/** Finds a queue's name by its id; the id itself of a queue that is not on the board, and a mark while the board has not been told. */
export function useQueueName(language: string): (queueId: string | undefined) => string {
  const { value } = useTold('board:queues');
  return (queueId) => {
    if (value === null) return queueId === undefined ? '' : '…';
    const queue = value.find((known) => known.queueId === queueId);
    return queue === undefined ? (queueId ?? '') : nameOf(queue.name, language);
  };
}
