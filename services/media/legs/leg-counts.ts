import { TAGS, type Anchor } from '../anchor.js';
import { createGapCount, createReportCount, type GapCount, type ReportCount } from '../losses.js';
import { receivedFrom, reportedBy, ssrcsOf, type SideCounts } from '../statistics.js';
import type { RelayCounts } from '../relays/relay-counts.js';

interface Side {
  readonly gaps: GapCount;
  readonly heardBy: ReportCount;
  missing: number;
}

interface Counted {
  readonly outer: Side;
  readonly inner: Side;
  looks: number;
  /** Whether the relay had received something from the party at a look: losses are known from there on. */
  begun: boolean;
}

const newSide = (): Side => ({ gaps: createGapCount(), heardBy: createReportCount(), missing: 0 });

/** What both sides of each leg have sent, and what of it was lost. Each answer of the relay that has the counts of a leg goes on from the one before. */
export function createLegCounts(nowMs: () => number) {
  const legs = new WeakMap<Anchor, Counted>();

  function of(anchor: Anchor): Counted {
    const known = legs.get(anchor) ?? { outer: newSide(), inner: newSide(), looks: 0, begun: false };
    legs.set(anchor, known);
    return known;
  }

  return {
    read(anchor: Anchor, reply: RelayCounts): { readonly outer: SideCounts; readonly inner: SideCounts } {
      const [atMs, tags, leg] = [nowMs(), TAGS[anchor.kind], of(anchor)];
      const [outer, inner] = [receivedFrom(reply, tags.outer), receivedFrom(reply, tags.inner)];
      leg.looks += 1;
      leg.begun ||= outer.sources.length > 0;
      const [moreOuter, moreInner] = [leg.outer.gaps.look(outer, atMs), leg.inner.gaps.look(inner, atMs)];
      // The party's own losses go to the process that takes the leg over.
      anchor.missing = (anchor.missing ?? 0) + moreOuter;
      leg.inner.missing += moreInner;

      function counts(side: Side, from: string, to: string, missing: number, receiversMiss: number): SideCounts {
        const { packets, sent } = from === tags.outer ? outer : inner;
        const said = reportedBy(reply, to);
        const { lost, reports } = side.heardBy.look(said, receiversMiss);
        const roundTrips = said.flatMap(({ roundTripMs }) => roundTripMs ?? []);
        return {
          ...{ packetsReceived: packets, packetsSent: sent, packetsMissing: missing, packetsReported: lost, reports },
          jitterMs: Math.max(0, ...said.map(({ jitterMs }) => jitterMs)),
          roundTripMs: roundTrips.length === 0 ? undefined : Math.max(...roundTrips),
          ssrcs: ssrcsOf(reply, from),
        };
      }

      return {
        outer: counts(leg.outer, tags.outer, tags.inner, anchor.missing, moreInner),
        inner: counts(leg.inner, tags.inner, tags.outer, leg.inner.missing, moreOuter),
      };
    },
    /** A leg of which nothing was counted yet, and which was not looked at for long in vain. */
    isNew(anchor: Anchor): boolean {
      const { looks = 0, begun = false } = legs.get(anchor) ?? {};
      return !begun && looks < LOOKS_IN_VAIN;
    },
  };
}
export type LegCounts = ReturnType<typeof createLegCounts>;
const LOOKS_IN_VAIN = 5;
