import type { AgentSnapshot, CommandBus, CommandHandlers, QueueSnapshot } from '../shared/contracts/commands.js';
import { CallCentreError, failureOf } from '../shared/domain/failure.js';
import type { EventBus, EventOf, Handlers } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/logger.js';
import type { Agent, AgentEvent, WrapUp } from './agent-machine.js';
import type { DayFiguresKeeper } from './day-figures.js';
import type { Desk, Match } from './desk.js';
import type { WaitingCall } from './matcher.js';
import type { DecisionStore, QueueStore, SeatsPresent, StateStore } from './ports.js';

export interface RoutingDependencies {
  readonly desk: Desk;
  readonly figures: DayFiguresKeeper;
  readonly queues: QueueStore;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly seatsPresent: SeatsPresent;
  readonly now: () => Date;
  /** The site's date, `2026-11-25`. */
  readonly today: () => string;
  readonly newId: () => string;
  readonly log: Logger;
}

/** A seat that lost its sound counts as served for so long. */
const BACK_WITHIN_MS = 20_000;
/** A call that everybody avoided is offered to all again after this. */
const FORGET_AVOIDED_MS = 10_000;

/** Keeps the desk true to what happens, and carries its matches out. */
export function createRoutingService(needs: RoutingDependencies) {
  const { desk, figures, queues, decisions, state, bus, commands, seatsPresent, now, today, newId, log } = needs;
  const nowMs = (): number => now().getTime();
  let matching = false;
  let matchAgain = false;

  function moved(before: Agent | undefined, after: Agent): void {
    state.saveAgent(after);
    if (
      before?.state === after.state &&
      before.untilMs === after.untilMs &&
      before.next?.state === after.next?.state &&
      before.undisposedCallId === after.undisposedCallId &&
      before.reason === after.reason
    )
      return;
    const { agentId, callId, reason, untilMs } = after;
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

  function move(agentId: string, event: AgentEvent): Agent | undefined {
    const before = desk.agent(agentId);
    const after = desk.move(agentId, event, nowMs());
    if (after === undefined) log.debug({ agentId, event: event.type, state: before?.state }, 'event refused in this state');
    else if (after !== before) moved(before, after);
    return after;
  }

  /** Matches until nothing fits, one run at a time; what changes meanwhile is looked at in the next. */
  function match(): void {
    if (matching) {
      matchAgain = true;
      return;
    }
    matching = true;
    try {
      do {
        matchAgain = false;
        for (const found of desk.match(nowMs())) void carryOut(found);
      } while (matchAgain);
    } finally {
      matching = false;
    }
  }

  async function carryOut({ decision, offers }: Match): Promise<void> {
    const { callId, queueId, waitedMs } = decision;
    const decisionId = newId();
    const queue = desk.queue(queueId);
    decisions
      .add({ ...decision, decisionId, at: now() })
      .catch((error: unknown) => log.error({ err: error, callId }, 'decision could not be stored'));
    await Promise.all(
      offers.map(async ({ agentId, offerId }) => {
        const agent = desk.agent(agentId);
        if (agent !== undefined) moved({ ...agent, state: 'ready' }, agent);
        try {
          await commands.send('call.offer', {
            callId,
            agentId,
            offerId,
            ringForMs: queue?.ringForMs ?? 20_000,
            autoAnswer: queue?.autoAnswer ?? false,
          });
          tell('routing.decided', { callId, at: now().toISOString(), queueId, agentId, decisionId, waitedMs });
        } catch (error) {
          const code = failureOf(error);
          log.warn({ callId, agentId, code }, 'offer was refused');
          // `seat-lost`: the seat cannot ring, the caller goes on. Otherwise the caller is gone or telephony is: the seat is free again.
          move(agentId, { type: 'offer-ended', callId, outcome: code === 'seat-lost' ? 'seat-lost' : 'withdrawn' });
          if (code === 'no-such-call' || code === 'wrong-state') forgetCall(callId);
          else desk.offerEnded(callId, agentId, code === 'seat-lost');
          if (code !== 'no-such-call' && code !== 'wrong-state') setTimeout(match, 500);
        }
      }),
    );
  }

  function forgetCall(callId: string): WaitingCall | undefined {
    const call = desk.dequeue(callId);
    if (call !== undefined) state.removeWaiting(callId);
    return call;
  }

  const wrapUpOf = (queueId: string | undefined): WrapUp => desk.queue(queueId ?? '')?.wrapUp ?? { mode: 'fixed', ms: 10_000 };
  const queueOfCall = new Map<string, string>();

  function queued(event: EventOf<'call.queued'>): void {
    const { callId, queueId, priority, skills, preferredAgentId, avoid } = event;
    const waitingSinceMs = Date.parse(event.waitingSince);
    const call: WaitingCall = {
      callId,
      queueId,
      priority,
      waitingSinceMs,
      queuedAtMs: Date.parse(event.at),
      skills,
      avoid,
      ...(preferredAgentId === undefined ? {} : { preferredAgentId }),
    };
    if (!queueOfCall.has(callId)) figures.offered(queueId);
    queueOfCall.set(callId, queueId);
    desk.enqueue(call);
    state.saveWaiting(call);
    match();
  }

  /** The seats that an ended or moved call leaves: ringing ones are free, talking ones go to wrap-up. */
  function releaseAgents(callId: string, queueId: string | undefined, only?: string): void {
    for (const agent of desk.agentsOf(callId))
      if (only === undefined || agent.agentId === only) move(agent.agentId, { type: 'call-ended', callId, wrapUp: wrapUpOf(queueId) });
  }

  const handlers: Handlers = {
    'call.queued': queued,
    'call.dequeued': ({ callId, queueId, reason }) => {
      const call = forgetCall(callId);
      const waitedMs = call === undefined ? 0 : nowMs() - call.waitingSinceMs;
      if (reason === 'abandoned') figures.abandoned(queueId, waitedMs, desk.queue(queueId)?.serviceLevel.thresholdMs ?? 20_000);
      for (const agent of desk.agentsOf(callId))
        if (agent.state === 'offered') move(agent.agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' });
      match();
    },
    'call.offer-ended': ({ callId, agentId, outcome }) => {
      if (outcome === 'answered') return;
      move(agentId, { type: 'offer-ended', callId, outcome });
      desk.offerEnded(callId, agentId, outcome !== 'withdrawn');
      match();
    },
    'call.connected': ({ callId, agentId, queueId }) => {
      const call = forgetCall(callId);
      if (call !== undefined && queueId !== undefined)
        figures.answered(queueId, nowMs() - call.waitingSinceMs, desk.queue(queueId)?.serviceLevel.thresholdMs ?? 20_000);
      for (const agent of desk.agentsOf(callId))
        if (agent.state === 'offered' && agent.agentId !== agentId)
          move(agent.agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' });
      move(agentId, { type: 'connected', callId });
      match();
    },
    'call.agent-left': ({ callId, agentId }) => {
      releaseAgents(callId, queueOfCall.get(callId), agentId);
      match();
    },
    'call.ended': ({ callId, queueId }) => {
      forgetCall(callId);
      releaseAgents(callId, queueId ?? queueOfCall.get(callId));
      queueOfCall.delete(callId);
      match();
    },
    'contact.disposed': ({ callId, agentId }) => {
      move(agentId, { type: 'disposed', callId });
      match();
    },
    'seat.media': ({ agentId, sessionId, up }) => {
      // A late word of a seat that was superseded says nothing about the new one.
      if (desk.agent(agentId)?.sessionId !== sessionId) return;
      move(agentId, { type: 'media', up });
      match();
    },
    'config.changed': async ({ what }) => {
      if (what === 'queues' || what === 'agents') await readQueues();
    },
  };

  async function readQueues(): Promise<void> {
    const [stored, skills] = await Promise.all([queues.all(), queues.skills()]);
    desk.setQueues(stored);
    desk.setSkills(skills);
    match();
  }

  function snapshotOf(agent: Agent): AgentSnapshot {
    const { agentId, name, state: agentState, sinceMs, reason, untilMs, callId, next, undisposedCallId } = agent;
    return {
      agentId,
      name,
      state: agentState,
      since: new Date(sinceMs).toISOString(),
      queues: [...desk.queuesOf(agentId)],
      ...(reason === undefined ? {} : { reason }),
      ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
      ...(callId === undefined ? {} : { callId }),
      ...(next === undefined ? {} : { nextState: next.state }),
      ...(undisposedCallId === undefined ? {} : { undisposedCallId }),
    };
  }

  function boardRow(queueId: string): QueueSnapshot | undefined {
    const queue = desk.queue(queueId);
    if (queue === undefined) return undefined;
    const waiting = [...desk.waitingCalls()].filter((call) => call.queueId === queueId);
    const states: QueueSnapshot['states'] = {};
    for (const agent of desk.membersOf(queueId)) states[agent.state] = (states[agent.state] ?? 0) + 1;
    const { offered, answered, abandoned, withinTarget, waitMs } = figures.of(queueId);
    return {
      queueId,
      name: queue.name,
      waiting: waiting.length,
      longestWaitMs: Math.max(0, ...waiting.map((call) => nowMs() - call.waitingSinceMs)),
      states,
      today: { offered, answered, abandoned, withinTarget, averageWaitMs: answered === 0 ? 0 : waitMs / answered },
      serviceLevel: queue.serviceLevel,
    };
  }

  function chosenBy(agentId: string, event: AgentEvent): AgentSnapshot {
    if (desk.agent(agentId) === undefined) throw new CallCentreError('not-found', 'This agent is not signed in.');
    const after = move(agentId, event);
    if (after === undefined) throw new CallCentreError('seat-lost', 'The seat has no sound yet: it cannot be ready.');
    match();
    return snapshotOf(after);
  }

  const served: CommandHandlers = {
    'agent.sign-in': async ({ agentId, name, sessionId }) => {
      const before = desk.agent(agentId);
      const agent = desk.signIn(agentId, name, sessionId, nowMs());
      moved(before, agent);
      return snapshotOf(agent);
    },
    'agent.sign-out': async ({ agentId, sessionId }) => {
      if (sessionId === undefined || desk.agent(agentId)?.sessionId === sessionId) move(agentId, { type: 'signed-out' });
      return {};
    },
    'agent.set-state': async ({ agentId, state: wanted, reason, force }) =>
      chosenBy(agentId, { type: force ? 'forced' : 'chose', state: wanted, ...(reason === undefined ? {} : { reason }) }),
    'agent.extend-wrap-up': async ({ agentId, byMs }) => {
      const after = move(agentId, { type: 'wrap-up-extended', byMs });
      if (after === undefined) throw new CallCentreError('wrong-state', 'There is no wrap-up clock to extend.');
      return snapshotOf(after);
    },
    'agents.list': async ({ agentId }) =>
      [...desk.agents()].filter((agent) => agentId === undefined || agent.agentId === agentId).map(snapshotOf),
    'queues.list': async () => [...desk.queues()].flatMap(({ id }) => boardRow(id) ?? []),
    'queue.admit': async ({ queueId }) => {
      const queue = desk.queue(queueId);
      const position = desk.length(queueId) + 1;
      if (queue === undefined) return { admitted: false, reason: 'unknown-queue', position };
      if (position > queue.maxLength) return { admitted: false, reason: 'queue-full', position };
      const served = queue.admitWithoutAgents || desk.membersOf(queueId).some((agent) => isServing(agent, nowMs()));
      if (!served) return { admitted: false, reason: 'no-agent', position };
      const expectedWaitMs = figures.expectedWaitMs(queueId);
      return { admitted: true, reason: 'ok', position, ...(expectedWaitMs === undefined ? {} : { expectedWaitMs }) };
    },
    'queue.position': async ({ callId }) => {
      const position = desk.position(callId);
      const queueId = desk.waiting(callId)?.queueId;
      if (position === undefined || queueId === undefined) throw new CallCentreError('no-such-call', 'This call does not wait.');
      const expectedWaitMs = figures.expectedWaitMs(queueId);
      return { position, ...(expectedWaitMs === undefined ? {} : { expectedWaitMs }) };
    },
  };

  /** Clocks: wrap-ups that end, rings that widen, calls that all avoided. */
  function tick(): void {
    const at = nowMs();
    for (const agent of [...desk.agents()]) if (agent.untilMs !== undefined && agent.untilMs <= at) move(agent.agentId, { type: 'clock' });
    for (const call of [...desk.waitingCalls()])
      if (call.avoid.length > 0 && at - call.queuedAtMs > FORGET_AVOIDED_MS) desk.forgetAvoided(call.callId);
    if (figures.turnTo(today())) log.info({}, 'a new day: the counters begin at zero');
    match();
  }

  /** Agents whose page is gone for good are signed out; one in a call stays until the call has decided. */
  async function sweepSeats(): Promise<void> {
    const signedIn = [...desk.agents()]
      .filter((agent) => agent.state !== 'signed-out' && agent.state !== 'on-call')
      .map(({ agentId }) => agentId);
    const present = await seatsPresent(signedIn);
    for (const agentId of signedIn) {
      const agent = desk.agent(agentId);
      if (present.has(agentId) || agent === undefined || nowMs() - agent.sinceMs < 30_000) continue;
      move(agentId, { type: 'signed-out' });
      tell('seat.offline', { agentId, sessionId: agent.sessionId, at: now().toISOString(), reason: 'timeout' });
    }
    const { day, queues: counted } = figures.dump();
    state.saveToday(day, counted);
  }

  /** After a start: what telephony really has is what counts. */
  async function reconcile(): Promise<void> {
    const live = await commands.send('calls.live', {}).catch(() => undefined);
    if (live === undefined) return;
    const known = new Set(live.map(({ callId }) => callId));
    for (const call of [...desk.waitingCalls()]) if (!known.has(call.callId)) forgetCall(call.callId);
    for (const agent of [...desk.agents()])
      if (agent.callId !== undefined && agent.state !== 'wrap-up' && !known.has(agent.callId))
        move(agent.agentId, { type: 'call-ended', callId: agent.callId, wrapUp: { mode: 'none', ms: 0 } });
  }

  return { handlers, served, tick, sweepSeats, reconcile, readQueues };
}

/** Somebody who will take calls: at work with sound, or gone for a moment (a reload, a dropped network). */
function isServing({ state, mediaUp, reason, sinceMs }: Agent, nowMs: number): boolean {
  if (state === 'away') return reason === 'seat-lost' && nowMs - sinceMs < BACK_WITHIN_MS;
  return state !== 'signed-out' && mediaUp;
}
