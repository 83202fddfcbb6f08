import { expect, test } from '@jest/globals';
import { causeWords, releasedByWords } from '../../services/evidence/documents/call-words.js';
import { agentStateWords } from '../../services/shared/domain/people/agent-state-words.js';
import type { Words } from '../../services/shared/domain/language.js';
import { seat } from '../../web-agent/src/i18n/words/seat/seat.js';
import { calls } from '../../web-agent/src/i18n/words/supervise/calls.js';

// What an inspector reads in a table and an employee on a page is called by one name.

/** Cells of a sentence begin small and without an article. */
const plain = (text: string | undefined): string => (text ?? '').toLowerCase().replace(/^(?:the|a) /, '');

test.each<[string, Readonly<Record<string, Words>>, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['states of agents', agentStateWords, seat.zh.state, seat.en.state],
  ['causes of ends', causeWords, calls.zh.causes, calls.en.causes],
  ['who hung up', releasedByWords, seat.zh.by, seat.en.by],
])('%s have the words of the pages', (_name, words, zh, en) => {
  for (const [value, word] of Object.entries(words)) expect([value, word.zh, plain(word.en)]).toEqual([value, zh[value], plain(en[value])]);
});
