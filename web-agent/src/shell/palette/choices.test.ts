import { describe, expect, test } from '@jest/globals';
import { fitting, meaningOf, moved, opensPalette, type Choice, type PalettePress } from './choices.js';

const page = (label: string, ...also: string[]): Choice => ({ key: label, group: 'pages', label, also, to: `/${label}` });

describe('what a text means', () => {
  test.each([
    ['TS20261130-0001', { kind: 'case', number: 'TS20261130-0001', day: '2026-11-30' }],
    ['ｔｓ20261130-0001', { kind: 'case', number: 'TS20261130-0001', day: '2026-11-30' }],
    ['0002', { kind: 'last-digits', digits: '0002' }],
    [' ００02 ', { kind: 'last-digits', digits: '0002' }],
    ['138 0000-0002', { kind: 'number', number: '13800000002' }],
    ['+8613800000002', { kind: 'number', number: '+8613800000002' }],
    ['01kb3c5k8w1x2y3z4a5b6c', { kind: 'call', callId: '01kb3c5k8w1x2y3z4a5b6c' }],
    ['138', { kind: 'name' }],
    ['TS20261130', { kind: 'name' }],
    ['Reports', { kind: 'name' }],
    ['', { kind: 'name' }],
  ])('%s', (text, meaning) => expect(meaningOf(text)).toEqual(meaning));
});

describe('what fits', () => {
  const choices = [page('Numbers and trunks', '号码与中继'), page('Users and rights', '用户与权限'), page('Reports', '运营报表')];
  const labels = (text: string): string[] => fitting(choices, text).map(({ label }) => label);

  test('is every page while nothing is typed', () => {
    const seat: Choice = { key: 'seat', group: 'people', label: 'Seat 1', to: '/agents' };
    expect(fitting([...choices, seat], ' ')).toEqual(choices);
  });
  test('is found in either language, in any case and by parts', () => {
    expect(labels('REP')).toEqual(['Reports']);
    expect(labels('用户')).toEqual(['Users and rights']);
    expect(labels('trunks num')).toEqual(['Numbers and trunks']);
    expect(labels('nothing of this')).toEqual([]);
  });
  test('stands first when it begins with the text', () =>
    expect(fitting([page('The right one'), page('Rights')], 'right').map(({ label }) => label)).toEqual(['Rights', 'The right one']));
  test('is cut to a few lines a group', () =>
    expect(
      fitting(
        Array.from({ length: 30 }, (_, at) => page(`Page ${at}`)),
        'page',
      ),
    ).toHaveLength(8));
});

test('the place goes round', () => {
  expect(moved(0, -1, 3)).toBe(2);
  expect(moved(2, 1, 3)).toBe(0);
  expect(moved(0, 1, 0)).toBe(0);
});

describe('Ctrl K', () => {
  const pressed: PalettePress = {
    key: 'k',
    ctrlKey: true,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    writing: false,
    dialogOpen: false,
    ringing: false,
  };
  test('opens, with Ctrl or with the key of a Mac', () => {
    expect(opensPalette(pressed)).toBe(true);
    expect(opensPalette({ ...pressed, key: 'K', ctrlKey: false, metaKey: true })).toBe(true);
  });
  test.each([
    { key: 'j' },
    { ctrlKey: false },
    { metaKey: true },
    { altKey: true },
    { shiftKey: true },
    { repeat: true },
    { writing: true },
    { dialogOpen: true },
    { ringing: true },
  ])('does nothing with %p', (other) => expect(opensPalette({ ...pressed, ...other })).toBe(false));
});
