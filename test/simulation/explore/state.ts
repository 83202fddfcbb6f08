import { advance } from '../../../services/calls/machine/advance.js';
import type { Call } from '../../../services/calls/machine/call.js';
import type { CallEvent } from '../../../services/calls/machine/call-events.js';
import { dialledLeg } from '../../../services/calls/dialling/dialled-legs.js';
import type { Effect, TimerName } from '../../../services/calls/machine/effects.js';
import { occupationIn } from '../../../services/calls/seats/occupations.js';
import { moveAgent, newAgent, type Agent, type AgentEvent } from '../../../services/routing/agents/agent-machine.js';
import type { SeatOccupation } from '../../../services/shared/contracts/calls/seat-occupation.js';
import { examplePermit } from '../../support/centre/example-call.js';

type Published = Extract<Effect, { do: 'publish' }>;
/** What one turn of telephony has published: routing gets it all together, after whatever happens meanwhile. */
type News = Published | { readonly do: 'occupied'; readonly agentId: string; readonly by: SeatOccupation | undefined };

export const AGENTS = ['a1', 'a2', 's1'] as const;
export const QUEUE = 'q1';
/** All happens at one moment: what depends on the clock is a timer, and a timer is an event. */
const AT_MS = 1_000;

/** One call, two agents and a supervisor, with what is under way between telephony and routing. Plain data: two that are equal are one state. */
export interface State {
  readonly call: Call;
  readonly agents: Readonly<Record<string, Agent>>;
  /** For each seat, whether telephony knows that sound can flow. */
  readonly seats: Readonly<Record<string, boolean>>;
  /** Timers and legs that the effects have started. */
  readonly timers: readonly { readonly timer: TimerName; readonly token: string }[];
  readonly legs: readonly string[];
  /** Requests to others that have no answer yet. */
  readonly asked: readonly ('answer' | 'admission' | 'place')[];
  /** Routing's side: the call waits in the queue, rings at these seats, avoids those. */
  readonly waits: boolean;
  readonly ringing: readonly string[];
  readonly avoid: readonly string[];
  /** Published, not yet read by routing. */
  readonly news: readonly (readonly News[])[];
  /** Sent by routing, not yet with telephony. */
  readonly offers: readonly { readonly offerId: string; readonly agentId: string }[];
}

export function startOf(call: Call): State {
  const ready = (agentId: string): Agent => ({
    ...newAgent(agentId, agentId, 'session', AT_MS),
    state: agentId === 's1' ? 'away' : 'ready',
    mediaUp: true,
  });
  return {
    call,
    agents: Object.fromEntries(AGENTS.map((agentId) => [agentId, ready(agentId)])),
    seats: Object.fromEntries(AGENTS.map((agentId) => [agentId, true])),
    timers: [],
    legs: [],
    asked: [],
    waits: false,
    ringing: [],
    avoid: [],
    news: [],
    offers: [],
  };
}

/** Applies an event to the call; undefined when it means nothing now. */
export function happens(state: State, event: CallEvent): State | undefined {
  const next = advance(state.call, event, AT_MS);
  return 'refused' in next ? undefined : performed(state, next.call, next.effects);
}

/** The state after effects have been begun. */
export function performed(state: State, call: Call, effects: readonly Effect[]): State {
  const occupied = AGENTS.flatMap((agentId): News[] => {
    const [was, is] = [occupationIn(state.call, agentId), occupationIn(call, agentId)];
    return was?.as === is?.as ? [] : [{ do: 'occupied', agentId, by: is }];
  });
  const published = effects.filter((effect) => effect.do === 'publish' && toRouting.has(effect.name)) as Published[];
  const news = [...occupied, ...published];
  let { timers, legs, asked } = state;
  let dialled = (call.dialled ?? []).filter(({ endedAtMs }) => endedAtMs === undefined);
  for (const effect of effects)
    switch (effect.do) {
      case 'start-timer':
        timers = [
          ...timers.filter(({ timer, token }) => timer !== effect.timer || token !== effect.token),
          { timer: effect.timer, token: effect.token },
        ];
        break;
      case 'cancel-timer':
        timers = timers.filter(({ timer, token }) => timer !== effect.timer || (effect.token ?? token) !== token);
        break;
      case 'dial':
        legs = [...legs, effect.legId];
        dialled = [...dialled, dialledLeg(effect.legId, examplePermit, AT_MS)];
        break;
      case 'hang-up-leg':
        legs = legs.filter((legId) => legId !== effect.legId);
        break;
      case 'answer':
        asked = [...asked, 'answer'];
        break;
      case 'ask-queue':
        asked = [...asked, 'admission'];
        break;
      case 'ask-place':
        asked = [...asked, 'place'];
        break;
      case 'finish':
        timers = [];
        legs = [];
        asked = [];
        break;
      default:
    }
  // The history grows for ever, but decides nothing except whether an agent had answered.
  const history = call.history.filter(({ what }) => what === 'queued' || what === 'agent-answered').slice(-2);
  return {
    ...state,
    call: { ...call, history, dialled },
    timers,
    legs,
    asked,
    news: news.length === 0 ? state.news : [...state.news, news],
  };
}

