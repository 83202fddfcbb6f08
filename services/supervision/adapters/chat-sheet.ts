import { stringify } from 'csv-stringify/sync';
import type { ChatMessage } from '../chat.js';

const heads = ['at', 'from', 'conversationOf', 'text'] as const;

/** Messages as CSV, one a line. The byte order mark tells spreadsheets that it is UTF-8; cells that begin like a formula are escaped. */
export const chatSheet = (messages: readonly ChatMessage[]): string =>
  `\uFEFF${stringify(
    messages.map(({ at, from, place, text }) => ({ at: at.toISOString(), from: from.name, conversationOf: place.id, text })),
    { header: true, columns: [...heads], escape_formulas: true },
  )}`;
