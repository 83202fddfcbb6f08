import { expect, test } from '@jest/globals';
import { openedNow } from './opened.js';

test('damage keeps who found it first and when, until somebody finds the recording whole', () => {
  const first = openedNow({ at: 'a' }, { at: 'b', by: 'nightly', damage: 'recording-missing' });
  expect(first).toEqual({ at: 'b', damage: 'recording-missing', found: { at: 'b', by: 'nightly' } });
  const again = openedNow(first, { at: 'c', by: 'playback', damage: 'recording-missing' });
  expect(again).toEqual({ at: 'c', damage: 'recording-missing', found: { at: 'b', by: 'nightly' } });
  expect(openedNow(again, { at: 'd', by: 'ledger' })).toEqual({ at: 'd' });
  // As it was noted before: nobody knows by whom.
  expect(openedNow({ at: 'a', damage: 'recording-missing' }, { at: 'b', by: 'pack', damage: 'recording-missing' }).found).toEqual({
    at: 'a',
  });
});