const toRouting: ReadonlySet<string> = new Set([
  'call.queued',
  'call.dequeued',
  'call.offered',
  'call.offer-ended',
  'call.connected',
  'call.agent-left',
  'call.ended',
]);

/** Routing reads what was published first. What it does with each event is what docs/routing.md says of it. */
export function delivered(state: State): State | undefined {
  const [batch, ...news] = state.news;
  return batch?.reduce<State>((now, each) => read(now, each), { ...state, news });
}

export function moved(state: State, agentId: string, event: AgentEvent): State {
  const agent = state.agents[agentId];
  const next = agent === undefined ? undefined : moveAgent(agent, event, AT_MS);
  // How many calls an agent has had grows for ever and decides nothing here.
  return next === undefined ? state : { ...state, agents: { ...state.agents, [agentId]: { ...next, calls: 0 } } };
}

const withdrawn = (state: State, callId: string, but?: string): State =>
  Object.values(state.agents)
    .filter(({ agentId, state: is, callId: of }) => is === 'offered' && of === callId && agentId !== but)
    .reduce((now, { agentId }) => moved(now, agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' }), state);

const released = (state: State, callId: string, only?: string): State =>
  Object.values(state.agents)
    .filter(({ agentId, callId: of }) => of === callId && (only === undefined || agentId === only))
    .reduce((now, { agentId }) => moved(now, agentId, { type: 'call-ended', callId, wrapUp: { mode: 'none', ms: 0 } }), state);

const outOfLine = (state: State): State => ({ ...state, waits: false, ringing: [], avoid: [] });

function read(state: State, news: News): State {
  const callId = state.call.id;
  if (news.do === 'occupied') {
    const agent = state.agents[news.agentId];
    if (agent === undefined) return state;
    // Revisions grow for ever; each report is the newest.
    const after: Agent =
      moveAgent(
        { ...agent, seatRevision: 0 },
        { type: 'occupied', revision: 1, ...(news.by === undefined ? {} : { by: news.by }) },
        AT_MS,
      ) ?? agent;
    const settled = { ...after, seatRevision: 0 };
    return { ...state, agents: { ...state.agents, [news.agentId]: settled } };
  }
  switch (news.name) {
    case 'call.queued':
      return { ...outOfLine(state), waits: true, avoid: news.event.avoid ?? [] };
    case 'call.dequeued':
      return withdrawn(outOfLine(state), callId);
    case 'call.offered':
      return moved(state, news.event.agentId, { type: 'offered', callId, offerId: news.event.offerId });
    case 'call.offer-ended': {
      const { agentId, outcome } = news.event;
      if (outcome === 'answered') return state;
      return offerOver(moved(state, agentId, { type: 'offer-ended', callId, outcome }), agentId, outcome !== 'withdrawn');
    }
    case 'call.connected':
      return moved(withdrawn(outOfLine(state), callId, news.event.agentId), news.event.agentId, { type: 'connected', callId });
    case 'call.agent-left':
      return released(state, callId, news.event.agentId);
    case 'call.ended':
      return released(outOfLine(state), callId);
    default:
      return state;
  }
}

/** The call is back in the queue; with `avoids` it avoids the agent who missed it. */
export const offerOver = (state: State, agentId: string, avoids: boolean): State => ({
  ...state,
  ringing: state.ringing.filter((each) => each !== agentId),
  avoid: avoids && state.waits ? [...new Set([...state.avoid, agentId])] : state.avoid,
});

const TOKEN = /^(|number:|c-|o-)(\d+)$/;

/** The same state with its tokens counted from one, so that states which differ in nothing else are one. */
export function canonical(state: State): State {
  const names = new Map<string, string>();
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [, prefix, number] = TOKEN.exec(value) ?? [];
      if (prefix === undefined || number === undefined) return value;
      const known = names.get(number) ?? String(names.size + 1);
      names.set(number, known);
      return `${prefix}${known}`;
    }
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, of === undefined ? undefined : rename(of)]));
  };
  const { call, ...rest } = state;
  const { flow, ...plain } = call;
  const renamed = rename({ ...rest, call: plain }) as State;
  return { ...renamed, call: { ...renamed.call, flow, turn: names.size + 1 } };
}

export const keyOf = ({ call: { flow: _flow, turn: _turn, ...call }, ...rest }: State): string => JSON.stringify([call, rest]);
