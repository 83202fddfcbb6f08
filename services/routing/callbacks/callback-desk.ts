import { failureOf, type FailureCode } from '../../shared/domain/failure.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { EventOf } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { afterMiss, afterRefusal, endedWith, isOpen, joining, owes, type Callback } from './callback.js';
import { createCallbackWrites } from './callback-writes.js';
import type { Desk } from '../matching/desk.js';
import type { CallbackStore } from '../ports.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

export interface CallbackDeskDependencies {
  readonly desk: Desk;
  readonly store: CallbackStore;
  readonly commands: CommandBus;
  /** The agent's part of the callback is over: ready again, or away because the seat has no media. */
  readonly freeAgent: (agentId: AgentId, waitingId: string, outcome: 'withdrawn' | 'seat-lost' | 'refused') => void;
  /** Whoever else owes the person a callback learns that there was one. */
  readonly tellReached: (reached: Omit<EventOf<'callback.reached'>, 'at'>) => void;
  readonly now: () => Date;
  readonly log: Logger;
}

/** How long to wait for the record of a call that has just ended. */
const RECORD_WAIT_MS = 5_000;

/** The id under which a callback waits in line; the call that asked for it has ended. */
export const waitingIdOf = (callId: CallId): string => `callback-${callId}`;

const callbackOf = ({
  callId,
  queueId,
  at,
  waitingSince,
  priority,
  skills,
  callerHash,
  clientUnit,
}: EventOf<'call.callback-asked'>): Callback => ({
  callId,
  queueId,
  askedAt: new Date(at),
  waitingSince: new Date(waitingSince),
  priority,
  skills,
  state: 'waiting',
  tries: 0,
  notBefore: new Date(at),
  ...(callerHash === undefined ? {} : { callerHash }),
  ...(clientUnit === undefined ? {} : { clientUnit }),
});

/** The outcomes of an attempt to reach the caller: for the caller's place in line and for the agent. */
function createOutcomes({
  desk,
  keep,
  freeAgent,
  tellReached,
  now,
  log,
}: Pick<CallbackDeskDependencies, 'desk' | 'freeAgent' | 'tellReached' | 'now' | 'log'> & {
  readonly keep: (callback: Callback) => Promise<void>;
}) {
  async function missed(callback: Callback): Promise<void> {
    const waitingId = waitingIdOf(callback.callId);
    desk.dequeue(waitingId);
    if (callback.agentId !== undefined) freeAgent(callback.agentId, waitingId, 'withdrawn');
    await keep(afterMiss(callback, now()));
  }

  async function reached(callback: Callback): Promise<void> {
    desk.dequeue(waitingIdOf(callback.callId));
    await keep({ ...callback, state: 'reached' });
    const { callId, callerHash, clientUnit, outboundId, agentId } = callback;
    if (callerHash === undefined || outboundId === undefined || agentId === undefined) return;
    tellReached({ ...{ callId, callerHash, outboundId, agentId }, ...(clientUnit === undefined ? {} : { clientUnit }) });
  }

  /** `callback` as it was before the attempt. */
  async function notDialled(callback: Callback, agentId: AgentId, code: FailureCode): Promise<void> {
    const { callId } = callback;
    const waitingId = waitingIdOf(callId);
    log.warn({ callId, agentId, code }, 'a callback could not be dialled');
    const seatLost = code === 'seat-lost';
    if (seatLost || code === 'busy') {
      await keep(callback);
      desk.offerEnded(waitingId, agentId, true, now().getTime());
    } else {
      desk.dequeue(waitingId);
      const soon = { ...callback, notBefore: new Date(now().getTime() + RECORD_WAIT_MS) };
      const tried: Callback = { ...callback, state: 'dialling', tries: callback.tries + 1, agentId };
      await keep(code === 'not-found' && callback.askedAt.getTime() + 60_000 > now().getTime() ? soon : afterRefusal(tried, now()));
    }
    freeAgent(agentId, waitingId, seatLost ? 'seat-lost' : code === 'busy' ? 'refused' : 'withdrawn');
  }

  return { missed, reached, notDialled };
}

/** One person is called back once: a later request by the same person joins the earlier callback. */
function createPromises({
  open,
  store,
  keep,
  log,
}: Pick<CallbackDeskDependencies, 'store' | 'log'> & {
  readonly open: Map<string, Callback>;
  readonly keep: (callback: Callback) => Promise<void>;
}) {
  async function asked(event: EventOf<'call.callback-asked'>): Promise<void> {
    const { callId } = event;
    if (open.has(callId)) return;
    const callback = callbackOf(event);
    const joins = joining([...open.values()], callback);
    if (joins !== undefined) {
      const { first, joined } = joins;
      log.info({ callId, joinedTo: first.callId, queueId: first.queueId }, 'the caller is called back for an earlier call');
      await store.put(joined);
      if (first !== open.get(first.callId) && open.get(first.callId)?.state === 'waiting') await keep(first);
      return;
    }
    // When this fails, the bus delivers the event again: a promise to a caller must not get lost.
    await store.put(callback);
    open.set(callId, callback);
  }

  /** Callbacks requested in later calls of the same person were not cancelled: the earliest of them takes over. */
  async function callBackForNext(callId: CallId): Promise<void> {
    const [next, ...others] = await store.joinedTo(callId).catch((error: unknown) => {
      log.error({ err: error, callId }, 'callbacks that had joined another could not be read');
      return [];
    });
    if (next === undefined) return;
    const { joinedTo: _over, ...again } = next;
    await keep({ ...again, state: 'waiting' });
    for (const other of others) await keep({ ...other, joinedTo: next.callId });
  }

  /** Callbacks that joined `first` end with it: whoever looks up the second call reads that the person was reached. */
  async function endJoined(first: Callback): Promise<void> {
    if (endedWith(first, first) === undefined) return;
    try {
      for (const joined of await store.joinedTo(first.callId)) await store.put(endedWith(joined, first) ?? joined);
    } catch (error) {
      // The next start ends them.
      log.error({ err: error, callId: first.callId }, 'callbacks that had joined another could not be ended with it');
    }
  }

  /** A process that died in between left joined callbacks whose first one has ended. */
  async function restoreJoined(): Promise<void> {
    for (const joined of await store.joined()) {
      const firstId = joined.joinedTo ?? '';
      if (open.has(firstId)) continue;
      const first = await store.one(firstId);
      if (first?.state === 'cancelled') await callBackForNext(firstId);
      else if (first !== undefined) await endJoined(first);
    }
  }

  return { asked, callBackForNext, endJoined, restoreJoined };
}

