import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { Call, DialledLeg } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Effect, Step } from '../machine/effects.js';

/** The call's own leg to the far end, in an outbound call. */
export const OWN_LEG = 'far';

export const dialledLeg = (legId: string, permit: DialPermit, atMs: number): DialledLeg => ({
  legId,
  attemptId: permit.permitId,
  way: permit.way,
  trunkId: permit.trunkId,
  from: permit.from,
  numberMasked: permit.numberMasked,
  numberHash: permit.numberHash,
  number: permit.number,
  longestMs: permit.longestMs,
  ...(permit.agentId === undefined ? {} : { agentId: permit.agentId }),
  ...(permit.rulesVersion === undefined ? {} : { rulesVersion: permit.rulesVersion }),
  ...(permit.freeReason === undefined ? {} : { freeReason: permit.freeReason }),
  ...(permit.emergency === true ? { emergency: true as const } : {}),
  atMs,
});

/** Moves a leg to another trunk; an outbound call whose own leg moves belongs to that trunk from then on. */
export function legMoved(
  { dialled = [], direction, trunkId: before }: Call,
  { legId, trunkId, from }: Extract<CallEvent, { type: 'leg-moved' }>,
): Pick<Call, 'dialled' | 'trunkId'> {
  const moved = dialled.map((leg) =>
    leg.legId === legId && leg.endedAtMs === undefined ? { ...leg, trunkId, from, silent: undefined } : leg,
  );
  return { dialled: moved, trunkId: direction === 'outbound' && legId === OWN_LEG ? trunkId : before };
}

type Times = Pick<DialledLeg, 'ringingAtMs' | 'answeredAtMs' | 'endedAtMs' | 'failure' | 'silent'>;

/** Whether the carrier of the far end of an outbound call has not said a word, not even that it has the call. */
export const isFarSilent = ({ dialled = [] }: Call): boolean =>
  dialled.some(({ legId, silent, endedAtMs }) => legId === OWN_LEG && silent === true && endedAtMs === undefined);

/** What an event says about a leg outside. */
function saidOf(event: CallEvent, outbound: boolean, atMs: number): { readonly legId: string; readonly times: Times } | undefined {
  switch (event.type) {
    case 'leg-silent':
      return { legId: event.legId, times: { silent: event.isSilent ? true : undefined } };
    case 'leg-alerted':
      return { legId: event.legId, times: { ringingAtMs: atMs } };
    case 'far-alerted':
      return event.rings ? { legId: OWN_LEG, times: { ringingAtMs: atMs } } : undefined;
    case 'leg-answered':
      return { legId: event.legId, times: { answeredAtMs: atMs } };
    case 'leg-failed':
      return { legId: event.legId, times: { endedAtMs: atMs, failure: event.failure } };
    case 'leg-ended':
      return { legId: event.legId, times: { endedAtMs: atMs, ...(event.cause === undefined ? {} : { failure: event.cause }) } };
    case 'answered':
      return outbound ? { legId: OWN_LEG, times: { answeredAtMs: atMs } } : undefined;
    case 'answer-failed':
      return outbound ? { legId: OWN_LEG, times: { endedAtMs: atMs, failure: event.failure } } : undefined;
    default:
      return undefined;
  }
}

/** Keeps when each leg outside was answered and when it ended, whatever the call made of the event. */
export function withLegTimes({ call, effects }: Step, event: CallEvent, atMs: number): Step {
  if (call.dialled === undefined) return { call, effects };
  const said = saidOf(event, call.direction === 'outbound', atMs);
  const hungUp = effects.flatMap((effect) => (effect.do === 'hang-up-leg' ? [effect.legId] : []));
  const over = ({ legId }: DialledLeg): boolean => call.stage.kind === 'ended' || hungUp.includes(legId);
  const dialled = call.dialled.map((leg): DialledLeg => {
    if (leg.endedAtMs !== undefined) return leg;
    const next = said?.legId === leg.legId ? { ...leg, ...said.times } : leg;
    return next.endedAtMs === undefined && over(leg) ? { ...next, endedAtMs: atMs } : next;
  });
  return { call: { ...call, dialled }, effects: call.class === 'test' ? effects : effects.map((effect) => toldLegs(effect, dialled)) };
}

/** The end of a call says what became of its legs. */
function toldLegs(effect: Effect, dialled: readonly DialledLeg[]): Effect {
  if (effect.do !== 'publish' || effect.name !== 'call.ended') return effect;
  const textOf = (atMs: number): string => new Date(atMs).toISOString();
  const legs = dialled.map(({ attemptId, trunkId, atMs, ringingAtMs, answeredAtMs, failure }) => ({
    ...{ attemptId, trunkId, at: textOf(atMs) },
    ...(ringingAtMs === undefined ? {} : { ringingAt: textOf(ringingAtMs) }),
    ...(answeredAtMs === undefined ? {} : { answeredAt: textOf(answeredAtMs) }),
    ...(failure === undefined ? {} : { failure }),
  }));
  return { ...effect, event: { ...effect.event, legs } };
}

/** The legs that are still up on the wire, for a process that takes the call over. */
export const legsUp = ({ dialled = [] }: Call): readonly DialledLeg[] =>
  dialled.filter(({ answeredAtMs, endedAtMs }) => answeredAtMs !== undefined && endedAtMs === undefined);
