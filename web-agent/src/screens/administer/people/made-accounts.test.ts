import { expect, test } from '@jest/globals';
import type { MadeAccount } from '../../../../../services/shared/contracts/api/centre/account-imports.js';
import { passwordsCsv, queuesWith } from './made-accounts.js';

const made = (id: string, more: Partial<MadeAccount> = {}): MadeAccount => ({
  ...{ line: 2, id, name: id, displayName: id, password: 'p', serves: [], skills: {}, waiting: 0 },
  ...more,
});

test('no cell of the passwords begins a formula, and quotes stay in their cell', () => {
  const csv = passwordsCsv([made('-x', { displayName: '=1+1', password: 'a"b' })], ['User', 'Name', 'Password']);
  expect(csv).toBe('\uFEFF"User","Name","Password"\n"\'-x","\'=1+1","a""b"\n');
});

test('each queue gets all of its new members at once; where everybody serves, nobody is added', () => {
  const queues = [
    { id: 'a', members: ['old'] },
    { id: 'b', members: ['old'] },
    { id: 'c', members: 'everyone' as const },
  ];
  expect(queuesWith(queues, [made('x', { serves: ['a', 'c'] }), made('y', { serves: ['a'] }), made('old', { serves: ['a'] })])).toEqual([
    { id: 'a', members: ['old', 'x', 'y'] },
  ]);
});
