import { failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Outbox } from '../running/outbox.js';
import type { AdoptDialog, CallMedia, IncomingSeat, KeptSeat, Leg, LiveState } from '../ports.js';
import type { AgentId, SipCallId } from '../../shared/domain/ids.js';

export interface Seat {
  readonly agentId: AgentId;
  readonly sessionId: string;
  readonly legId: string;
  readonly leg: Leg;
  /** Identifies the session of the seat to its page, which has two sessions while it replaces one. */
  readonly sipCallId: SipCallId;
  /** The page has said that media can flow; a seat without a page says so by answering. */
  mediaUp: boolean;
}

interface Place {
  current: Seat | undefined;
  /** A new session of the same sign-in that is not up yet. The old one is used until it is (make before break). */
  next: Seat | undefined;
}

export interface SeatWatcher {
  /** The agent's seat can talk now, perhaps on another leg than before. */
  seatUp(agentId: AgentId): void;
  seatDown(agentId: AgentId): void;
  /** The agent's seat has another session now, or none. An echo on the earlier session ends. */
  seatExchanged(agentId: AgentId): void;
}

/** A page's report about one of its sessions; without `sipCallId` about the current one. */
export interface MediaWord {
  readonly agentId: AgentId;
  readonly sessionId: string;
  readonly sipCallId?: SipCallId | undefined;
  readonly up: boolean;
}

/**
 * One seat for each agent: the last sign-in has it. Keeps which SIP session is an agent's seat and whether that seat can talk, which it
 * publishes as `seat.media`. Routing decides what the agent does.
 */
export interface Seats {
  invited(incoming: IncomingSeat): Promise<void>;
  /** Returns false when the reported session is not one of the agent's (not yet, or no longer). The page then repeats the report. */
  mediaTold(word: MediaWord): boolean;
  of(agentId: AgentId): Seat | undefined;
  end(agentId: AgentId, sessionId: string, reason: 'signed-out' | 'superseded'): Promise<void>;
  /** The relay lost this leg. Returns whether the leg was a seat's. */
  legLost(legId: string): boolean;
  /**
   * The relay was restarted and has this leg again. A browser notices within 6 s that its ICE session is gone (RFC 7675). Its page is asked
   * for a new session before that, while the old one still carries the call. Returns whether the leg was a seat's.
   */
  legRevived(legId: string): boolean;
  endAll(): Promise<void>;
  /** Stores every seat again, after the live state was lost. */
  restate(): void;
  /** Continues a seat of an earlier process; false when its session is gone. */
  adopt(kept: KeptSeat, adoptDialog: AdoptDialog): Promise<boolean>;
  readonly size: number;
}

