import { expect, test } from '@jest/globals';
import { CallCentreError, type FailureCode } from '../../shared/domain/failure.js';
import { createMixerWatch } from './mixer-watch.js';

function watched() {
  const told: string[] = [];
  const state = {
    isThere: true,
    failure: 'service-unavailable' as FailureCode,
    calls: [{ callId: 'c1', agentId: 'sue' }],
    unheard: [] as string[],
    asked: 0,
  };
  const watch = createMixerWatch({
    commands: {
      send: async () => {
        state.asked += 1;
        if (!state.isThere) throw new CallCentreError(state.failure, 'away');
        return {} as never;
      },
    },
    supervised: () => state.calls,
    unheard: () => new Set(state.unheard),
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

test('one late answer is no absence, two are; who comes later is told too', async () => {
  const { look, state, told } = watched();
  [state.isThere, state.failure] = [false, 'timed-out'];
  await look();
  expect(told).toEqual([]);
  await look();
  state.calls.push({ callId: 'c2', agentId: 'tom' });
  await look();
  expect(told).toEqual(['sue', 'tom']);
  state.isThere = true;
  await look();
  state.isThere = false;
  await look();
  await look();
  expect(told).toEqual(['sue', 'tom', 'sue', 'tom']);
});

test('a listener for whom the mixer has no place is told once, and again the next time', async () => {
  const { look, state, told } = watched();
  state.unheard = ['c1'];
  await look();
  await look();
  expect(told).toEqual(['sue']);
  state.unheard = [];
  await look();
  state.unheard = ['c1'];
  await look();
  expect(told).toEqual(['sue', 'sue']);
});
