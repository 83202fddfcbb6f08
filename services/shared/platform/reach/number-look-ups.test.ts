import { expect, test } from '@jest/globals';
import type { Principal } from '../../domain/people/rights.js';
import { numberHasher } from './number-hash.js';
import { createNumberLookUps, type LookUpCounter } from './number-look-ups.js';

const person = (userId: string): Principal => ({
  userId,
  name: userId,
  sessionId: 's',
  roles: ['inspector'],
  scope: { queues: [], sites: [], clientUnits: [] },
});

/** Does the same as the script in Valkey, but without the limit of an hour. */
function counterOf(most: number): LookUpCounter {
  const seen = new Map<string, Set<string>>();
  const over = new Set<string>();
  return {
    async count(userId, key) {
      const known = seen.get(userId) ?? new Set();
      seen.set(userId, known);
      if (known.has(key)) return 'known';
      if (known.size < most) {
        known.add(key);
        return 'new';
      }
      if (over.has(userId)) return 'over';
      over.add(userId);
      return 'over-first';
    },
  };
}

test('distinct numbers count, in whatever spelling; above the limit each is refused and one alarm is raised', async () => {
  const raised: string[] = [];
  const lookUps = createNumberLookUps({
    counter: counterOf(2),
    hashNumber: numberHasher('key'),
    bus: { publish: async (_name, event) => void raised.push((event as { code: string }).code) },
  });
  const one = person('one');
  expect(await lookUps.take(one, '13900000001')).toBe(true);
  expect(await lookUps.take(one, '+86 139 0000 0001')).toBe(false);
  expect(await lookUps.take(one, '13900000002')).toBe(true);
  for (const number of ['13900000003', '13900000004'])
    await expect(lookUps.take(one, number)).rejects.toMatchObject({ code: 'too-many-requests', details: { limit: 'numbers' } });
  expect(await lookUps.take(one, '13900000001')).toBe(false);
  expect(await lookUps.take(person('another'), '13900000003')).toBe(true);
  expect(raised).toEqual(['many-look-ups']);
});
