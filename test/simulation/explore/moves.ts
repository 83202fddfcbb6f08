import type { Call } from '../../../services/calls/machine/call.js';
import type { CallEvent } from '../../../services/calls/machine/call-events.js';
import { mediaPlan } from '../../../services/calls/media/media-plan.js';
import { occupationIn } from '../../../services/calls/seats/occupations.js';
import { examplePermit } from '../../support/centre/example-call.js';
import { AGENTS, delivered, happens, moved, offerOver, QUEUE, type State } from './state.js';

const MOST_UNREAD = 2;

/** What people do in a small world: interleaving all actions at once is too much, interleaving those that belong together is not. */
export interface SmallWorld {
  readonly name: string;
  /** Prefixes of the names of the seats' moves. */
  readonly deeds: readonly string[];
  /** People whose seats may lose their sound. */
  readonly fragile: readonly string[];
}

export interface Move {
  readonly name: string;
  readonly state: State;
}

/** Everything that may happen next: people act, messages arrive, timers expire. */
export function movesOf(state: State, world: SmallWorld): Move[] {
  const moves: Move[] = [];
  const add = (name: string, next: State | undefined): void => {
    if (next !== undefined) moves.push({ name, state: next });
  };
  add('routing reads', delivered(state));
  // Routing is never further behind than this.
  if (state.call.stage.kind === 'ended' || state.news.length >= MOST_UNREAD) return moves;
  const call = (name: string, event: CallEvent, before: State = state): void => add(name, happens(before, event));
  for (const [name, event] of eventsOf(state)) call(name, event);
  for (const { timer, token } of state.timers)
    call(
      `clock ${timer}`,
      { type: 'timer', timer, token },
      { ...state, timers: state.timers.filter((each) => each.timer !== timer || each.token !== token) },
    );
  for (const [index, what] of state.asked.entries()) {
    const before = { ...state, asked: state.asked.filter((_, at) => at !== index) };
    for (const [name, event] of answersTo(what, state.call)) add(name, happens(before, event) ?? before);
  }
  for (const agentId of AGENTS) for (const { name, state: next } of seatMoves(state, agentId, world)) add(`${agentId} ${name}`, next);
  for (const move of routingMoves(state)) add(move.name, move.state);
  return moves;
}

function answersTo(what: State['asked'][number], { stage }: Call): readonly (readonly [string, CallEvent])[] {
  switch (what) {
    case 'answer':
      return [
        ['the relay answers', { type: 'answered', ledgerNumber: 1, media: { relay: 'r', mediaCallId: 'c', callerTag: 'A', farTag: 'B' } }],
      ];
    case 'admission':
      return [
        ['the queue admits', { type: 'admitted' }],
        ['the queue is full', { type: 'not-admitted', reason: 'queue-full' }],
      ];
    case 'place': {
      const token = stage.kind === 'queued' ? (stage.announcing?.token ?? '') : '';
      return [['the place is told', { type: 'place', token, position: 1, expectedWaitMs: undefined }]];
    }
  }
}

/** Events of the caller and of outside parties. */
function eventsOf({ call, legs }: State): readonly (readonly [string, CallEvent])[] {
  const { callerHears } = mediaPlan(call);
  const heard = call.answered && callerHears.kind === 'speech' ? callerHears.token : undefined;
  return [
    ['the caller hangs up', { type: 'caller-hung-up' }],
    ['the caller presses 1', { type: 'key', key: '1' }],
    ...(heard === undefined ? [] : [['the prompt ends', { type: 'prompt-ended', token: heard }] as const]),
    ...legs.flatMap((legId): (readonly [string, CallEvent])[] => [
      ['the number answers', { type: 'leg-answered', legId }],
      ['the number is lost', { type: 'leg-ended', legId }],
      ['the number refuses', { type: 'leg-key', legId, key: '9' }],
    ]),
    ...(call.dialled ?? []).flatMap(({ speech }) =>
      speech === undefined ? [] : [['the number has heard it', { type: 'prompt-ended', token: speech.token }] as const],
    ),
  ];
}

