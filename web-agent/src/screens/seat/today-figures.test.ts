import { expect, test } from '@jest/globals';
import { todayOf } from './today-figures.js';

const now = new Date(2026, 2, 1, 12);
const at = (hour: number, minute = 0): string => new Date(2026, 2, 1, hour, minute).toISOString();

test('counts the own talks of today; a colleague’s part of the same call is not mine', () => {
  const calls = [
    {
      endedAt: at(10),
      talks: [
        { agentId: 'me', from: at(9, 50), to: at(9, 55) },
        { agentId: 'you', from: at(9, 55), to: at(10) },
      ],
    },
    { endedAt: at(11), talks: [{ agentId: 'you', from: at(10, 50), to: at(11) }] },
    { endedAt: new Date(2026, 1, 28, 12).toISOString(), talks: [{ agentId: 'me', from: at(1), to: at(2) }] },
  ];
  expect(todayOf(calls, 'me', now)).toEqual({ calls: 1, talkMs: 300_000 });
});
