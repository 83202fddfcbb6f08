import type { AgentSnapshot, CommandHandlers } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Agent, AgentEvent } from './agents/agent-machine.js';
import { mayBreak, type BreakReason } from './agents/breaks.js';
import { boardRow, isSignedIn, snapshotOf, waitAt, type DeskFacts } from './snapshots.js';
import type { AgentId, QueueId } from '../shared/domain/ids.js';

/** What other roles ask of routing. */
export function routingCommands(needs: {
  readonly facts: DeskFacts;
  readonly breaks: () => readonly BreakReason[];
  /** Applies an event to an agent and publishes the change; undefined when the event was refused. */
  readonly move: (agentId: AgentId, event: AgentEvent) => Agent | undefined;
  readonly signIn: (agentId: AgentId, name: string, sessionId: string) => Agent;
  /** Looks for matches again: an agent may have become free. */
  readonly match: () => void;
  /** The queue that is responsible for a call; for an outbound call from the reservation on. */
  readonly known: Pick<Map<string, { readonly queueId: QueueId }>, 'set' | 'delete'>;
  readonly nowMs: () => number;
}): CommandHandlers {
  const { facts, breaks, move, signIn, match, known, nowMs } = needs;
  const { desk } = facts;

  function chosenBy(agentId: AgentId, event: AgentEvent): AgentSnapshot {
    if (desk.agent(agentId) === undefined) throw new CallCentreError('not-found', 'This agent is not signed in.');
    const after = move(agentId, event);
    if (after === undefined) throw new CallCentreError('wrong-state', 'This agent has just signed out.');
    match();
    return snapshotOf(facts, after);
  }

  return {
    'agent.sign-in': async ({ agentId, name, sessionId }) => snapshotOf(facts, signIn(agentId, name, sessionId)),
    'agent.sign-out': async ({ agentId, sessionId }) => {
      if (sessionId === undefined || desk.agent(agentId)?.sessionId === sessionId) move(agentId, { type: 'signed-out' });
      return {};
    },
    'agent.force-state': async ({ agentId, ...decided }) => chosenBy(agentId, { type: 'forced', ...decided }),
    'agent.set-state': async ({ agentId, state, reason }) => {
      const said = reason === undefined ? {} : { reason };
      const limitMs = state === 'break' ? mayBreak(breaks(), desk.agents(), { agentId, reason }) : undefined;
      return chosenBy(agentId, { type: 'chose', state, ...said, ...(limitMs === undefined ? {} : { limitMs }) });
    },
    'agent.reserve': async ({ queueId, callId, agentId, holdForMs }) => {
      const since = new Date(nowMs()).toISOString();
      const free = desk.freeMember(queueId, agentId);
      if (free === undefined) return { since };
      const reserved = move(free.agentId, { type: 'offered', callId, offerId: callId, untilMs: nowMs() + holdForMs });
      if (reserved === undefined) return { since };
      known.set(callId, { queueId });
      return { agentId: reserved.agentId, since };
    },
    'agent.release': async ({ agentId, callId, outcome }) => {
      move(agentId, { type: 'offer-ended', callId, outcome });
      if (desk.agent(agentId)?.callId !== callId) known.delete(callId);
      match();
      return {};
    },
    'agent.extend-wrap-up': async ({ agentId, byMs }) => {
      const after = move(agentId, { type: 'wrap-up-extended', byMs });
      if (after === undefined) throw new CallCentreError('wrong-state', 'There is no wrap-up clock to extend.');
      return snapshotOf(facts, after);
    },
    'agents.list': async ({ agentId }) => {
      const one = agentId === undefined ? undefined : desk.agent(agentId);
      const asked = agentId === undefined ? [...desk.agents()] : one === undefined ? [] : [one];
      return asked.map((agent) => snapshotOf(facts, agent));
    },
    'queues.list': async () => [...desk.queues()].flatMap(({ id }) => boardRow(facts, id, nowMs()) ?? []),
    'queue.admit': async ({ queueId }) => {
      const queue = desk.queue(queueId);
      const position = desk.length(queueId) + 1;
      if (queue === undefined) return { admitted: false, reason: 'unknown-queue', position };
      const { overflow } = queue;
      if (desk.callers(queueId) >= queue.maxLength) return { admitted: false, reason: 'queue-full', position, overflow };
      const served = queue.admitWithoutAgents || desk.membersOf(queueId).some(isSignedIn);
      if (!served) return { admitted: false, reason: 'no-agent', position, overflow };
      const wait = waitAt(facts, queueId, position);
      return { admitted: true, reason: 'ok', position, ...(wait === undefined ? {} : { expectedWaitMs: wait }) };
    },
    'queue.position': async ({ callId }) => {
      const position = desk.position(callId);
      const queueId = desk.waiting(callId)?.queueId;
      if (position === undefined || queueId === undefined) throw new CallCentreError('no-such-call', 'This call is not waiting.');
      const wait = waitAt(facts, queueId, position);
      return { position, ...(wait === undefined ? {} : { expectedWaitMs: wait }) };
    },
  };
}
