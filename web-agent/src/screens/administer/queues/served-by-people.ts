/** Whether people serve the queue, or may: one that only parts of the system serve, such as that of test calls, is nobody's to choose. */
export const isServedByPeople = ({ members }: { readonly members: 'everyone' | readonly string[] }): boolean =>
  members === 'everyone' || members.length === 0 || members.some((id) => !id.includes(':'));

/** The queues that callers may be sent to, with the one that is chosen already: in the queue of test calls a caller would hear tones. */
export const queuesForCallers = <Q extends Parameters<typeof isServedByPeople>[0] & { readonly id: string }>(
  queues: readonly Q[],
  chosen?: string,
): readonly Q[] => queues.filter((queue) => isServedByPeople(queue) || queue.id === chosen);
