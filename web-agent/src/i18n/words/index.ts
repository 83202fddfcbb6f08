import { contact } from './seat/contact.js';
import { failures } from './failures.js';
import { handOverWords } from './seat/hand-over.js';
import { seat } from './seat/seat.js';
import { shell } from './shell.js';

/**
 * The words that are loaded first: shell, failures and the seat. Both languages of an area are in one file so that they change together;
 * the other pages' words follow (page-words.ts).
 */
export const firstWords = (language: 'zh' | 'en'): Record<string, unknown> => ({
  shell: shell[language],
  failures: failures[language],
  seat: seat[language],
  handOver: handOverWords[language],
  contact: contact[language],
});
