import { z } from 'zod';
import { Flow, Hours, type FlowStep } from '../../shared/contracts/calls/flow.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import { PROOF_QUEUE } from '../../shared/domain/proof.js';
import { hoursProblems, type HoursProblem } from '../numbers/hours.js';
import type { QueueId } from '../../shared/domain/ids.js';

/** Objects that a flow may name. Undefined means that they are not known now and are not checked. */
export interface FlowSurroundings {
  readonly queueIds: readonly QueueId[] | undefined;
  /** The queues among them that have no member. */
  readonly unserved?: readonly string[];
  readonly hasPrompt: (promptId: string) => boolean;
  /** Numbers outside that the flow must not send calls to, because no destination in force has them. */
  readonly unregistered?: readonly string[];
}

/** A problem of a step or of one of its parts. The words are keys that pages translate. */
export interface FlowProblem {
  readonly where: string;
  readonly problem:
    | 'missing-step'
    | 'unreachable'
    | 'loop-without-wait'
    | 'unknown-queue'
    | 'unserved-queue'
    | 'unregistered-destination'
    | 'missing-prompt'
    | 'menu-without-keys'
    | HoursProblem['problem']
    | 'question-twice'
    | 'field';
  readonly detail: string;
}

/** Checks the content of an editor, even before it has the shape of a flow. A field with an invalid value is a problem of its step. */
export function checkDraft(draft: unknown, surroundings: FlowSurroundings): FlowProblem[] {
  const flow = Flow.safeParse(draft);
  if (flow.success) return checkFlow(flow.data, surroundings);
  const unfilled = flow.error.issues.map(({ path }): FlowProblem => {
    const [part = 'flow', step, ...rest] = path.map(String);
    if (part === 'steps' && step !== undefined) return { where: step, problem: 'field', detail: rest.join('.') };
    return ['hours', 'survey'].includes(part)
      ? { where: part, problem: 'field', detail: [step ?? '', ...rest].join('.') }
      : { where: 'flow', problem: 'field', detail: part };
  });
  // Hours are independent, so they are also checked while a step is being filled in.
  const { data: parts } = z.looseObject({ hours: Hours }).safeParse(draft);
  return [...unfilled, ...(parts === undefined ? [] : contradictions(parts.hours))];
}

const contradictions = (hours: Hours): FlowProblem[] =>
  hoursProblems(hours).map(({ problem, day }) => ({ where: 'hours', problem, detail: day }));

/** The numbers outside that a draft sends calls to. */
export function numbersOutside(draft: unknown): string[] {
  const flow = Flow.safeParse(draft);
  return flow.success ? Object.values(flow.data.steps).flatMap((each) => (each.kind === 'transfer' ? [each.number] : [])) : [];
}

interface Edge {
  readonly to: string;
  /** Set when the caller chose or waited. Without it the edge is taken automatically. */
  readonly waits: boolean;
}

/**
 * The problems of a flow before it goes live: steps that lead nowhere or are never reached, loops without a caller's choice, queues that
 * nobody serves, missing prompts, contradictory hours. An empty result is a flow that can go live.
 */
