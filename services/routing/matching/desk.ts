import { isPerson } from '../../shared/domain/proof.js';
import { moveAgent, newAgent, type Agent, type AgentEvent } from '../agents/agent-machine.js';
import { beforeInLine, decide, decideIfAny, type Decision, type WaitingCall } from './matcher.js';
import type { Queue } from '../queue.js';
import { Roster } from './roster.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

export interface Match {
  readonly decision: Decision;
  readonly offers: readonly { readonly agentId: AgentId; readonly offerId: string }[];
}

/**
 * COMPLEX Everything that routing knows, in memory: agents, queues and waiting calls, with an index of who serves which queue. It does no
 * input or output; the
 * service stores the changes and carries out the matches.
 *
 * Invariants (checked with random sequences in desk.test.ts): an agent has at most one call; a call that waits has no agent in `on-call`; a
 * call that is offered is offered only to agents in `offered` with its id.
 */
export class Desk {
  readonly #agents = new Map<string, Agent>();
  readonly #queues = new Map<string, Queue>();
  readonly #waiting = new Map<string, WaitingCall>();
  /** Calls that ring somewhere. They are not matched again until every offer has ended. */
  readonly #ringing = new Map<string, Set<string>>();
  /** For each queue, the calls that wait and do not ring, in the order of `beforeInLine`. */
  readonly #lines = new Map<string, WaitingCall[]>();
  readonly #rosters = new Map<string, Roster>();
  readonly #servedBy = new Map<string, Set<string>>();
  /** Agents at whom a call rings, who talk on it, or who are in its wrap-up. */
  readonly #agentsOfCall = new Map<string, Set<string>>();
  #skills: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map();
  #day: string | undefined;
  #offers = 0;

  constructor(private readonly idPrefix: string) {}

