import { expect, test } from '@jest/globals';
import i18next from 'i18next';
import { firstWords } from '../../../i18n/words/index.js';
import { lastEndWords } from './last-end.js';

const words = i18next.createInstance();
await words.init({
  fallbackLng: false,
  resources: { 'zh-CN': { translation: firstWords('zh') }, en: { translation: firstWords('en') } },
});

const at = '2026-03-01T08:01:00.000Z';

test.each([
  ['completed', 'caller', 'inbound', '由来电者挂断', 'Hung up by the caller'],
  ['completed', 'caller', 'outbound', '由对方挂断', 'Hung up by the other side'],
  ['completed', 'agent', 'outbound', '由坐席挂断', 'Hung up by the agent'],
  ['far-no-answer', 'agent', 'outbound', '由坐席挂断', 'Hung up by the agent'],
  // The agent of this page: "You hung up" says it.
  ['hung-up', 'agent', 'inbound', undefined, undefined],
  // Nobody hangs up a call that was never answered, or one that goes on with others.
  ['far-busy', 'far-party', 'outbound', undefined, undefined],
  ['carrier-silent', 'far-party', 'outbound', undefined, undefined],
  ['parked', 'agent', undefined, undefined, undefined],
] as const)('%s by %s of a call %s', async (cause, by, direction, zh, en) => {
  const end = { callId: 'c1', cause, by, at, ...(direction === undefined ? {} : { direction }) };
  await words.changeLanguage('zh-CN');
  expect(lastEndWords(words, end).who).toBe(zh);
  await words.changeLanguage('en');
  expect(lastEndWords(words, end).who).toBe(en);
});

test('whoever lost the call to a supervisor reads to whom; the end of a listening was nobody’s hanging up', async () => {
  await words.changeLanguage('en');
  const taken = { callId: 'c1', cause: 'transferred', by: 'supervisor', takenBy: 'sue', at } as const;
  expect(lastEndWords(words, taken, (userId) => ({ sue: 'Sue' })[userId])).toEqual({ what: 'A supervisor took the call over', who: 'Sue' });
  expect(lastEndWords(words, { callId: 'c1', cause: 'listening-over', by: 'agent', at })).toEqual({
    what: 'Your listening has ended',
    who: undefined,
  });
});

test('a call that rings again after it was given on is called by no side of its own', async () => {
  const end = { callId: 'c1', cause: 'abandoned-ringing', by: 'caller', at, direction: 'outbound' } as const;
  await words.changeLanguage('en');
  expect(lastEndWords(words, end)).toEqual({ what: 'The other side hung up while it rang', who: 'Hung up by the other side' });
});

test('an end without words of its own is an end all the same', async () => {
  await words.changeLanguage('en');
  expect(lastEndWords(words, { callId: 'c1', cause: 'of-a-later-version', by: 'somebody', at })).toEqual({
    what: 'The call has ended',
    who: undefined,
  });
});
