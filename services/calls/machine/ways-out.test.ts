import { expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import type { Stage } from './call.js';
import { takeOverEffects } from './takeover.js';
import { wayOut, type WayOut, type WaysOut } from './ways-out.js';

interface Idle {
  readonly kind: 'idle';
  readonly since: number;
}
const clock: WayOut = { by: 'clock', effects: [{ do: 'start-timer', timer: 'park', ms: 1, token: '1' }] };

test('a stage without a way out does not compile, and neither does one that claims what it has not', () => {
  const given: WaysOut<Idle> = { idle: () => clock };
  // @ts-expect-error A stage that is not in the table.
  const missing: WaysOut<Idle> = {};
  // @ts-expect-error A clock without a timer.
  const noTimer: WaysOut<Idle> = { idle: () => ({ by: 'clock', effects: [] }) };
  // @ts-expect-error A speech that nobody says.
  const unsaid: WaysOut<Idle> = { idle: (stage) => ({ by: 'speech', speech: stage }) };
  // @ts-expect-error A person who is nobody.
  const nobody: WaysOut<Idle> = { idle: () => ({ by: 'person', effects: [] }) };
  expect([given, missing, noTimer, unsaid, nobody]).toHaveLength(5);
});

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'service', announce: { everyMs: 30_000 } } } });
const offer = { offerId: 'o1', agentId: 'bert', ringForMs: 20_000, autoAnswer: false };

test.each<[Stage, string, readonly string[] | undefined]>([
  [{ kind: 'handed', by: 'anna', target: { to: 'seat', offer } }, 'clock', ['ring']],
  [{ kind: 'handed', by: 'anna', target: { to: 'number', legId: '4', number: '10010' } }, 'answer', []],
  [
    { kind: 'offered', queueId: 'service', stepId: 'q', offers: [offer], answeredBy: undefined },
    'clock',
    ['queue-wait', 'announce', 'ring'],
  ],
  [{ kind: 'offered', queueId: 'service', stepId: 'q', offers: [offer], answeredBy: 'bert' }, 'person', []],
  [{ ...connected, away: true }, 'person', ['seat-grace']],
  [{ kind: 'calling', agentId: 'anna', legId: 'far', notice: { token: '3', prompts: ['p'] } }, 'speech', []],
  [{ kind: 'dialling', legId: '4', number: '10010', otherwise: undefined }, 'answer', []],
  [{ kind: 'calling', agentId: 'anna', legId: 'far' }, 'answer', undefined],
])('%j is left by %s, and its clocks run on in the process that takes the call over', (stage, by, timers) => {
  const call = exampleCall(flow, stage);
  expect(wayOut(call, 1_000)?.by).toBe(by);
  expect(takeOverEffects(call, 1_000)?.map((effect) => (effect.do === 'start-timer' ? effect.timer : effect.do))).toEqual(timers);
});
