import { CallCentreError } from '../../shared/domain/failure.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import type { QueueStore, StateLog, WaitStore } from '../ports.js';
import { overflowCircle, Queue } from '../queue.js';
import { dayOf, differencesOf, figuresOf, outcomesOf } from './replay-day.js';
import { replay, type ReplayedDay, type ReplayOutcome, type ReplayRules } from './replay.js';

/** An agent who began work up to this long before midnight counts as at work when the day begins. */
const BEFORE_MS = 16 * 3_600_000;
const DIFFERENCES = 100;

export interface ReplayHttp {
  readonly queues: Pick<QueueStore, 'all' | 'skills'>;
  readonly waits: Pick<WaitStore, 'ofDay'>;
  readonly states: Pick<StateLog, 'between'>;
  readonly places: Pick<PlaceReach, 'queues'>;
  /** The first moments of a date and of the next date, in the site's zone. */
  readonly boundsOf: (date: string) => { readonly from: Date; readonly to: Date };
}

/** Replays stored days under changed rules, one at a time. */
export function createReplayRoutes({ queues, waits, states, places, boundsOf }: ReplayHttp): Route[] {
  let busy = false;

  async function changedRules(today: ReplayRules, changes: readonly unknown[]): Promise<readonly Queue[]> {
    const rules = new Map(today.queues.map((queue) => [queue.id, queue]));
    for (const change of changes) {
      const parsed = Queue.safeParse(change);
      if (!parsed.success)
        throw new CallCentreError('invalid-request', 'A queue is not valid.', {
          details: parsed.error.issues.map(({ path, message }) => ({ at: path.join('.'), message })),
        });
      rules.set(parsed.data.id, parsed.data);
    }
    for (const queue of rules.values())
      if (overflowCircle(queue, rules) !== undefined) throw new CallCentreError('invalid-request', 'The overflow goes round in a circle.');
    return [...rules.values()];
  }

  return [
    route('POST /routing/replay', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body }) => {
        if (busy) throw new CallCentreError('busy', 'Another day is being replayed.');
        busy = true;
        try {
          const { from, to } = boundsOf(body.day);
          const [all, held, entries, log] = await Promise.all([
            queues.all(),
            queues.skills(),
            waits.ofDay(from, to),
            states.between(new Date(from.getTime() - BEFORE_MS), to),
          ]);
          const today: ReplayRules = { queues: all, skills: held };
          const changed: ReplayRules = {
            queues: await changedRules(today, body.queues),
            skills: new Map([...held, ...Object.entries(body.skills)]),
          };
          const day = dayOf(entries, log, to.getTime());
          const really = outcomesOf(entries);
          const asIs = await drained(day, today);
          const after = await drained(day, changed);
          const mine = await places.queues(principal, 'read');
          const figures = (outcomes: readonly ReplayOutcome[], rules: ReplayRules) =>
            figuresOf(
              outcomes,
              rules.queues.filter(({ id }) => mine(id)),
            );
          return {
            day: body.day,
            calls: day.calls.length,
            agents: new Set(day.shifts.map(({ agentId }) => agentId)).size,
            really: figures(really, today),
            asIs: figures(asIs, today),
            changed: figures(after, changed),
            differences: differencesOf(
              really,
              asIs,
              after.filter(({ queueId }) => mine(queueId)),
              DIFFERENCES,
            ),
          };
        } finally {
          busy = false;
        }
      },
    }),
  ];
}

/** Runs the replay in steps, so that the process gets to other work in between. */
async function drained(day: ReplayedDay, rules: ReplayRules): Promise<ReplayOutcome[]> {
  const steps = replay(day, rules);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
