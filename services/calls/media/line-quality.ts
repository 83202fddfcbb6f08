import { mosCqe, oneWayDelayMs } from '../../shared/domain/mos.js';
import type { EventInput } from '../../shared/events/catalogue.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** How often the relay is asked what it received from the two sides of a conversation. */
export const LINE_LOOK_MS = 5_000;
/** With fewer packets the party is on hold or sends nothing, and a loss means nothing. */
const LEAST_PACKETS = 50;
/** Receivers report every five seconds, give or take the half. After so many looks without a report they report no more. */
const LOOKS_BETWEEN_REPORTS = 3;

type Side = EventInput<'calls.measured'>['sides'][number];

/** The two sides of one conversation, by the legs that the relay has for them. */
export interface TalkingLegs {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly callerLeg: string;
  /** Missing while the agent's seat is away. */
  readonly agentLeg: string | undefined;
}

/** Cumulative counts of what a party sent to the relay. */
export interface LineCounts {
  /** Where it was counted. Counts of another place do not go on from these. */
  readonly place: string;
  readonly packetsReceived: number;
  /** Gaps in the sequence numbers. */
  readonly packetsMissing: number;
  /** Lost on the whole way, as the far side reported, and in how many reports. */
  readonly packetsReported: number;
  readonly reports: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
}

/** `undefined` for a side whose leg the relay has no more. */
export type CountsOf = (callerLeg: string, agentLeg: string | undefined) => Promise<readonly (LineCounts | undefined)[]>;

/** What is known of one side from the looks before. */
interface Known {
  readonly counts: LineCounts;
  /** The counts when the far side reported last, and the loss that it reported then. */
  readonly reportedAt: LineCounts;
  readonly reportedPercent: number | undefined;
  readonly looksSince: number;
}

/** Reports what the relay received from each side of each conversation since the look before, with the score of the E-model. */
export function createLineQuality({
  talking,
  countsOf,
  tell,
}: {
  readonly talking: () => readonly TalkingLegs[];
  readonly countsOf: CountsOf;
  /** Told once a look, of all sides of which something was measured. */
  readonly tell: (sides: Side[]) => void;
}) {
  let before = new Map<string, Known>();
  let looking = false;

  async function readAll(): Promise<void> {
    const now = new Map<string, Known>();
    const sides: Side[] = [];
    for (const { callId, agentId, callerLeg, agentLeg } of talking()) {
      const [caller, agent] = await countsOf(callerLeg, agentLeg).catch(() => []);
      for (const [side, counts] of [['caller', caller] as const, ['agent', agent] as const]) {
        if (counts === undefined) continue;
        // The leg of a seat serves many calls: what it counted before this one is not of this one.
        const key = `${callId}/${agentId}/${counts.place}`;
        const known = since(before.get(key), counts);
        now.set(key, known);
        const measured = measuredBetween(before.get(key), known);
        if (measured !== undefined) sides.push({ callId, agentId, side, ...measured });
      }
    }
    before = now;
    if (sides.length > 0) tell(sides);
  }

  return {
    async look(): Promise<void> {
      // One round at a time: a slow relay is not asked again before it has answered.
      if (looking) return;
      looking = true;
      await readAll().finally(() => (looking = false));
    },
  };
}

function since(before: Known | undefined, counts: LineCounts): Known {
  if (before === undefined) return { counts, reportedAt: counts, reportedPercent: undefined, looksSince: 0 };
  const { reportedAt, reportedPercent, looksSince } = before;
  if (counts.reports > reportedAt.reports) {
    const lost = counts.packetsReported - reportedAt.packetsReported;
    return { counts, reportedAt: counts, reportedPercent: percentOf(lost, dueBetween(reportedAt, counts)), looksSince: 0 };
  }
  const isOld = looksSince + 1 > LOOKS_BETWEEN_REPORTS;
  return { counts, reportedAt, reportedPercent: isOld ? undefined : reportedPercent, looksSince: looksSince + 1 };
}

const missingBetween = (before: LineCounts, now: LineCounts): number => Math.max(0, now.packetsMissing - before.packetsMissing);
/** How many packets the relay should have received. */
const dueBetween = (before: LineCounts, now: LineCounts): number =>
  now.packetsReceived - before.packetsReceived + missingBetween(before, now);
const percentOf = (lost: number, due: number): number => (due <= 0 ? 0 : Math.min(100, (100 * Math.max(0, lost)) / due));

type Measured = Pick<Side, 'lossPercent' | 'lostBy' | 'jitterMs' | 'roundTripMs' | 'mos'>;

function measuredBetween(before: Known | undefined, { counts, reportedPercent }: Known): Measured | undefined {
  if (before === undefined || counts.packetsReceived < before.counts.packetsReceived) return undefined;
  const due = dueBetween(before.counts, counts);
  if (due < LEAST_PACKETS) return undefined;
  const missingPercent = percentOf(missingBetween(before.counts, counts), due);
  // What did not reach the relay did not reach the far side either, whatever its last report says.
  const isReported = reportedPercent !== undefined && reportedPercent >= missingPercent;
  const lossPercent = Math.round(10 * (isReported ? reportedPercent : missingPercent)) / 10;
  const jitterMs = Math.round(counts.jitterMs);
  const roundTripMs = counts.roundTripMs === undefined ? undefined : Math.round(counts.roundTripMs);
  const { mos } = mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs ?? 0, jitterMs) });
  return {
    ...{ lossPercent, lostBy: isReported ? 'reports' : 'sequence', jitterMs, mos: Math.round(mos * 100) / 100 },
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
  };
}
