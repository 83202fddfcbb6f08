import type { AgentId, CallId } from '../../shared/domain/ids.js';
import type { AgentRow } from '../../shared/contracts/queues/board.js';
import type { EventOf } from '../../shared/events/catalogue.js';

/** How long a measurement counts for the current call. */
const QUALITY_MS = 10_000;

/** One side of a conversation, as the relay received it. */
export type MeasuredLine = EventOf<'calls.measured'>['sides'][number];

type Shown = NonNullable<AgentRow['quality']>;
interface Measured extends Pick<Shown, 'side' | 'source'> {
  readonly callId: CallId;
  readonly heardAtMs: number;
  readonly mos: number | undefined;
  readonly lossPercent: number;
}

/** The newest measurements of each agent's call, by direction and source. */
export function createQualities(nowMs: () => number) {
  const known = new Map<AgentId, Map<string, Measured>>();

  function put(agentId: AgentId, measured: Measured): void {
    const own = known.get(agentId) ?? new Map<string, Measured>();
    known.set(agentId, own.set(`${measured.side}/${measured.source}`, measured));
  }

  return {
    ofSeat({ agentId, callId, mos, lossPercent }: EventOf<'seat.quality'>): void {
      if (callId !== undefined) put(agentId, { side: 'caller', source: 'browser', callId, heardAtMs: nowMs(), mos, lossPercent });
    },
    ofLine({ agentId, callId, side, mos, lossPercent }: MeasuredLine): void {
      put(agentId, { side, source: 'relay', callId, heardAtMs: nowMs(), mos, lossPercent });
    },
    /** The worst direction. A measurement of the previous call does not apply to this one. */
    of(agentId: AgentId, callId: CallId): Pick<AgentRow, 'quality'> {
      const fresh = [...(known.get(agentId)?.values() ?? [])].filter(
        (each) => each.callId === callId && nowMs() - each.heardAtMs <= QUALITY_MS,
      );
      const [worst] = fresh.sort((one, other) => (one.mos ?? 5) - (other.mos ?? 5));
      if (worst === undefined) return {};
      const { mos, lossPercent, side, source } = worst;
      return {
        quality: { lossPercent: Math.round(lossPercent), side, source, ...(mos === undefined ? {} : { mos: Math.round(mos * 10) / 10 }) },
      };
    },
  };
}
