/** Whether people serve the queue, or may: one that only parts of the system serve, such as that of test calls, is nobody's to choose. */
export const isServedByPeople = ({ members }: { readonly members: 'everyone' | readonly string[] }): boolean =>
  members === 'everyone' || members.length === 0 || members.some((id) => !id.includes(':'));
