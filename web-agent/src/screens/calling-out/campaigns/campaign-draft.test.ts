import { expect, test } from '@jest/globals';
import { callerNumbers, copyOf, hoursTyped, lacksOf, settingsOf, typedHours, usual } from './campaign-draft.js';

test('what a campaign lacks is named in the order of the form; blanks are nothing', () => {
  expect(lacksOf({ name: ' ', from: '', queueId: '' })).toEqual(['name', 'from', 'queueId']);
  expect(lacksOf({ name: 'Autumn', from: '95100', queueId: '' })).toEqual(['queueId']);
  expect(lacksOf({ name: 'Autumn', from: '95100', queueId: 'service' })).toEqual([]);
});

test('each number is offered once, usable ones first, the others with the reason; one trunk that can show a number is enough', () => {
  const way = (trunkId: string, from: string, fault?: 'no-letter' | 'trunk-not-registered') =>
    ({ trunkId, from, ...(fault === undefined ? {} : { fault }) }) as never;
  expect(
    callerNumbers([
      way('a', '95101', 'no-letter'),
      way('a', '95100', 'trunk-not-registered'),
      way('b', '95100'),
      way('b', '95101', 'no-letter'),
    ]),
  ).toEqual([{ from: '95100' }, { from: '95101', fault: 'no-letter' }]);
  expect(callerNumbers([])).toEqual([]);
});

test('a copy has the settings of the campaign under another name, and nothing of its list, its state or its people', () => {
  const campaign = {
    ...usual,
    name: 'Autumn',
    from: '95100',
    mostTries: 5,
    mode: 'progressive',
    state: 'stopped',
    id: 'k',
    reason: 'over',
  };
  expect(copyOf(campaign as never, 'Autumn (copy)')).toEqual({
    ...usual,
    name: 'Autumn (copy)',
    ...{ from: '95100', mostTries: 5, mode: 'progressive' },
  });
  expect(copyOf(campaign as never, 'x'.repeat(100)).name).toHaveLength(80);
});

test('hours of its own are typed as times of day; none are none, and a period that ends before it begins is wrong', () => {
  const hours = { fromMinute: 540, toMinute: 1_080 };
  expect(hoursTyped({ fromMinute: '09:00', toMinute: '18:00' })).toEqual(hours);
  expect(hoursTyped({ fromMinute: ' ', toMinute: '' })).toBeUndefined();
  for (const [fromMinute, toMinute] of [
    ['09:00', ''],
    ['18:00', '09:00'],
    ['9', '18:00'],
  ] as const)
    expect(hoursTyped({ fromMinute, toMinute })).toBe('wrong');
  expect(typedHours(settingsOf({ ...usual, hours } as never))).toEqual({ fromMinute: '09:00', toMinute: '18:00' });
  expect(typedHours(settingsOf(usual as never))).toEqual({ fromMinute: '', toMinute: '' });
});
