import { expect, test } from '@jest/globals';
import { contradictionsOf, type OtherOwners, type OwnRecord } from './contradictions.js';

const START_MS = Date.parse('2026-12-01T01:00:00.000Z');
const at = (seconds: number): Date => new Date(START_MS + seconds * 1_000);
const visit = { place: 1, queueId: 'q', fromMs: 0, toMs: 0, offers: 1, returned: false, priority: 0, skills: {} };

const call: OwnRecord = {
  ...{ _id: 'c1', direction: 'inbound', class: 'service', invitedAt: at(0), answeredAt: at(1), endedAt: at(90) },
  ...{ agentIds: ['li'], talks: [{ agentId: 'li', from: at(30), to: at(90) }] },
  visits: [{ ...visit, waitMs: 20_000, outcome: 'answered', agentId: 'li' }],
};
const others: OtherOwners = {
  onCall: [{ agentId: 'li', at: at(30), untilAt: at(91) }],
  isStateKept: true,
  visits: [{ outcome: 'answered', waitMs: 20_000, agentId: 'li' }],
  recording: { startedAt: at(1).toISOString(), durationMs: 89_000, agentIds: ['li'], isKnown: true },
  ledger: { callId: 'c1', state: 'accounted', answeredAt: at(1).toISOString(), endedAt: at(90).toISOString() },
};
const abandoned: OtherOwners = {
  ...{ ...others, onCall: [], visits: [{ outcome: 'abandoned', waitMs: 60_000 }] },
  recording: { ...others.recording!, agentIds: [] },
};
const moved = (byS: number): OwnRecord => ({
  ...{ ...call, invitedAt: at(byS), answeredAt: at(byS + 1), endedAt: at(byS + 90) },
  talks: [{ agentId: 'li', from: at(byS + 30), to: at(byS + 90) }],
});

test.each<[string, OwnRecord, OtherOwners, RegExp[]]>([
  ['agrees', call, others, []],
  ['was abandoned, and is said to be answered', call, abandoned, [/no agent was in it/, /routing says abandoned/, /names none/]],
  ['was answered, and is said to be abandoned', { ...call, agentIds: [], talks: [] }, others, [/nobody answered/]],
  ['is moved by an hour', moved(-3_600), others, [/no agent was in it/, /outside of it/, /other times/]],
  [
    'has a shorter wait',
    { ...call, visits: [{ ...call.visits[0]!, waitMs: 1_000 }] },
    others,
    [/answered 1000 li, and routing says answered 20000 li/],
  ],
  [
    'was answered by another agent than its states say',
    call,
    { ...others, onCall: [{ agentId: 'wang', at: at(30) }] },
    [/no agent was in it/],
  ],
  ['was handled by two agents', { ...call, talks: [...call.talks, { agentId: 'wang', from: at(60), to: at(90) }] }, others, []],
  ['is older than the states', call, { ...others, onCall: [], isStateKept: false }, []],
  ['is older than the visits of routing', call, { ...others, visits: [] }, []],
  [
    'was recorded before its record was written',
    call,
    { ...others, recording: { ...others.recording!, agentIds: [], isKnown: false } },
    [],
  ],
  ['lost its recording', call, { onCall: others.onCall, isStateKept: true, visits: others.visits }, []],
  [
    'went out, was dialled by an agent, and was never answered',
    { ...call, direction: 'outbound', answeredAt: undefined, agentIds: [], talks: [], visits: [] },
    { onCall: others.onCall, isStateKept: true, visits: [] },
    [],
  ],
  ['is a practice call', { ...call, class: 'test' }, { ...others, onCall: [] }, []],
  ['has machines whose clocks differ by some seconds', call, { ...others, onCall: [{ agentId: 'li', at: at(35), untilAt: at(97) }] }, []],
  ['was never answered by its record', { ...moved(0), answeredAt: undefined }, others, [/never answered/]],
])('a call that %s', (_what, own, other, expected) => {
  expect(contradictionsOf(own, other).map(({ en }) => en)).toEqual(expected.map((words) => expect.stringMatching(words)));
});
