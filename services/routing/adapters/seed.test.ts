import { expect, test } from '@jest/globals';
import { Queue } from '../queue.js';
import { seedQueues } from './seed.js';

const as = { demo: false, proofAgentId: 'system:proof-seat' };
const stored = (given: Partial<Queue>): Queue => Queue.parse({ id: 'proof', name: { 'zh-CN': 'x', en: 'x' }, ...given });

test.each<[string, Queue[], string[]]>([
  ['is made where it is missing', [], ['seed system:proof-seat']],
  ['stays as it is', [stored({ members: ['system:proof-seat'] })], []],
  ['loses the people who were put into it', [stored({ members: 'everyone' })], ['put system:proof-seat']],
  ['leads nowhere else', [stored({ members: ['system:proof-seat'], overflow: { to: 'callback' } })], ['put system:proof-seat']],
])('the queue of test calls %s', async (_what, all, expected) => {
  const done: string[] = [];
  await seedQueues(
    {
      all: async () => all,
      seed: async ({ members }) => void done.push(`seed ${String(members)}`),
      async put(queue) {
        done.push(`put ${String(queue.members)}`);
        return queue;
      },
    },
    as,
  );
  expect(done).toEqual(expected);
});