export function checkFlow(flow: Flow, surroundings: FlowSurroundings): FlowProblem[] {
  const steps = Object.entries(flow.steps);
  const problems: FlowProblem[] = [];
  const add = (where: string, problem: FlowProblem['problem'], detail: string): void => void problems.push({ where, problem, detail });
  const roots = [flow.start, ...(flow.onClosed === undefined ? [] : [flow.onClosed])];

  for (const root of roots) if (flow.steps[root] === undefined) add('start', 'missing-step', root);
  for (const [id, flowStep] of steps) {
    for (const { to } of edges(flowStep)) if (flow.steps[to] === undefined) add(id, 'missing-step', to);
    if (flowStep.kind === 'menu' && Object.keys(flowStep.keys).length === 0) add(id, 'menu-without-keys', '');
    if ((flowStep.kind === 'queue' || flowStep.kind === 'callback') && !isForCallers(flowStep.queueId, surroundings.queueIds))
      add(id, 'unknown-queue', flowStep.queueId);
    if (flowStep.kind === 'queue' && surroundings.unserved?.includes(flowStep.queueId) === true)
      add(id, 'unserved-queue', flowStep.queueId);
    if (flowStep.kind === 'transfer' && surroundings.unregistered?.includes(flowStep.number) === true)
      add(id, 'unregistered-destination', maskNumber(flowStep.number));
    for (const promptId of promptsOf(flowStep)) if (!surroundings.hasPrompt(promptId)) add(id, 'missing-prompt', promptId);
  }
  for (const promptId of [flow.noticePromptId, flow.musicPromptId, ...(flow.goodbyePromptId === undefined ? [] : [flow.goodbyePromptId])])
    if (!surroundings.hasPrompt(promptId)) add('flow', 'missing-prompt', promptId);

  const reached = reach(flow, roots);
  for (const [id] of steps) if (!reached.has(id)) add(id, 'unreachable', '');
  for (const [id] of steps) if (turnsByItself(flow, id)) add(id, 'loop-without-wait', '');

  if (flow.hours !== undefined) problems.push(...contradictions(flow.hours));
  const questions = flow.survey?.questions ?? [];
  for (const [index, { id, promptId }] of questions.entries()) {
    if (questions.findIndex((other) => other.id === id) < index) add('survey', 'question-twice', id);
    if (!surroundings.hasPrompt(promptId)) add('survey', 'missing-prompt', promptId);
  }
  return problems;
}

/** The queue of test calls is known without asking: it stays closed to callers also while routing does not answer. */
const isForCallers = (queueId: QueueId, known: readonly QueueId[] | undefined): boolean =>
  queueId !== PROOF_QUEUE && known?.includes(queueId) !== false;

function edges(flowStep: FlowStep): Edge[] {
  const going = (waits: boolean, ...targets: (string | undefined)[]): Edge[] =>
    targets.flatMap((to) => (to === undefined ? [] : [{ to, waits }]));
  switch (flowStep.kind) {
    case 'play':
      return going(false, flowStep.then);
    case 'menu':
      // A caller who presses nothing has not chosen: `otherwise` is taken automatically.
      return [...going(true, ...Object.values(flowStep.keys).map(({ goTo }) => goTo)), ...going(false, flowStep.otherwise)];
    case 'queue':
      return [...going(true, flowStep.onTimeout), ...going(false, flowStep.onFull, flowStep.onNoAgent)];
    case 'transfer':
      return going(false, flowStep.otherwise);
    case 'message':
    case 'callback':
    case 'hang-up':
      return [];
  }
}

function promptsOf(flowStep: FlowStep): string[] {
  switch (flowStep.kind) {
    case 'play':
    case 'message':
    case 'callback':
      return [flowStep.promptId];
    case 'menu':
      return [flowStep.promptId, flowStep.wrongKeyPromptId];
    case 'queue':
      return flowStep.announce?.promptId === undefined ? [] : [flowStep.announce.promptId];
    case 'hang-up':
      return flowStep.promptId === undefined ? [] : [flowStep.promptId];
    case 'transfer':
      return [];
  }
}

function reach(flow: Flow, roots: readonly string[], through: (edge: Edge) => boolean = () => true): Set<string> {
  const seen = new Set<string>();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const flowStep = flow.steps[id];
    if (flowStep === undefined || seen.has(id)) continue;
    seen.add(id);
    open.push(
      ...edges(flowStep)
        .filter(through)
        .map(({ to }) => to),
    );
  }
  return seen;
}

function turnsByItself(flow: Flow, id: string): boolean {
  const flowStep = flow.steps[id];
  if (flowStep === undefined) return false;
  const next = edges(flowStep)
    .filter(({ waits }) => !waits)
    .map(({ to }) => to);
  return reach(flow, next, ({ waits }) => !waits).has(id);
}
