import { expect, test } from '@jest/globals';
import { failureOf } from '../shared/domain/failure.js';
import { Queue } from './queue.js';
import { refuseQueueOfTests, refuseSeatsOfSystem } from './of-test-calls.js';

const queue = (given: Partial<Queue>): Queue => Queue.parse({ id: 'service', name: { 'zh-CN': 'x', en: 'x' }, ...given });
const outcome = (check: () => void): string => {
  try {
    check();
    return 'taken';
  } catch (error) {
    return failureOf(error);
  }
};

test.each<[string, Partial<Queue>, string]>([
  ['that anybody serves', {}, 'taken'],
  ['that people serve and that overflows into another', { members: ['anna'], overflow: { to: 'queue', queueId: 'vip' } }, 'taken'],
  ['that overflows into the queue of test calls', { overflow: { to: 'queue', queueId: 'proof' } }, 'invalid-request'],
  ['with a seat of the system among its members', { members: ['anna', 'system:proof-seat'] }, 'invalid-request'],
  ['that is the one of test calls', { id: 'proof', members: ['anna'] }, 'not-allowed'],
])('a queue %s', (_what, given, expected) => {
  expect(outcome(() => refuseSeatsOfSystem(queue(given)))).toBe(expected);
});

test('the queue of test calls is not removed', () => {
  expect(['proof', 'service'].map((queueId) => outcome(() => refuseQueueOfTests(queueId)))).toEqual(['not-allowed', 'taken']);
});
