import { expect, test } from '@jest/globals';
import type { Mark } from '../../shared/records/call.js';
import { historyForAgents } from './shown-history.js';

const joins = (detail: string, agentId = 'sue'): Mark => ({ atMs: 1, what: 'party-joined', agentId, detail });
const leaves: Mark = { atMs: 1, what: 'party-left', agentId: 'sue', detail: 'monitor' };
const takesOver: Mark = { atMs: 1, what: 'transferred', agentId: 'sue', detail: 'take-over' };
const answers: Mark = { atMs: 1, what: 'agent-answered', agentId: 'anna' };

test.each([
  ['listens and goes', [answers, joins('listen'), leaves], [answers]],
  ['listens and whispers to the end', [answers, joins('listen'), joins('whisper')], [answers]],
  ['listens, is heard, and goes', [joins('listen'), joins('barge'), leaves], [joins('barge'), leaves]],
  ['is heard, listens again and goes', [joins('barge'), joins('listen'), leaves], [joins('barge'), leaves]],
  [
    'listens, is heard, listens, is heard',
    [joins('listen'), joins('barge'), joins('listen'), joins('barge')],
    [joins('barge'), leaves, joins('barge')],
  ],
  ['listens and takes over', [joins('listen'), takesOver, leaves], [takesOver, leaves]],
  ['joins as a colleague', [joins('conference'), leaves], [joins('conference'), leaves]],
  ['listens while a colleague comes', [joins('listen'), joins('conference', 'bert'), leaves], [joins('conference', 'bert')]],
])('to the agents of a call, who %s', (_who, history, shown) => {
  expect(historyForAgents(history)).toEqual(shown);
});
