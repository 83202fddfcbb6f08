import { expect, test } from '@jest/globals';
import { shortcutOf, type Pressed } from './shortcuts.js';

const bare: Pressed = {
  key: 'm',
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  typing: false,
  onButton: false,
};

test.each([
  ['m', {}, 'mute'],
  ['H', {}, 'hold'],
  ['s', {}, 'askHelp'],
  ['s', { typing: true }, null],
  ['Enter', {}, 'answer'],
  ['X', { shiftKey: true }, 'hangUp'],
  ['x', {}, null],
  ['m', { typing: true }, null],
  ['m', { ctrlKey: true }, null],
  ['m', { repeat: true }, null],
  ['Enter', { onButton: true }, null],
  ['M', { shiftKey: true }, null],
] as const)('%s %j means %s', (key, more, does) => {
  expect(shortcutOf({ ...bare, key, ...more })).toBe(does);
});