/**
 * Callers who keep their place without staying on the line. Each waits in its queue like a call; at its turn the chosen agent's seat calls
 * out. Open callbacks are in the document store and survive every restart.
 */
export function createCallbackDesk({ desk, store, commands, freeAgent, tellReached, now, log }: CallbackDeskDependencies) {
  const open = new Map<string, Callback>();
  /** Ends and answers that arrived before the dial command returned the id of the call. */
  const early = new Map<string, 'connected' | 'ended'>();
  let dialling = 0;

  async function keep(callback: Callback): Promise<void> {
    if (isOpen(callback)) open.set(callback.callId, callback);
    else open.delete(callback.callId);
    await writes.put(callback);
  }

  const { asked, callBackForNext, endJoined, restoreJoined } = createPromises({ open, store, keep, log });
  const writes = createCallbackWrites({ store, log }, endJoined);
  const { missed, reached, notDialled } = createOutcomes({ desk, keep, freeAgent, tellReached, now, log });
  const ofOutbound = (callId: CallId): Callback | undefined => [...open.values()].find(({ outboundId }) => outboundId === callId);

  return {
    async restore(liveCallIds: ReadonlySet<string>): Promise<void> {
      for (const callback of await store.open()) {
        open.set(callback.callId, callback);
        if (callback.state === 'dialling' && !liveCallIds.has(callback.outboundId ?? '')) await missed(callback);
      }
      await restoreJoined();
    },

    asked,

    /** Queues the callbacks that are due, and writes rows that the store has not accepted yet. True when one was put in line. */
    lineUp(): boolean {
      writes.again();
      let some = false;
      for (const { callId, queueId, state, notBefore, waitingSince, priority, skills } of open.values()) {
        const waitingId = waitingIdOf(callId);
        if (state !== 'waiting' || notBefore > now() || desk.waiting(waitingId) !== undefined || desk.queue(queueId) === undefined)
          continue;
        const since = { waitingSinceMs: waitingSince.getTime(), queuedAtMs: now().getTime() };
        desk.enqueue({ callId: waitingId, queueId, priority, ...since, skills, avoid: [], callbackOf: callId });
        some = true;
      }
      return some;
    },

    /** The agent's seat calls the caller. */
    async dial(callId: CallId, agentId: AgentId): Promise<void> {
      const callback = open.get(callId);
      const waitingId = waitingIdOf(callId);
      if (callback === undefined) {
        desk.dequeue(waitingId);
        freeAgent(agentId, waitingId, 'withdrawn');
        return;
      }
      const trying: Callback = { ...callback, state: 'dialling', tries: callback.tries + 1, agentId };
      await keep(trying);
      dialling += 1;
      try {
        const { callId: outboundId } = await commands.send('call.call-back', { callId, agentId, automatic: true });
        const dialled = { ...trying, outboundId };
        await keep(dialled);
        const outcome = early.get(outboundId);
        if (outcome === 'ended') await missed(dialled);
        else if (outcome === 'connected') await reached(dialled);
      } catch (error) {
        await notDialled(callback, agentId, failureOf(error));
      } finally {
        dialling -= 1;
        if (dialling === 0) early.clear();
      }
    },

    async connected(callId: CallId): Promise<void> {
      const callback = ofOutbound(callId);
      if (callback !== undefined) await reached(callback);
      else if (dialling > 0) early.set(callId, 'connected');
    },

    async ended(callId: CallId): Promise<void> {
      const callback = ofOutbound(callId);
      if (callback !== undefined) await missed(callback);
      else if (dialling > 0 && !early.has(callId)) early.set(callId, 'ended');
    },

    /** The callback is cancelled. False when it has ended or is being dialled. */
    async cancel(callId: CallId): Promise<boolean> {
      const callback = open.get(callId);
      if (callback?.state !== 'waiting' || desk.rings(waitingIdOf(callId))) return false;
      desk.dequeue(waitingIdOf(callId));
      await keep({ ...callback, state: 'cancelled' });
      await callBackForNext(callId);
      return true;
    },

    /** The open callback that a client unit owes this person. */
    of(person: Parameters<typeof owes>[0]): Pick<Callback, 'callId' | 'queueId'> | undefined {
      return [...open.values()].find(owes(person));
    },
  };
}

export type CallbackDesk = ReturnType<typeof createCallbackDesk>;
