import type { CallPart } from '../../shared/contracts/calls/commands.js';
import type { SeatOccupation } from '../../shared/contracts/calls/seat-occupation.js';
import type { Call } from '../machine/call.js';
import { partIn } from '../running/live-call.js';
import type { Outbox } from '../running/outbox.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** How a call occupies an agent's seat; undefined when it does not. */
export function occupationIn(call: Call, agentId: AgentId): SeatOccupation | undefined {
  const part = partIn(call, agentId);
  return part && { as: call.stage.kind === 'calling' ? 'dialling' : takenAs[part], callId: call.id };
}

const takenAs: Record<CallPart, SeatOccupation['as']> = {
  rings: 'ringing',
  'in-charge': 'talking',
  consulted: 'consulted',
  conference: 'talking',
  listen: 'listening',
  whisper: 'listening',
  barge: 'talking',
};

/**
 * What occupies each seat, published as `seat.occupied` whenever it changes. This is routing's only source for the fact that a seat cannot
 * be rung. Revisions start at the current time, so that they keep growing across restarts of this process.
 */
export interface Occupations {
  /** Called when something may have changed what occupies the seat. */
  review(agentId: AgentId): void;
  /** Publishes even without a change: the seat has another session, or this process is new. */
  restate(agentId: AgentId): void;
  /** The device check begins or ends. */
  echo(agentId: AgentId, on: boolean): void;
  of(agentId: AgentId): SeatOccupation | undefined;
}

export function createOccupations({
  callsOf,
  outbox,
  nowMs,
}: {
  readonly callsOf: (agentId: AgentId) => readonly { readonly call: Call }[];
  readonly outbox: Pick<Outbox, 'put'>;
  readonly nowMs: () => number;
}): Occupations {
  const published = new Map<string, string>();
  const echoing = new Set<string>();
  let revision = 0;

  function of(agentId: AgentId): SeatOccupation | undefined {
    for (const { call } of callsOf(agentId)) {
      const by = occupationIn(call, agentId);
      if (by !== undefined) return by;
    }
    return echoing.has(agentId) ? { as: 'echo-test' } : undefined;
  }

  function publish(agentId: AgentId, by: SeatOccupation | undefined): void {
    revision = Math.max(revision + 1, nowMs());
    if (by === undefined) published.delete(agentId);
    else published.set(agentId, keyOf(by));
    outbox.put('seat.occupied', { agentId, at: new Date(nowMs()).toISOString(), revision, ...(by === undefined ? {} : { by }) });
  }

  const review = (agentId: AgentId): void => {
    const by = of(agentId);
    // A conversation ends the device check, because it needs the seat's media.
    if (by?.callId !== undefined && by.as !== 'ringing') echoing.delete(agentId);
    if ((by && keyOf(by)) !== published.get(agentId)) publish(agentId, by);
  };

  return {
    of,
    review,
    restate: (agentId) => publish(agentId, of(agentId)),
    echo(agentId, on) {
      if (on) echoing.add(agentId);
      else echoing.delete(agentId);
      review(agentId);
    },
  };
}

const keyOf = ({ as, callId }: SeatOccupation): string => `${as}:${callId ?? ''}`;
