import { expect, test } from '@jest/globals';
import { createLineQuality, type TalkingLegs } from './line-quality.js';

const counted = (packetsReceived: number, packetsLost = 0) => ({ packetsReceived, packetsLost, jitterMs: 4, roundTripMs: undefined });

function watched() {
  const counts = new Map<string, ReturnType<typeof counted>>();
  const told: object[] = [];
  let calls: readonly TalkingLegs[] = [
    {
      callId: 'c1',
      agentId: 'ann',
      legs: [
        { side: 'caller', legId: 'c1' },
        { side: 'agent', legId: 's1' },
      ],
    },
  ];
  const { look } = createLineQuality({
    talking: () => calls,
    countsOf: async (legId) => counts.get(legId),
    tell: (sides) => void told.push(...sides),
  });
  return { counts, told, look, talk: (next: readonly TalkingLegs[]) => void (calls = next) };
}

test('each side of a conversation is reported for the time since the look before, with the score of the E-model', async () => {
  const { counts, told, look } = watched();
  counts.set('c1', counted(1_000)).set('s1', counted(9_000, 400));
  await look();
  // Nothing is known yet of the time before.
  expect(told).toEqual([]);
  counts.set('c1', counted(1_200, 50)).set('s1', counted(9_250, 400));
  await look();
  expect(told).toEqual([
    { callId: 'c1', agentId: 'ann', side: 'caller', lossPercent: 20, jitterMs: 4, mos: 2.63 },
    { callId: 'c1', agentId: 'ann', side: 'agent', lossPercent: 0, jitterMs: 4, mos: 4.41 },
  ]);
});

test('a side that sends nothing, a leg that is gone and a relay that counts anew report nothing', async () => {
  const { counts, told, look } = watched();
  counts.set('c1', counted(1_000)).set('s1', counted(9_000));
  await look();
  counts.set('c1', counted(1_010, 5)).set('s1', counted(3));
  await look();
  counts.clear();
  await look();
  expect(told).toEqual([]);
});

test('what the seat lost in the call before is not of the next call', async () => {
  const { counts, told, look, talk } = watched();
  counts.set('c1', counted(1_000)).set('s1', counted(1_000));
  await look();
  counts.set('s1', counted(1_250, 200));
  talk([{ callId: 'c2', agentId: 'ann', legs: [{ side: 'agent', legId: 's1' }] }]);
  await look();
  expect(told).toEqual([]);
});
