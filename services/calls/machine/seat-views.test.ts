import { expect, test } from '@jest/globals';
import { connected, exampleCall, examplePermit } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from './advance.js';
import type { Connected } from './call.js';
import type { CallEvent } from './call-events.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } });
const listened: Connected = { ...connected, mixed: true, parties: [{ id: 'agent:sue', role: 'listen' }] };
const ring = { offerId: 'o1', agentId: 'bert', ringForMs: 20_000, autoAnswer: false };
const asked = { target: { to: 'seat', agentId: 'bert' }, state: 'ringing', party: undefined, offer: ring } as const;

test.each<[what: string, from: Connected, event: CallEvent, who: readonly string[]]>([
  [
    'a consultation begins: the agent and who listens, not who is rung',
    listened,
    { type: 'consult', agentId: 'anna', target: { to: 'seat', agentId: 'bert' } },
    ['anna', 'sue'],
  ],
  [
    'a supervisor begins to listen while a consultation rings: the agent hears another source from then on',
    { ...connected, consult: asked },
    { type: 'monitor', agentId: 'sue', mode: 'whisper' },
    ['anna', 'sue'],
  ],
  [
    'a supervisor talks instead of listening: who talks sees it',
    listened,
    { type: 'monitor', agentId: 'sue', mode: 'barge' },
    ['anna', 'sue'],
  ],
  [
    'a party leaves the conference: all others',
    {
      ...connected,
      mixed: true,
      parties: [
        { id: 'agent:bert', role: 'talk' },
        { id: 'number:4', role: 'talk' },
      ],
    },
    { type: 'leg-ended', legId: '4' },
    ['anna', 'bert'],
  ],
  ['the caller is held: the agent has an event of its own for it', listened, { type: 'hold', agentId: 'anna' }, ['sue']],
  ['digits change nothing that is seen', listened, { type: 'send-keys', agentId: 'anna', keys: '1' }, []],
  [
    'a number outside is asked',
    listened,
    { type: 'consult', agentId: 'anna', target: { to: 'number', number: '10010' }, permit: examplePermit },
    ['anna', 'sue'],
  ],
])('%s', (_what, from, event, who) => {
  const next = advance(exampleCall(flow, from), event, 1_000);
  if ('refused' in next) throw new Error(next.refused);
  const notified = next.effects.flatMap((effect) =>
    effect.do === 'publish' && effect.name === 'call.changed' ? [effect.event.agentId] : [],
  );
  expect(notified).toEqual(who);
});
