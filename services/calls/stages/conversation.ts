import type { Call, Connected, Mark, Party } from '../machine/call.js';
import { agentParty } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { duringConsult, startConsult } from './consult.js';
import type { Advance, Step } from '../machine/effects.js';
import { listenersIn } from '../machine/listening.js';
import { handOver } from './handing-over.js';
import { park } from './parking.js';
import { consultReleased, graceFor, handOn, heirOf, noGrace, released, waitedFor } from '../machine/parties.js';
import { requeue } from './queueing.js';
import { pauseOrResume, pauseOver } from '../media/recording-pause.js';
import { after, agentOf, changed, end, left, legOf, refuse, sayAndEnd, saying, step } from '../machine/step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** `connected`: an agent is in charge of the call. A request from somebody who is not in the call is refused. */
export function duringConversation(call: Call, stage: Connected, event: CallEvent, atMs: number): Advance {
  if (event.type === 'prompt-ended') return step(call, {});
  const over = pauseOver(call, event, atMs);
  if (over !== undefined) return over;
  if (stage.consult !== undefined) {
    const consulted = duringConsult(call, stage, stage.consult, event, atMs);
    if (consulted !== undefined) return consulted;
  }
  switch (event.type) {
    case 'hang-up':
      return hangUp(call, stage, event.agentId, atMs);
    case 'hold':
    case 'resume':
      return holdOrResume(call, stage, event, atMs);
    case 'transfer':
      return event.agentId === stage.agentId ? handOver(call, stage, event, atMs) : refuse('not-allowed');
    case 'consult':
      return event.agentId === stage.agentId ? startConsult(call, stage, event.target, event, atMs) : refuse('not-allowed');
    case 'park':
      return park(call, stage, event.agentId, atMs);
    case 'drop-party':
      return event.agentId === stage.agentId ? dropParty(call, stage, event.partyId, atMs) : refuse('not-allowed');
    case 'send-keys':
      return event.agentId === stage.agentId && !stage.held
        ? step(call, {}, [{ do: 'send-keys', keys: event.keys }])
        : refuse('wrong-state');
    case 'pause-recording':
    case 'resume-recording':
      return pauseOrResume(call, stage, event, atMs);
    case 'monitor':
      return monitor(call, stage, event, atMs);
    case 'seat-down':
      return seatDown(call, stage, event.agentId, atMs);
    case 'seat-up':
      return seatUp(call, stage, event.agentId, atMs);
    case 'timer':
      return event.timer === 'seat-grace' ? graceOver(call, stage, event.token, atMs) : refuse('wrong-state');
    case 'leg-ended':
    case 'leg-failed':
      return partyGone(call, stage, (id) => legOf(id) === event.legId, atMs);
    default:
      return refuse('wrong-state');
  }
}

function holdOrResume(call: Call, stage: Connected, event: Extract<CallEvent, { type: 'hold' | 'resume' }>, atMs: number): Advance {
  if (event.agentId !== stage.agentId) return refuse('not-allowed');
  const held = event.type === 'hold';
  if (stage.held === held || stage.away) return refuse('wrong-state');
  return step(
    call,
    { stage: { ...stage, held } },
    [{ do: 'publish', name: held ? 'call.held' : 'call.resumed', event: { agentId: stage.agentId } }],
    [{ atMs, what: held ? 'held' : 'resumed', agentId: stage.agentId }],
  );
}

/**
 * An agent leaves. Others who talk go on with the caller. Otherwise the caller is asked for a score, hears the goodbye prompt, and the call
 * ends.
 */
function hangUp(call: Call, stage: Connected, agentId: AgentId, atMs: number): Advance {
  if (agentId !== stage.agentId) return partyGone(call, stage, (id) => agentOf(id) === agentId, atMs);
  const heir = heirOf(stage, 'hung-up');
  if (heir.to === 'nobody') return afterConversation(call, stage, agentId, atMs);
  const mark: Mark = { atMs, what: 'agent-left', agentId, detail: 'left-conference' };
  return handOn(call, stage, heir, { leaves: [left(agentId, 'left-conference')], marks: [mark] }, atMs);
}

