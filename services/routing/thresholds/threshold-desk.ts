import type { Clock } from '../../shared/domain/time/clock.js';
import type { Team } from '../../shared/domain/people/team.js';
import type { Words } from '../../shared/domain/language.js';
import type { RowScope } from '../../shared/domain/figures/scope-rows.js';
import type { ThresholdScope } from '../../shared/domain/figures/threshold.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { DayFiguresKeeper } from '../waits/day-figures.js';
import type { Desk } from '../matching/desk.js';
import type { ThresholdStore } from '../ports.js';
import { scopeRows } from '../waits/scope-rows.js';
import { createThresholdWatch } from './threshold-watch.js';

/**
 * The thresholds of the routing role: read when they change and checked by its clock, one check at a time; and the rows of figures by which
 * they are judged.
 */
export function createThresholdDesk({
  desk,
  figures,
  thresholds,
  bus,
  clock,
  log,
}: {
  readonly desk: Pick<Desk, 'queue' | 'agent' | 'agents'>;
  readonly figures: DayFiguresKeeper;
  readonly thresholds: Pick<ThresholdStore, 'all'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
}) {
  let teams: readonly Team[] = [];
  const watch = createThresholdWatch({
    figures,
    bus,
    nowMs: () => clock.nowMs(),
    nameOf: nameIn(desk, (id) => teams.find((team) => team.id === id)),
  });
  let looking = false;
  let counted = false;
  /** Reads of the thresholds: how many have begun, and the last one that was applied. */
  let [begun, taken] = [0, 0];
  let failing = false;
  return {
    /** Called once today's visits have been read: before that, every figure would be that of an empty day. */
    hasCounted: (): void => void (counted = true),
    async read(): Promise<void> {
      const turn = (begun += 1);
      const all = await thresholds.all();
      // A read that began later has been applied already, and it knows more.
      if (turn < taken) return;
      taken = turn;
      watch.set(all);
    },
    /** The names of the teams, for alarms and rows. */
    named: (now: readonly Team[]): void => void (teams = now),
    /** While the live state is away, what should be published waits. */
    look(): void {
      if (looking || !counted) return;
      looking = true;
      watch
        .look()
        .then(
          () => (failing = false),
          (error: unknown) => {
            // Checked twice a second, so a failure is logged once, until the check works again.
            if (!failing) log.warn({ err: error }, 'passed thresholds could not be reported');
            failing = true;
          },
        )
        .finally(() => (looking = false));
    },
    served: {
      'thresholds.list': async () => watch.marks(),
      'figures.list': async ({ of }: { readonly of: RowScope }) => scopeRows({ figures, desk, teams }, of, clock.nowMs()),
    },
  };
}

/** The name that people use for the scope of a threshold. */
const nameIn =
  (desk: Pick<Desk, 'queue' | 'agent'>, teamOf: (id: string) => Team | undefined) =>
  ({ of, id }: ThresholdScope): Words => {
    if (of === 'site') return { zh: '全中心', en: 'Whole centre' };
    if (of === 'queue' || of === 'team') {
      const name = (of === 'queue' ? desk.queue(id) : teamOf(id))?.name;
      return { zh: name?.['zh-CN'] ?? id, en: name?.['en'] ?? id };
    }
    const name = of === 'agent' ? (desk.agent(id)?.name ?? id) : id;
    return { zh: name, en: name };
  };
