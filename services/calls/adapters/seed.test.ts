import { expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../shared/contracts/calls/flow.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { seedCalls } from './seed.js';

const leadingTo = (queueId: string, status = 'in-service'): ServiceNumber =>
  ServiceNumber.parse({
    number: '9990',
    status,
    flowVersion: 3,
    flow: Flow.parse({ noticeMode: 'while-ringing', start: 'proof', steps: { proof: { kind: 'queue', queueId, maxWaitMs: 30_000 } } }),
  });

/** Runs a start on these numbers; what it saved, by number, status and queue. */
async function started(numbers: ServiceNumber[], save?: () => Promise<never>): Promise<string[]> {
  const saved: string[] = [];
  await seedCalls(
    {
      sealPasswords: async () => undefined,
      numbers: async () => numbers,
      saveTrunk: async (trunk) => trunk,
      async saveNumber(number) {
        if (save !== undefined) return save();
        const step = number.flow.steps[number.flow.start];
        saved.push(`${number.number} ${number.status} ${step?.kind === 'queue' ? step.queueId : ''}`);
        return number;
      },
      addFlow: async () => undefined,
    },
    { demo: false },
  );
  return saved;
}

test.each<[string, ServiceNumber[], string[]]>([
  ['is made where it is missing', [], ['9990 in-service proof']],
  ['stays as it is', [leadingTo('proof')], []],
  ['stays closed for an emergency', [leadingTo('proof', 'closed')], []],
  ['leads back to its own queue', [leadingTo('service')], ['9990 in-service proof']],
  ['is in service again', [leadingTo('proof', 'out-of-service')], ['9990 in-service proof']],
])('the number of test calls %s', async (_what, numbers, expected) => {
  expect(await started(numbers)).toEqual(expected);
});

test('of two processes that restore it at once, the later one starts too', async () => {
  const changed = async (): Promise<never> => Promise.reject(new CallCentreError('changed-meanwhile', 'by another process'));
  await expect(started([leadingTo('service')], changed)).resolves.toEqual([]);
  const away = async (): Promise<never> => Promise.reject(new Error('away'));
  await expect(started([leadingTo('service')], away)).rejects.toThrow('away');
});
