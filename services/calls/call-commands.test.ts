import { expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../test/support/centre/example-call.js';
import { Flow } from '../shared/contracts/calls/flow.js';
import { failureOf } from '../shared/domain/failure.js';
import { callCommands, type CallCommandsDependencies } from './call-commands.js';
import { createLeaderFence } from './leader-fence.js';
import type { Live } from './running/controller.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } });

test('the relay is asked for the source of the caller by the page that plays it, not for a list of all calls', async () => {
  const asked: string[] = [];
  const lives = ['anna', 'bert', 'cleo'].map(
    (agentId, i) => ({ call: exampleCall(flow, { ...connected, agentId }, { id: `c${i}` }) }) as Live,
  );
  const { 'calls.live': liveCalls = async () => [] } = callCommands({
    controller: {
      all: () => lives,
      callsOf: (agentId: string) => lives.filter(({ call }) => 'agentId' in call.stage && call.stage.agentId === agentId),
    },
    fence: createLeaderFence(0),
    media: {
      has: () => true,
      ssrcOf: async (id: string) => {
        asked.push(id);
        return 7;
      },
    },
  } as unknown as CallCommandsDependencies);

  const all = await liveCalls({});
  expect(all.map(({ callId, callerSsrc }) => [callId, callerSsrc])).toEqual([
    ['c0', undefined],
    ['c1', undefined],
    ['c2', undefined],
  ]);
  expect(asked).toEqual([]);

  expect(await liveCalls({ agentId: 'bert' })).toMatchObject([{ callId: 'c1', callerSsrc: 7 }]);
  expect(asked).toEqual(['c1']);
});

test('each order of a leader is refused before anything is looked at when a later leader was seen', async () => {
  const fence = createLeaderFence(0);
  const commands = callCommands({ fence, controller: { all: () => [], get: () => undefined } } as unknown as CallCommandsDependencies);
  const order = { callId: 'c1', agentId: 'anna', fencingToken: 7 };
  const asked = [
    async () => commands['call.offer']?.({ ...order, offerId: 'o1', ringForMs: 1_000, autoAnswer: false }),
    async () => commands['call.overflow']?.({ ...order, overflow: { to: 'hang-up' } as never }),
    async () => commands['call.call-back']?.({ ...order, automatic: true }),
    async () => commands['calls.live']?.(order),
  ];
  const outcomes = async (): Promise<string[]> => Promise.all(asked.map(async (ask) => ask().then(() => 'done', failureOf)));
  expect(await outcomes()).not.toContain('superseded');
  fence.admit(8);
  expect(await outcomes()).toEqual(['superseded', 'superseded', 'superseded', 'superseded']);
});

test('the record of a call names whom the wording was shown to, and nobody who only listens', async () => {
  const dispatched: unknown[] = [];
  const stage = { ...connected, parties: [{ id: 'agent:sue', role: 'listen' } as const] };
  const { 'call.script-shown': shown = async () => ({}) } = callCommands({
    controller: {
      get: () => ({ call: exampleCall(flow, stage) }) as Live,
      dispatch: (_callId: string, event: { readonly agentId: string }) => {
        dispatched.push(event.agentId);
        return { settled: Promise.resolve() };
      },
    },
    fence: createLeaderFence(0),
  } as unknown as CallCommandsDependencies);
  for (const agentId of ['sue', 'anna']) await shown({ callId: 'c1', agentId, scriptId: 's1' });
  expect(dispatched).toEqual(['anna']);
});

test.each([
  ['the queue of test calls', { to: 'queue', queueId: 'proof' }],
  ['the seat of test calls', { to: 'seat', agentId: 'system:proof-seat' }],
] as const)('a caller is not transferred to %s, also while it is ready and routing does not answer', async (_to, target) => {
  const { 'call.transfer': transfer = async () => ({}) } = callCommands({
    controller: {
      get: () => ({ call: exampleCall(flow, connected) }) as Live,
      dispatch: () => ({ settled: Promise.resolve() }),
    },
    seats: { of: () => ({ mediaUp: true }) },
    occupations: { of: () => undefined },
    commands: { send: async () => Promise.reject(new Error('no answer')) },
    fence: createLeaderFence(0),
  } as unknown as CallCommandsDependencies);
  await expect(transfer({ callId: 'c1', agentId: 'anna', target })).rejects.toMatchObject({ code: 'not-allowed' });
});
