import { describe, expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../shared/contracts/calls/flow.js';
import { advance } from '../machine/advance.js';
import { inboundCall } from './arrivals.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Effect, Step } from '../machine/effects.js';
import { mediaPlan } from '../media/media-plan.js';

const offer = { offerId: 'o1', agentId: 'anna', ringForMs: 20_000, autoAnswer: false };
const place = { relay: 'r', mediaCallId: 'c1', callerTag: 'A', farTag: 'far' };
const answered: CallEvent = { type: 'answered', ledgerNumber: 7, media: place };
const full: CallEvent = { type: 'not-admitted', reason: 'queue-full' };

const names = (effects: readonly Effect[]): string[] => effects.map((effect) => (effect.do === 'publish' ? effect.name : effect.do));

function arriving(changes: { readonly noticeMode?: 'while-ringing' | 'before-queue'; readonly open?: boolean } = {}): Step {
  const flow = Flow.parse({
    noticeMode: changes.noticeMode ?? 'while-ringing',
    start: 'service',
    steps: { service: { kind: 'queue', queueId: 'service', maxWaitMs: 1_000, announce: { everyMs: 30_000 } } },
  });
  const number = ServiceNumber.parse({ number: '4001000', name: 'n', status: 'in-service', language: 'en', flow, flowVersion: 1 });
  const given = {
    id: 'c1',
    trunkId: 't1',
    callerNumber: '13800000001',
    called: '4001000',
    callerPriority: 0,
    callbackBarred: false,
    atMs: 1_000,
  };
  return inboundCall({ ...given, number, open: changes.open ?? true });
}

/** Applies the events one after the other; fails on one that is refused. */
function after(step: Step, ...events: readonly CallEvent[]): Step {
  return events.reduce((last, event) => {
    const next = advance(last.call, event, 1_010);
    if ('refused' in next) throw new Error(`${event.type} was refused: ${next.refused}`);
    return next;
  }, step);
}

const token = (step: Step, timer: string): string => {
  const started = step.effects.find((effect) => effect.do === 'start-timer' && effect.timer === timer);
  return started?.do === 'start-timer' ? started.token : '';
};

describe('a notice beside the queue', () => {
  const flow = Flow.parse({
    noticeMode: 'while-ringing',
    start: 'first',
    steps: {
      first: { kind: 'queue', queueId: 'first', onFull: 'leave', onNoAgent: 'wait' },
      wait: { kind: 'play', promptId: 'please-wait', then: 'second' },
      second: { kind: 'queue', queueId: 'second' },
      leave: { kind: 'message', promptId: 'message-intro' },
    },
  });
  const number = ServiceNumber.parse({ number: '4001000', name: 'n', status: 'in-service', language: 'en', flow, flowVersion: 1 });
  const arrived = inboundCall({
    ...{ id: 'c1', trunkId: 't1', callerNumber: '13800000001', called: '4001000', callerPriority: 0, callbackBarred: false, atMs: 1_000 },
    ...{ number, open: true },
  });
  const noAgent: CallEvent = { type: 'not-admitted', reason: 'no-agent' };

  test('is heard out before the prompt that follows when the queue takes nobody, and an agent of the next queue is joined after it', () => {
    const refused = after(arrived, answered, noAgent);
    expect(mediaPlan(refused.call).callerHears).toEqual({ kind: 'speech', token: 'notice', prompts: [flow.noticePromptId] });
    const heard = after(refused, { type: 'prompt-ended', token: 'notice' });
    expect(heard.call).toMatchObject({ notice: 'done', stage: { kind: 'playing', prompts: ['please-wait'] } });
    const token = heard.call.stage.kind === 'playing' ? heard.call.stage.token : '';
    const waiting = after(heard, { type: 'prompt-ended', token }, { type: 'admitted' }, { type: 'offer', offer });
    expect(after(waiting, { type: 'agent-answered', agentId: 'anna', offerId: 'o1' }).call.stage.kind).toBe('connected');
  });

  test('is heard out before a message is recorded', () => {
    const refused = after(arrived, answered, full);
    expect(refused.call.stage).toMatchObject({ kind: 'playing', what: 'notice' });
    expect(after(refused, { type: 'prompt-ended', token: 'notice' }).call).toMatchObject({ notice: 'done', stage: { kind: 'message' } });
  });

  test('may be hung up on by the agent who has answered beside it: the caller waits on', () => {
    const answering = after(
      arriving(),
      answered,
      { type: 'admitted' },
      { type: 'offer', offer },
      { type: 'agent-answered', agentId: 'anna', offerId: 'o1' },
    );
    expect(after(answering, { type: 'hang-up', agentId: 'anna' }).call.stage.kind).toBe('queued');
  });
});

describe('a caller whose flow begins with a queue', () => {
  test('is queued and rings while the call is being answered, and hears the notice after it', () => {
    const arrived = arriving();
    expect(names(arrived.effects)).toEqual(['call.arrived', 'answer', 'ask-queue']);
    const rings = after(arrived, { type: 'admitted' }, { type: 'offer', offer });
    expect(rings.call).toMatchObject({ answered: false, stage: { kind: 'offered' } });
    const heard = after(rings, answered);
    expect(heard.call).toMatchObject({ answered: true, notice: 'playing', ledgerNumber: 7, stage: { kind: 'offered' } });
    expect(names(heard.effects)).toEqual(['call.answered']);
  });

  test('is joined to an agent who was quicker than the answer only when the notice has been heard', () => {
    const quick = after(
      arriving(),
      { type: 'admitted' },
      { type: 'offer', offer },
      { type: 'agent-answered', agentId: 'anna', offerId: 'o1' },
    );
    expect(quick.call.stage).toMatchObject({ kind: 'offered', answeredBy: 'anna' });
    expect(after(quick, answered, { type: 'prompt-ended', token: 'notice' }).call.stage.kind).toBe('connected');
  });

  test('leaves queue and seat when the call cannot be answered, or the caller has gone', () => {
    const rings = after(arriving(), { type: 'admitted' }, { type: 'offer', offer });
    const undone = ['cancel-timer', 'cancel-timer', 'call.dequeued', 'call.offer-ended', 'call.visit-ended', 'finish', 'call.ended'];
    const failed = after(rings, { type: 'answer-failed', failure: 'no-common-codec' });
    expect(failed.call.stage).toMatchObject({ kind: 'ended', cause: 'no-common-codec' });
    expect(names(failed.effects)).toEqual(undone);
    const gone = after(rings, { type: 'caller-hung-up' });
    expect(gone.call.stage).toMatchObject({ kind: 'ended', cause: 'abandoned-ringing' });
    expect(names(gone.effects)).toEqual(undone);
  });

  test('is told that the queue is full when there is somebody to tell', () => {
    const told = after(arriving(), full, answered, full);
    expect(told.call.stage).toMatchObject({ kind: 'closing', cause: 'queue-full' });
    expect(after(arriving(), answered, full).call.stage).toMatchObject({ kind: 'closing', cause: 'queue-full' });
  });

  test('is not sent on before the call is answered, however short the longest wait is', () => {
    const waiting = after(arriving(), { type: 'admitted' });
    const late = after(waiting, { type: 'timer', timer: 'queue-wait', token: token(waiting, 'queue-wait') });
    expect(late.call.stage.kind).toBe('queued');
    expect(names(late.effects)).toEqual(['start-timer']);
    expect(advance(waiting.call, { type: 'overflow', overflow: { to: 'message' } }, 1_010)).toEqual({ refused: 'wrong-state' });
    const over = after(late, answered, { type: 'timer', timer: 'queue-wait', token: token(late, 'queue-wait') });
    expect(over.call.stage).toMatchObject({ kind: 'closing', cause: 'queue-timeout' });
  });

  test.each([
    ['the notice comes first', { noticeMode: 'before-queue' }],
    ['it is closed', { open: false }],
  ] as const)('is answered before anything else when %s', (_why, changes) => {
    const arrived = arriving(changes);
    expect(names(arrived.effects)).toEqual(['call.arrived', 'answer']);
    expect(arrived.call.stage.kind).toBe('arriving');
  });
});
