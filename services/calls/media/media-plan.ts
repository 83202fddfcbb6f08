import { agentParty, CALLER, numberParty, type Call, type Connected, type PartyId, type Speech } from '../machine/call.js';
import { legsUp, OWN_LEG } from '../dialling/dialled-legs.js';
import { besideNotice } from '../stages/flow-steps.js';
import { talkers } from '../machine/step.js';

/**
 * What the caller hears: prompts once, in order; one prompt in a loop; or nothing from the relay, because a party is heard or there is to
 * be silence.
 */
export type CallerHears =
  | (Speech & { readonly kind: 'speech' })
  | { readonly kind: 'repeated'; readonly promptId: string }
  | { readonly kind: 'party' }
  | { readonly kind: 'silence' };

/**
 * Who is joined with whom, and what is played to the caller. It follows from the state alone, so that no transition can forget to undo an
 * earlier one. The director compares it with the actual state and changes the difference.
 */
export interface MediaPlan {
  readonly callerHears: CallerHears;
  /** What is played to third parties outside, by leg, for each leg that is up. */
  readonly legsHear: ReadonlyMap<string, CallerHears>;
  readonly pairs: readonly (readonly [PartyId, PartyId])[];
  /** Members of the mixer's room, each with those whom it hears. */
  readonly room: Readonly<Record<PartyId, readonly PartyId[]>> | undefined;
  /** The parties whom the room hears by copies, because they are joined to each other and only listened to. */
  readonly copied: readonly PartyId[];
}

/** Whether there is anything to join: the call is answered, or an outbound call has early media. */
export const carriesSound = ({ answered, stage }: Call): boolean =>
  stage.kind !== 'ended' && (answered || (stage.kind === 'calling' && stage.early === true));

type JoinPlan = Omit<MediaPlan, 'legsHear'>;

const paired = (callerHears: CallerHears, ...pairs: MediaPlan['pairs']): JoinPlan => ({ callerHears, pairs, room: undefined, copied: [] });
const alone = (callerHears: CallerHears): JoinPlan => paired(callerHears);

export const mediaPlan = (call: Call): MediaPlan => ({ ...joinPlan(call), legsHear: legsHear(call) });

/** The leg hears its notice before it is joined and its farewell afterwards; in between, the parties that it is joined to. */
function legsHear(call: Call): ReadonlyMap<string, CallerHears> {
  const thirds = legsUp(call).filter(({ legId }) => legId !== OWN_LEG);
  return new Map(thirds.map(({ legId, speech: told }) => [legId, told === undefined ? PARTY : speech(told)]));
}

function joinPlan(call: Call): JoinPlan {
  const { stage } = call;
  switch (stage.kind) {
    case 'arriving':
    case 'ended':
      return alone(SILENCE);
    case 'playing':
    case 'survey':
    case 'closing':
      return alone(speech(stage));
    case 'menu':
      return alone(stage.prompt === 'playing' ? speech(stage) : SILENCE);
    case 'message':
      return alone(stage.speaking ? SILENCE : speech(stage));
    case 'calling':
      // Until the far end answers; then it hears the notice alone.
      if (stage.notice !== undefined) return alone(speech(stage.notice));
      return stage.early === true ? paired(PARTY, [CALLER, agentParty(stage.agentId)]) : alone(SILENCE);
    case 'admitting':
    case 'offered':
      return alone(noticeElse(call, music(call)));
    case 'queued': {
      const { announcing } = stage;
      const prompts = announcing?.prompts;
      return alone(noticeElse(call, prompts === undefined ? music(call) : speech({ token: announcing?.token ?? '', prompts })));
    }
    case 'dialling':
    case 'handed':
    case 'parked':
      return alone(music(call));
    case 'outside':
      return paired(PARTY, [CALLER, numberParty(stage.legId)]);
    case 'connected':
      return stage.mixed ? mixedPlan(stage, music(call)) : { ...directPlan(stage, music(call)), ...listenedTo(stage) };
  }
}

const SILENCE: CallerHears = { kind: 'silence' };
const PARTY: CallerHears = { kind: 'party' };
const COMFORT: CallerHears = { kind: 'repeated', promptId: 'comfort' };
const speech = ({ token, prompts }: Speech): CallerHears => ({ kind: 'speech', token, prompts });
const music = ({ flow }: Call): CallerHears => ({ kind: 'repeated', promptId: flow.musicPromptId });
const noticeElse = (call: Call, otherwise: CallerHears): CallerHears =>
  call.notice === 'playing' ? speech(besideNotice(call)) : otherwise;

function directPlan(stage: Connected, onHold: CallerHears): JoinPlan {
  const agent = agentParty(stage.agentId);
  const { consult } = stage;
  if (consult !== undefined)
    return consult.state === 'talking' && consult.party !== undefined && !stage.away
      ? paired(onHold, [agent, consult.party])
      : alone(onHold);
  if (stage.away) return alone(COMFORT);
  if (stage.held) return alone(onHold);
  return paired(PARTY, [CALLER, agent]);
}

/** Those who only listen hear copies, in a room of their own; the call is as if they were not there. */
function listenedTo(stage: Connected): Pick<JoinPlan, 'room' | 'copied'> | undefined {
  const listeners = stage.parties.filter(({ role }) => role !== 'talk');
  if (listeners.length === 0) return undefined;
  const consulted = consultedIn(stage);
  const heard = [...talkers(stage).filter((party) => party !== CALLER || !isCallerOut(stage)), ...consulted];
  return { room: Object.fromEntries(listeners.map(({ id }) => [id, heard])), copied: [...talkers(stage), ...consulted] };
}

const isCallerOut = ({ held, consult }: Connected): boolean => held || consult !== undefined;
const consultedIn = ({ consult }: Connected): readonly PartyId[] =>
  consult?.state === 'talking' && consult.party !== undefined ? [consult.party] : [];

function mixedPlan(stage: Connected, onHold: CallerHears): JoinPlan {
  const callerOut = isCallerOut(stage);
  const talking = [...talkers(stage).filter((party) => party !== CALLER || !callerOut), ...consultedIn(stage)];
  const agent = agentParty(stage.agentId);
  const whisperers = stage.parties.filter(({ role }) => role === 'whisper').map(({ id }) => id);
  const room: Record<PartyId, readonly PartyId[]> = { [CALLER]: callerOut ? [] : talking.filter((party) => party !== CALLER) };
  for (const party of talking)
    if (party !== CALLER) room[party] = [...talking.filter((other) => other !== party), ...(party === agent ? whisperers : [])];
  for (const { id, role } of stage.parties) if (role !== 'talk') room[id] = talking.filter((other) => other !== id);
  const nobodyLeft = talking.every((party) => party === CALLER) && stage.away;
  return { callerHears: callerOut ? onHold : nobodyLeft ? COMFORT : PARTY, pairs: [], room, copied: [] };
}
