import { expect, test } from '@jest/globals';
import { visitHandlers } from './visit-book.js';

const AT = '2026-11-27T02:00:00.000Z';

function book(given: readonly object[] = []) {
  const written: unknown[] = [];
  const handlers = visitHandlers({
    visits: {
      entered: async () => undefined,
      left: async ({ _id }) => void written.push(['left', _id]),
      gaveResult: async (...row) => void written.push(row),
    },
    entitlements: async () => ({ thresholdMs: 20_000, clientUnit: undefined }),
    reads: { contacts: { find: async () => given } } as never,
    now: () => new Date('2026-11-28T09:00:00Z'),
  });
  return { handlers, written };
}
const NOW = new Date('2026-11-28T09:00:00Z');

test('a result belongs to the visits of its call, as a late fact; where none is to be chosen there is none', async () => {
  const { handlers, written } = book();
  const disposed = { callId: 'c1', agentId: 'anna', at: AT };
  await handlers['contact.disposed']?.({ ...disposed, disposition: ['complaint', 'bill'] }, 'e1');
  await handlers['contact.disposed']?.({ ...disposed, disposition: [] }, 'e2');
  expect(written).toEqual([['c1', { result: 'complaint/bill', at: new Date(AT) }, NOW]]);
});

test('a visit that ends after a result was given has it too', async () => {
  const { handlers, written } = book([
    { callId: 'c1', disposition: ['sold'], completedAt: AT },
    { callId: 'c1', disposition: ['first'], completedAt: '2026-11-27T01:00:00.000Z' },
    { callId: 'c1', disposition: ['not', 'given'] },
  ]);
  const ended = { visitId: 'c1-2', callId: 'c1', queueId: 'second', fromMs: 0, toMs: 9, waitMs: 9, offers: 0, outcome: 'abandoned' };
  const place = { returned: false, direction: 'inbound', class: 'service', trunkId: 't1', called: '4001000', priority: 0, skills: {} };
  await handlers['call.visit-ended']?.({ ...ended, ...place } as never, 'e1');
  expect(written).toEqual([
    ['left', 'c1-2'],
    ['c1', { result: 'sold', at: new Date(AT) }, NOW],
  ]);
});
