import { administer } from './administer.js';
import { calls } from './calls.js';
import { failures } from './failures.js';
import { seat } from './seat.js';
import { shell } from './shell.js';

/** Every word of the interface, by area; both languages of an area stand in one file so that they change together. */
const areas = { shell, failures, seat, calls, administer };

type Areas = typeof areas;

/** The words of one language, as i18next takes them. */
export const wordsOf = (language: 'zh' | 'en'): Record<string, unknown> =>
  Object.fromEntries((Object.keys(areas) as (keyof Areas)[]).map((area) => [area, areas[area][language]]));