export interface SeatsDependencies {
  readonly media: CallMedia;
  readonly outbox: Outbox;
  readonly liveState: LiveState;
  readonly watcher: SeatWatcher;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** The stored and published part of a seat. */
function createSeatFacts({ media, outbox, liveState, nowMs, log }: SeatsDependencies) {
  const at = (): string => new Date(nowMs()).toISOString();

  function keep({ agentId, sessionId, legId, leg, sipCallId, mediaUp }: Seat): void {
    liveState.keepSeat({ agentId, sessionId, legId, dialogId: leg.dialogId, sipCallId, mediaUp, anchor: media.export(legId) });
  }

  function tellMedia({ agentId, sessionId, mediaUp }: Pick<Seat, 'agentId' | 'sessionId' | 'mediaUp'>): void {
    outbox.put('seat.media', { agentId, sessionId, at: at(), up: mediaUp });
  }

  function askRenewal({ agentId, sessionId }: Pick<Seat, 'agentId' | 'sessionId'>): void {
    outbox.put('seat.renewal-asked', { agentId, sessionId, at: at() });
  }

  async function drop(seat: Seat): Promise<void> {
    liveState.forgetSeat(seat.legId);
    await Promise.all([
      seat.leg.hangUp().catch((error: unknown) => log.warn({ err: error, legId: seat.legId }, 'seat could not be hung up')),
      media.release(seat.legId).catch((error: unknown) => log.warn({ err: error, legId: seat.legId }, 'seat media could not be released')),
    ]);
  }

  function tellOffline(seat: Pick<Seat, 'agentId' | 'sessionId'>, reason: 'signed-out' | 'superseded' | 'lost'): void {
    const { agentId, sessionId } = seat;
    outbox.put('seat.offline', { agentId, sessionId, at: at(), reason });
    if (reason === 'lost') tellMedia({ agentId, sessionId, mediaUp: false });
  }

  return { keep, tellMedia, askRenewal, drop, tellOffline };
}

type SeatFacts = ReturnType<typeof createSeatFacts>;

/** Which session is the seat of each agent, and which replaces it. */
function createPlaces({ media, liveState, watcher }: SeatsDependencies, { keep, tellMedia, drop, tellOffline }: SeatFacts) {
  const places = new Map<string, Place>();

  const placeOf = (agentId: AgentId): Place => {
    const known = places.get(agentId);
    if (known !== undefined) return known;
    const fresh: Place = { current: undefined, next: undefined };
    places.set(agentId, fresh);
    return fresh;
  };

  function promote(place: Place, seat: Seat): void {
    const old = place.current;
    place.current = seat;
    place.next = undefined;
    seat.mediaUp = true;
    keep(seat);
    if (old !== seat) watcher.seatExchanged(seat.agentId);
    // Moves calls to the new leg first, so that nobody is connected to the old one when it goes.
    watcher.seatUp(seat.agentId);
    tellMedia(seat);
    if (old !== undefined && old !== seat) void drop(old);
  }

  function gone(seat: Seat): void {
    const place = placeOf(seat.agentId);
    liveState.forgetSeat(seat.legId);
    void media.release(seat.legId).catch(() => undefined);
    if (place.next === seat) place.next = undefined;
    if (place.current !== seat) return;
    place.current = undefined;
    watcher.seatExchanged(seat.agentId);
    if (place.next === undefined) {
      places.delete(seat.agentId);
      tellOffline(seat, 'lost');
    } else {
      place.current = place.next;
      place.next = undefined;
      tellMedia(place.current);
    }
    watcher.seatDown(seat.agentId);
  }

  return { places, placeOf, promote, gone };
}

type Places = ReturnType<typeof createPlaces>;

/** How a session becomes a seat: it is invited, or an earlier process had it. */
function createEntrance(
  { media, liveState, watcher, newId, log }: SeatsDependencies,
  { keep, tellMedia, askRenewal, drop, tellOffline }: SeatFacts,
  { placeOf, promote, gone }: Places,
): Pick<Seats, 'invited' | 'adopt'> {
  return {
    async invited(incoming) {
      const { agentId, sessionId, sipCallId, door } = incoming;
      const legId = `seat-${newId()}`;
      let ended = false;
      const taken: { seat?: Seat } = {};
      incoming.onEnded(() => {
        ended = true;
        if (taken.seat !== undefined) gone(taken.seat);
      });
      let leg: Leg;
      try {
        const { sdp } = await media.accept({ id: legId, kind: 'seat', sdp: incoming.sdp, door: { door } });
        leg = await incoming.answer(sdp);
      } catch (error) {
        await media.release(legId).catch(() => undefined);
        log.warn({ err: error, legId }, 'seat could not be set up');
        if (!ended) await incoming.refuse(failureOf(error));
        return;
      }
      const seat: Seat = { agentId, sessionId, legId, leg, sipCallId, mediaUp: false };
      taken.seat = seat;
      const place = placeOf(agentId);
      const before = place.current;
      if (place.next !== undefined) void drop(place.next);
      place.next = undefined;
      if (before === undefined) {
        place.current = seat;
        watcher.seatExchanged(agentId);
      } else if (before.sessionId === sessionId) place.next = seat;
      else {
        place.current = seat;
        watcher.seatExchanged(agentId);
        tellOffline(before, 'superseded');
        tellMedia(seat);
        watcher.seatDown(agentId);
        void drop(before);
      }
      keep(seat);
      log.info({ legId }, 'seat set up');
      if (ended) gone(seat);
      else if (!incoming.isWebRtc) promote(place, seat);
    },

    async adopt(kept, adoptDialog) {
      const { agentId, sessionId, legId, sipCallId, mediaUp } = kept;
      const taken: { seat?: Seat } = {};
      const leg = kept.anchor === undefined ? undefined : await adoptDialog(kept.dialogId, () => taken.seat && gone(taken.seat));
      if (leg === undefined || kept.anchor === undefined) {
        liveState.forgetSeat(legId);
        tellOffline({ agentId, sessionId }, 'lost');
        // Without the release the relay would hold the leg's ports for an hour.
        if (kept.anchor !== undefined) {
          media.adopt(kept.anchor);
          void media.release(legId).catch(() => undefined);
        }
        return false;
      }
      media.adopt(kept.anchor);
      const seat: Seat = { agentId, sessionId, legId, leg, sipCallId, mediaUp };
      taken.seat = seat;
      const place = placeOf(agentId);
      if (place.current === undefined) {
        place.current = seat;
        watcher.seatExchanged(agentId);
        // Nobody would tell us that the page is gone, so it is asked for a new session.
        if (!leg.isHeard) askRenewal(seat);
      } else void drop(seat);
      return true;
    },
  };
}

export function createSeats(deps: SeatsDependencies): Seats {
  const { watcher } = deps;
  const facts = createSeatFacts(deps);
  const { keep, tellMedia, askRenewal, drop, tellOffline } = facts;
  const all = createPlaces(deps, facts);
  const { places, promote, gone } = all;

  return {
    ...createEntrance(deps, facts, all),
    mediaTold({ agentId, sessionId, sipCallId, up }) {
      const place = places.get(agentId);
      const isMeant = (seat: Seat | undefined): seat is Seat =>
        seat?.sessionId === sessionId && (sipCallId === undefined || seat.sipCallId === sipCallId);
      const { current, next } = place ?? {};
      if (place !== undefined && up && isMeant(next)) {
        promote(place, next);
        return true;
      }
      if (!isMeant(current)) return !up;
      const changed = current.mediaUp !== up;
      current.mediaUp = up;
      if (changed) {
        keep(current);
        if (up) watcher.seatUp(agentId);
        else watcher.seatDown(agentId);
      }
      // Published even when nothing changed, for everybody who missed it the first time.
      tellMedia(current);
      return true;
    },

    of: (agentId) => places.get(agentId)?.current,

    async end(agentId, sessionId, reason) {
      const place = places.get(agentId);
      if (place === undefined) return;
      const { current, next } = place;
      if (next?.sessionId === sessionId) {
        place.next = undefined;
        await drop(next);
      }
      if (current?.sessionId !== sessionId) return;
      place.current = undefined;
      if (place.next === undefined) places.delete(agentId);
      watcher.seatExchanged(agentId);
      tellOffline(current, reason);
      watcher.seatDown(agentId);
      await drop(current);
    },

    legLost(legId) {
      for (const { current, next } of places.values())
        for (const seat of [current, next])
          if (seat?.legId === legId) {
            // A session without media is useless: the page sees the BYE and makes a new one.
            void seat.leg.hangUp().catch(() => undefined);
            gone(seat);
            return true;
          }
      return false;
    },

    legRevived(legId) {
      for (const { current, next } of places.values())
        if (current?.legId === legId || next?.legId === legId) {
          const { agentId, sessionId } = current ?? next ?? {};
          if (agentId !== undefined && sessionId !== undefined) askRenewal({ agentId, sessionId });
          return true;
        }
      return false;
    },

    restate() {
      for (const { current } of places.values()) if (current !== undefined) keep(current);
    },

    async endAll() {
      const all = [...places.values()].flatMap(({ current, next }) => [current, next]).filter((seat) => seat !== undefined);
      places.clear();
      await Promise.all(all.map(drop));
    },
    get size() {
      return places.size;
    },
  };
}
