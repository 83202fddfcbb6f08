import type { SeatOccupation } from '../shared/contracts/seat-occupation.js';
import { agentParty, type Call } from './call.js';
import type { Outbox } from './outbox.js';

/** What a call takes an agent's seat for; undefined when it does not. */
export function occupationIn({ id, stage }: Call, agentId: string): SeatOccupation | undefined {
  const taken = (as: SeatOccupation['as']): SeatOccupation => ({ as, callId: id });
  switch (stage.kind) {
    case 'calling':
      return stage.agentId === agentId ? taken('dialling') : undefined;
    case 'offered':
      if (stage.answeredBy === agentId) return taken('talking');
      return stage.offers.some((offer) => offer.agentId === agentId) ? taken('ringing') : undefined;
    case 'connected': {
      const me = agentParty(agentId);
      if (stage.agentId === agentId) return taken('talking');
      if (stage.consult?.offer?.agentId === agentId) return taken('ringing');
      if (stage.consult?.party === me) return taken('consulted');
      const party = stage.parties.find(({ id: partyId }) => partyId === me);
      return party && taken(party.role === 'talk' ? 'talking' : 'listening');
    }
    default:
      return undefined;
  }
}

/**
 * What every seat is taken by, published as `seat.occupied` whenever it changes: the one source from which routing knows that a seat cannot
 * be rung. Revisions grow over restarts of this process, since they begin at the clock.
 */
export interface Occupations {
  /** Something that may have changed what the seat is taken by. */
  review(agentId: string): void;
  /** Publishes it whether it changed or not: the seat has another session, or this process is new. */
  restate(agentId: string): void;
  /** The device check begins or ends. */
  echo(agentId: string, on: boolean): void;
  of(agentId: string): SeatOccupation | undefined;
}

export function createOccupations({
  callsOf,
  outbox,
  nowMs,
}: {
  readonly callsOf: (agentId: string) => readonly { readonly call: Call }[];
  readonly outbox: Pick<Outbox, 'put'>;
  readonly nowMs: () => number;
}): Occupations {
  const published = new Map<string, string>();
  const echoing = new Set<string>();
  let revision = 0;

  function of(agentId: string): SeatOccupation | undefined {
    for (const { call } of callsOf(agentId)) {
      const by = occupationIn(call, agentId);
      if (by !== undefined) return by;
    }
    return echoing.has(agentId) ? { as: 'echo-test' } : undefined;
  }

  function publish(agentId: string, by: SeatOccupation | undefined): void {
    revision = Math.max(revision + 1, nowMs());
    if (by === undefined) published.delete(agentId);
    else published.set(agentId, keyOf(by));
    outbox.put('seat.occupied', { agentId, at: new Date(nowMs()).toISOString(), revision, ...(by === undefined ? {} : { by }) });
  }

  const review = (agentId: string): void => {
    const by = of(agentId);
    // A conversation takes the seat's sound away from the device check.
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
