import { expect, test } from '@jest/globals';
import { createElementJudge } from './elements-judge.js';
import type { Consent } from '../ports.js';

test('a month of calls out is judged whole, and no store is asked for more than it takes at once', async () => {
  const asked: number[] = [];
  let [looking, most] = [0, 0];
  const at = new Date('2026-11-30T02:00:00Z');
  const judge = createElementJudge({
    reads: {
      recordings: {
        find: async ({ _id }: { readonly _id: { readonly $in: readonly string[] } }) => {
          asked.push(_id.$in.length);
          return _id.$in.map((id) => ({ _id: id }));
        },
      },
    } as never,
    consents: {
      byIds: async (ids) => {
        asked.push(ids.length);
        return ids.map((id) => ({ id, original: { kind: 'file', fileName: 'f', sha256: id } }) as unknown as Consent);
      },
    },
    originals: {
      async has(consentId) {
        most = Math.max(most, (looking += 1));
        await new Promise((resolve) => setImmediate(resolve));
        looking -= 1;
        return consentId !== 'k7';
      },
    },
  });
  const found = Array.from({ length: 1_234 }, (_, i) => ({
    ...{ attemptId: `c${i}`, callId: `c${i}`, way: 'call-out' as const, at, agentId: 'a', numberHash: '', numberMasked: '138****0001' },
    ...{ purpose: '', allowed: true, from: '4001000', consentId: `k${i}`, answeredAt: at },
  }));
  const judged = await judge(found);
  expect(judged.map(({ attempt: { callId } }) => callId)).toEqual(found.map(({ callId }) => callId));
  expect(judged.flatMap(({ attempt: { callId }, missing }) => (missing.length > 0 ? [[callId, missing]] : []))).toEqual([
    ['c7', ['consent']],
  ]);
  expect(Math.max(...asked)).toBeLessThanOrEqual(500);
  expect(most).toBe(16);
  expect(await judge([])).toEqual([]);
});
