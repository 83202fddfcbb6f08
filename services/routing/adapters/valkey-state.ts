import type { Redis } from 'ioredis';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { Agent } from '../agents/agent-machine.js';
import type { WaitingCall } from '../matching/matcher.js';
import type { LastAgents, Lease, StateStore } from '../ports.js';

const AGENTS = 'proofline:routing:agents';
const WAITING = 'proofline:routing:waiting';
const LEASE = 'proofline:routing:lease';
const LEASE_MS = 3_000;
const TAKE_EVERY_MS = 250;

/**
 * Written in the background, once a turn of the loop for each agent however often the agent's state changed. A restart loses at most what
 * was being sent, and `reconcile` asks telephony for the truth.
 */
export function createValkeyState(valkey: Redis, log: Logger): StateStore {
  const write = (done: Promise<unknown>): void =>
    void done.catch((error: unknown) => log.warn({ err: error }, 'routing state could not be written'));
  const moved = new Map<string, Agent>();
  function writeMoved(): void {
    const [kept, gone]: [string[], string[]] = [[], []];
    for (const agent of moved.values())
      // An agent who owes a result is asked for it at the next sign-in, whatever process routes then.
      if (agent.state === 'signed-out' && agent.owed === undefined) gone.push(agent.agentId);
      else kept.push(agent.agentId, JSON.stringify(agent));
    moved.clear();
    if (kept.length > 0) write(valkey.hset(AGENTS, ...kept));
    if (gone.length > 0) write(valkey.hdel(AGENTS, ...gone));
  }
  const values = async <T>(key: string): Promise<T[]> => (await valkey.hvals(key)).map((text) => JSON.parse(text) as T);
  return {
    load: async () => ({ agents: await values<Agent>(AGENTS), waiting: await values<WaitingCall>(WAITING) }),
    saveAgent(agent) {
      if (moved.size === 0) setImmediate(writeMoved);
      moved.set(agent.agentId, agent);
    },
    saveWaiting: (call) => write(valkey.hset(WAITING, call.callId, JSON.stringify(call))),
    removeWaiting: (callId) => write(valkey.hdel(WAITING, callId)),
  };
}

const LAST_AGENT = 'proofline:routing:last-agent';
const REMEMBERED_S = 90 * 86_400;

export function createValkeyLastAgents(valkey: Redis, log: Logger): LastAgents {
  return {
    of: async (callerHash) => (await valkey.get(`${LAST_AGENT}:${callerHash}`)) ?? undefined,
    remember: (callerHash, agentId) =>
      void valkey
        .set(`${LAST_AGENT}:${callerHash}`, agentId, 'EX', REMEMBERED_S)
        .catch((error: unknown) => log.warn({ err: error }, 'the agent of a caller could not be remembered')),
  };
}

/** The holder of the lease, with enough to know on the same machine that it died. */
export interface LeaseHolder {
  readonly host: string;
  readonly pid: number;
  readonly id: string;
}

const nameOf = ({ host, pid, id }: LeaseHolder): string => `${host}|${pid}|${id}`;

/** A holder on this machine whose process is gone: nobody has to wait until its lease expires. */
export function isGone(holder: string, host: string, isAlive: (pid: number) => boolean): boolean {
  const [itsHost, itsPid] = holder.split('|');
  const pid = Number(itsPid);
  return itsHost === host && Number.isInteger(pid) && pid > 0 && !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

const TAKE_FROM = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0`;

/** A lease in Valkey, renewed three times in its life. `lost` is called when another process took it. */
export function createValkeyLease(valkey: Redis, self: LeaseHolder, lost: () => void): Lease {
  const holder = nameOf(self);
  let stopRenewing = (): void => undefined;
  let released = false;
  async function take(): Promise<boolean> {
    if ((await valkey.set(LEASE, holder, 'PX', LEASE_MS, 'NX')) === 'OK') return true;
    const other = await valkey.get(LEASE);
    // Two of our renewals at once, after the process stood still for longer than the lease: the first took it for both.
    if (other === holder) return true;
    return other !== null && isGone(other, self.host, isAlive) && (await valkey.eval(TAKE_FROM, 1, LEASE, other, holder, LEASE_MS)) === 1;
  }
  const renew = async (): Promise<void> => {
    const current = await valkey.get(LEASE).catch(() => holder);
    if (current === holder) await valkey.pexpire(LEASE, LEASE_MS).catch(() => 0);
    else if (current !== null || !(await take())) lost();
  };
  return {
    async acquire(standsBy) {
      for (let turn = 0; !(await take()); turn += 1) {
        if (turn === 0) standsBy();
        await new Promise((resolve) => setTimeout(resolve, TAKE_EVERY_MS));
        if (released) throw new Error('stopped before it held the lease');
      }
      stopRenewing = systemClock.every(LEASE_MS / 3, () => void renew());
    },
    async release() {
      released = true;
      stopRenewing();
      if ((await valkey.get(LEASE).catch(() => null)) === holder) await valkey.del(LEASE).catch(() => 0);
    },
  };
}
