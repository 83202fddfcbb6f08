import type { AgentState, ChosenState, Forced, ForcedState } from '../../shared/domain/people/agent-state.js';
import type { SeatOccupation } from '../../shared/contracts/calls/seat-occupation.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** The choice of an agent or the decision of a supervisor, for now or for after the call. */
export interface Choice {
  readonly state: ForcedState;
  readonly reason?: string;
  readonly limitMs?: number;
  /** Set when a supervisor made the decision. */
  readonly forced?: Forced;
}

const SEAT_RETRY_MS = 1_000;
/** How long a seat that refused an offer gets no further one. By then telephony has reported what keeps it busy. */
const COOL_DOWN_MS = 5_000;

/** An agent as routing knows it. All times are milliseconds since the epoch. */
export interface Agent {
  readonly agentId: AgentId;
  readonly name: string;
  readonly sessionId: string;
  readonly state: AgentState;
  readonly sinceMs: number;
  readonly reason?: string;
  /** Set when a supervisor chose the current state. */
  readonly forced?: Forced;
  /** When a wrap-up or a reservation ends by itself, when a break reaches its limit, and when a seat that could not ring is tried again. */
  readonly untilMs?: number;
  readonly callId?: CallId;
  /** Only with `on-call`: the queue whose wrap-up follows the call. */
  readonly queueId?: QueueId;
  readonly offerId?: string;
  readonly next?: Choice;
  /** Telephony has a session of the seat through which media can flow. */
  readonly mediaUp: boolean;
  /** What occupies the seat, as telephony reports it. No other call is offered to it meanwhile. */
  readonly occupied?: SeatOccupation;
  /** The revision of the last report about the seat. An older report that arrives late changes nothing. */
  readonly seatRevision?: number;
  /** The seat refused an offer and gets none until this time. */
  readonly coolUntilMs?: number;
  /** Since when the agent has been ready without a call. An unsuccessful offer does not change it. */
  readonly idleSinceMs: number;
  readonly skills: Readonly<Record<string, number>>;
  /** Calls that still need a result before this agent can take another one, oldest first. They survive further calls and a sign-out. */
  readonly owed?: readonly string[];
  /** The current call has its result already. */
  readonly disposed?: boolean;
  /** The site's date to which `calls` and `talkMs` belong. */
  readonly day?: string;
  readonly calls: number;
  readonly talkMs: number;
  readonly lastOfferMs: number;
  /** Only for a wrap-up: whether the agent may extend it. */
  readonly extendable?: boolean;
}

export interface WrapUp {
  readonly mode: 'none' | 'fixed' | 'manual';
  readonly ms: number;
  readonly untilDisposed?: boolean;
  readonly extendable?: boolean;
}

type OfferOutcome = 'answered' | 'declined' | 'no-answer' | 'seat-lost' | 'withdrawn' | 'refused';

export type AgentEvent =
  | { readonly type: 'signed-in'; readonly name: string; readonly sessionId: string }
  | { readonly type: 'signed-out' }
  /** `limitMs`: the longest time of a break for this reason. */
  | { readonly type: 'chose'; readonly state: ChosenState; readonly reason?: string; readonly limitMs?: number }
  | ({ readonly type: 'forced'; readonly state: ForcedState } & Forced)
  | { readonly type: 'media'; readonly up: boolean }
  /** `untilMs`: reserved until then for an outbound call that is still to be dialled. */
  | { readonly type: 'offered'; readonly callId: CallId; readonly offerId: string; readonly untilMs?: number }
  | {
      readonly type: 'offer-ended';
      readonly callId: CallId;
      /** `refused`: the seat could not take another offer and never rang. */
      readonly outcome: OfferOutcome;
    }
  | { readonly type: 'connected'; readonly callId: CallId; readonly queueId?: QueueId }
  | { readonly type: 'call-ended'; readonly callId: CallId; readonly wrapUp: WrapUp }
  | { readonly type: 'disposed'; readonly callId: CallId }
  | { readonly type: 'wrap-up-extended'; readonly byMs: number }
  /** Telephony's report about the seat; without `by` the seat is free. */
  | { readonly type: 'occupied'; readonly revision: number; readonly by?: SeatOccupation }
  /** The site's date has changed. */
  | { readonly type: 'day'; readonly day: string }
  | { readonly type: 'clock' };

export function newAgent(agentId: AgentId, name: string, sessionId: string, nowMs: number): Agent {
  return {
    agentId,
    name,
    sessionId,
    state: 'away',
    sinceMs: nowMs,
    mediaUp: false,
    idleSinceMs: nowMs,
    skills: {},
    calls: 0,
    talkMs: 0,
    lastOfferMs: 0,
  };
}

