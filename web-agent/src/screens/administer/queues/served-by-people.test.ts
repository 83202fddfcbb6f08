import { expect, test } from '@jest/globals';
import { queuesForCallers } from './served-by-people.js';

const service = { id: 'service', members: 'everyone' } as const;
const sales = { id: 'sales', members: ['u1'] };
const empty = { id: 'empty', members: [] };
const proof = { id: 'proof', members: ['system:proof-seat'] };

test('callers are sent to queues of people, not to that of the test calls; a choice that was made before stays visible', () => {
  const all = [proof, service, sales, empty];
  expect(queuesForCallers(all)).toEqual([service, sales, empty]);
  expect(queuesForCallers(all, 'sales')).toEqual([service, sales, empty]);
  expect(queuesForCallers(all, 'proof')).toEqual(all);
});
