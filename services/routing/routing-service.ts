import type { Clock } from '../shared/domain/time/clock.js';
import type { CommandBus, CommandInput } from '../shared/contracts/calls/commands.js';
import { isOfService } from '../shared/domain/figures/facts.js';
import { failureOf } from '../shared/domain/failure.js';
import type { EventBus, EventOf, Handlers } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { isDue, type Agent, type AgentEvent, type WrapUp } from './agents/agent-machine.js';
import { usualBreaks, type BreakReason } from './agents/breaks.js';
import { takeNewNames, type NamesOf } from './agents/renamed.js';
import { createCallbackDesk, type CallbackDesk } from './callbacks/callback-desk.js';
import { boardLeg } from './waits/day-legs.js';
import { boardTransfer } from './waits/day-transfers.js';
import { createDayReader } from './waits/read-day.js';
import type { WaitingCall } from './matching/matcher.js';
import type { CallbackStore, LastAgents, QueueStore, SeatsPresent, StateLog, StateStore, VisitRows, WaitStore } from './ports.js';
import { routingCommands } from './routing-commands.js';
import type { DeskFacts } from './snapshots.js';
import { createOffers } from './matching/offers.js';
import { createWaitRecorder, type WaitRecorder } from './waits/wait-recorder.js';
import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';

export interface RoutingDependencies extends DeskFacts {
  readonly queues: Pick<QueueStore, 'all' | 'skills' | 'breaks'>;
  readonly namesOf: NamesOf;
  readonly waits: WaitStore;
  readonly states: StateLog;
  readonly callbacks: CallbackStore;
  readonly lastAgents: LastAgents;
  readonly state: StateStore;
  readonly visitRows: VisitRows;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly seatsPresent: SeatsPresent;
  readonly clock: Clock;
  /** The site's date, `2026-11-25`. */
  readonly today: () => string;
  readonly midnightMs: () => number;
  readonly newId: () => string;
  /** Runs `work` when the document store is reached: at once and awaited when the store is there. */
  readonly onceStored: (work: () => Promise<void>) => Promise<void>;
  readonly log: Logger;
}

/** A call that every agent avoids is offered to all of them again after this time. */
const FORGET_AVOIDED_MS = 10_000;
/** A call that could not overflow (because an agent consults about it, or it rings) is tried again after this time. */
const OVERFLOW_AGAIN_MS = 5_000;
const USUAL_THRESHOLD_MS = 20_000;

/** Live calls: the queue responsible for each, and the hash of its caller. */
type KnownCalls = Map<string, { readonly queueId: QueueId; readonly callerHash?: string | undefined }>;

interface Parts {
  readonly needs: RoutingDependencies;
  readonly known: KnownCalls;
  readonly moves: ReturnType<typeof createMoves>;
  readonly line: ReturnType<typeof createLine>;
  readonly recorder: WaitRecorder;
  readonly callbacks: CallbackDesk;
  readonly match: () => void;
}

/** Applies events to agents, and stores and publishes the results. */
function createMoves({ desk, handling, states, state, bus, clock, newId, log }: RoutingDependencies, known: KnownCalls) {
  const { nowMs } = clock;
  const now = (): Date => new Date(nowMs());

  function moved(before: Agent | undefined, after: Agent): void {
    state.saveAgent(after);
    if (
      before?.state === after.state &&
      before.untilMs === after.untilMs &&
      before.next?.state === after.next?.state &&
      before.next?.forced === after.next?.forced &&
      before.forced === after.forced &&
      before.owed?.[0] === after.owed?.[0] &&
      before.reason === after.reason
    )
      return;
    if (before?.state === 'on-call' && after.state !== 'on-call' && before.callId !== undefined)
      handling.add(known.get(before.callId)?.queueId ?? '', nowMs() - before.sinceMs + (after.untilMs ?? nowMs()) - nowMs());
    const { agentId, callId, reason, untilMs } = after;
    if (before?.state !== after.state || before.callId !== callId)
      states.add({ entryId: newId(), agentId, at: now(), to: after.state, ...(callId === undefined ? {} : { callId }) });
    tell('agent.state-changed', {
      agentId,
      at: now().toISOString(),
      from: before?.state ?? 'signed-out',
      to: after.state,
      ...(reason === undefined ? {} : { reason }),
      ...(callId === undefined ? {} : { callId }),
      ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
    });
  }

  function tell(...published: Parameters<EventBus['publish']>): void {
    bus.publish(...published).catch((error: unknown) => log.error({ err: error, event: published[0] }, 'event could not be published'));
  }

  function move(agentId: AgentId, event: AgentEvent): Agent | undefined {
    const before = desk.agent(agentId);
    const after = desk.move(agentId, event, nowMs());
    if (after === undefined) log.debug({ agentId, event: event.type, state: before?.state }, 'event refused in this state');
    else if (after !== before) moved(before, after);
    return after;
  }

  return { moved, move, tell };
}

