/** What the relay counted of one source of a stream. `sequence`: of its last packet, with the cycles of the sixteen bits above it. */
export interface SourceCounts {
  readonly ssrc: number;
  readonly packets: number;
  readonly sequence: number;
}

/** What the relay received on one port, and the newest sources of it. */
export interface StreamCounts {
  readonly packets: number;
  readonly sources: readonly SourceCounts[];
}

/** A packet may be this much later than one that was sent after it (RFC 3550 A.1). A source that goes back further has begun anew. */
const MOST_LATE = 100;
/** No source sends more in a millisecond: one packet for each 10 ms of sound. One that is further ahead has begun anew. */
const MOST_A_MS = 0.1;
const MOST_AT_ONCE = 100;
/** Packets of 20 ms, unless more have come. Nobody sends more than time has room for, give or take what an answer of the relay is late. */
const USUAL_A_MS = 0.05;
const FASTER_A_MS = 0.06;
const GIVE_OR_TAKE = 10;
/** The relay names the number of the packet that came last, which need not be the highest: so many may be ahead of it at a look. */
const MOST_AHEAD = 50;

interface Look {
  readonly packets: number;
  readonly atMs: number;
  readonly sources: ReadonlyMap<number, { readonly packets: number; readonly highest: number }>;
}

/**
 * Counts the packets that never came, by the gaps in their sequence numbers: the relay names the last number of a source, so what it should
 * have received since the look before is known, and what it did receive too. Rather too few than too many: a source that is new, that begins
 * anew or goes on at another number is counted from there, and so is a relay that counts from nothing again.
 */
export function createGapCount() {
  let before: Look | undefined;
  /** What the last look added, less what was taken back of it: packets that were only late come within the next one. */
  let justAdded = 0;
  /** How many more came than were due at the look before, because they were ahead of the last one. */
  let ahead = 0;
  let fastestAMs = 0;

  /**
   * How many packets there was time for beside those that came. An anchor that plays something else to us meanwhile and then goes on with the
   * numbers of its source, as after a hold, leaves a gap in them without a loss.
   */
  function roomBeside(received: number, elapsedMs: number): number {
    fastestAMs = Math.max(fastestAMs, elapsedMs < 1_000 ? 0 : received / elapsedMs);
    const rate = fastestAMs > FASTER_A_MS ? MOST_A_MS : USUAL_A_MS;
    return Math.max(0, Math.ceil(rate * elapsedMs) + GIVE_OR_TAKE - received);
  }

  return {
    /** How many more are missing than at the look before; below zero when some were only late. */
    look({ packets, sources }: StreamCounts, atMs: number): number {
      const [last, now] = [before, new Map<number, { packets: number; highest: number }>()];
      // An answer that was overtaken by a later one tells nothing new.
      if (last !== undefined && packets < last.packets && last.packets - packets <= MOST_AHEAD) return 0;
      const most = MOST_AT_ONCE + MOST_A_MS * (atMs - (last?.atMs ?? atMs));
      let [due, received] = [0, 0];
      for (const source of sources) {
        const known = last?.sources.get(source.ssrc);
        const further = source.sequence - (known?.highest ?? 0);
        const came = source.packets - (known?.packets ?? 0);
        const goesOn = known !== undefined && came >= 0 && further >= -MOST_LATE && further - came <= most;
        now.set(source.ssrc, { packets: source.packets, highest: goesOn ? Math.max(known.highest, source.sequence) : source.sequence });
        if (!goesOn) continue;
        due += Math.max(0, further);
        received += came;
      }
      before = { packets, atMs, sources: now };
      if (last === undefined || packets < last.packets) return forget();
      // The relay counts a packet of a source once more for each side for which it recodes it. The port's own count has each packet once,
      // but RTCP on the same port too.
      const got = Math.min(received, packets - last.packets);
      const room = roomBeside(packets - last.packets, atMs - last.atMs);
      return due - got > most ? forget() : added(Math.min(due - got, room));
    },
  };

  function forget(): number {
    [justAdded, ahead] = [0, 0];
    return 0;
  }

  /** Packets that came twice are no reason to forget others that never came: only what the look before added is taken back. */
  function added(missing: number): number {
    const more = Math.max(missing - ahead, -justAdded);
    ahead = Math.min(MOST_AHEAD, more - (missing - ahead));
    justAdded = more < 0 ? justAdded + more : more;
    return more;
  }
}
export type GapCount = ReturnType<typeof createGapCount>;

/** What a receiver has said by RTCP, as the relay keeps it under the source with which that receiver sends. */
export interface Reports {
  readonly ssrc: number;
  /** How many of its reports the relay took. */
  readonly reports: number;
  /** What its last report says is lost, and what the relay has missed of this receiver's own packets since. */
  readonly lost: number;
}

/** Counts what receivers report as lost. Rather too few than too many. */
export function createReportCount() {
  /** `least`: what the number is without all that may be gaps of the receiver's own packets. */
  let before: ReadonlyMap<number, Reports & { readonly least: number }> | undefined;
  let lost = 0;
  let reports = 0;
  return {
    /** `missing`: packets of these receivers that never came since the look before. The answer is all that was counted so far. */
    look(said: readonly Reports[], missing: number): { readonly lost: number; readonly reports: number } {
      const last = before ?? new Map<number, never>();
      const fresh = said.filter((each) => each.reports !== last.get(each.ssrc)?.reports);
      const now = fresh.map((each) => ({ ...each, least: each.lost - Math.max(0, missing) }));
      if (before !== undefined)
        for (const each of now) {
          const known = last.get(each.ssrc);
          reports += Math.max(0, each.reports - (known?.reports ?? 0));
          // A number below the one before is of another source, which this receiver hears now.
          lost += Math.max(0, each.least - (known === undefined || each.lost < known.least ? 0 : known.lost));
        }
      before = new Map([...last, ...now.map((each) => [each.ssrc, each] as const)].slice(-MOST_RECEIVERS));
      return { lost, reports };
    },
  };
}
export type ReportCount = ReturnType<typeof createReportCount>;
/** A party that sends under ever new sources must not fill the memory. */
const MOST_RECEIVERS = 16;
