import { mosCqe, oneWayDelayMs } from '../../shared/domain/mos.js';
import type { EventInput } from '../../shared/events/catalogue.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** How often the relay is asked what it received from the two sides of a conversation. */
export const LINE_LOOK_MS = 5_000;
/** With fewer packets the party is on hold or sends nothing, and a loss means nothing. */
const LEAST_PACKETS = 50;

type Side = EventInput<'calls.measured'>['sides'][number];

/** The two sides of one conversation, by the legs that the relay has for them. */
export interface TalkingLegs {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly legs: readonly { readonly side: Side['side']; readonly legId: string }[];
}

/** Cumulative counts of what a party sent to the relay. */
export interface LineCounts {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
}

/** Reports what the relay received from each side of each conversation since the look before, with the score of the E-model. */
export function createLineQuality({
  talking,
  countsOf,
  tell,
}: {
  readonly talking: () => readonly TalkingLegs[];
  /** Cumulative counts of a leg; undefined when the relay has it no more. */
  readonly countsOf: (legId: string) => Promise<LineCounts | undefined>;
  /** Told once a look, of all sides of which something was measured. */
  readonly tell: (sides: Side[]) => void;
}) {
  let before = new Map<string, LineCounts>();
  let looking = false;

  async function readAll(): Promise<void> {
    const now = new Map<string, LineCounts>();
    const sides: Side[] = [];
    for (const { callId, agentId, legs } of talking())
      for (const { side, legId } of legs) {
        const counted = await countsOf(legId).catch(() => undefined);
        if (counted === undefined) continue;
        // The leg of a seat serves many calls: what it counted before this one is not of this one.
        const key = `${callId}/${legId}`;
        now.set(key, counted);
        const since = before.get(key);
        const measured = since === undefined ? undefined : between(since, counted);
        if (measured !== undefined) sides.push({ callId, agentId, side, ...measured });
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

function between(before: LineCounts, now: LineCounts): Pick<Side, 'lossPercent' | 'jitterMs' | 'roundTripMs' | 'mos'> | undefined {
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  if (received < 0 || received + lost < LEAST_PACKETS) return undefined;
  const lossPercent = Math.round((1_000 * lost) / (received + lost)) / 10;
  const jitterMs = Math.round(now.jitterMs);
  const roundTripMs = now.roundTripMs === undefined ? undefined : Math.round(now.roundTripMs);
  const { mos } = mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs ?? 0, jitterMs) });
  return { lossPercent, jitterMs, ...(roundTripMs === undefined ? {} : { roundTripMs }), mos: Math.round(mos * 100) / 100 };
}
