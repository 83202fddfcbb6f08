import { expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { connected, exampleCall, heardLeg } from '../../../test/support/centre/example-call.js';
import { advance } from '../machine/advance.js';
import type { Call, Stage } from '../machine/call.js';
import { callRecord } from '../records/record.js';

const AT_MS = 1_000;
const flow = Flow.parse({ start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
const supervisor = { supervisorId: 'sue', name: 'Sue', reason: 'threats' };
const end = { type: 'end', supervisor } as const;
const queued: Stage = { kind: 'queued', queueId: 'service', stepId: 'service', announcing: undefined };

function after(call: Call, event: Parameters<typeof advance>[1] = end) {
  const next = advance(call, event, AT_MS);
  if ('refused' in next) throw new Error(next.refused);
  return next;
}

test('the agent is free at once and reads who ended the call and why; the caller hears that it ends', () => {
  const next = after(exampleCall(flow, connected));
  expect(next.call.stage).toMatchObject({ kind: 'closing', prompts: ['ended-by-supervisor'], cause: 'completed', by: 'supervisor' });
  const decided = { by: 'Sue', reason: 'threats' };
  expect(next.effects).toContainEqual({
    do: 'publish',
    name: 'call.agent-left',
    event: { agentId: 'anna', reason: 'ended-by-supervisor', decided },
  });
  const { stage } = next.call;
  const over = after(next.call, { type: 'prompt-ended', token: 'token' in stage ? (stage.token ?? '') : '' });
  expect(over.effects).toContainEqual(
    expect.objectContaining({ name: 'call.ended', event: expect.objectContaining({ by: 'supervisor', decided }) }),
  );
  const record = callRecord(over.call, { sipCallId: 's', callerHash: undefined, sipStatus: 200, media: [] });
  expect(record).toMatchObject({ by: 'supervisor', cause: 'completed', decided: { supervisorId: 'sue', reason: 'threats' } });
});

test('a colleague in the conference reads it too, and whoever supervises does not', () => {
  const conference: Stage = {
    ...connected,
    mixed: true,
    parties: [
      { id: 'agent:bert', role: 'talk' },
      { id: 'agent:tom', role: 'talk', barged: true },
      { id: 'agent:sam', role: 'listen' },
    ],
  };
  const left = after(exampleCall(flow, conference)).effects.flatMap((effect) =>
    effect.do === 'publish' && effect.name === 'call.agent-left' ? [effect.event] : [],
  );
  const decided = { by: 'Sue', reason: 'threats' };
  expect(left.filter(({ agentId }) => agentId === 'anna' || agentId === 'bert')).toEqual(
    ['anna', 'bert'].map((agentId) => ({ agentId, reason: 'ended-by-supervisor', decided })),
  );
  expect(left.filter((each) => 'decided' in each)).toHaveLength(2);
});

test.each([
  ['passed it on', [{ atMs: 5, what: 'transferred', agentId: 'anna', detail: 'queue' }], false],
  ['parked it', [{ atMs: 5, what: 'parked', agentId: 'anna' }], false],
  [
    'has it again',
    [
      { atMs: 5, what: 'parked', agentId: 'anna' },
      { atMs: 6, what: 'agent-answered', agentId: 'anna' },
    ],
    true,
  ],
] as const)('an agent who %s is told what a supervisor decided only as long as the call is theirs', (_what, marks, isTold) => {
  const call = exampleCall(flow, queued, { answered: false, lastAgentId: 'anna', history: [...marks] });
  const [ended] = after(call).effects.flatMap((effect) => (effect.do === 'publish' && effect.name === 'call.ended' ? [effect.event] : []));
  expect('decided' in (ended ?? {})).toBe(isTold);
});

test('whoever made a transfer that a supervisor ends does not read that the caller has left', () => {
  const handed: Stage = {
    kind: 'handed',
    by: 'anna',
    target: { to: 'number', legId: '4', number: '13900000000' },
  } as unknown as Stage;
  const [outcome] = after(exampleCall(flow, handed)).effects.flatMap((effect) =>
    effect.do === 'publish' && effect.name === 'call.transfer-ended' ? [effect.event] : [],
  );
  expect(outcome).toMatchObject({ fromAgentId: 'anna', outcome: 'ended-by-supervisor' });
});

test('ended again while the caller hears that, the call is over, by whoever was first', () => {
  const again = after(after(exampleCall(flow, connected)).call, { type: 'end', supervisor: { ...supervisor, supervisorId: 'tom' } });
  expect(again.call).toMatchObject({ stage: { kind: 'ended', by: 'supervisor' }, endedBy: { supervisorId: 'sue' } });
});

test('a caller who hangs up meanwhile has not ended the call', () => {
  expect(after(after(exampleCall(flow, connected)).call, { type: 'caller-hung-up' }).call.stage).toMatchObject({ by: 'supervisor' });
});

test('nobody hears a goodbye before the call is answered; a call that nobody took was not reached', () => {
  expect(after(exampleCall(flow, queued, { answered: false })).call.stage).toMatchObject({ kind: 'ended', by: 'supervisor' });
  const rings = exampleCall(flow, { kind: 'calling', agentId: 'anna', legId: 'far' }, { direction: 'outbound', answered: false });
  expect(after(rings).call.stage).toMatchObject({ kind: 'ended', cause: 'far-no-answer', by: 'supervisor' });
});

test.each<[string, Partial<Call>]>([
  ['the agent called 110', { direction: 'outbound', outbound: { purpose: 'help', consentId: '', emergency: true } }],
  ['120 is consulted', { dialled: [heardLeg('4', { emergency: true })] }],
  ['119 calls', { callerNumber: '119' }],
  ['122 calls with the area code', { callerNumber: '010122' }],
])('an emergency call is never ended: %s', (_what, changes) => {
  for (const stage of [connected, queued])
    expect(advance(exampleCall(flow, stage, changes), end, AT_MS)).toEqual({ refused: 'emergency-call' });
});

test('once the emergency service has left, the call is like any other', () => {
  const call = exampleCall(flow, connected, { dialled: [heardLeg('4', { emergency: true, endedAtMs: 900 })] });
  expect(after(call).call.stage).toMatchObject({ kind: 'closing' });
});
