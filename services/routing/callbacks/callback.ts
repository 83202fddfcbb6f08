import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';
/** A caller who left the queue but keeps the place in it: an agent calls back when the turn comes. */
export interface Callback {
  /** The call in which it was requested. */
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly askedAt: Date;
  /** Since when the caller waits: the place in line. */
  readonly waitingSince: Date;
  /** The priority and skills that the caller's queue step asked for. */
  readonly priority: number;
  readonly skills: Readonly<Record<string, number>>;
  /** `joined`: the same person is called back for an earlier call, which covers this one too. */
  readonly state: 'waiting' | 'dialling' | 'reached' | 'not-reached' | 'cancelled' | 'joined';
  readonly tries: number;
  /** The earliest time for calling back. */
  readonly notBefore: Date;
  /** The id of the outbound call, once it is dialled. */
  readonly outboundId?: string;
  readonly agentId?: AgentId;
  /** Keyed hash of the caller's number; missing for a withheld number. */
  readonly callerHash?: string;
  /** The client unit whose number was called. */
  readonly clientUnit?: string;
  /** The call whose callback covers this one too. */
  readonly joinedTo?: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** After how long a person who was not reached is tried again; after the last attempt the callback is given up. */
const AGAIN_AFTER_MS: readonly number[] = [10 * MINUTE_MS, 60 * MINUTE_MS];

/** What becomes of a callback whose outbound call was not answered. */
export function afterMiss(callback: Callback, now: Date): Callback {
  const { outboundId: _over, agentId: _who, ...rest } = callback;
  const wait = AGAIN_AFTER_MS[callback.tries - 1];
  if (wait === undefined) return { ...rest, state: 'not-reached' };
  return { ...rest, state: 'waiting', notBefore: new Date(now.getTime() + wait) };
}

/** What becomes of a callback that may not be dialled now (rest hours, limits): it uses up no attempt, and lapses after a day. */
export function afterRefusal(callback: Callback, now: Date): Callback {
  const { outboundId: _over, agentId: _who, ...rest } = callback;
  if (now.getTime() - callback.askedAt.getTime() > DAY_MS) return { ...rest, state: 'not-reached' };
  return { ...rest, state: 'waiting', notBefore: new Date(now.getTime() + 10 * MINUTE_MS), tries: Math.max(0, callback.tries - 1) };
}

/**
 * One person, one callback of a client unit: a further request, in this queue or another, joins the open one. The first one calls back, since it has the
 * earlier place in line; a person who has just called can be reached, so the callback does not wait for its next attempt.
 */
export function joining(open: readonly Callback[], asked: Callback): { readonly first: Callback; readonly joined: Callback } | undefined {
  const { callerHash } = asked;
  const found = callerHash === undefined ? undefined : open.find(owes({ callerHash, clientUnit: asked.clientUnit }));
  if (found === undefined) return undefined;
  const soon = found.state === 'waiting' && found.notBefore > asked.askedAt;
  return {
    first: soon ? { ...found, notBefore: asked.askedAt } : found,
    joined: { ...asked, state: 'joined', joinedTo: found.callId },
  };
}

/** Whether a callback is owed to this person by this client unit. */
export const owes =
  (person: { readonly callerHash: string; readonly clientUnit?: string | undefined }) =>
  ({ callerHash, clientUnit }: Callback): boolean =>
    callerHash === person.callerHash && clientUnit === person.clientUnit;

/** How a callback that joined `first` ends: with it, reached or given up. Undefined while `first` is open, or when it was cancelled. */
export function endedWith(joined: Callback, { state, outboundId, agentId }: Callback): Callback | undefined {
  if (state !== 'reached' && state !== 'not-reached') return undefined;
  return {
    ...joined,
    state,
    ...(outboundId === undefined ? {} : { outboundId }),
    ...(agentId === undefined ? {} : { agentId }),
  };
}

export const isOpen = ({ state }: Callback): boolean => state === 'waiting' || state === 'dialling';