/**
 * COMPLEX The next agent, or undefined when the event is not valid in this state: late and crossed messages are normal and are refused
 * without an exception.
 *
 * Invariant: `callId` is set exactly in `offered` and `on-call` (and in the `wrap-up` that follows, for the notes), `offerId` exactly in
 * `offered`.
 */
export function moveAgent(agent: Agent, event: AgentEvent, nowMs: number): Agent | undefined {
  switch (event.type) {
    case 'signed-in':
      // The same person again: after a reload the state continues. Only a signed-out seat starts from scratch.
      return agent.state === 'signed-out'
        ? signedIn({ ...agent, name: event.name, sessionId: event.sessionId, mediaUp: false }, nowMs)
        : signedInAgain({ ...agent, name: event.name }, event.sessionId, nowMs);
    case 'signed-out':
      if (agent.state === 'on-call') return { ...agent, mediaUp: false, next: SIGNED_OUT };
      return agent.state === 'signed-out' ? undefined : signedOut(agent, nowMs);
    case 'chose':
      return chosen(agent, choiceOf(event), nowMs);
    case 'forced':
      return forced(agent, event, nowMs);
    case 'media':
      return media(agent, event.up, nowMs);
    case 'offered':
      return agent.state === 'ready' && agent.mediaUp
        ? {
            ...enter(agent, 'offered', nowMs),
            callId: event.callId,
            offerId: event.offerId,
            ...(event.untilMs === undefined ? {} : { untilMs: event.untilMs }),
            lastOfferMs: nowMs,
            idleSinceMs: agent.idleSinceMs,
          }
        : undefined;
    case 'offer-ended':
      return agent.state === 'offered' && agent.callId === event.callId ? offerEnded(agent, event.outcome, nowMs) : undefined;
    case 'connected':
      return connected(agent, event, nowMs);
    case 'call-ended':
      if (agent.callId !== event.callId) return undefined;
      if (agent.state === 'offered') return offerEnded(agent, 'withdrawn', nowMs);
      return agent.state === 'on-call' ? afterCall(agent, event.wrapUp, nowMs) : undefined;
    case 'disposed':
      return disposed(agent, event.callId, nowMs);
    case 'wrap-up-extended':
      return agent.state === 'wrap-up' && agent.untilMs !== undefined && agent.extendable === true
        ? { ...agent, untilMs: agent.untilMs + event.byMs }
        : undefined;
    case 'occupied':
      return event.revision <= (agent.seatRevision ?? 0) ? undefined : occupiedBy(agent, event.by, event.revision);
    case 'day':
      return agent.day === event.day ? undefined : { ...agent, day: event.day, calls: 0, talkMs: 0 };
    case 'clock':
      return clock(agent, nowMs);
  }
}

/** Enters a state afresh: clock, reason and call of the old state are removed. */
function enter(agent: Agent, state: AgentState, nowMs: number, reason?: string): Agent {
  const {
    reason: _reason,
    untilMs: _until,
    callId: _call,
    queueId: _queue,
    offerId: _offer,
    next: _next,
    forced: _forced,
    ...lasting
  } = agent;
  const { disposed: _disposed, extendable: _extendable, ...kept } = lasting;
  const idleSinceMs = state === 'ready' ? nowMs : agent.idleSinceMs;
  return { ...kept, idleSinceMs, state, sinceMs: nowMs, ...(reason === undefined ? {} : { reason }) };
}

const SIGNED_OUT: Choice = { state: 'away', reason: 'signed-out' };

/**
 * A transfer may connect an agent who was never offered the call; an agent in another call stays there. An agent who signs out at the
 * moment of the answer has the call until telephony ends it, like one who signs out during a call.
 */
function connected(agent: Agent, { callId, queueId }: Extract<AgentEvent, { type: 'connected' }>, nowMs: number): Agent | undefined {
  if (agent.state === 'on-call') {
    if (agent.callId !== callId) return undefined;
    // An agent who called out has the call from the start of dialling; its queue arrives with the answer.
    return agent.queueId === undefined && queueId !== undefined ? { ...agent, queueId } : agent;
  }
  const afterwards = agent.state === 'signed-out' ? SIGNED_OUT : (agent.next ?? interrupted(agent, nowMs));
  return {
    ...enter(agent, 'on-call', nowMs),
    callId,
    calls: agent.calls + 1,
    ...(queueId === undefined ? {} : { queueId }),
    ...(afterwards === undefined ? {} : { next: afterwards }),
  };
}

