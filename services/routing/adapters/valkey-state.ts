import type { Redis } from 'ioredis';
import type { FencedWrites } from '../../shared/platform/events/valkey-leadership.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Agent } from '../agents/agent-machine.js';
import type { WaitingCall } from '../matching/matcher.js';
import type { LastAgents, StateStore } from '../ports.js';

const AGENTS = 'proofline:routing:agents';
const WAITING = 'proofline:routing:waiting';

/**
 * Written in the background, once per turn of the event loop for each agent, however often the agent's state changed. A restart loses at
 * most what was being sent, and `reconcile` asks telephony for the truth. What a leader writes after losing the lease is refused.
 */
export function createValkeyState(valkey: Redis, fenced: FencedWrites, log: Logger): StateStore {
  const write = (done: Promise<boolean>): void =>
    void done.then(
      (isWritten) => {
        if (!isWritten) log.warn({}, 'routing state was not written: another process has taken over');
      },
      (error: unknown) => log.warn({ err: error }, 'routing state could not be written'),
    );
  const moved = new Map<string, Agent>();
  function writeMoved(): void {
    const [kept, gone]: [string[], string[]] = [[], []];
    for (const agent of moved.values())
      // An agent who owes a result is asked for it at the next sign-in, whichever process is routing then.
      if (agent.state === 'signed-out' && agent.owed === undefined) gone.push(agent.agentId);
      else kept.push(agent.agentId, JSON.stringify(agent));
    moved.clear();
    write(fenced.hash(AGENTS, kept, gone));
  }
  const values = async <T>(key: string): Promise<T[]> => (await valkey.hvals(key)).map((text) => JSON.parse(text) as T);
  return {
    load: async () => ({ agents: await values<Agent>(AGENTS), waiting: await values<WaitingCall>(WAITING) }),
    saveAgent(agent) {
      if (moved.size === 0) setImmediate(writeMoved);
      moved.set(agent.agentId, agent);
    },
    saveWaiting: (call) => write(fenced.hash(WAITING, [call.callId, JSON.stringify(call)], [])),
    removeWaiting: (callId) => write(fenced.hash(WAITING, [], [callId])),
  };
}

const LAST_AGENT = 'proofline:routing:last-agent';
const REMEMBERED_S = 90 * 86_400;

export function createValkeyLastAgents(valkey: Redis, fenced: FencedWrites, log: Logger): LastAgents {
  return {
    of: async (callerHash) => (await valkey.get(`${LAST_AGENT}:${callerHash}`)) ?? undefined,
    remember: (callerHash, agentId) =>
      void fenced
        .set(`${LAST_AGENT}:${callerHash}`, agentId, REMEMBERED_S)
        .catch((error: unknown) => log.warn({ err: error }, 'the agent of a caller could not be remembered')),
  };
}
