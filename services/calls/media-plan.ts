import { agentParty, CALLER, numberParty, type Call, type Connected, type PartyId } from './call.js';
import { agentOf, talkers } from './step.js';

/** What the caller's ear gets when no party is joined to it. `prompt` leaves what is being played alone. */
export type CallerHears = 'prompt' | 'music' | 'comfort' | 'party';

/**
 * Who is joined with whom. It follows from the state alone, so that no transition can forget to undo what an earlier one did; the
 * director compares it with what is and changes the difference.
 */
export interface MediaPlan {
  readonly callerHears: CallerHears;
  readonly pairs: readonly (readonly [PartyId, PartyId])[];
  /** Members of the mixer's room with those whom each hears. */
  readonly room: Readonly<Record<PartyId, readonly PartyId[]>> | undefined;
}

/** Whether there is anything to join: the call is answered, or a call out has early media. */
export const carriesSound = ({ answered, stage }: Call): boolean =>
  stage.kind !== 'ended' && (answered || (stage.kind === 'calling' && stage.early === true));

const alone = (callerHears: CallerHears): MediaPlan => ({ callerHears, pairs: [], room: undefined });

export function mediaPlan(call: Call): MediaPlan {
  const { stage } = call;
  switch (stage.kind) {
    case 'arriving':
    case 'playing':
    case 'menu':
    case 'message':
    case 'survey':
    case 'closing':
    case 'ended':
      return alone('prompt');
    case 'calling':
      // Until the far side answers; then it is alone with the notice.
      return stage.early === true && stage.notice === undefined
        ? { callerHears: 'prompt', pairs: [[CALLER, agentParty(stage.agentId)]], room: undefined }
        : alone('prompt');
    case 'admitting':
      return alone(call.notice === 'playing' ? 'prompt' : 'music');
    case 'queued':
      return alone(call.notice === 'playing' || stage.announcing !== undefined ? 'prompt' : 'music');
    case 'offered':
      return alone(call.notice === 'playing' ? 'prompt' : 'music');
    case 'dialling':
    case 'parked':
      return alone('music');
    case 'outside':
      return { callerHears: 'party', pairs: [[CALLER, numberParty(stage.legId)]], room: undefined };
    case 'connected':
      return stage.mixed ? mixedPlan(stage) : directPlan(stage);
  }
}

function directPlan(stage: Connected): MediaPlan {
  const agent = agentParty(stage.agentId);
  const { consult } = stage;
  if (consult !== undefined)
    return {
      callerHears: 'music',
      pairs: consult.state === 'talking' && consult.party !== undefined && !stage.away ? [[agent, consult.party]] : [],
      room: undefined,
    };
  if (stage.away) return alone('comfort');
  if (stage.held) return alone('music');
  return { callerHears: 'party', pairs: [[CALLER, agent]], room: undefined };
}

function mixedPlan(stage: Connected): MediaPlan {
  const { consult } = stage;
  const consulted = consult?.state === 'talking' ? consult.party : undefined;
  const callerOut = stage.held || consult !== undefined;
  const talking = [...talkers(stage).filter((party) => party !== CALLER || !callerOut), ...(consulted === undefined ? [] : [consulted])];
  const agent = agentParty(stage.agentId);
  const whisperers = stage.parties.filter(({ role }) => role === 'whisper').map(({ id }) => id);
  const room: Record<PartyId, readonly PartyId[]> = { [CALLER]: callerOut ? [] : talking.filter((party) => party !== CALLER) };
  for (const party of talking)
    if (party !== CALLER) room[party] = [...talking.filter((other) => other !== party), ...(party === agent ? whisperers : [])];
  for (const { id, role } of stage.parties) if (role !== 'talk') room[id] = talking.filter((other) => other !== id);
  const nobodyLeft = talking.every((party) => party === CALLER || agentOf(party) === undefined) && stage.away;
  return { callerHears: callerOut ? 'music' : nobodyLeft ? 'comfort' : 'party', pairs: [], room };
}
