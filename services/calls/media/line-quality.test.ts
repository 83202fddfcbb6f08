import { expect, test } from '@jest/globals';
import { createLineQuality, type LineCounts, type TalkingLegs } from './line-quality.js';

type Given = Partial<Omit<LineCounts, 'place'>>;
const counted = (place: string, packetsReceived: number, more: Given = {}): LineCounts => ({
  ...{ place, packetsReceived, packetsMissing: 0, packetsReported: 0, reports: 0, jitterMs: 4, roundTripMs: undefined },
  ...more,
});
const legs = { callerLeg: 'c1', agentLeg: 's1' } as const;

function watched() {
  let counts: readonly (LineCounts | undefined)[] = [];
  const told: object[] = [];
  let calls: readonly TalkingLegs[] = [{ callId: 'c1', agentId: 'ann', ...legs }];
  const asked: unknown[] = [];
  const { look } = createLineQuality({
    talking: () => calls,
    countsOf: async (...of) => {
      asked.push(of);
      return counts;
    },
    tell: (sides) => void told.push(...sides),
  });
  return {
    told,
    asked,
    async look(caller?: LineCounts, agent?: LineCounts): Promise<object[]> {
      counts = [caller, agent];
      await look();
      return told.splice(0);
    },
    talk: (next: readonly TalkingLegs[]) => void (calls = next),
  };
}

test('each side of a conversation is reported for the time since the look before, with the score of the E-model', async () => {
  const { look, asked } = watched();
  // Nothing is known yet of the time before.
  expect(await look(counted('c1', 1_000), counted('s1', 9_000, { packetsMissing: 400 }))).toEqual([]);
  expect(await look(counted('c1', 1_200, { packetsMissing: 50 }), counted('s1', 9_250, { packetsMissing: 400 }))).toEqual([
    { callId: 'c1', agentId: 'ann', side: 'caller', lossPercent: 20, lostBy: 'sequence', jitterMs: 4, mos: 2.63 },
    { callId: 'c1', agentId: 'ann', side: 'agent', lossPercent: 0, lostBy: 'sequence', jitterMs: 4, mos: 4.41 },
  ]);
  // Both sides are asked for at once.
  expect(asked).toEqual([
    ['c1', 's1'],
    ['c1', 's1'],
  ]);
});

test('a side that sends nothing, a leg that is gone and a relay that counts anew report nothing', async () => {
  const { look } = watched();
  await look(counted('c1', 1_000), counted('s1', 9_000));
  expect(await look(counted('c1', 1_010, { packetsMissing: 5 }), counted('s1', 3))).toEqual([]);
  expect(await look()).toEqual([]);
});

test('what the seat lost in the call before is not of the next call, nor is what was counted at another place', async () => {
  const { look, talk } = watched();
  await look(counted('c1', 1_000), counted('s1', 1_000));
  expect(await look(undefined, counted('c1/inner', 1_250, { packetsMissing: 200 }))).toEqual([]);
  talk([{ callId: 'c2', agentId: 'ann', ...legs }]);
  expect(await look(undefined, counted('c1/inner', 1_500, { packetsMissing: 400 }))).toEqual([]);
});

test('a loss that the far side reports counts until it reports another one, and not for ever', async () => {
  const { look } = watched();
  const at = async (place: number, reports: number, packetsReported: number, packetsMissing = 0): Promise<object | undefined> =>
    (await look(counted('c1', 1_000 + 250 * place, { reports, packetsReported, packetsMissing })))[0];
  await at(0, 3, 100);
  // A report of the last ten seconds, in which it lost a fifth; the relay received all.
  expect(await at(1, 3, 100)).toMatchObject({ lossPercent: 0, lostBy: 'sequence' });
  const poor = { lossPercent: 20, lostBy: 'reports' };
  expect(await at(2, 4, 200)).toMatchObject(poor);
  for (const place of [3, 4, 5]) expect(await at(place, 4, 200)).toMatchObject(poor);
  expect(await at(6, 4, 200)).toMatchObject({ lossPercent: 0, lostBy: 'sequence' });
  // Four looks later it lost 250 of 1,000; of the last 250 the relay alone missed 250.
  expect(await at(7, 5, 450)).toMatchObject({ lossPercent: 20, lostBy: 'reports' });
  expect(await at(8, 6, 450, 250)).toMatchObject({ lossPercent: 50, lostBy: 'sequence' });
});
