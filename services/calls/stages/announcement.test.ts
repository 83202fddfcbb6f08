import { expect, test } from '@jest/globals';
import { positionPrompts, waitPrompts } from './announcement.js';

test.each([
  [1, 'zh-CN', 'position-before digit-1 position-after'],
  [10, 'en', 'position-before digit-10 position-after'],
  [17, 'zh-CN', 'position-before digit-10 digit-7 position-after'],
  [20, 'zh-CN', 'position-before digit-2 digit-10 position-after'],
  [25, 'zh-CN', 'position-before digit-2 digit-10 digit-5 position-after'],
  [25, 'en', 'position-before digit-2 digit-5 position-after'],
  [0, 'en', ''],
  [100, 'en', ''],
] as const)('place %i in %s', (place, language, prompts) => {
  expect(positionPrompts(place, language).join(' ')).toBe(prompts);
});

test.each([
  ['a second is told as a minute', 1_000, 'wait-about digit-1 minutes'],
  ['a minute and a bit is two', 61_000, 'wait-about digit-2 minutes'],
  ['what is longer than ten minutes is told as it is', 24 * 60_000, 'wait-about digit-2 digit-10 digit-4 minutes'],
  ['nothing is told while somebody is free', 0, ''],
  ['nothing is told that cannot be said', 100 * 60_000, ''],
] as const)('%s', (_name, waitMs, prompts) => {
  expect(waitPrompts(waitMs, 'zh-CN').join(' ')).toBe(prompts);
});
