import { type Complaint } from '../cases/complaint.js';

/** The steps in a case that follow from time alone. */
export type ClockStep = 'reminded' | 'escalated' | 'overdue' | 'given-back' | 'hold-released';

/** After this time without any action, a case in hand goes back to all. */
export const GIVE_BACK_AFTER_MS = 3 * 86_400_000;

export const CLOCK = 'system:clock';

/** The future steps, each with its moment, earliest first. */
export function stepsToCome(complaint: Complaint): { readonly step: ClockStep; readonly at: Date }[] {
  const steps = [...ofClock(complaint), ...ofWork(complaint), ...ofHold(complaint)];
  return steps.sort((a, b) => a.at.getTime() - b.at.getTime());
}

type Steps = { readonly step: ClockStep; readonly at: Date }[];

function ofClock({ clocks, joinedInto }: Complaint): Steps {
  const clock = clocks.at(-1);
  if (clock === undefined || clock.stoppedAt !== undefined || joinedInto !== undefined) return [];
  const { targetAt, dueAt } = clock;
  const middle = new Date((targetAt.getTime() + dueAt.getTime()) / 2);
  return [
    ...(clock.remindedAt === undefined ? [{ step: 'reminded' as const, at: targetAt }] : []),
    ...(clock.escalatedAt === undefined ? [{ step: 'escalated' as const, at: middle }] : []),
    ...(clock.overdueAt === undefined ? [{ step: 'overdue' as const, at: dueAt }] : []),
  ];
}

/** Reminders are not work: only actions of people count. */
function ofWork({ state, actions, sending }: Complaint): Steps {
  if (state !== 'in-hand' || sending !== undefined) return [];
  const last = actions.findLast(({ by }) => by !== CLOCK);
  return last === undefined ? [] : [{ step: 'given-back', at: new Date(last.at.getTime() + GIVE_BACK_AFTER_MS) }];
}

const ofHold = ({ holdUntil }: Complaint): Steps => (holdUntil === undefined ? [] : [{ step: 'hold-released', at: holdUntil }]);

/** The steps that are due at `now`: each once and in order, also after a time in which the process was down. */
export const dueSteps = (complaint: Complaint, now: Date): ClockStep[] =>
  stepsToCome(complaint)
    .filter(({ at }) => at <= now)
    .map(({ step }) => step);

/** The case after the steps, as one change. */
export function takeSteps(complaint: Complaint, steps: readonly ClockStep[], at: Date): Complaint {
  const next = steps.reduce((current, step) => take(current, step, at), complaint);
  return { ...next, revision: complaint.revision + 1 };
}

function take(complaint: Complaint, step: ClockStep, at: Date): Complaint {
  const actions = [...complaint.actions, { at, by: CLOCK, what: step }];
  switch (step) {
    case 'given-back': {
      const { owner: _owner, ...rest } = complaint;
      return { ...rest, state: 'open', actions };
    }
    case 'hold-released': {
      const { holdUntil: _holdUntil, ...rest } = complaint;
      return { ...rest, actions };
    }
    default: {
      const field = `${step}At` as const;
      const clocks = complaint.clocks.map((clock, i) => (i === complaint.clocks.length - 1 ? { ...clock, [field]: at } : clock));
      return { ...complaint, clocks, actions };
    }
  }
}
