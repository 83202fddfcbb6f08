import type { Logger } from '../shared/platform/processes/logger.js';

/** Half a second of speech on one leg between two checks. Fewer packets may be the last ones of a party that has just moved. */
const FEWEST_PACKETS = 25;
/** A sweep over all ports raises one alarm. */
const ALARM_EVERY_MS = 600_000;

export interface StrangerAlarm {
  readonly legs: number;
  readonly packets: number;
}

/** Counts packets that came to legs from elsewhere than their parties, and raises at most one alarm in ten minutes. */
export interface Strangers {
  seen(legId: string, packets: number): void;
}

export function createStrangers({
  raise,
  nowMs,
  log,
}: {
  readonly raise: (alarm: StrangerAlarm) => void;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Strangers {
  let raisedAtMs = -Infinity;
  const legs = new Set<string>();
  let total = 0;
  return {
    seen(legId, packets) {
      if (packets < FEWEST_PACKETS) return;
      log.warn(
        { legId, packets },
        'packets that came from another address than the party of a leg, or in another codec than agreed, were dropped',
      );
      legs.add(legId);
      total += packets;
      if (nowMs() - raisedAtMs < ALARM_EVERY_MS) return;
      raisedAtMs = nowMs();
      raise({ legs: legs.size, packets: total });
      legs.clear();
      total = 0;
    },
  };
}
