import { expect, test } from '@jest/globals';
import { addressOf, choiceOf } from './report-choice.js';

const TODAY = '2026-11-28';
const chosen = (address: string) => choiceOf(new URLSearchParams(address), TODAY);

test('an address that says nothing is today by the hour with the usual figures', () => {
  expect(chosen('')).toMatchObject({ from: TODAY, to: TODAY, interval: '60', by: 'all', sheet: 'figures' });
  expect(chosen('').columns).toContain('sl.strict');
});

test('what was chosen comes back from its address', () => {
  const choice = {
    sheet: 'transfers',
    from: '2026-11-01',
    to: '2026-11-27',
    interval: 'day',
    by: 'queue',
    filters: { queue: ['sales', 'service'], client: ['', 'Acme, Inc.'] },
    asOf: '2026-11-20T01:00:00.000Z',
    compare: 'weekday',
    columns: ['entered', 'asa'],
    view: 'heat',
    figure: 'asa',
  } as const;
  expect(choiceOf(addressOf(choice), TODAY)).toEqual(choice);
  expect(choiceOf(addressOf(chosen('by=agent')), TODAY)).toEqual(chosen('by=agent'));
});

test('what an address has wrong is the usual, never an error', () => {
  expect(chosen('from=2026-02-31&to=x&interval=7&by=moon&figures=none&sheet=none')).toEqual(chosen(''));
  expect(chosen('from=2026-11-27&to=2026-11-20')).toMatchObject({ from: '2026-11-20', to: '2026-11-20' });
  expect(chosen('from=2027-01-01&to=2027-01-02')).toMatchObject({ from: TODAY, to: TODAY });
});
