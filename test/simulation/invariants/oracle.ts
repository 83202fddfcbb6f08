import type { Call, Stage } from '../../../services/calls/machine/call.js';

/** What the documents say of a call in a stage: who is in it as what, and who hears what. Written from docs/calls.md. */

/**
 * `answers`: has the call and hears nothing yet; `beside`: joined at a supervisor's wish or in a conference, and not responsible for the
 * call.
 */
export type PartRole = 'rings' | 'answers' | 'talks' | 'beside' | 'listens';

/** Every agent whom a stage binds, and how. */
export function agentsOf(stage: Stage): ReadonlyMap<string, PartRole> {
  const bound = new Map<string, PartRole>();
  switch (stage.kind) {
    case 'offered':
      for (const { agentId } of stage.offers) bound.set(agentId, stage.answeredBy === agentId ? 'answers' : 'rings');
      return bound;
    case 'handed':
      if (stage.target.to === 'seat') bound.set(stage.target.offer.agentId, 'rings');
      return bound;
    case 'calling':
      bound.set(stage.agentId, 'talks');
      return bound;
    case 'connected':
      for (const { id, role } of stage.parties)
        if (id.startsWith('agent:')) bound.set(id.slice('agent:'.length), role === 'talk' ? 'beside' : 'listens');
      if (stage.consult?.offer !== undefined) bound.set(stage.consult.offer.agentId, 'rings');
      if (stage.consult?.party?.startsWith('agent:') === true) bound.set(stage.consult.party.slice('agent:'.length), 'talks');
      bound.set(stage.agentId, 'talks');
      return bound;
    default:
      return bound;
  }
}

/** What an ear should hear: all of these parties together, or one of these files. */
export interface Ear {
  readonly parties: readonly string[];
  /** Tells whether a file may be heard in this stage. */
  readonly file?: (promptId: string) => boolean;
  readonly silenceIsRight: boolean;
}

const music = (file: string): boolean => file === 'music';
const nobody: Ear = { parties: [], silenceIsRight: true };

function callerAlone(call: Call): Ear | undefined {
  const { stage, flow } = call;
  const noticeToo = (file: string): boolean => music(file) || (call.notice === 'playing' && file === flow.noticePromptId);
  switch (stage.kind) {
    case 'playing':
    case 'closing':
      return { parties: [], file: (file) => stage.prompts.includes(file), silenceIsRight: false };
    case 'menu':
      return { parties: [], file: (file) => stage.prompts.includes(file), silenceIsRight: stage.prompt === 'done' };
    case 'message':
      return { parties: [], file: (file) => stage.prompts.includes(file), silenceIsRight: stage.speaking };
    case 'survey':
      return { parties: [], file: (file) => stage.prompts.includes(file), silenceIsRight: true };
    case 'admitting':
      return { parties: [], file: noticeToo, silenceIsRight: false };
    case 'queued':
      return {
        parties: [],
        file: (file) => noticeToo(file) || stage.announcing?.prompts?.includes(file) === true,
        silenceIsRight: false,
      };
    case 'offered':
      return { parties: [], file: noticeToo, silenceIsRight: false };
    case 'parked':
    case 'handed':
    case 'dialling':
      return { parties: [], file: music, silenceIsRight: false };
    case 'outside':
      return { parties: [`number:${stage.legId}`], silenceIsRight: false };
    case 'calling':
      return {
        parties: [],
        file: (file) => file === flow.noticePromptId || file === 'refusal-key',
        silenceIsRight: stage.notice === undefined,
      };
    case 'connected': {
      // If the seat is away while the call is on hold, the file of either may be heard.
      if (stage.consult !== undefined || stage.held)
        return { parties: [], file: (file) => music(file) || (stage.away && file === 'comfort'), silenceIsRight: false };
      const others = stage.parties.filter(({ role, away }) => role === 'talk' && away !== true).map(({ id }) => id);
      if (stage.away && others.length === 0) return { parties: [], file: (file) => file === 'comfort', silenceIsRight: false };
      return { parties: [...(stage.away ? [] : [`agent:${stage.agentId}`]), ...others], silenceIsRight: false };
    }
    default:
      return undefined;
  }
}

/** Each ear of a call with what it should hear; the parties by their names in the call. */
export function ears(call: Call): ReadonlyMap<string, Ear> {
  const found = new Map<string, Ear>();
  const { stage } = call;
  if (call.answered) {
    const caller = callerAlone(call);
    if (caller !== undefined) found.set('caller', caller);
  }
  // Before it is joined, a third party hears that it is recorded; after refusing, it hears that this was accepted, and nobody.
  for (const { legId, speech, endedAtMs } of call.dialled ?? [])
    if (speech !== undefined && endedAtMs === undefined)
      found.set(`number:${legId}`, { parties: [], file: (file) => speech.prompts.includes(file), silenceIsRight: false });
  if (stage.kind === 'outside') found.set(`number:${stage.legId}`, { parties: ['caller'], silenceIsRight: false });
  if (stage.kind !== 'connected') return found;
  const { consult } = stage;
  const inCharge = `agent:${stage.agentId}`;
  const callerIn = consult === undefined && !stage.held;
  const consulted = consult?.state === 'talking' && consult.party !== undefined && consult.away !== true ? [consult.party] : [];
  const talkers = [
    ...(callerIn ? ['caller'] : []),
    ...(stage.away ? [] : [inCharge]),
    ...stage.parties.filter(({ role, away }) => role === 'talk' && away !== true).map(({ id }) => id),
    ...consulted,
  ];
  const whisperers = stage.parties.filter(({ role }) => role === 'whisper').map(({ id }) => id);
  for (const id of talkers) {
    if (id === 'caller') continue;
    const parties = [...talkers.filter((other) => other !== id), ...(id === inCharge ? whisperers : [])];
    found.set(id, { parties, silenceIsRight: parties.length === 0 });
  }
  for (const { id, role } of stage.parties)
    if (role !== 'talk') {
      const parties = talkers.filter((other) => other !== id);
      found.set(id, { parties, silenceIsRight: parties.length === 0 });
    }
  return found;
}

export { nobody };
