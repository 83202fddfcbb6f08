import { expect, test } from '@jest/globals';
import { lastReason, waitingIn } from './waiting.js';

const call = (callId: string, state: 'queued' | 'offered' | 'connected', since: string, queueId = 'service') => ({
  ...{ callId, state, since, queueId: queueId as never },
});

test('only unanswered callers of the queue wait, the longest first', () => {
  const calls = [
    call('b', 'queued', '2026-12-01T08:01'),
    call('c', 'connected', '2026-12-01T07:00'),
    call('a', 'offered', '2026-12-01T08:00'),
  ];
  expect(waitingIn([...calls, call('d', 'queued', '2026-12-01T06:00', 'sales')], 'service').map(({ callId }) => callId)).toEqual([
    'a',
    'b',
  ]);
});

test('the reason of this moment is the last stretch of the wait', () => {
  const span = (cause: 'all-busy' | 'ringing') => ({ cause, fromMs: 0, toMs: 1, agents: [], ahead: 0, skipped: {} });
  expect(lastReason({ spans: [span('all-busy'), span('ringing')] as never })?.cause).toBe('ringing');
  expect(lastReason({ spans: [] })).toBeUndefined();
});
