import type { MadeAccount } from '../../../../../services/shared/contracts/api/centre/account-imports.js';

const FORMULA = /^[=+\-@\t\r]/;
/** Quotes a text so that a spreadsheet shows it as text and runs no formula. */
const quoted = (text: string): string => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** The first passwords as a table. The byte order mark tells spreadsheets that it is UTF-8. */
export function passwordsCsv(made: readonly MadeAccount[], heads: readonly [name: string, displayName: string, password: string]): string {
  const lines = made.map(({ name, displayName, password }) => [name, displayName, password].map(quoted).join(','));
  return `\uFEFF${heads.map(quoted).join(',')}\n${lines.join('\n')}\n`;
}

interface MemberQueue {
  readonly id: string;
  readonly members: 'everyone' | readonly string[];
}

/**
 * The queues that get new members, with these added: each queue once, however many people it gets. A queue that everybody serves gets
 * nobody added.
 */
export const queuesWith = <Q extends MemberQueue>(queues: readonly Q[], made: readonly MadeAccount[]) =>
  queues.flatMap((queue) => {
    const added = made.filter(({ serves }) => serves.includes(queue.id)).map(({ id }) => id);
    const { members } = queue;
    return members === 'everyone' || added.length === 0 ? [] : [{ ...queue, members: [...new Set([...members, ...added])] }];
  });
