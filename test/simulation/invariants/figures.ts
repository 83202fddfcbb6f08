import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createReport } from '../../../services/figures/report.js';
import { isOfService } from '../../../services/shared/domain/facts.js';
import { boardFiguresOf } from '../../../services/shared/domain/figures/board.js';
import { boardFigureKeys } from '../../../services/shared/domain/figures/keys.js';
import { shownFigure } from '../../../services/shared/domain/figures/registry.js';
import { SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
const intervals = ['15', '60', 'day', 'month'] as const;

/** The wallboard, which hears of events, and the reports, which read rows, give the same figures of the same day. */
export function figuresInvariant(world: World): Invariant {
  const name = 'one-figure';
  return {
    name,
    sentence:
      'docs/adr/0041-one-registry-everywhere.md: the same figure of the same queue and time is the same number wherever it is shown.',
    end() {
      const { nowMs } = world.scheduler;
      const localMs = nowMs + SIM_ZONE_OFFSET_MS;
      const midnightMs = localMs - (localMs % DAY_MS) - SIM_ZONE_OFFSET_MS;
      const time = { fromMs: midnightMs, untilMs: midnightMs + DAY_MS };
      const visits = [...world.stores.visits.values()].filter(isOfService);
      for (const queueId of world.stores.queues.keys()) {
        const board = boardFiguresOf(world.routing.figures.of(queueId, nowMs).today);
        for (const interval of intervals) {
          const report = createReport({ slotOf: createSlots(interval, ZONE, time), by: 'queue', ...time, nowMs, withStates: false });
          for (const visit of visits) if (visit.queueId === queueId) report.addVisit(visit);
          const { total } = report.lines();
          for (const key of boardFigureKeys)
            if (JSON.stringify(total.figures[key]) !== JSON.stringify(board[key]))
              world.fail(
                name,
                `${key} of ${queueId} is ${shownFigure(key, board[key])} on the wallboard and ${shownFigure(key, total.figures[key])} by ${interval}`,
              );
        }
      }
    },
  };
}
