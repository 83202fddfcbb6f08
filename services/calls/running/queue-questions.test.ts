import { expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import type { CallEvent } from '../machine/call-events.js';
import { createQueueQuestions, type QuestionNeeds } from './queue-questions.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'proof' } } });

test.each([
  ['a caller', undefined, 'not-admitted'],
  ['a test call', 'test', 'admitted'],
] as const)('%s is let into the queue of test calls as its class says, whatever routing would answer', async (_who, kind, expected) => {
  const told: CallEvent[] = [];
  const commands = { send: async () => ({ admitted: true, reason: 'ok', position: 1 }) } as unknown as CommandBus;
  const { askQueue } = createQueueQuestions({
    commands,
    tell: (_callId, event) => void told.push(event),
    log: {} as QuestionNeeds['log'],
  });
  const call = exampleCall(flow, connected, { id: 'c1' });
  await askQueue(kind === undefined ? call : { ...call, class: kind }, 'proof');
  expect(told.map(({ type }) => type)).toEqual([expected]);
});
