import type { FlowStep } from '../../shared/contracts/calls/flow.js';
import type { Call, Overflowing, Speech, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Step, Effect } from '../machine/effects.js';
import { after, end, iso, nextToken, refuse, sayAndEnd, saying, step } from '../machine/step.js';
import type { QueueId } from '../../shared/domain/ids.js';

export const DEFAULT_MAX_WAIT_MS = 900_000;
const NO_MORE_STEPS = 'all-busy';
/** For a message that a queue's overflow asks for in a flow without a message step. */
const MESSAGE_MS = 120_000;

/** The queue that a caller joins from the first moment, when the flow begins with one and the notice is played while the seats ring. */
function firstQueue({ flow, open }: Call): string | undefined {
  const first = open ? flow.steps[flow.start] : undefined;
  return flow.noticeMode === 'while-ringing' && first?.kind === 'queue' ? first.queueId : undefined;
}

/** A place in the queue needs no media: such a caller is queued, and seats ring, while the call is still being answered. */
export function arrive(call: Call): Step {
  const queueId = firstQueue(call);
  const answer: Effect = { do: 'answer' };
  return queueId === undefined ? step(call, {}, [answer]) : after([answer], askQueue(call, queueId, call.flow.start));
}

/** The notice that is played while the caller is queued. Its token is the word `notice`, which no numbered speech has. */
export const besideNotice = ({ flow }: Call): Speech => ({ token: 'notice', prompts: [flow.noticePromptId] });

/** The notice continues while the caller is queued. */
export const noticeBeside = (call: Call, atMs: number): Step =>
  step(call, { notice: 'playing' }, [], [{ atMs, what: 'notice-started', detail: call.flow.noticePromptId }]);

/** The first thing that an answered caller hears: the notice, unless nothing beyond "closed" will be recorded. */
export function begin(call: Call, atMs: number): Step {
  const { flow } = call;
  if (!call.open && flow.onClosed === undefined) return sayAndEnd({ ...call, notice: 'done' }, 'closed', 'closed', 'system');
  const first = call.open ? flow.start : (flow.onClosed ?? flow.start);
  if (call.notice === 'done') return enter(call, first, atMs);
  if (flow.noticeMode === 'while-ringing' && flow.steps[first]?.kind === 'queue') {
    const noticed = noticeBeside(call, atMs);
    return after(noticed.effects, enter(noticed.call, first, atMs));
  }
  return saying(
    { ...call, notice: 'playing' },
    [flow.noticePromptId],
    (speech) => ({ kind: 'playing', what: 'notice', ...speech, then: first }),
    [{ atMs, what: 'notice-started', detail: flow.noticePromptId }],
  );
}

/** Goes to a step of the flow. A live flow names only existing steps. If one is missing, the caller hears a prompt and the call ends. */
export function enter(call: Call, stepId: string, atMs: number): Step {
  const flowStep = call.flow.steps[stepId];
  if (flowStep === undefined) return sayAndEnd(call, NO_MORE_STEPS, 'system-failure', 'system');
  if (call.notice === 'playing' && flowStep.kind !== 'queue' && flowStep.kind !== 'hang-up') return hearNoticeFirst(call, stepId);
  switch (flowStep.kind) {
    case 'play':
      return saying(call, [flowStep.promptId], (speech) => ({ kind: 'playing', what: 'prompt', ...speech, then: flowStep.then }));
    case 'menu':
      return openMenu(call, stepId, flowStep.promptId, 1);
    case 'queue':
      return askQueue(call, flowStep.queueId, stepId);
    case 'message':
      return takeMessage(call, flowStep.promptId, stepId, flowStep.maxMs);
    case 'callback':
      // A caller who cannot be called back waits instead, so that no promise is broken.
      if (call.callbackBarred === true) return askQueue(call, flowStep.queueId, undefined);
      return bookCallback(call, flowStep.queueId, flowStep.promptId, atMs);
    case 'transfer':
      return dialOut(call, 'flow', flowStep.number, flowStep.otherwise, atMs);
    case 'hang-up':
      return flowStep.promptId === undefined
        ? end(call, flowStep.cause, 'system', atMs)
        : sayAndEnd(call, flowStep.promptId, flowStep.cause, 'system');
  }
}

/** A notice that began while the caller was queued is heard out before anything else is said or recorded. */
const hearNoticeFirst = (call: Call, then: string | Overflowing): Step =>
  step(call, { stage: { kind: 'playing', what: 'notice', ...besideNotice(call), then } });

/**
 * Follows the overflow of a queue that does not take a caller, or no longer does. A step of the flow that says where to go takes
 * precedence.
 */
export function overflowing(call: Call, to: Overflowing, atMs: number): Step {
  const { overflow } = to;
  if (call.notice === 'playing' && (overflow.to === 'message' || overflow.to === 'number')) return hearNoticeFirst(call, to);
  switch (overflow.to) {
    case 'queue':
      return askQueue(call, overflow.queueId, to.stepId);
    case 'message':
      return takeMessage(call, 'message-intro', undefined, MESSAGE_MS);
    case 'callback':
      if (call.callbackBarred === true) return sayAndEnd(call, 'all-busy', to.cause, 'system');
      return bookCallback(call, to.queueId, 'callback-booked', atMs);
    case 'number':
      return dialOut(call, 'overflow', overflow.number, undefined, atMs);
    case 'hang-up':
      return sayAndEnd(call, 'all-busy', to.cause, 'system');
  }
}

