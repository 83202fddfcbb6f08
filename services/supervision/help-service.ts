import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { AgentHelp } from '../shared/contracts/queues/board.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { HelpEnd, HelpReason } from '../shared/domain/calls/help.js';
import type { Delivered, EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { shownOnBoard, type Help } from './help.js';
import type { HelpStore } from './ports.js';
import type { AgentId, UserId } from '../shared/domain/ids.js';

interface Person {
  readonly userId: UserId;
  readonly name: string;
}

export interface HelpService {
  /** Opens a request, or gives the open one its reason. */
  ask(agent: Person, reason: HelpReason | undefined): Promise<Help>;
  withdraw(agentId: AgentId): Promise<void>;
  /** Returns the supervisor who is coming: the first who said so. */
  take(id: string, by: Person): Promise<Person>;
  settle(id: string): Promise<void>;
  /** The open requests by agent, as they were last read: for the board of agents. */
  openByAgent(): ReadonlyMap<string, AgentHelp>;
  /** What happens in the centre may end a request. */
  heard(delivered: Delivered): Promise<void>;
  /** Reads the open requests again, and ends those whose call or agent is gone. */
  renew(): Promise<void>;
}

export interface HelpNeeds {
  readonly helps: HelpStore;
  readonly commands: CommandBus;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly log: Logger;
}

/** The earliest time after the end of a request at which an agent may ask again: each request rings at every supervisor. */
const AGAIN_MS = 5_000;
/** When telephony does not answer within this time, the agent can still ask for help; the request then names no call. */
const CALL_WITHIN_MS = 1_000;
/** How long a call that has just begun may be missing from the list of calls. */
const SETTLING_MS = 10_000;

/** Requests whose call is over. */
async function withoutCall(commands: CommandBus, helps: readonly Help[]): Promise<readonly Help[]> {
  const ofCalls = helps.filter(({ call }) => call !== undefined);
  if (ofCalls.length === 0) return [];
  const live = new Set((await commands.send('calls.live', {})).map(({ callId }) => callId));
  return ofCalls.filter(({ call }) => call !== undefined && !live.has(call.callId));
}

/**
 * Requests whose agent has signed out since. An agent whose seat does not open asks without one, and had signed out before: that request
 * stays.
 */
async function withoutAgent(commands: CommandBus, helps: readonly Help[]): Promise<readonly Help[]> {
  if (helps.length === 0) return [];
  const agents = await commands.send('agents.list', {});
  const leftAt = new Map(agents.filter(({ state }) => state === 'signed-out').map(({ agentId, since }) => [agentId, Date.parse(since)]));
  return helps.filter(({ agent, at }) => (leftAt.get(agent.userId) ?? 0) > at.getTime());
}

/** Agents' requests for help, from the key press to the supervisor who comes. */
export function createHelpService({ helps, commands, bus, newId, now, log }: HelpNeeds): HelpService {
  let open: readonly Help[] = [];

  const publish = ({ id, agent }: Help): Promise<void> =>
    bus.publish('help.changed', { at: now().toISOString(), helpId: id, agentId: agent.userId });

  async function read(): Promise<void> {
    open = await helps.open();
  }

  async function changed(help: Help): Promise<void> {
    await read();
    await publish(help);
  }

  /** Ends a request once; a later call changes nothing. */
  async function end(help: Help, how: HelpEnd): Promise<void> {
    if (await helps.end(help.id, how, now())) await changed(help);
  }

  async function callOf(agentId: AgentId): Promise<Pick<Help, 'call'>> {
    const calls = await commands.send('calls.live', { agentId }, { timeoutMs: CALL_WITHIN_MS }).catch((error: unknown) => {
      log.debug({ err: error }, 'a request for help has no call');
      return [];
    });
    // A call in which the agent only listens to others is not the agent's own.
    const call = calls.find((each) => each.agentId === agentId);
    return call === undefined ? {} : { call: { callId: call.callId, queueId: call.queueId, called: call.called } };
  }

  async function withReason(help: Help, reason: HelpReason | undefined): Promise<Help> {
    if (reason === undefined || reason === help.reason) return help;
    await helps.setReason(help.id, reason);
    await changed(help);
    return { ...help, reason };
  }

  return {
    async ask(agent, reason) {
      const [last, own] = await Promise.all([helps.newestOf(agent.userId), callOf(agent.userId)]);
      if (last !== undefined && last.endedAt === undefined) return withReason(last, reason);
      if (last?.endedAt !== undefined && now().getTime() - last.endedAt.getTime() < AGAIN_MS)
        throw new CallCentreError('too-many-requests', 'You have just asked for help. Ask again in a moment.');
      const help: Help = { id: newId(), agent, at: now(), ...own, ...(reason === undefined ? {} : { reason }) };
      if (!(await helps.put(help))) {
        // Another press of the key, or another page of the agent, was first.
        const [first = help] = await helps.openOf(agent.userId);
        return withReason(first, reason);
      }
      await changed(help);
      return help;
    },
    async withdraw(agentId) {
      for (const help of await helps.openOf(agentId)) await end(help, 'withdrawn');
    },
    async take(id, by) {
      const help = await helps.byId(id);
      if (help === undefined) throw new CallCentreError('not-found', 'There is no such thing.');
      if (help.agent.userId === by.userId) throw new CallCentreError('wrong-state', 'You cannot answer your own request for help.');
      if (await helps.take(id, by, now())) {
        await changed(help);
        return by;
      }
      const { takenBy, endedAt } = (await helps.byId(id)) ?? help;
      if (endedAt !== undefined || takenBy === undefined) throw new CallCentreError('wrong-state', 'This request for help is over.');
      return takenBy;
    },
    async settle(id) {
      const help = await helps.byId(id);
      if (help === undefined) throw new CallCentreError('not-found', 'There is no such thing.');
      await end(help, 'settled');
    },
    openByAgent: () => new Map(open.map((help) => [help.agent.userId, shownOnBoard(help)])),
    async heard({ name, event }) {
      if (name === 'help.changed') return read();
      if (name === 'call.ended') for (const help of open.filter(({ call }) => call?.callId === event.callId)) await end(help, 'call-ended');
      if (name === 'call.agent-left')
        for (const help of open.filter(({ agent, call }) => agent.userId === event.agentId && call?.callId === event.callId))
          await end(help, 'call-ended');
      if (name === 'agent.state-changed' && event.to === 'signed-out')
        for (const help of open.filter(({ agent }) => agent.userId === event.agentId)) await end(help, 'signed-out');
      return undefined;
    },
    async renew() {
      await read();
      const settled = open.filter(({ at }) => now().getTime() - at.getTime() > SETTLING_MS);
      // If one owner does not answer, nothing follows from that, and the answer of the other one still counts.
      const found = await Promise.allSettled([withoutCall(commands, settled), withoutAgent(commands, settled)]);
      for (const [index, how] of (['call-ended', 'signed-out'] as const).entries()) {
        const gone = found[index];
        if (gone?.status === 'fulfilled') for (const help of gone.value) await end(help, how);
      }
      for (const gone of found) if (gone.status === 'rejected') throw gone.reason;
    },
  };
}
