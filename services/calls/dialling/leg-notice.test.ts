import { describe, expect, test } from '@jest/globals';
import { connected, exampleCall, examplePermit, heardLeg } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from '../machine/advance.js';
import { numberParty, type Call, type Connected, type DialledLeg, type Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { dialledLeg } from './dialled-legs.js';
import type { Effect } from '../machine/effects.js';
import { mediaPlan } from '../media/media-plan.js';

const flow = Flow.parse({ noticePromptId: 'notice', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
const target = { to: 'number', number: '10010' } as const;
const asking: Connected = { ...connected, consult: { target, state: 'ringing', party: numberParty('4'), offer: undefined } };
const talking: Connected = { ...connected, consult: { target, state: 'talking', party: numberParty('4'), offer: undefined } };
const conference: Connected = { ...connected, mixed: true, parties: [{ id: numberParty('4'), role: 'talk' }] };
const handed: Stage = { kind: 'handed', by: 'anna', target: { to: 'number', legId: '4', number: '10010' } };
const dialling: Stage = { kind: 'dialling', legId: '4', number: '10010', otherwise: undefined };
const outside: Stage = { kind: 'outside', legId: '4', number: '10010' };

const ringing = dialledLeg('4', examplePermit, 600);
const callIn = (stage: Stage, leg: DialledLeg = ringing, changes: Partial<Call> = {}): Call =>
  exampleCall(flow, stage, { dialled: [leg], ...changes });

function after(call: Call, ...events: readonly CallEvent[]): { readonly call: Call; readonly effects: readonly Effect[] } {
  return events.reduce<{ call: Call; effects: readonly Effect[] }>(
    (now, event, at) => {
      const next = advance(now.call, event, 1_000 + at);
      if ('refused' in next) throw new Error(`${event.type}: ${next.refused}`);
      return next;
    },
    { call, effects: [] },
  );
}

const answers: CallEvent = { type: 'leg-answered', legId: '4' };
const presses: CallEvent = { type: 'leg-key', legId: '4', key: '9' };
const isHungUp = (effects: readonly Effect[]): boolean => effects.some((effect) => effect.do === 'hang-up-leg' && effect.legId === '4');
const tokenOf = ({ dialled = [] }: Call): string => dialled[0]?.speech?.token ?? 'none';
const heard = (call: Call): CallEvent => ({ type: 'prompt-ended', token: tokenOf(call) });

describe('a third party outside', () => {
  test.each([
    ['a consultation', asking, 'connected'],
    ['a transfer', handed, 'outside'],
    ['a flow or a queue', dialling, 'outside'],
  ] as const)('of %s hears the notice and the digit of refusal before it is joined', (_way, stage, joined) => {
    const told = after(callIn(stage), answers).call;
    expect(told.stage).toEqual(stage);
    expect(mediaPlan(told).legsHear.get('4')).toMatchObject({ kind: 'speech', prompts: ['notice', 'refusal-key'] });
    expect(JSON.stringify(mediaPlan(told).pairs)).not.toContain('number:4');
    const { call } = after(told, heard(told));
    expect(call.stage.kind).toBe(joined);
    expect(JSON.stringify(mediaPlan(call).pairs)).toContain('number:4');
    expect(call.dialled?.[0]).toMatchObject({ answeredAtMs: 1_000, noticeId: 'notice', noticeEndedAtMs: 1_000 });
  });

  test('whose notice cannot be played is hung up, and the caller is with the agent again', () => {
    const told = after(callIn(asking), answers).call;
    const { call, effects } = after(told, { type: 'prompt-ended', token: tokenOf(told), unheard: true });
    expect(call.stage).toEqual(connected);
    expect(isHungUp(effects)).toBe(true);
    expect(call.dialled?.[0]).toMatchObject({ failure: 'notice-unheard', endedAtMs: 1_000 });
  });

  test.each([
    ['a consultation', asking],
    ['a transfer', handed],
    ['a flow or a queue', dialling],
  ] as const)('that hangs up while it is told, in %s, is let go, and nothing more is played to it', (_way, stage) => {
    const told = after(callIn(stage), answers).call;
    const { call, effects } = after(told, { type: 'leg-ended', legId: '4' });
    expect(isHungUp(effects)).toBe(true);
    expect(mediaPlan(call).legsHear.has('4')).toBe(false);
  });

  test('of police, fire and ambulance is joined at once', () => {
    const { call } = after(callIn(asking, { ...ringing, emergency: true }), answers);
    expect(call.stage).toMatchObject({ consult: { state: 'talking' } });
    expect(advance(call, presses, 2_000)).toEqual({ refused: 'wrong-state' });
  });

  test('of which no permit says that it was dialled is never joined', () => {
    expect(advance(exampleCall(flow, asking), answers, 1_000)).toEqual({ refused: 'wrong-state' });
  });

  test('is still told when another process goes on with the call', () => {
    const told = after(callIn(handed), answers).call;
    expect(after(told, heard(told)).call.stage.kind).toBe('outside');
  });
});

describe('the digit of refusal', () => {
  test.each([
    ['during the notice of a consultation', asking, 'connected'],
    ['in a consultation', talking, 'connected'],
    ['in a conference', conference, 'connected'],
    ['during the notice of a transfer', handed, 'queued'],
    ['during the notice of a flow', dialling, 'queued'],
    ['alone with the caller', outside, 'queued'],
  ] as const)('%s: nobody is joined any more, the refusal is kept and confirmed, then the leg ends', (_when, stage, then) => {
    const before =
      stage === asking || stage === handed || stage === dialling ? after(callIn(stage), answers).call : callIn(stage, heardLeg('4'));
    const { call, effects } = after(before, presses);
    expect(call.stage.kind).toBe(then);
    expect(JSON.stringify(call.stage)).not.toContain('number:4');
    expect(effects[0]).toEqual({ do: 'keep-refusal', legId: '4' });
    expect(isHungUp(effects)).toBe(false);
    const plan = mediaPlan(call);
    expect(plan.legsHear.get('4')).toMatchObject({ kind: 'speech', prompts: ['refusal-confirmed'] });
    // The caller hears the agent, or music.
    expect(plan.callerHears.kind === 'silence').toBe(false);
    const said = after(call, heard(call));
    expect(isHungUp(said.effects)).toBe(true);
    expect(said.call.dialled?.[0]).toMatchObject({ refusedAtMs: 1_000, endedAtMs: 1_000, failure: 'refused-by-key' });
    expect(advance(call, presses, 2_000)).toEqual({ refused: 'wrong-state' });
  });

  test('tells the agent of a transfer what became of it', () => {
    const told = after(callIn(handed), answers).call;
    const ended = after(told, presses).effects.find((effect) => effect.do === 'publish' && effect.name === 'call.transfer-ended');
    expect(ended).toMatchObject({ event: { fromAgentId: 'anna', outcome: 'refused', queueId: 'service' } });
  });

  test('a caller in no queue is told that the number cannot be reached', () => {
    const { call } = after(callIn(outside, heardLeg('4'), { queueId: undefined }), presses);
    expect(call.stage).toMatchObject({ kind: 'closing', prompts: ['transfer-failed'] });
  });

  test('the far side may hang up before it has heard the confirmation', () => {
    const { call } = after(callIn(talking, heardLeg('4')), presses);
    const { effects, call: over } = after(call, { type: 'leg-ended', legId: '4' });
    expect(isHungUp(effects)).toBe(true);
    expect(over.stage).toEqual(connected);
  });

  test('no other digit means anything', () => {
    expect(advance(callIn(talking, heardLeg('4')), { type: 'leg-key', legId: '4', key: '1' }, 1_000)).toEqual({ refused: 'wrong-state' });
  });
});