const takeMessage = (call: Call, promptId: string, stepId: string | undefined, maxMs: number): Step =>
  saying(call, [promptId, 'beep'], (speech) => ({ kind: 'message', ...speech, stepId, maxMs, speaking: false }));

/** The caller is connected to a number outside; `otherwise` is the step for when it cannot be reached. */
export function dialOut(call: Call, way: 'flow' | 'overflow', number: string, otherwise: string | undefined, atMs: number): Step {
  const [turned, legId] = nextToken(call);
  return step(
    turned,
    { stage: { kind: 'dialling', legId, number, otherwise } },
    [{ do: 'dial', legId, number, by: { way } }],
    [{ atMs, what: 'transferred', detail: 'number' }],
  );
}

export const askQueue = (call: Call, queueId: QueueId, stepId: string | undefined): Step =>
  step(call, { stage: { kind: 'admitting', queueId, stepId }, queueId, avoid: [] }, [{ do: 'ask-queue', queueId }]);

const openMenu = (call: Call, stepId: string, promptId: string, tries: number, before: readonly string[] = []): Step =>
  saying(call, [...before, promptId], (speech) => ({ kind: 'menu', stepId, tries, ...speech, prompt: 'playing' }));

export function bookCallback(call: Call, queueId: QueueId, promptId: string, atMs: number): Step {
  const from = call.flow.steps[call.queueStepId ?? ''];
  const { priority, skills } = from?.kind === 'queue' ? from : { priority: 0, skills: {} };
  const wanted = { priority: priority + (call.callerPriority ?? 0), skills };
  const asked: Effect = {
    do: 'publish',
    name: 'call.callback-asked',
    event: { queueId, language: call.language, waitingSince: iso(call.waitingSinceMs ?? atMs), ...wanted, choices: [...call.choices] },
  };
  const said = sayAndEnd(call, promptId, 'callback-booked', 'system');
  return { call: said.call, effects: [asked, ...said.effects] };
}

/** `playing`, `menu` and `message`: the caller listens or presses keys. */
export function duringFlow(call: Call, event: CallEvent, atMs: number): Advance {
  const { stage } = call;
  switch (stage.kind) {
    case 'playing':
      return duringPrompt(call, stage, event, atMs);
    case 'menu':
      return duringMenu(call, stage, event, atMs);
    case 'message':
      return duringMessage(call, stage, event, atMs);
    default:
      return refuse('wrong-state');
  }
}

function duringPrompt(call: Call, stage: Extract<Stage, { kind: 'playing' }>, event: CallEvent, atMs: number): Advance {
  if (event.type !== 'prompt-ended' || event.token !== stage.token) return refuse('wrong-state');
  const heard: Call =
    stage.what === 'notice' ? { ...call, notice: 'done', history: [...call.history, { atMs, what: 'notice-ended' }] } : call;
  return typeof stage.then === 'string' ? enter(heard, stage.then, atMs) : overflowing(heard, stage.then, atMs);
}

function duringMenu(call: Call, stage: Extract<Stage, { kind: 'menu' }>, event: CallEvent, atMs: number): Advance {
  const menu = call.flow.steps[stage.stepId];
  if (menu?.kind !== 'menu') return refuse('wrong-state');
  if (event.type === 'prompt-ended' && event.token === stage.token)
    return step(call, { stage: { ...stage, prompt: 'done' } }, [{ do: 'start-timer', timer: 'menu', ms: menu.waitMs, token: stage.token }]);
  if (event.type === 'key') return pressed(call, stage, menu, event.key, atMs);
  if (event.type === 'timer' && event.timer === 'menu' && event.token === stage.token)
    return stage.tries >= menu.tries ? enter(call, menu.otherwise, atMs) : openMenu(call, stage.stepId, menu.promptId, stage.tries + 1);
  return refuse('wrong-state');
}

/** A key ends the prompt at once: nobody has to hear a menu out. */
function pressed(
  call: Call,
  stage: Extract<Stage, { kind: 'menu' }>,
  menu: Extract<FlowStep, { kind: 'menu' }>,
  key: string,
  atMs: number,
): Step {
  const choice = menu.keys[key];
  const quiet: Effect = { do: 'cancel-timer', timer: 'menu' };
  if (choice === undefined) {
    const next =
      stage.tries >= menu.tries
        ? enter(call, menu.otherwise, atMs)
        : openMenu(call, stage.stepId, menu.promptId, stage.tries + 1, [menu.wrongKeyPromptId]);
    return { call: next.call, effects: [quiet, ...next.effects] };
  }
  const chosen: Call = {
    ...call,
    language: choice.language ?? call.language,
    choices: [...call.choices, choice.label],
    history: [...call.history, { atMs, what: 'menu-choice', detail: `${stage.stepId}:${key}` }],
  };
  const next = enter(chosen, choice.goTo, atMs);
  return { call: next.call, effects: [quiet, ...next.effects] };
}

function duringMessage(call: Call, stage: Extract<Stage, { kind: 'message' }>, event: CallEvent, atMs: number): Advance {
  if (!stage.speaking && event.type === 'prompt-ended' && event.token === stage.token) {
    return step(
      call,
      { stage: { ...stage, speaking: true } },
      [{ do: 'start-timer', timer: 'message', ms: stage.maxMs, token: stage.token }],
      [{ atMs, what: 'message-started' }],
    );
  }
  // Any key, or the full length, ends the message.
  if (stage.speaking && (event.type === 'key' || (event.type === 'timer' && event.timer === 'message')))
    return sayAndEnd(call, 'message-thanks', 'message-left', 'system');
  return refuse('wrong-state');
}
