import { expect, test } from '@jest/globals';
import { atFoot, groupsOf } from './page-groups.js';

const page = (word: string, group: 'work' | 'supervise' | 'compliance' | 'administer' = 'supervise') => ({ word, group });
const words = (pages: readonly { readonly word: string }[]): string[] => pages.map(({ word }) => word);

test('groups stand in their order, and an empty one is not shown', () => {
  const shown = groupsOf([page('queues', 'administer'), page('seat', 'work')]);
  expect(shown.map(({ group, entries }) => [group, words(entries)])).toEqual([
    ['work', ['seat']],
    ['administer', ['queues']],
  ]);
});

test('the foot of a telephone has the four most wanted pages of the person', () => {
  const supervisor = ['seat', 'reports', 'wallboard', 'agents', 'calls', 'alarms', 'complaints'].map((word) => page(word));
  expect(words(atFoot(supervisor))).toEqual(['seat', 'wallboard', 'alarms', 'calls']);
  const others = ['one', 'two', 'three', 'four', 'audit', 'six'].map((word) => page(word));
  expect(words(atFoot(others))).toEqual(['audit', 'one', 'two', 'three']);
});

test('whoever has few pages finds all of them at the foot', () => {
  expect(words(atFoot(['seat', 'myReviews'].map((word) => page(word))))).toEqual(['seat', 'myReviews']);
});