  setQueues(queues: readonly Queue[]): void {
    this.#queues.clear();
    this.#lines.clear();
    for (const queue of queues) this.#queues.set(queue.id, queue);
    for (const call of this.#waiting.values()) if (!this.#ringing.has(call.callId)) this.#lineUp(call);
    this.#indexMembers();
  }

  /** The skill levels of everybody, including people who are not signed in, so that they apply from the first moment. */
  setSkills(skills: ReadonlyMap<string, Readonly<Record<string, number>>>): void {
    this.#skills = skills;
    for (const agent of [...this.#agents.values()]) this.#put({ ...agent, skills: skills.get(agent.agentId) ?? {} });
  }

  /** The display names as the accounts have them now. Returns the agents who have another one than before. */
  setNames(names: ReadonlyMap<string, string>): readonly Agent[] {
    return [...this.#agents.values()].flatMap((agent) => {
      const name = names.get(agent.agentId) ?? agent.name;
      if (name === agent.name) return [];
      const renamed = { ...agent, name };
      this.#put(renamed);
      return [renamed];
    });
  }

  /** The site's date. When it changes, the agents' counters begin at zero. Returns the agents who changed. */
  turnTo(day: string): readonly Agent[] {
    if (day === this.#day) return [];
    this.#day = day;
    return [...this.#agents.keys()].flatMap((agentId) => this.move(agentId, { type: 'day', day }, 0) ?? []);
  }

  agent(agentId: AgentId): Agent | undefined {
    return this.#agents.get(agentId);
  }
  agents(): Iterable<Agent> {
    return this.#agents.values();
  }
  /** Agents whose `callId` is this call, in any state. */
  agentsOf(callId: CallId): readonly Agent[] {
    return [...(this.#agentsOfCall.get(callId) ?? [])].flatMap((agentId) => this.#agents.get(agentId) ?? []);
  }
  queue(queueId: QueueId): Queue | undefined {
    return this.#queues.get(queueId);
  }
  queues(): Iterable<Queue> {
    return this.#queues.values();
  }
  waiting(callId: CallId): WaitingCall | undefined {
    return this.#waiting.get(callId);
  }
  waitingCalls(): Iterable<WaitingCall> {
    return this.#waiting.values();
  }
  /** Agents who serve the queue, in its order. */
  membersOf(queueId: QueueId): readonly Agent[] {
    return this.#rosters.get(queueId)?.members ?? [];
  }
  queuesOf(agentId: AgentId): readonly string[] {
    return [...(this.#servedBy.get(agentId) ?? [])];
  }
  /** The free members of a queue with the required levels, best first by its strategy. */
  freeMember(queueId: QueueId, agentId?: AgentId): Agent | undefined {
    const roster = this.#rosters.get(queueId);
    if (roster === undefined || roster.free === 0) return undefined;
    for (const agent of roster.able(roster.queue.skills)) if (agentId === undefined || agent.agentId === agentId) return agent;
    return undefined;
  }
  /** The place of a call in its queue from 1, ringing calls included; undefined when it does not wait. */
  position(callId: CallId): number | undefined {
    const call = this.#waiting.get(callId);
    if (call === undefined) return undefined;
    let before = 1;
    for (const other of this.#waiting.values()) if (other.queueId === call.queueId && this.#order(other, call) < 0) before += 1;
    return before;
  }
  /** The number of callers on the line in a queue, ringing ones included. A callback occupies no line. */
  callers(queueId: QueueId): number {
    let callers = 0;
    for (const call of this.#waiting.values()) if (call.queueId === queueId && call.callbackOf === undefined) callers += 1;
    return callers;
  }
  /** The number of waiting callers in a queue, ringing ones included. */
  length(queueId: QueueId): number {
    let length = 0;
    for (const call of this.#waiting.values()) if (call.queueId === queueId) length += 1;
    return length;
  }

  restore(agents: readonly Agent[], waiting: readonly WaitingCall[]): void {
    for (const agent of agents) this.#put(agent);
    for (const call of waiting) this.#waiting.set(call.callId, call);
    this.setQueues([...this.#queues.values()]);
  }

  signIn(agentId: AgentId, name: string, sessionId: string, nowMs: number): Agent {
    const known = this.#agents.get(agentId);
    const agent =
      known === undefined
        ? {
            ...newAgent(agentId, name, sessionId, nowMs),
            skills: this.#skills.get(agentId) ?? {},
            ...(this.#day === undefined ? {} : { day: this.#day }),
          }
        : (moveAgent(known, { type: 'signed-in', name, sessionId }, nowMs) ?? known);
    this.#put(agent);
    if (known === undefined) this.#indexMembers();
    return agent;
  }

  /** The agent after the event, or undefined when it was refused. */
  move(agentId: AgentId, event: AgentEvent, nowMs: number): Agent | undefined {
    const agent = this.#agents.get(agentId);
    const moved = agent === undefined ? undefined : moveAgent(agent, event, nowMs);
    if (moved !== undefined) this.#put(moved);
    return moved;
  }

  enqueue(call: WaitingCall): void {
    this.dequeue(call.callId);
    this.#waiting.set(call.callId, call);
    this.#lineUp(call);
  }

  /** Removes a call from its queue and forgets its ringing. */
  dequeue(callId: CallId): WaitingCall | undefined {
    const call = this.#waiting.get(callId);
    if (call === undefined) return undefined;
    this.#waiting.delete(callId);
    this.#ringing.delete(callId);
    this.#leaveLine(call);
    return call;
  }

  /** An offer failed. If it was the last one of its call, the call is back in line at its old place and avoids the agents who missed it. */
  offerEnded(callId: CallId, agentId: AgentId, avoid: boolean, nowMs: number): void {
    const call = this.#waiting.get(callId);
    const ringing = this.#ringing.get(callId);
    if (call === undefined || ringing === undefined) return;
    ringing.delete(agentId);
    const now = avoid ? { ...call, avoid: [...new Set([...call.avoid, agentId])], avoidedAtMs: nowMs } : call;
    this.#waiting.set(callId, now);
    if (ringing.size > 0) return;
    this.#ringing.delete(callId);
    this.#lineUp(now);
  }

  /** When every agent who could take a call has missed it, they are asked again: better twice than never. */
  forgetAvoided(callId: CallId): void {
    const call = this.#waiting.get(callId);
    if (call === undefined || this.#ringing.has(callId)) return;
    this.enqueue({ ...call, avoid: [] });
  }

  rings(callId: CallId): boolean {
    return this.#ringing.has(callId);
  }

  /** Why a call waits: which agents could take it and which could not, if it were its turn; undefined when it does not wait, or rings. */
  explain(callId: CallId, nowMs: number): Decision | undefined {
    const call = this.#waiting.get(callId);
    const roster = this.#rosters.get(call?.queueId ?? '');
    if (call === undefined || roster === undefined || this.#ringing.has(callId)) return undefined;
    return decide(call, roster, nowMs);
  }

  /**
   * All matches that are possible now in these queues (all queues when none is named), first in line first. Afterwards the matched agents
   * are `offered`.
   */
  match(nowMs: number, queueIds: Iterable<string> = this.#queues.keys()): Match[] {
    const matches: Match[] = [];
    // No agent becomes free in this loop, so a queue without a free agent is not checked again.
    const open = new Set([...queueIds].filter((queueId) => this.#mayMatch(queueId)));
    const place = new Map<string, number>();
    while (open.size > 0) {
      const [queueId, call] = this.#firstOf(open, place);
      const roster = this.#rosters.get(queueId);
      if (call === undefined || roster === undefined) break;
      if (roster.free === 0) {
        open.delete(queueId);
        continue;
      }
      const decision = decideIfAny(call, roster, nowMs);
      if (decision === undefined) {
        // A call further back may fit the free agents (other skills, nobody avoided).
        const at = (place.get(queueId) ?? 0) + 1;
        place.set(queueId, at);
        if (at >= (this.#lines.get(queueId)?.length ?? 0)) open.delete(queueId);
        continue;
      }
      const offers = decision.chosen.map((agentId) => ({ agentId, offerId: `${this.idPrefix}-${(this.#offers += 1)}` }));
      this.#leaveLine(call);
      this.#ringing.set(call.callId, new Set(decision.chosen));
      for (const { agentId, offerId } of offers) this.move(agentId, { type: 'offered', callId: call.callId, offerId }, nowMs);
      matches.push({ decision, offers });
      if ((this.#lines.get(queueId)?.length ?? 0) <= (place.get(queueId) ?? 0)) open.delete(queueId);
    }
    return matches;
  }

  #mayMatch(queueId: QueueId): boolean {
    return (this.#lines.get(queueId)?.length ?? 0) > 0 && (this.#rosters.get(queueId)?.free ?? 0) > 0;
  }

  #firstOf(open: ReadonlySet<string>, place: ReadonlyMap<string, number>): [string, WaitingCall | undefined] {
    let first: WaitingCall | undefined;
    let of = '';
    for (const queueId of open) {
      const call = this.#lines.get(queueId)?.[place.get(queueId) ?? 0];
      if (call !== undefined && (first === undefined || this.#order(call, first) < 0)) {
        first = call;
        of = queueId;
      }
    }
    return [of, first];
  }

  #order(a: WaitingCall, b: WaitingCall): number {
    return beforeInLine(a, b, (queueId) => this.#queues.get(queueId)?.priority ?? 0);
  }

  #lineUp(call: WaitingCall): void {
    const line = this.#lines.get(call.queueId) ?? [];
    this.#lines.set(call.queueId, line);
    let low = 0;
    for (let high = line.length; low < high;) {
      const middle = (low + high) >> 1;
      const other = line[middle];
      if (other !== undefined && this.#order(other, call) < 0) low = middle + 1;
      else high = middle;
    }
    line.splice(low, 0, call);
  }

  #leaveLine(call: WaitingCall): void {
    const line = this.#lines.get(call.queueId);
    const at = line?.findIndex((other) => other.callId === call.callId) ?? -1;
    if (at >= 0) line?.splice(at, 1);
  }

  #put(agent: Agent): void {
    const before = this.#agents.get(agent.agentId)?.callId;
    this.#agents.set(agent.agentId, agent);
    if (before !== agent.callId) {
      if (before !== undefined) this.#agentsOfCall.get(before)?.delete(agent.agentId);
      if (before !== undefined && this.#agentsOfCall.get(before)?.size === 0) this.#agentsOfCall.delete(before);
    }
    if (agent.callId !== undefined)
      this.#agentsOfCall.set(agent.callId, (this.#agentsOfCall.get(agent.callId) ?? new Set()).add(agent.agentId));
    for (const queueId of this.#servedBy.get(agent.agentId) ?? []) this.#rosters.get(queueId)?.put(agent);
  }

  #indexMembers(): void {
    this.#rosters.clear();
    this.#servedBy.clear();
    // A part of the system (the seat of the test calls) serves only queues that name it.
    const everyone = [...this.#agents.keys()].filter(isPerson).sort();
    for (const queue of this.#queues.values()) {
      const ids = queue.members === 'everyone' ? everyone : [...new Set(queue.members)];
      const members = ids.flatMap((agentId) => this.#agents.get(agentId) ?? []);
      this.#rosters.set(queue.id, new Roster(queue, members));
      for (const { agentId } of members) this.#servedBy.set(agentId, (this.#servedBy.get(agentId) ?? new Set()).add(queue.id));
    }
  }
}
