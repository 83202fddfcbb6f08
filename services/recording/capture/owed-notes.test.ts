import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { OwedNotes } from './owed-notes.js';

/** Notes to a store that can be away, and what it was told. */
function store() {
  const told: string[] = [];
  const state = { away: false };
  const notes = new OwedNotes(silentLogger);
  const note = (callId: string, what: string): Promise<void> =>
    notes.note(callId, async () => {
      if (state.away) throw new Error('away');
      told.push(what);
    });
  return { told, state, notes, note };
}

test('what the store did not take is written again, the notes of one call in their order', async () => {
  const { told, state, notes, note } = store();
  state.away = true;
  await note('a', 'a answered');
  await notes.again();
  state.away = false;
  await note('a', 'a paused');
  await note('b', 'b answered');
  expect(told).toEqual(['b answered']);
  await notes.again();
  await notes.again();
  expect(told).toEqual(['b answered', 'a answered', 'a paused']);
  await note('a', 'a resumed');
  expect(told.at(-1)).toBe('a resumed');
});

test('a store that is away is asked once in a turn, however many notes wait', async () => {
  const { state, notes, note } = store();
  state.away = true;
  let asked = 0;
  for (const callId of ['a', 'b', 'c'])
    await notes.note(callId, () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    });
  expect(asked).toBe(3);
  await notes.again();
  expect(asked).toBe(4);
  await note('d', 'd');
});
