import { describe, expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import { advance } from '../machine/advance.js';
import type { Stage } from '../machine/call.js';
import { REFUSAL_KEY } from './refusal-key.js';

const flow = Flow.parse({ start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
const noticing: Stage = { kind: 'calling', agentId: 'anna', legId: 'far', notice: { token: '3', prompts: ['p'] } };
const offer = { offerId: 'o1', agentId: 'bert', ringForMs: 20_000, autoAnswer: false };
const pressed = { type: 'key', key: REFUSAL_KEY } as const;
const out = (stage: Stage, answered = true) => exampleCall(flow, stage, { direction: 'outbound', answered });

describe('the key of refusal during a call out', () => {
  test.each<[string, Stage, string[]]>([
    ['while the notice is heard', noticing, ['keep-refusal']],
    ['while the agent talks', connected, ['keep-refusal', 'call.agent-left']],
    ['while it is parked', { kind: 'parked', by: 'anna', token: '3', mixed: false }, ['keep-refusal']],
    [
      'while it rings at another seat',
      { kind: 'offered', queueId: 'service', stepId: undefined, offers: [offer], answeredBy: undefined },
      ['keep-refusal', 'cancel-timer', 'cancel-timer', 'call.dequeued', 'call.offer-ended'],
    ],
  ])('%s is kept and confirmed, and the call ends', (_when, stage, effects) => {
    const next = advance(out(stage), pressed, 1_000);
    if ('refused' in next) throw new Error(next.refused);
    expect(next.effects.map((effect) => (effect.do === 'publish' ? effect.name : effect.do))).toEqual(effects);
    expect(next.call.stage).toMatchObject({ kind: 'closing', prompts: ['refusal-confirmed'], cause: 'refused-by-key', by: 'caller' });
    expect(next.call.history.at(-1)).toMatchObject({ what: 'refused-by-key' });
  });

  test.each<[string, ReturnType<typeof out>, string]>([
    ['another key', out(connected), '1'],
    ['a call that is not answered yet', out({ kind: 'calling', agentId: 'anna', legId: 'far' }, false), REFUSAL_KEY],
    ['a caller who called us', exampleCall(flow, connected), REFUSAL_KEY],
    ['a second press', out({ kind: 'closing', token: '3', prompts: ['p'], cause: 'refused-by-key', by: 'caller' }), REFUSAL_KEY],
  ])('means nothing: %s', (_what, call, key) => {
    expect(advance(call, { type: 'key', key }, 1_000)).toEqual({ refused: 'wrong-state' });
  });
});
