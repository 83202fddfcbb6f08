import { expect, test } from '@jest/globals';
import { createMixerWatch } from './mixer-watch.js';

function watched() {
  const told: string[] = [];
  const state = { isThere: true, calls: [{ callId: 'c1', agentId: 'sue' }], asked: 0 };
  const watch = createMixerWatch({
    commands: {
      send: async () => {
        state.asked += 1;
        if (!state.isThere) throw new Error('nobody serves it');
        return {} as never;
      },
    },
    supervised: () => state.calls,
    tell: ({ agentId }) => told.push(agentId),
  });
  return { ...watch, state, told };
}

test('supervisors are told once for each time that the mixer is away', async () => {
  const { look, started, state, told } = watched();
  await look();
  expect(told).toEqual([]);
  state.isThere = false;
  await look();
  await look();
  expect(told).toEqual(['sue']);
  state.isThere = true;
  started();
  await look();
  expect(told).toEqual(['sue']);
  state.isThere = false;
  await look();
  expect(told).toEqual(['sue', 'sue']);
});

test('a mixer that was away between two checks is told of when it has started', () => {
  const { started, told } = watched();
  started();
  expect(told).toEqual(['sue']);
});

test('nobody asks for the mixer while nobody supervises', async () => {
  const { look, started, state, told } = watched();
  state.calls = [];
  state.isThere = false;
  await look();
  started();
  expect([state.asked, told]).toEqual([0, []]);
});
