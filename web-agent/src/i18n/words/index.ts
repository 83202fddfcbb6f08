import { account } from './account.js';
import { administer } from './administer.js';
import { calls } from './calls.js';
import { complaints } from './complaints.js';
import { failures } from './failures.js';
import { registry } from './registry.js';
import { seat } from './seat.js';
import { shell } from './shell.js';
import { supervise } from './supervise.js';

/** Every word of the interface, by area; both languages of an area stand in one file so that they change together. */
const areas = { shell, account, failures, seat, calls, supervise, complaints, registry, administer };

type Areas = typeof areas;

/** The words of one language, as i18next takes them. */
export const wordsOf = (language: 'zh' | 'en'): Record<string, unknown> =>
  Object.fromEntries((Object.keys(areas) as (keyof Areas)[]).map((area) => [area, areas[area][language]]));
