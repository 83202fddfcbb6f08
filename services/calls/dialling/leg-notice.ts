import type { Call, DialledLeg } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { OWN_LEG } from './dialled-legs.js';
import type { Advance, Step } from '../machine/effects.js';
import { REFUSAL_KEY } from '../stages/refusal-key.js';
import { after, nextToken, refuse, step } from '../machine/step.js';

/**
 * Prompts for a third party outside, whichever way it was dialled: the recording notice and the refusal digit before anybody is joined to
 * it, and the confirmation of its refusal before its leg ends. Meanwhile the stage of the call is as if the leg had not answered, or had
 * ended.
 */
export function besideStage(
  call: Call,
  event: CallEvent,
  atMs: number,
  go: (call: Call, event: CallEvent) => Advance,
): Advance | undefined {
  switch (event.type) {
    case 'leg-alerted':
    case 'leg-silent':
      return legUp(call, event.legId) === undefined ? refuse('wrong-state') : step(call, {});
    case 'leg-answered':
      return legAnswered(call, event.legId);
    case 'prompt-ended': {
      const leg = call.dialled?.find(({ speech }) => speech?.token === event.token);
      return leg?.speech === undefined ? undefined : speechEnded(call, leg, event.unheard === true, atMs, go);
    }
    case 'leg-ended':
    case 'leg-failed':
      return legEnded(call, event, go);
    case 'leg-key':
      return legPressed(call, event, atMs, go);
    default:
      return undefined;
  }
}

/** A leg that is up. No leg is joined, or heard, without a permit that says it was dialled. */
const legUp = ({ dialled = [] }: Call, legId: string): DialledLeg | undefined =>
  dialled.find((leg) => leg.legId === legId && leg.endedAtMs === undefined);

function withLeg(call: Call, legId: string, changes: Partial<DialledLeg>, without?: 'speech'): Call {
  const changed = (leg: DialledLeg): DialledLeg => {
    const { speech, ...rest } = leg;
    return { ...rest, ...(speech === undefined || without === 'speech' ? {} : { speech }), ...changes };
  };
  return { ...call, dialled: (call.dialled ?? []).map((leg) => (leg.legId === legId ? changed(leg) : leg)) };
}

/** Undefined when the leg may be joined: it has heard its notice, or is police, fire brigade or ambulance. */
function legAnswered(call: Call, legId: string): Advance | undefined {
  const leg = legUp(call, legId);
  if (leg === undefined || leg.speech !== undefined) return refuse('wrong-state');
  if (leg.emergency === true || leg.noticeEndedAtMs !== undefined) return undefined;
  const [turned, token] = nextToken(call);
  const noticeId = call.flow.noticePromptId;
  const speech = { what: 'notice', token, prompts: [noticeId, 'refusal-key'] } as const;
  return step(withLeg(turned, legId, { speech, noticeId }), {});
}

function speechEnded(call: Call, leg: DialledLeg, unheard: boolean, atMs: number, go: (call: Call, event: CallEvent) => Advance): Advance {
  const { legId } = leg;
  if (leg.speech?.what === 'farewell') return gone(call, legId);
  // A person who has not heard the notice is not recorded, and so not joined.
  if (unheard) {
    const untold = withLeg(call, legId, { failure: 'notice-unheard' }, 'speech');
    return without(untold, { type: 'leg-failed', legId, failure: 'media-relay-unavailable' }, go);
  }
  const told = withLeg(call, legId, { noticeEndedAtMs: atMs }, 'speech');
  const joined = go(told, { type: 'leg-answered', legId });
  return 'refused' in joined ? gone(told, legId) : joined;
}

/** Undefined for a leg that hears no prompt: its end is the stage's. */
function legEnded(
  call: Call,
  event: Extract<CallEvent, { type: 'leg-ended' | 'leg-failed' }>,
  go: (call: Call, event: CallEvent) => Advance,
): Advance | undefined {
  const { legId } = event;
  const speech = legUp(call, legId)?.speech;
  if (speech === undefined) return undefined;
  return speech.what === 'farewell' ? gone(call, legId) : without(withLeg(call, legId, {}, 'speech'), event, go);
}

/** The call continues as if the number could not be reached. The relay releases the answered leg as well. */
function without(
  call: Call,
  event: Extract<CallEvent, { type: 'leg-ended' | 'leg-failed' }>,
  go: (call: Call, event: CallEvent) => Advance,
): Step {
  const { legId } = event;
  const next = go(call, event);
  if ('refused' in next) return gone(call, legId);
  const hungUp = next.effects.some((effect) => effect.do === 'hang-up-leg' && effect.legId === legId);
  return hungUp ? next : after([{ do: 'hang-up-leg', legId }], next);
}

const gone = (call: Call, legId: string): Step => step(withLeg(call, legId, {}, 'speech'), {}, [{ do: 'hang-up-leg', legId }]);

/** The person outside refuses further calls. From now on nobody is joined to the leg, and it plays the confirmation of the refusal. */
function legPressed(
  call: Call,
  { legId, key }: Extract<CallEvent, { type: 'leg-key' }>,
  atMs: number,
  go: (call: Call, event: CallEvent) => Advance,
): Advance {
  const leg = legUp(call, legId);
  if (leg?.answeredAtMs === undefined || legId === OWN_LEG || leg.emergency === true) return refuse('wrong-state');
  if (key !== REFUSAL_KEY || leg.speech?.what === 'farewell') return refuse('wrong-state');
  const refused = withLeg(call, legId, { refusedAtMs: atMs, failure: 'refused-by-key' }, 'speech');
  const next = go(refused, { type: 'leg-ended', legId, cause: 'refused-by-key' });
  const on: Step = 'refused' in next ? step(refused, {}) : next;
  const kept = { do: 'keep-refusal', legId } as const;
  if (on.call.stage.kind === 'ended') return after([kept], on);
  const [turned, token] = nextToken(on.call);
  return {
    call: withLeg(turned, legId, { speech: { what: 'farewell', token, prompts: ['refusal-confirmed'] } }),
    effects: [kept, ...on.effects.filter((effect) => effect.do !== 'hang-up-leg' || effect.legId !== legId)],
  };
}