/** A call interrupts the agent's choice and does not change it: after the call the agent is away or on a break as before. */
function interrupted({ state, reason, untilMs }: Agent, nowMs: number): Choice | undefined {
  if (state === 'away') return reason === 'seat-lost' ? undefined : choiceOf({ state, ...(reason === undefined ? {} : { reason }) });
  if (state !== 'break') return undefined;
  const limit = untilMs === undefined ? {} : { limitMs: Math.max(0, untilMs - nowMs) };
  return choiceOf({ state, ...(reason === undefined ? {} : { reason }), ...limit });
}

function occupiedBy(agent: Agent, by: SeatOccupation | undefined, seatRevision: number): Agent {
  const { occupied: _before, ...free } = agent;
  return { ...free, seatRevision, ...(by === undefined ? {} : { occupied: by }) };
}

function clock(agent: Agent, nowMs: number): Agent | undefined {
  const { coolUntilMs, ...warm } = agent;
  const now = hasCooled(agent, nowMs) ? warm : agent;
  if (mayRingAgain(now, nowMs)) return media(now, now.mediaUp, nowMs);
  if (isOver(now, nowMs)) return next(now, nowMs);
  if (isUnused(now, nowMs)) return offerEnded(now, 'withdrawn', nowMs);
  return coolUntilMs !== undefined && now === warm ? now : undefined;
}

function choose(agent: Agent, choice: Choice, nowMs: number): Agent | undefined {
  switch (agent.state) {
    case 'signed-out':
      return undefined;
    case 'offered':
    case 'on-call':
      return { ...agent, next: choice };
    case 'ready':
      return choice.state === 'ready' ? agent : enterChosen(agent, choice, nowMs);
    case 'away':
    case 'break':
    case 'wrap-up':
      // Choosing the same break again restarts neither the break nor its limit.
      if (agent.state === 'break' && choice.state === 'break' && choice.reason === agent.reason && choice.forced === undefined)
        return agent;
      if (agent.owed !== undefined) return { ...agent, next: choice, untilMs: Math.min(agent.untilMs ?? nowMs, nowMs) };
      // Ready requires media: an agent whose seat has none yet becomes ready when the media is up.
      return choice.state === 'ready' && !agent.mediaUp ? enter(agent, 'away', nowMs, 'seat-lost') : enterChosen(agent, choice, nowMs);
  }
}

/** A supervisor's decision for after the call stays in force: an agent's choice in the meantime ends the wrap-up and does nothing else. */
function chosen(agent: Agent, choice: Choice, nowMs: number): Agent | undefined {
  const decided = agent.next?.forced === undefined ? undefined : agent.next;
  return choose(agent, decided ?? choice, nowMs);
}

/** A signed-out agent is asked for owed results at the next sign-in. In any other state nothing is owed any more. */
function forced(agent: Agent, { state, by, reason }: Extract<AgentEvent, { type: 'forced' }>, nowMs: number): Agent | undefined {
  const choice: Choice = { state, reason: 'by-supervisor', forced: { by, reason } };
  return state === 'signed-out' && agent.owed !== undefined && agent.state !== 'on-call' && agent.state !== 'offered'
    ? enterChosen(agent, choice, nowMs)
    : choose(state === 'signed-out' ? agent : withoutDebt(agent), choice, nowMs);
}

const choiceOf = ({ state, reason, limitMs }: Choice): Choice => ({
  state,
  ...(reason === undefined ? {} : { reason }),
  ...(limitMs === undefined ? {} : { limitMs }),
});

const enterChosen = (agent: Agent, { state, reason, limitMs, forced: decided }: Choice, nowMs: number): Agent => ({
  ...enter(state === 'signed-out' ? { ...agent, mediaUp: false } : agent, state, nowMs, reason),
  ...(state === 'break' && limitMs !== undefined ? { untilMs: nowMs + limitMs } : {}),
  ...(decided === undefined ? {} : { forced: decided }),
});

function media(agent: Agent, up: boolean, nowMs: number): Agent {
  const now = { ...agent, mediaUp: up };
  if (!up && agent.state === 'ready') return { ...enter(now, 'away', nowMs, 'seat-lost'), idleSinceMs: agent.idleSinceMs };
  // Back after a reload or a lost network connection: the agent need not press "ready" again and keeps the place in line.
  if (up && agent.state === 'away' && agent.reason === 'seat-lost')
    return { ...enter(now, 'ready', nowMs), idleSinceMs: agent.idleSinceMs };
  return now;
}

/** Another session of the same person has no media yet, whatever the last one had. */
const signedInAgain = (agent: Agent, sessionId: string, nowMs: number): Agent =>
  agent.sessionId === sessionId ? agent : media({ ...agent, sessionId }, false, nowMs);