function afterConversation(call: Call, stage: Connected, agentId: AgentId, atMs: number): Step {
  const mark: Mark = { atMs, what: 'agent-left', agentId, detail: 'hung-up' };
  const survey = call.flow.survey;
  const first = survey?.questions[0];
  if (first !== undefined && call.direction === 'inbound')
    return saying(
      call,
      [first.promptId],
      (speech) => ({ kind: 'survey', question: 0, ...speech, agentId, tries: 1 }),
      [mark, { atMs, what: 'survey-started' }],
      [
        ...released(stage),
        left(agentId, 'hung-up'),
        {
          do: 'publish',
          name: 'call.survey-started',
          event: {
            agentId,
            language: call.language,
            called: call.called,
            ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
          },
        },
      ],
    );
  if (call.flow.goodbyePromptId === undefined) return end(call, 'completed', 'agent', atMs, released(stage));
  return after(
    [...released(stage), left(agentId, 'hung-up')],
    sayAndEnd({ ...call, history: [...call.history, mark] }, call.flow.goodbyePromptId, 'completed', 'agent'),
  );
}

/**
 * A supervisor who only listens or whispers is not shown to the agent as a party, so that nobody in the call can learn about or remove that
 * supervisor.
 */
function dropParty(call: Call, stage: Connected, partyId: string, atMs: number): Advance {
  const talks = stage.parties.some(({ id, role }) => id === partyId && role === 'talk');
  return talks ? partyGone(call, stage, (id) => id === partyId, atMs) : refuse('not-allowed');
}

/** A party other than the agent in charge has left or is removed; the others go on. */
function partyGone(call: Call, stage: Connected, which: (partyId: string) => boolean, atMs: number): Advance {
  const party = stage.parties.find(({ id }) => which(id));
  if (party === undefined) return refuse('not-allowed');
  const agentId = agentOf(party.id);
  const legId = legOf(party.id);
  return step(
    call,
    { stage: { ...stage, parties: stage.parties.filter((each) => each !== party) } },
    [
      ...(legId === undefined ? [] : [{ do: 'hang-up-leg', legId } as const]),
      ...(agentId === undefined ? [] : [...waitedFor({ agentId, away: party.away }), left(agentId, 'left-conference')]),
    ],
    [{ atMs, what: 'party-left', detail: party.id.split(':')[0] ?? '', ...(agentId === undefined ? {} : { agentId }) }],
  );
}

/** The most supervisors who listen to a call, whisper or have barged in at one time. */
const MOST_LISTENERS = 3;

/** Whether the people in the conversation see a listener was decided when the listening began. A change of mode does not change it. */
function monitor(call: Call, stage: Connected, event: Extract<CallEvent, { type: 'monitor' }>, atMs: number): Advance {
  const id = agentParty(event.agentId);
  const others = stage.parties.filter((party) => party.id !== id);
  const party = stage.parties.find((each) => each.id === id);
  // An agent of the conversation cannot monitor it, but can take charge of it.
  const isOfTheCall = party?.role === 'talk' && party.barged !== true;
  if (event.agentId === stage.agentId || (isOfTheCall && event.mode !== 'take-over')) return refuse('wrong-state');
  if (event.changes === true && party === undefined) return refuse('wrong-state');
  switch (event.mode) {
    case 'stop':
      return others.length === stage.parties.length
        ? refuse('wrong-state')
        : step(
            call,
            { stage: { ...stage, parties: others } },
            [left(event.agentId, 'left-conference')],
            [{ atMs, what: 'party-left', agentId: event.agentId, detail: 'monitor' }],
          );
    case 'take-over':
      return step(
        call,
        {
          stage: { ...stage, agentId: event.agentId, away: false, held: false, consult: undefined, parties: others, mixed: true },
          lastAgentId: event.agentId,
        },
        [
          ...waitedFor(stage),
          ...consultReleased(stage, id),
          left(stage.agentId, 'transferred', { takenBy: event.agentId }),
          {
            do: 'publish',
            name: 'call.connected',
            event: { agentId: event.agentId, ...(call.queueId === undefined ? {} : { queueId: call.queueId }) },
          },
        ],
        [
          { atMs, what: 'agent-left', agentId: stage.agentId, detail: 'take-over' },
          { atMs, what: 'transferred', agentId: event.agentId, detail: 'take-over' },
        ],
      );
    case 'listen':
    case 'whisper':
    case 'barge': {
      if (party === undefined && listenersIn(stage).size >= MOST_LISTENERS) return refuse('listeners-full');
      // A party that is being consulted, or rung for a consultation, is in the call already.
      if (stage.consult?.party === id || stage.consult?.offer?.agentId === event.agentId) return refuse('wrong-state');
      const role = event.mode === 'barge' ? 'talk' : event.mode;
      const secret = party === undefined ? event.secret === true : party.secret === true;
      const supervisor: Party = { id, role, ...(role === 'talk' ? { barged: true } : {}), ...(secret ? { secret } : {}) };
      return step(
        call,
        // Somebody who only listens is given copies. A call that is in the mixer stays there.
        { stage: { ...stage, parties: [...others, supervisor], mixed: stage.mixed || event.mode !== 'listen' } },
        [],
        [{ atMs, what: 'party-joined', agentId: event.agentId, detail: event.mode }],
      );
    }
  }
}

