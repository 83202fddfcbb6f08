import type { Block } from '../../shared/domain/licence/document.js';
import type { Say } from '../../shared/domain/language.js';

/** Where people sign and seal; the system never does. */
export const signature = (say: Say): Block => ({
  kind: 'signature',
  lines: [
    say('法定代表人（签字）：____________________', 'Legal representative (signature): ____________________'),
    say('公司（盖章）：____________________', 'Company (seal): ____________________'),
    say('日期：______ 年 ____ 月 ____ 日', 'Date: ______ - ____ - ____'),
  ],
});