function offerEnded(agent: Agent, outcome: OfferOutcome, nowMs: number): Agent {
  switch (outcome) {
    case 'answered':
      return agent;
    case 'no-answer':
      // A reservation has its call's id as its offer. Nothing rang: the agent let the time of a campaign's row run out.
      return enter(agent, 'away', nowMs, agent.offerId === agent.callId ? 'row-not-called' : 'no-answer');
    case 'seat-lost': {
      const away = enter(agent, 'away', nowMs, 'seat-lost');
      // Media may have come back before the report of the lost offer. An agent who then waited for it would wait for ever.
      return agent.mediaUp ? { ...away, untilMs: nowMs + SEAT_RETRY_MS } : away;
    }
    case 'refused':
      return { ...backInLine(agent, nowMs), coolUntilMs: nowMs + COOL_DOWN_MS };
    case 'declined':
    case 'withdrawn':
      return backInLine(agent, nowMs);
  }
}

function backInLine(agent: Agent, nowMs: number): Agent {
  const back = next(agent, nowMs);
  return back.state === 'ready' ? { ...back, idleSinceMs: agent.idleSinceMs } : back;
}

function afterCall(agent: Agent, wrapUp: WrapUp, nowMs: number): Agent {
  const talked = { ...agent, talkMs: agent.talkMs + (nowMs - agent.sinceMs) };
  const { callId, next: chosen } = agent;
  const owesThis = wrapUp.untilDisposed === true && agent.disposed !== true && callId !== undefined;
  const owed = [...(agent.owed ?? []), ...(owesThis ? [callId] : [])];
  const owes = owed.length > 0;
  const clockMs = wrapUp.mode === 'none' ? 0 : wrapUp.mode === 'fixed' ? wrapUp.ms : undefined;
  if (clockMs === 0 && !owes) return next(talked, nowMs);
  return {
    ...enter(talked, 'wrap-up', nowMs),
    ...(callId === undefined ? {} : { callId }),
    ...(owes ? { owed } : {}),
    ...(chosen === undefined ? {} : { next: chosen }),
    ...(clockMs === undefined ? {} : { untilMs: nowMs + clockMs, extendable: wrapUp.extendable ?? false }),
  };
}

const isOver = ({ state, untilMs, owed }: Agent, nowMs: number): boolean =>
  state === 'wrap-up' && untilMs !== undefined && untilMs <= nowMs && owed === undefined;

const hasCooled = ({ coolUntilMs }: Agent, nowMs: number): boolean => coolUntilMs !== undefined && coolUntilMs <= nowMs;

const mayRingAgain = ({ state, reason, untilMs }: Agent, nowMs: number): boolean =>
  state === 'away' && reason === 'seat-lost' && untilMs !== undefined && untilMs <= nowMs;

/** A reservation for an outbound call that was never dialled. */
const isUnused = ({ state, untilMs }: Agent, nowMs: number): boolean => state === 'offered' && untilMs !== undefined && untilMs <= nowMs;

/** Whether a `clock` event would change this agent now. */
export const isDue = (agent: Agent, nowMs: number): boolean =>
  isOver(agent, nowMs) || isUnused(agent, nowMs) || mayRingAgain(agent, nowMs) || hasCooled(agent, nowMs);

function withoutDebt(agent: Agent): Agent {
  const { owed: _owed, ...free } = agent;
  return free;
}

/** A result, given during the call or after it. The wrap-up clock keeps running; if its time had already run out, the wrap-up ends now. */
function disposed(agent: Agent, callId: CallId, nowMs: number): Agent | undefined {
  if (agent.state === 'on-call' && agent.callId === callId) return { ...agent, disposed: true };
  if (agent.owed?.includes(callId) !== true) return undefined;
  const rest = agent.owed.filter((owed) => owed !== callId);
  const free = rest.length === 0 ? withoutDebt(agent) : { ...agent, owed: rest };
  return isOver(free, nowMs) ? next(free, nowMs) : free;
}

/** Missing call results stay open, and the agent is asked for them at the next sign-in. */
const signedOut = (agent: Agent, nowMs: number): Agent => enter({ ...agent, mediaUp: false }, 'signed-out', nowMs);

function signedIn(agent: Agent, nowMs: number): Agent {
  const [callId] = agent.owed ?? [];
  if (callId === undefined) return enter(agent, 'away', nowMs);
  return { ...enter(agent, 'wrap-up', nowMs), callId, untilMs: nowMs, next: { state: 'away' } };
}

/** The choice made during the call, otherwise ready; without media, away until the seat is back. */
function next(agent: Agent, nowMs: number): Agent {
  const choice: Choice = agent.next ?? { state: 'ready' };
  if (choice.state === 'ready' && !agent.mediaUp) return enter(agent, 'away', nowMs, 'seat-lost');
  return enterChosen(agent, choice, nowMs);
}
