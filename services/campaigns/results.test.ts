import { expect, test } from '@jest/globals';
import { createResults } from './results.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 11, 1, hour));
const attempt = (hour: number, agentId: string, callId: string, outcome: 'busy' | 'lost' | 'reached' | 'refused') =>
  ({ at: at(hour), agentId, callId, outcome }) as const;

test('every attempt counts for its agent and its hour; of a lost one that is known after all, what became of it', () => {
  const { add, results } = createResults((time) => time.getUTCHours());
  add({ callId: 'b', complaintIds: ['c1'], attempts: [attempt(9, 'anna', 'a', 'busy'), attempt(10, 'bert', 'b', 'reached')] });
  add({ callId: 'd', attempts: [attempt(10, 'anna', 'd', 'lost'), attempt(10, 'anna', 'd', 'refused')] });
  // A row from before attempts were kept, and one that nobody has called.
  add({ callId: 'e', agentId: 'anna', outcome: 'no-answer', triedAt: at(9) });
  add({
    lapses: [
      { at: at(11), agentId: 'carl' },
      { at: at(10), agentId: 'bert' },
    ],
  });
  const none = { attempts: 0, reached: 0, refused: 0, busy: 0, noAnswer: 0, unreachable: 0, other: 0, complained: 0, lapsed: 0 };
  expect(results()).toEqual({
    byAgent: [
      { ...none, agentId: 'anna', attempts: 3, busy: 1, refused: 1, noAnswer: 1 },
      { ...none, agentId: 'bert', attempts: 1, reached: 1, complained: 1, lapsed: 1 },
      { ...none, agentId: 'carl', lapsed: 1 },
    ],
    byHour: [
      { ...none, hour: 9, attempts: 2, busy: 1, noAnswer: 1 },
      { ...none, hour: 10, attempts: 2, reached: 1, refused: 1, complained: 1, lapsed: 1 },
      { ...none, hour: 11, lapsed: 1 },
    ],
  });
});
