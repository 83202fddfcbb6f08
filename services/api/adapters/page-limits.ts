import type { AgentId } from '../../shared/domain/ids.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

/** The limits of the control sockets in one process. */
export interface PageSocketLimits {
  /** Each tab of a browser has one, and a second one for a moment while it reconnects. */
  readonly perSession: number;
  readonly perPerson: number;
  /** An office behind one address: a page for each seat, and as many again while pages reconnect. Walls and strangers count too. */
  readonly perAddress: number;
  /** How long a connection may stay open without a page or a wall. */
  readonly signInWithinMs: number;
  /** Pages reconnect automatically. */
  readonly lifetimeMs: number;
  /** How often connections, and the sessions of pages that say nothing, are checked. */
  readonly checkEveryMs: number;
}

export const USUAL_PAGE_SOCKETS: PageSocketLimits = {
  perSession: 16,
  perPerson: 32,
  perAddress: 2_000,
  signInWithinMs: 10_000,
  lifetimeMs: 16 * 3_600_000,
  checkEveryMs: 5_000,
};

/** A connection, whatever is on it. */
export interface PageConnection {
  close(): void;
}

interface Known {
  readonly address: string;
  readonly openedMs: number;
  /** Since when nothing is on it; unset while a page or a wall is. */
  emptySinceMs: number | undefined;
}

interface Holder {
  readonly sessionId: string;
  readonly userId: AgentId;
  /** When its session was last seen to be alive. */
  seenMs: number;
}

/** Who holds control sockets: how many of a session, of a person and of an address, and which must go. */
export interface PageSockets {
  /** Whether another connection from this address may come in. */
  allowsAddress(address: string): boolean;
  opened(connection: PageConnection, address: string): void;
  closed(connection: PageConnection): void;
  /** Counts a page of this session; false when the session or the person has too many, and then it is not counted. */
  take(socketId: string, of: Omit<Holder, 'seenMs'>): boolean;
  release(socketId: string): void;
  /** The session of this page was found alive a moment ago. */
  seen(socketId: string): void;
  stop(): void;
}

export function createPageSockets({
  limits: given = {},
  inUse,
  sessionAlive,
  closePages,
  clock,
  log,
}: {
  readonly limits?: Partial<PageSocketLimits> | undefined;
  /** Connections with a page or a wall on them. */
  readonly inUse: () => ReadonlySet<PageConnection>;
  readonly sessionAlive: (sessionId: string) => Promise<boolean>;
  readonly closePages: (sessionId: string) => void;
  readonly clock: Pick<Clock, 'nowMs' | 'every'>;
  readonly log: Logger;
}): PageSockets {
  const limits = { ...USUAL_PAGE_SOCKETS, ...given };
  const connections = new Map<PageConnection, Known>();
  const addresses = new Map<string, number>();
  const holders = new Map<string, Holder>();

  const of = (address: string): number => addresses.get(address) ?? 0;
  const count = (is: (holder: Holder) => boolean): number => [...holders.values()].filter(is).length;

  function closed(connection: PageConnection): void {
    const known = connections.get(connection);
    if (known === undefined) return;
    connections.delete(connection);
    if (of(known.address) > 1) addresses.set(known.address, of(known.address) - 1);
    else addresses.delete(known.address);
  }

  function closeOld(): void {
    const [used, now] = [inUse(), clock.nowMs()];
    for (const [connection, known] of connections) {
      known.emptySinceMs = used.has(connection) ? undefined : (known.emptySinceMs ?? now);
      const isEmpty = known.emptySinceMs !== undefined && now - known.emptySinceMs >= limits.signInWithinMs;
      if (isEmpty || now - known.openedMs >= limits.lifetimeMs) connection.close();
    }
  }

  /** A page in use says something every second; one that only listens would go on after its session has expired. */
  async function closeExpired(): Promise<void> {
    const silent = [...holders.values()].filter(({ seenMs }) => clock.nowMs() - seenMs >= limits.checkEveryMs);
    for (const sessionId of new Set(silent.map((holder) => holder.sessionId))) if (!(await sessionAlive(sessionId))) closePages(sessionId);
  }

  const stop = clock.every(limits.checkEveryMs, () => {
    closeOld();
    void closeExpired().catch((error: unknown) => log.warn({ err: error }, 'the sessions of pages could not be read'));
  });

  return {
    allowsAddress: (address) => of(address) < limits.perAddress,
    opened(connection, address) {
      connections.set(connection, { address, openedMs: clock.nowMs(), emptySinceMs: clock.nowMs() });
      addresses.set(address, of(address) + 1);
      // Several may have been let in before the first of them was counted.
      if (of(address) > limits.perAddress) connection.close();
    },
    closed,
    take(socketId, { sessionId, userId }) {
      if (count((each) => each.sessionId === sessionId) >= limits.perSession || count((each) => each.userId === userId) >= limits.perPerson)
        return false;
      holders.set(socketId, { sessionId, userId, seenMs: clock.nowMs() });
      return true;
    },
    release: (socketId) => void holders.delete(socketId),
    seen(socketId) {
      const holder = holders.get(socketId);
      if (holder !== undefined) holder.seenMs = clock.nowMs();
    },
    stop,
  };
}