/** A talking party has the same time to come back, whatever its role; a listener has none. */
function seatDown(call: Call, stage: Connected, agentId: AgentId, atMs: number): Advance {
  if (agentId === stage.agentId) {
    if (stage.away) return refuse('wrong-state');
    return step(call, { stage: { ...stage, away: true } }, [graceFor(agentId)], [{ atMs, what: 'seat-lost', agentId }]);
  }
  const party = partyOf(stage, agentId);
  if (party?.role !== 'talk') return partyGone(call, stage, (id) => agentOf(id) === agentId, atMs);
  if (party.away === true) return refuse('wrong-state');
  return step(call, { stage: withAway(stage, agentId, true) }, [graceFor(agentId)], [{ atMs, what: 'seat-lost', agentId }]);
}

function seatUp(call: Call, stage: Connected, agentId: AgentId, atMs: number): Advance {
  const isBack = agentId === stage.agentId ? stage.away : partyOf(stage, agentId)?.away === true;
  if (!isBack) return refuse('wrong-state');
  const back: Connected = agentId === stage.agentId ? { ...stage, away: false } : withAway(stage, agentId, false);
  return step(call, { stage: back }, [noGrace(agentId), changed(agentId)], [{ atMs, what: 'seat-back', agentId }]);
}

const partyOf = ({ parties }: Connected, agentId: AgentId): Party | undefined => parties.find(({ id }) => id === agentParty(agentId));

const withAway = (stage: Connected, agentId: AgentId, away: boolean): Connected => ({
  ...stage,
  parties: stage.parties.map((party) => (party.id === agentParty(agentId) ? { ...party, away } : party)),
});

function graceOver(call: Call, stage: Connected, agentId: AgentId, atMs: number): Advance {
  if (agentId === stage.agentId) return stage.away ? seatLost(call, stage, atMs) : refuse('wrong-state');
  return partyOf(stage, agentId)?.away === true ? partyGone(call, stage, (id) => agentOf(id) === agentId, atMs) : refuse('wrong-state');
}

/** The seat did not come back. Others who talk keep the caller; otherwise the caller returns to the head of the queue. */
function seatLost(call: Call, stage: Connected, atMs: number): Step {
  const { agentId } = stage;
  const mark: Mark = { atMs, what: 'agent-left', agentId, detail: 'seat-lost' };
  const heir = heirOf(stage, 'seat-lost');
  if (heir.to !== 'nobody') return handOn(call, stage, heir, { leaves: [left(agentId, 'seat-lost')], marks: [mark] }, atMs);
  return after([...released(stage), left(agentId, 'seat-lost')], requeue({ ...call, history: [...call.history, mark] }, undefined, atMs));
}
