import type { Flow, FlowStep } from '../../../../../services/shared/contracts/calls/flow.js';

export interface Lead {
  readonly by: string;
  readonly to: string;
  /** For a menu: the digit; `by` is its label. */
  readonly key?: string;
}

export interface OutlineStep {
  readonly id: string;
  readonly step: FlowStep;
  /** Where it leads, each with the condition. */
  readonly leads: readonly Lead[];
  readonly reached: boolean;
}

/** The steps of a flow in the order in which a caller can meet them; unreachable ones come last. */
export function outlineOf(flow: Pick<Flow, 'start' | 'steps' | 'onClosed'>): OutlineStep[] {
  const order: string[] = [];
  const visit = (id: string): void => {
    const step = flow.steps[id];
    if (step === undefined || order.includes(id)) return;
    order.push(id);
    for (const { to } of leadsOf(step)) visit(to);
  };
  visit(flow.start);
  if (flow.onClosed !== undefined) visit(flow.onClosed);
  const rest = Object.keys(flow.steps).filter((id) => !order.includes(id));
  return [...order, ...rest].flatMap((id) => {
    const step = flow.steps[id];
    return step === undefined ? [] : [{ id, step, leads: leadsOf(step), reached: order.includes(id) }];
  });
}

function leadsOf(step: FlowStep): Lead[] {
  switch (step.kind) {
    case 'play':
      return [{ by: 'then', to: step.then }];
    case 'menu':
      return [
        ...Object.entries(step.keys).map(([key, { goTo, label }]) => ({ key, by: label, to: goTo })),
        { by: 'otherwise', to: step.otherwise },
      ];
    case 'queue':
      return [
        ...(step.onTimeout === undefined ? [] : [{ by: 'onTimeout', to: step.onTimeout }]),
        ...(step.onFull === undefined ? [] : [{ by: 'onFull', to: step.onFull }]),
        ...(step.onNoAgent === undefined ? [] : [{ by: 'onNoAgent', to: step.onNoAgent }]),
      ];
    case 'transfer':
      return step.otherwise === undefined ? [] : [{ by: 'notReached', to: step.otherwise }];
    case 'message':
    case 'callback':
    case 'hang-up':
      return [];
  }
}

/** The subject of a step, in one word or number. */
export function aboutOf(step: FlowStep): string {
  switch (step.kind) {
    case 'play':
    case 'menu':
    case 'message':
      return step.promptId;
    case 'queue':
    case 'callback':
      return step.queueId;
    case 'transfer':
      return step.number;
    case 'hang-up':
      return step.promptId ?? '';
  }
}
