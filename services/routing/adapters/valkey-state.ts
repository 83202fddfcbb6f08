import type { Redis } from 'ioredis';
import type { Logger } from '../../shared/platform/logger.js';
import type { Agent } from '../agent-machine.js';
import type { WaitingCall } from '../matcher.js';
import type { Lease, StateStore } from '../ports.js';

const AGENTS = 'proofline:routing:agents';
const WAITING = 'proofline:routing:waiting';
const TODAY = 'proofline:routing:today';
const LEASE = 'proofline:routing:lease';
const LEASE_MS = 3_000;

/** Write-through without waiting: a restart loses at most what was on the wire, and `reconcile` asks telephony what is true. */
export function createValkeyState(valkey: Redis, log: Logger): StateStore {
  const write = (done: Promise<unknown>): void =>
    void done.catch((error: unknown) => log.warn({ err: error }, 'routing state could not be written'));
  const values = async <T>(key: string): Promise<T[]> => (await valkey.hvals(key)).map((text) => JSON.parse(text) as T);
  return {
    load: async () => ({ agents: await values<Agent>(AGENTS), waiting: await values<WaitingCall>(WAITING) }),
    saveAgent: (agent) =>
      write(agent.state === 'signed-out' ? valkey.hdel(AGENTS, agent.agentId) : valkey.hset(AGENTS, agent.agentId, JSON.stringify(agent))),
    saveWaiting: (call) => write(valkey.hset(WAITING, call.callId, JSON.stringify(call))),
    removeWaiting: (callId) => write(valkey.hdel(WAITING, callId)),
    saveToday: (day, figures) => write(valkey.set(`${TODAY}:${day}`, JSON.stringify(figures), 'EX', 172_800)),
    async loadToday(day) {
      const text = await valkey.get(`${TODAY}:${day}`);
      return text === null ? undefined : (JSON.parse(text) as unknown);
    },
  };
}

/** A lease in Valkey, renewed three times in its life; `lost` is called when another took it. */
export function createValkeyLease(valkey: Redis, holder: string, lost: () => void): Lease {
  let timer: NodeJS.Timeout | undefined;
  const take = async (): Promise<boolean> => (await valkey.set(LEASE, holder, 'PX', LEASE_MS, 'NX')) === 'OK';
  const renew = async (): Promise<void> => {
    const current = await valkey.get(LEASE).catch(() => holder);
    if (current === holder) await valkey.pexpire(LEASE, LEASE_MS).catch(() => 0);
    else if (current !== null || !(await take())) lost();
  };
  return {
    async acquire() {
      while (!(await take())) await new Promise((resolve) => setTimeout(resolve, LEASE_MS / 6));
      timer = setInterval(() => void renew(), LEASE_MS / 3);
    },
    async release() {
      clearInterval(timer);
      if ((await valkey.get(LEASE).catch(() => null)) === holder) await valkey.del(LEASE).catch(() => 0);
    },
  };
}
