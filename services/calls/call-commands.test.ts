import { expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../test/support/centre/example-call.js';
import { Flow } from '../shared/contracts/calls/flow.js';
import { callCommands, type CallCommandsDependencies } from './call-commands.js';
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
