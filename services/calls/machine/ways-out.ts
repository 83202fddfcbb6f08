import { agentParty, numberParty, type Call, type PartyId, type Speech, type Stage } from './call.js';
import { legsUp } from '../dialling/dialled-legs.js';
import type { Effect } from './effects.js';
import { DEFAULT_MAX_WAIT_MS } from '../stages/flow-steps.js';
import { PARK_FOR_MS } from '../stages/parking.js';
import { graceFor } from './parties.js';
import { ringTimer } from '../stages/queueing.js';
import { limit } from '../media/recording-pause.js';
import { agentOf } from './step.js';

type StartTimer = Extract<Effect, { do: 'start-timer' }>;

/**
 * What ends a stage when nobody acts. A clock names its timer, a speech its prompts, a person the party: none can be claimed without the
 * thing itself.
 */
export type WayOut =
  | { readonly by: 'clock'; readonly effects: readonly [StartTimer, ...Effect[]] }
  /** The end of a speech is always reported, even when it cannot be played. */
  | { readonly by: 'speech'; readonly speech: Speech }
  /** A command that always reports back. */
  | { readonly by: 'answer'; readonly to: 'answer' | 'dial' | 'ask-queue' }
  /** A party that is in the call and can leave it. A lost seat or leg leaves it too. */
  | { readonly by: 'person'; readonly who: PartyId; readonly effects: readonly Effect[] };

type LiveStage = Exclude<Stage, { kind: 'ended' }>;
export type WaysOut<S extends { readonly kind: string }> = {
  readonly [K in S['kind']]: (stage: Extract<S, { kind: K }>, call: Call, nowMs: number) => WayOut;
};

const clock = (first: StartTimer, ...more: readonly Effect[]): WayOut => ({ by: 'clock', effects: [first, ...more] });
const speech = ({ token, prompts }: Speech): WayOut => ({ by: 'speech', speech: { token, prompts } });

/** The way out of each stage. A stage without one does not compile. */
const ways: WaysOut<LiveStage> = {
  arriving: () => ({ by: 'answer', to: 'answer' }),
  playing: speech,
  survey: speech,
  closing: speech,
  menu: (stage, { flow }) => {
    const menu = flow.steps[stage.stepId];
    return stage.prompt === 'done' && menu?.kind === 'menu'
      ? clock({ do: 'start-timer', timer: 'menu', ms: menu.waitMs, token: stage.token })
      : speech(stage);
  },
  message: (stage) =>
    stage.speaking ? clock({ do: 'start-timer', timer: 'message', ms: stage.maxMs, token: stage.token }) : speech(stage),
  admitting: () => ({ by: 'answer', to: 'ask-queue' }),
  queued: (stage, call, nowMs) => {
    const asking = stage.announcing?.prompts === undefined ? stage.announcing?.token : undefined;
    return clock(...queueClocks(stage.stepId, call, nowMs), ...(asking === undefined ? [] : [{ do: 'ask-place', token: asking } as const]));
  },
  offered: (stage, call, nowMs) =>
    stage.answeredBy === undefined
      ? clock(...queueClocks(stage.stepId, call, nowMs), ...stage.offers.map(ringTimer))
      : { by: 'person', who: agentParty(stage.answeredBy), effects: [] },
  connected: (stage, { pause }) => ({
    by: 'person',
    who: agentParty(stage.agentId),
    effects: [
      ...(stage.away ? [graceFor(stage.agentId)] : []),
      ...stage.parties.flatMap(({ id, away }) => (away === true ? [graceFor(agentOf(id) ?? '')] : [])),
      ...(stage.consult?.away === true ? [graceFor(agentOf(stage.consult.party ?? '') ?? '')] : []),
      ...(stage.consult?.offer === undefined ? [] : [ringTimer(stage.consult.offer)]),
      ...(pause?.by === 'field' ? [limit(pause)] : []),
    ],
  }),
  handed: ({ target }, call) => (target.to === 'seat' ? clock(ringTimer(target.offer)) : dialled(target.legId, call)),
  dialling: ({ legId }, call) => dialled(legId, call),
  outside: ({ legId }) => ({ by: 'person', who: numberParty(legId), effects: [] }),
  calling: ({ notice }) => (notice === undefined ? { by: 'answer', to: 'dial' } : speech(notice)),
  parked: ({ token }, call, nowMs) =>
    clock({ do: 'start-timer', timer: 'park', ms: Math.max(1_000, PARK_FOR_MS - sinceMs(call, 'parked', nowMs)), token }),
};

/** Until it is answered, then until its notice has ended. */
function dialled(legId: string, call: Call): WayOut {
  const told = legsUp(call).find((leg) => leg.legId === legId)?.speech;
  return told === undefined ? { by: 'answer', to: 'dial' } : speech(told);
}

const sinceMs = ({ history }: Pick<Call, 'history'>, mark: 'queued' | 'parked', nowMs: number): number =>
  nowMs - (history.findLast(({ what }) => what === mark)?.atMs ?? nowMs);

/** The timers for the rest of the longest wait and for the next announcement. */
function queueClocks(stepId: string | undefined, { flow, history }: Call, nowMs: number): readonly [StartTimer, ...StartTimer[]] {
  const queueStep = stepId === undefined ? undefined : flow.steps[stepId];
  const [maxWaitMs, announce] = queueStep?.kind === 'queue' ? [queueStep.maxWaitMs, queueStep.announce] : [DEFAULT_MAX_WAIT_MS];
  const waitedMs = sinceMs({ history }, 'queued', nowMs);
  return [
    { do: 'start-timer', timer: 'queue-wait', ms: Math.max(1_000, maxWaitMs - waitedMs), token: 'taken-over' },
    ...(announce === undefined ? [] : [{ do: 'start-timer', timer: 'announce', ms: announce.everyMs, token: 'taken-over' } as const]),
  ];
}

/** Undefined for a call that has ended. */
export function wayOut(call: Call, nowMs: number): WayOut | undefined {
  const { stage } = call;
  if (stage.kind === 'ended') return undefined;
  // The table is indexed by kind: the entry for a stage's kind accepts that stage.
  const way = ways[stage.kind] as (of: LiveStage, call: Call, nowMs: number) => WayOut;
  return way(stage, call, nowMs);
}