/** The waiting calls: those stored in line, and those that telephony was asked to send on. */
function createLine({ desk, state }: RoutingDependencies) {
  const overflowAsked = new Map<string, number>();

  function forgetCall(callId: CallId): WaitingCall | undefined {
    const call = desk.dequeue(callId);
    overflowAsked.delete(callId);
    if (call !== undefined) state.removeWaiting(callId);
    return call;
  }

  const wrapUpOf = (queueId: QueueId | undefined): WrapUp => desk.queue(queueId ?? '')?.wrapUp ?? { mode: 'fixed', ms: 10_000 };
  const thresholdOf = (queueId: QueueId): number => desk.queue(queueId)?.serviceLevel.thresholdMs ?? USUAL_THRESHOLD_MS;

  return { forgetCall, wrapUpOf, thresholdOf, overflowAsked };
}

/** Handles telephony's events about waiting callers. */
function waitingHandlers({ needs, known, moves, line, recorder, callbacks, match }: Parts) {
  const { desk, figures, lastAgents, state } = needs;
  const { forgetCall, thresholdOf } = line;
  const { move } = moves;

  async function queued(event: EventOf<'call.queued'>): Promise<void> {
    const { callId, visitId, queueId, called, trunkId, priority, skills, callerHash, avoid } = event;
    const sticky = (desk.queue(queueId)?.stickyForMs ?? 0) > 0 && callerHash !== undefined;
    const preferredAgentId = event.preferredAgentId ?? (sticky ? await lastAgents.of(callerHash).catch(() => undefined) : undefined);
    const call: WaitingCall = {
      callId,
      queueId,
      priority,
      waitingSinceMs: Date.parse(event.waitingSince),
      queuedAtMs: Date.parse(event.enteredAt ?? event.at),
      waitedBeforeMs: event.waitedBeforeMs,
      returned: event.returned,
      skills,
      avoid,
      ...(preferredAgentId === undefined ? {} : { preferredAgentId }),
    };
    if (visitId !== undefined && isOfService(event))
      figures.saw({ visitId, queueId, called, trunkId, enteredAtMs: call.queuedAtMs, thresholdMs: thresholdOf(queueId) });
    known.set(callId, { queueId, callerHash: callerHash ?? known.get(callId)?.callerHash });
    desk.enqueue(call);
    state.saveWaiting(call);
    recorder.queued(call);
    match();
  }

  return {
    'call.queued': queued,
    'call.dequeued': ({ callId, reason }) => {
      const call = forgetCall(callId);
      if (call !== undefined) recorder.left(call, reason);
      for (const agent of desk.agentsOf(callId))
        if (agent.state === 'offered') move(agent.agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' });
      match();
    },
    'call.visit-ended': (event) => {
      const { visitId, queueId, fromMs, outcome, waitMs, called, trunkId, agentId } = event;
      if (!isOfService(event)) return;
      const thresholdMs = figures.thresholdMsOf(visitId) ?? thresholdOf(queueId);
      figures.saw({ visitId, queueId, enteredAtMs: fromMs, thresholdMs, outcome, waitMs, called, trunkId, agentId });
    },
    'call.callback-asked': async (event) => {
      await callbacks.asked(event);
      if (callbacks.lineUp()) match();
    },
  } satisfies Handlers;
}

/** Handles telephony's and pages' events about agents and their calls. */
function agentHandlers({ needs, known, moves, line, recorder, callbacks, match }: Parts) {
  const { desk, lastAgents, clock } = needs;
  const { nowMs } = clock;
  const { forgetCall, wrapUpOf } = line;
  const { move } = moves;

  /** Frees the seats of a call that ended or moved: those that ring become free, those that talk go to the wrap-up of their queue. */
  function releaseAgents(callId: CallId, queueId: QueueId | undefined, only?: string): void {
    for (const agent of desk.agentsOf(callId))
      if (only === undefined || agent.agentId === only)
        move(agent.agentId, { type: 'call-ended', callId, wrapUp: wrapUpOf(agent.queueId ?? queueId) });
  }

  return {
    // An offer from the matching is known already; one for a consultation or a transfer makes the seat ring too.
    'call.offered': ({ callId, agentId, offerId }) => {
      move(agentId, { type: 'offered', callId, offerId });
    },
    'seat.occupied': ({ agentId, revision, by }) => {
      move(agentId, { type: 'occupied', revision, ...(by === undefined ? {} : { by }) });
      match();
    },
    'call.offer-ended': ({ callId, agentId, outcome }) => {
      if (outcome === 'answered') return;
      move(agentId, { type: 'offer-ended', callId, outcome });
      desk.offerEnded(callId, agentId, outcome !== 'withdrawn', nowMs());
      recorder.again(callId);
      match();
    },
    'call.dialled': ({ callId, agentId }) => {
      move(agentId, { type: 'connected', callId });
    },
    'call.connected': async ({ callId, agentId, queueId }) => {
      const call = forgetCall(callId);
      if (call !== undefined) recorder.left(call, 'answered', agentId);
      for (const agent of desk.agentsOf(callId))
        if (agent.state === 'offered' && agent.agentId !== agentId)
          move(agent.agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' });
      const callerHash = known.get(callId)?.callerHash;
      if (callerHash !== undefined) lastAgents.remember(callerHash, agentId);
      if (queueId !== undefined) known.set(callId, { queueId, callerHash });
      move(agentId, { type: 'connected', callId, ...(queueId === undefined ? {} : { queueId }) });
      await callbacks.connected(callId);
      match();
    },
    'call.agent-left': ({ callId, agentId }) => {
      releaseAgents(callId, known.get(callId)?.queueId, agentId);
      match();
    },
    'call.ended': async ({ callId, queueId, called, trunkId, legs = [], transfers = [] }) => {
      legs.map(boardLeg).forEach(needs.figures.sawLeg);
      for (const told of transfers) needs.figures.sawTransfer(boardTransfer(told, { callId, called, trunkId }));
      const call = forgetCall(callId);
      if (call !== undefined) recorder.left(call, 'ended');
      releaseAgents(callId, queueId ?? known.get(callId)?.queueId);
      known.delete(callId);
      await callbacks.ended(callId);
      match();
    },
    'contact.disposed': ({ callId, agentId }) => {
      move(agentId, { type: 'disposed', callId });
      match();
    },
    'seat.media': ({ agentId, sessionId, up }) => {
      // A late report about a superseded session says nothing about the new one.
      if (desk.agent(agentId)?.sessionId !== sessionId) return;
      move(agentId, { type: 'media', up });
      match();
    },
  } satisfies Handlers;
}

/** Handles the passing of time. */
function createClocks({ needs, moves, line, recorder, callbacks, match }: Parts) {
  const { desk, figures, state, commands, seatsPresent, clock, today, log } = needs;
  const { nowMs } = clock;
  const { forgetCall, overflowAsked } = line;
  const { move, tell } = moves;

  /** Has telephony send on the callers who have waited as long as their queue allows. */
  function overflow(at: number): void {
    for (const { callId, queueId, queuedAtMs, callbackOf } of [...desk.waitingCalls()]) {
      const queue = desk.queue(queueId);
      if (queue === undefined || callbackOf !== undefined || desk.rings(callId) || at - queuedAtMs < queue.maxWaitMs) continue;
      if (at - (overflowAsked.get(callId) ?? 0) < OVERFLOW_AGAIN_MS) continue;
      overflowAsked.set(callId, at);
      commands.send('call.overflow', { callId, overflow: queue.overflow }).catch((error: unknown) => {
        const code = failureOf(error);
        log.debug({ callId, code }, 'call does not overflow');
        if (code === 'no-such-call') forgetCall(callId);
      });
    }
  }

  /** Timers: wrap-ups that end, rings that widen, waits that are too long, callbacks whose time has come. */
  function tick(): void {
    const at = nowMs();
    for (const agent of [...desk.agents()]) if (isDue(agent, at)) move(agent.agentId, { type: 'clock' });
    for (const call of [...desk.waitingCalls()])
      if (call.avoid.length > 0 && at - (call.avoidedAtMs ?? call.queuedAtMs) > FORGET_AVOIDED_MS) desk.forgetAvoided(call.callId);
    overflow(at);
    callbacks.lineUp();
    for (const agent of desk.turnTo(today())) state.saveAgent(agent);
    if (figures.turnTo(needs.midnightMs())) log.info({}, 'a new day: the figures start at zero');
    match();
    recorder.look();
  }

  /** Agents whose page is gone for good are signed out; one in a call stays while the call is live. */
  async function sweepSeats(): Promise<void> {
    const signedIn = [...desk.agents()]
      .filter((agent) => agent.state !== 'signed-out' && agent.state !== 'on-call')
      .map(({ agentId }) => agentId);
    const present = await seatsPresent(signedIn);
    for (const agentId of signedIn) {
      const agent = desk.agent(agentId);
      if (present.has(agentId) || agent === undefined || nowMs() - agent.sinceMs < 30_000) continue;
      move(agentId, { type: 'signed-out' });
      tell('seat.offline', { agentId, sessionId: agent.sessionId, at: new Date(nowMs()).toISOString(), reason: 'timeout' });
    }
  }

  return { tick, sweepSeats };
}

/** Brings the desk to what telephony has, and the figures to what is stored. */
function createReconciling({ needs, known, moves, line, callbacks }: Parts) {
  const { desk, commands } = needs;
  const { forgetCall, wrapUpOf } = line;
  const { move } = moves;
  /** After a start, only telephony's actual calls count. Without telephony no outbound call is assumed to be live. */
  async function reconcile(): Promise<void> {
    const liveCalls = () => commands.send('calls.live', {}).catch(() => undefined);
    const live = await liveCalls();
    let isLate = false;
    await needs.onceStored(async () => callbacks.restore(new Set((isLate ? await liveCalls() : live)?.map(({ callId }) => callId))));
    isLate = true;
    if (live === undefined) return;
    const alive = new Set(live.map(({ callId }) => callId));
    for (const { callId, queueId } of live) if (queueId !== undefined) known.set(callId, { queueId });
    for (const call of [...desk.waitingCalls()]) if (!alive.has(call.callId)) forgetCall(call.callId);
    for (const agent of [...desk.agents()])
      if (agent.callId !== undefined && agent.state !== 'wrap-up' && !alive.has(agent.callId))
        move(agent.agentId, { type: 'call-ended', callId: agent.callId, wrapUp: wrapUpOf(agent.queueId) });
  }

  return { readVisits: createDayReader(needs), reconcile };
}

/** Keeps the desk in line with events, and carries out its matches. */
export function createRoutingService(needs: RoutingDependencies) {
  const { desk, queues, waits, commands, clock, newId, log } = needs;
  const { nowMs } = clock;
  const now = (): Date => new Date(nowMs());
  const recorder = createWaitRecorder({ desk, waits, now, newId });
  const known: KnownCalls = new Map();
  const moves = createMoves(needs, known);
  const { move, moved } = moves;
  const line = createLine(needs);
  const callbacks = createCallbackDesk({ desk, store: needs.callbacks, commands, freeAgent, tellReached, now, log });
  const { match } = createOffers({
    ...{ desk, commands, clock, log, recorder, callbacks, move, moved },
    publish: moves.tell,
    forgetCall: line.forgetCall,
  });
  const parts: Parts = { needs, known, moves, line, recorder, callbacks, match };
  let breaks: readonly BreakReason[] = usualBreaks;

  function freeAgent(agentId: AgentId, callId: CallId, outcome: 'withdrawn' | 'seat-lost' | 'refused'): void {
    move(agentId, { type: 'offer-ended', callId, outcome });
    match();
  }

  function tellReached(reached: Omit<EventOf<'callback.reached'>, 'at'>): void {
    moves.tell('callback.reached', { ...reached, at: now().toISOString() });
  }

  async function readSettings(): Promise<void> {
    const [stored, skills, reasons] = await Promise.all([queues.all(), queues.skills(), queues.breaks()]);
    desk.setQueues(stored);
    desk.setSkills(skills);
    breaks = reasons;
    match();
    await takeNewNames(needs);
  }

  const handlers: Handlers = {
    ...waitingHandlers(parts),
    ...agentHandlers(parts),
  };

  const served = {
    ...routingCommands({
      facts: needs,
      breaks: () => breaks,
      move,
      signIn: (agentId, name, sessionId) => {
        const before = desk.agent(agentId);
        const agent = desk.signIn(agentId, name, sessionId, nowMs());
        moved(before, agent);
        return agent;
      },
      ...{ match, known, nowMs },
    }),
    'callback.cancel': async ({ callId }: { readonly callId: CallId }) => ({ cancelled: await callbacks.cancel(callId) }),
    'callback.of': async (person: CommandInput<'callback.of'>) => {
      const owed = callbacks.of(person);
      return owed === undefined ? null : { callId: owed.callId, queueId: owed.queueId };
    },
  };

  return { handlers, served, ...createClocks(parts), ...createReconciling(parts), readSettings, breaks: () => breaks };
}