function seatMoves(state: State, agentId: string, { deeds, fragile }: SmallWorld): Move[] {
  const { call, seats } = state;
  const other = agentId === 'a1' ? 'a2' : 'a1';
  const moves: Move[] = [];
  const act = (name: string, event: CallEvent): void => {
    if (!deeds.some((deed) => name.startsWith(deed))) return;
    const next = happens(state, event);
    if (next !== undefined) moves.push({ name, state: next });
  };
  const up = seats[agentId] === true;
  const isFree = (of: string): boolean => seats[of] === true && occupationIn(call, of) === undefined;
  const isInIt = occupationIn(call, agentId) !== undefined;
  const flipped = { ...state, seats: { ...seats, [agentId]: !up } };
  const told = moved(flipped, agentId, { type: 'media', up: !up });
  if (fragile.includes(agentId) || !up)
    moves.push({
      name: up ? 'loses the seat' : 'has the seat again',
      state: happens(told, { type: up ? 'seat-down' : 'seat-up', agentId }) ?? told,
    });
  if (agentId === 's1') act('ends the call', { type: 'end', supervisor: { supervisorId: 's1', name: 's1', reason: 'threats' } });
  if (agentId === 's1')
    for (const mode of ['listen', 'barge', 'take-over', 'stop'] as const)
      if (up || mode === 'stop') act(`monitors: ${mode}`, { type: 'monitor', agentId, mode });
  if (isInIt) {
    act('answers', { type: 'agent-answered', agentId, offerId: undefined });
    act('declines', { type: 'declined', agentId, reason: undefined });
    act('hangs up', { type: 'hang-up', agentId });
    act('holds', { type: 'hold', agentId });
    act('takes up', { type: 'resume', agentId });
    act('parks', { type: 'park', agentId });
    for (const how of ['complete', 'join', 'cancel'] as const) act(`ends the consultation: ${how}`, { type: 'consult-end', agentId, how });
    act('transfers to the queue', { type: 'transfer', agentId, target: { to: 'queue', queueId: QUEUE } });
    act('consults the queue', { type: 'consult', agentId, target: { to: 'queue', queueId: QUEUE } });
    const permit = examplePermit;
    act('consults a number', { type: 'consult', agentId, target: { to: 'number', number: permit.number }, permit });
    if (isFree(other)) {
      act('consults the colleague', { type: 'consult', agentId, target: { to: 'seat', agentId: other } });
      act('transfers to the colleague', { type: 'transfer', agentId, target: { to: 'seat', agentId: other } });
    }
  } else if (up) act('fetches', { type: 'fetch', agentId });
  return moves;
}

/** Routing offers the call to whoever is free; telephony takes the offer or refuses it. */
function routingMoves(state: State): Move[] {
  const { call, agents, waits, ringing, avoid, offers, seats } = state;
  const moves: Move[] = [];
  if (waits && ringing.length === 0)
    for (const agent of Object.values(agents)) {
      const { agentId } = agent;
      if (
        agent.state !== 'ready' ||
        !agent.mediaUp ||
        agent.occupied !== undefined ||
        agent.coolUntilMs !== undefined ||
        avoid.includes(agentId)
      )
        continue;
      const offerId = `o-${100 + call.turn}`;
      const sent = moved(state, agentId, { type: 'offered', callId: call.id, offerId });
      moves.push({
        name: `routing offers to ${agentId}`,
        state: { ...sent, ringing: [agentId], offers: [...offers, { offerId, agentId }] },
      });
    }
  if (waits && ringing.length === 0 && avoid.length > 0)
    moves.push({ name: 'routing forgets who declined', state: { ...state, avoid: [] } });
  for (const agent of Object.values(agents))
    if (agent.coolUntilMs !== undefined) {
      const { coolUntilMs: _cool, ...warm } = agent;
      moves.push({ name: `${agent.agentId} has cooled down`, state: { ...state, agents: { ...agents, [agent.agentId]: warm } } });
    }
  const [offer, ...later] = offers;
  if (offer === undefined) return moves;
  const { agentId, offerId } = offer;
  const arrived: State = { ...state, offers: later };
  const isBusy = occupationIn(call, agentId) !== undefined;
  const taken =
    seats[agentId] === true && !isBusy
      ? happens(arrived, { type: 'offer', offer: { offerId, agentId, ringForMs: 20_000, autoAnswer: false } })
      : undefined;
  const outcome = seats[agentId] !== true ? 'seat-lost' : isBusy ? 'refused' : 'withdrawn';
  const free = moved(arrived, agentId, { type: 'offer-ended', callId: call.id, outcome });
  // A call that cannot be offered is gone for routing, until telephony says that it waits.
  const refused = outcome === 'withdrawn' ? { ...free, waits: false, ringing: [], avoid: [] } : offerOver(free, agentId, true);
  moves.push({ name: `the offer to ${agentId} arrives`, state: taken ?? refused });
  return moves;
}
