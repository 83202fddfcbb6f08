import type { Flow, FlowStep } from '../../../../../services/shared/contracts/calls/flow.js';
import type { FlowProblem } from '../../../../../services/shared/contracts/api/calls/numbers.js';
export type { FlowProblem };

/** The order in which an editor offers them. */
export const stepKinds = [
  'play',
  'menu',
  'queue',
  'message',
  'callback',
  'transfer',
  'hang-up',
] as const satisfies readonly FlowStep['kind'][];

/** The keys of a telephone, digits first. */
export const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
export const telephoneKeys: readonly string[] = [...digits, '*', '#'];

/** What an editor shows beside the steps. */
export const parts = ['flow', 'hours', 'survey'] as const;
export type Part = (typeof parts)[number];

/** A new step as it is first shown, with a sensible value wherever there is one. */
export function freshStep(kind: FlowStep['kind'], flow: Flow, queueId: string): FlowStep {
  switch (kind) {
    case 'play':
      return { kind, promptId: 'welcome', then: flow.start };
    case 'menu':
      return { kind, promptId: 'menu-main', keys: {}, waitMs: 6_000, tries: 3, wrongKeyPromptId: 'wrong-key', otherwise: flow.start };
    case 'queue':
      return freshQueueStep(queueId);
    case 'message':
      return { kind, promptId: 'message-intro', maxMs: 120_000 };
    case 'callback':
      return { kind, queueId, promptId: 'callback-booked' };
    case 'transfer':
      return { kind, number: '' };
    case 'hang-up':
      return { kind, promptId: 'goodbye', cause: 'completed' };
  }
}

/** The queue of a new flow or step: the site's first queue, never that of the test calls, in which callers would hear tones. */
export function firstQueue<Q extends { readonly id: string }>(queues: readonly Q[]): Q | undefined {
  return queues.find(({ id }) => id !== 'proof');
}

/** The shortest useful flow: into a queue. Without a queue callers are told that the centre is closed. */
export function flowInto(queueId: string | undefined): Pick<Flow, 'start' | 'steps'> {
  if (queueId === undefined) return { start: 'end', steps: { end: { kind: 'hang-up', promptId: 'closed', cause: 'closed' } } };
  return { start: 'queue', steps: { queue: freshQueueStep(queueId) } };
}

const freshQueueStep = (queueId: string): FlowStep => ({
  kind: 'queue',
  queueId,
  priority: 0,
  skills: {},
  maxWaitMs: 900_000,
  announce: { everyMs: 45_000, position: true, wait: false, promptId: 'please-wait' },
});

/** The flow with one more step, and the id of the step: its kind, with a number if that is taken. */
export function withNewStep(flow: Flow, kind: FlowStep['kind'], queueId: string): { readonly flow: Flow; readonly id: string } {
  let id: string = kind;
  for (let n = 2; flow.steps[id] !== undefined; n += 1) id = `${kind}-${n}`;
  return { flow: { ...flow, steps: { ...flow.steps, [id]: freshStep(kind, flow, queueId) } }, id };
}

export const withStep = (flow: Flow, id: string, step: FlowStep): Flow => ({ ...flow, steps: { ...flow.steps, [id]: step } });

/** Steps that led to the removed one now lead nowhere; the check shows this at each of them. */
export function withoutStep(flow: Flow, id: string): Flow {
  const { [id]: _gone, ...steps } = flow.steps;
  const { onClosed, ...rest } = flow;
  return { ...rest, steps, ...(onClosed === undefined || onClosed === id ? {} : { onClosed }) };
}

/** Renames a step with all references to it. Returns the same flow when the id is taken or invalid. */
export function renamed(flow: Flow, from: string, to: string): Flow {
  if (!/^[a-z0-9-]{1,40}$/.test(to) || flow.steps[to] !== undefined) return flow;
  const name = (id: string): string => (id === from ? to : id);
  const steps = Object.fromEntries(Object.entries(flow.steps).map(([id, step]) => [name(id), ledElsewhere(step, name)]));
  return { ...flow, start: name(flow.start), steps, ...(flow.onClosed === undefined ? {} : { onClosed: name(flow.onClosed) }) };
}

function ledElsewhere(step: FlowStep, name: (id: string) => string): FlowStep {
  switch (step.kind) {
    case 'play':
      return { ...step, then: name(step.then) };
    case 'menu':
      return {
        ...step,
        otherwise: name(step.otherwise),
        keys: Object.fromEntries(Object.entries(step.keys).map(([key, choice]) => [key, { ...choice, goTo: name(choice.goTo) }])),
      };
    case 'queue': {
      const { onTimeout, onFull, onNoAgent } = step;
      return {
        ...step,
        ...(onTimeout === undefined ? {} : { onTimeout: name(onTimeout) }),
        ...(onFull === undefined ? {} : { onFull: name(onFull) }),
        ...(onNoAgent === undefined ? {} : { onNoAgent: name(onNoAgent) }),
      };
    }
    case 'transfer':
      return step.otherwise === undefined ? step : { ...step, otherwise: name(step.otherwise) };
    case 'message':
    case 'callback':
    case 'hang-up':
      return step;
  }
}

/** Sets `value` under `name`, or removes it when there is none. */
export function withOptional<T extends object, K extends keyof T>(thing: T, name: K, value: T[K] | undefined): T {
  const { [name]: _before, ...rest } = thing;
  return (value === undefined ? rest : { ...rest, [name]: value }) as T;
}

/** Where a problem is shown: at its step, or at the part of the flow that has it. */
export function placeOf(flow: Flow, where: string): string {
  if (flow.steps[where] !== undefined || where === 'hours' || where === 'survey') return where;
  return 'flow';
}
