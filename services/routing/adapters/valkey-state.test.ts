import { expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { newAgent } from '../agents/agent-machine.js';
import { createValkeyState } from './valkey-state.js';

test('an agent that moves several times in one turn is written once, as it is at the end, with the others', async () => {
  const asked: (readonly unknown[])[] = [];
  const fenced = {
    hash: async (...words: unknown[]): Promise<boolean> => {
      asked.push(words);
      return true;
    },
    set: async () => true,
  };
  const state = createValkeyState({} as unknown as Redis, fenced, silentLogger);
  const agentOf = (agentId: string) => newAgent(agentId, agentId, 'session', 0);
  const [anna, bert] = [
    { ...agentOf('anna'), state: 'ready' as const },
    { ...agentOf('bert'), state: 'ready' as const },
  ];
  state.saveAgent({ ...anna, state: 'offered' });
  state.saveAgent(bert);
  state.saveAgent(anna);
  state.saveAgent({ ...agentOf('cleo'), state: 'signed-out' });
  expect(asked).toEqual([]);
  await new Promise(setImmediate);
  expect(asked).toEqual([['proofline:routing:agents', ['anna', JSON.stringify(anna), 'bert', JSON.stringify(bert)], ['cleo']]]);
  asked.length = 0;
  state.saveAgent(bert);
  await new Promise(setImmediate);
  expect(asked).toEqual([['proofline:routing:agents', ['bert', JSON.stringify(bert)], []]]);
});
