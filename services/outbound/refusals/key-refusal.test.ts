import { expect, test } from '@jest/globals';
import { createKeyRefusals } from './key-refusal.js';

test('whoever pressed the key is on the list, with the call as its source, and the attempt and the audit log say so', async () => {
  const kept: unknown[] = [];
  const keep =
    (what: string) =>
    async (...values: unknown[]): Promise<void> =>
      void kept.push([what, ...values]);
  const none = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const refused = createKeyRefusals({
    refusals: { put: keep('refusal'), ofNumbers: none, inForce: none, list: none, forget: none, withdraw: none },
    attempts: {
      put: none,
      refusedByKey: keep('attempt'),
      consentsTakenBack: none,
      triesOf: none,
      countOf: none,
      lastedTo: none,
      isUnused: none,
      settle: none,
      list: none,
      answeredOut: none,
    },
    audit: keep('audit'),
  });
  const at = '2026-03-10T02:00:00.000Z';
  await refused({ callId: 'c1', at, callerHash: 'h1', callerMasked: '138****0001', agentId: 'anna' });
  expect(kept).toEqual([
    [
      'refusal',
      { numberHash: 'h1', numberMasked: '138****0001', reason: 'asked-by-key', source: 'call c1', at: new Date(at), by: 'system' },
    ],
    ['attempt', 'c1', new Date(at)],
    [
      'audit',
      {
        who: 'anna',
        what: 'do-not-call.added',
        object: 'call:c1',
        success: true,
        reason: 'asked-by-key',
        after: { at, callerHash: 'h1' },
        once: true,
      },
    ],
  ]);
});
