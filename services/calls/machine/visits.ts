import type { Visit } from '../../shared/records/call.js';
import type { OpenVisit, Call } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Effect, Step } from './effects.js';
import type { CallId } from '../../shared/domain/ids.js';

/** The id of a visit: the id of the call, and the place among the visits of the call. */
export const visitIdOf = (callId: CallId, place: number): string => `${callId}-${String(place)}`;

/** The next visit of a call to a queue. `returned`: an agent of this queue has answered the call before. */
export const openVisit = ({ visits = [], visit }: Pick<Call, 'visits' | 'visit'>, opened: Omit<OpenVisit, 'place'>): OpenVisit => ({
  place: visits.length + (visit === undefined ? 1 : 2),
  ...opened,
});

/**
 * Closes the visit that the step ended, and publishes it. This is the only place where a visit ends: the outcome follows from the states
 * before and after and from the event, so that no way out of a queue can be forgotten.
 */
export function withVisits(before: Call, { call, effects }: Step, event: CallEvent, atMs: number): Step {
  const ended = endedVisit(before, call, effects, event, atMs);
  if (ended === undefined) return { call, effects };
  const { trunkId, called, direction } = call;
  const published: Effect = {
    do: 'publish',
    name: 'call.visit-ended',
    event: { visitId: visitIdOf(call.id, ended.place), ...ended, trunkId, called, direction, class: call.class ?? 'service' },
  };
  const closed: Call = { ...call, visits: [...(call.visits ?? []), ended], ...(isOver(call) ? { visit: undefined } : {}) };
  return { call: closed, effects: insertBeforeEnd(effects, published) };
}

/** Parts that hear about the end of a call, or read its record, have heard about its visits before. */
function insertBeforeEnd(effects: readonly Effect[], published: Effect): Effect[] {
  const end = effects.findIndex((effect) => effect.do === 'finish');
  return end < 0 ? [...effects, published] : [...effects.slice(0, end), published, ...effects.slice(end)];
}

const publishes =
  (name: string) =>
  (effect: Effect): boolean =>
    effect.do === 'publish' && effect.name === name;

const isOver = ({ stage }: Call): boolean => stage.kind === 'ended';

function endedVisit(before: Call, now: Call, effects: readonly Effect[], event: CallEvent, atMs: number): Visit | undefined {
  const refused = refusedVisit(before, event, atMs);
  if (refused !== undefined) return refused;
  const { visit } = before;
  if (visit === undefined || (!isOver(now) && now.visit?.place === visit.place)) return undefined;
  const { sinceMs, place, ...entered } = visit;
  // A clock that is set back must not make a wait negative.
  const toMs = Math.max(sinceMs, atMs);
  return {
    ...entered,
    place,
    fromMs: sinceMs,
    toMs,
    waitMs: toMs - sinceMs,
    offers: before.history.filter((mark) => mark.what === 'offered' && mark.atMs >= sinceMs).length,
    ...outcomeOf(now, effects, event),
  };
}

/** A queue that is full, or that nobody serves, takes nobody: a visit without a wait. */
function refusedVisit({ stage, answered, visits = [] }: Call, event: CallEvent, atMs: number): Visit | undefined {
  if (stage.kind !== 'admitting' || event.type !== 'not-admitted' || !answered) return undefined;
  return {
    queueId: stage.queueId,
    place: visits.length + 1,
    fromMs: atMs,
    toMs: atMs,
    waitMs: 0,
    offers: 0,
    returned: false,
    priority: 0,
    skills: {},
    outcome: 'refused',
    detail: event.reason,
  };
}

type Ended = Pick<Visit, 'outcome' | 'agentId' | 'detail'>;

function outcomeOf(now: Call, effects: readonly Effect[], event: CallEvent): Ended {
  const { stage } = now;
  if (stage.kind === 'connected') return { outcome: 'answered', agentId: stage.agentId };
  if (event.type === 'caller-hung-up') return { outcome: 'abandoned' };
  if (effects.some(publishes('call.callback-asked'))) return { outcome: 'callback' };
  if (stage.kind === 'ended' || stage.kind === 'closing') return { outcome: 'lost', detail: stage.cause };
  return { outcome: 'overflow', detail: wayOn(now) };
}

/** Where a caller goes who leaves the queue: the queue, or the next destination. */
function wayOn({ stage }: Call): string {
  switch (stage.kind) {
    case 'admitting':
    case 'queued':
      return `queue:${stage.queueId}`;
    case 'dialling':
      return 'number';
    default:
      return stage.kind;
  }
}
