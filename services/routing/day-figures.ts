import { z } from 'zod';

const Figures = z.object({
  offered: z.int(),
  answered: z.int(),
  abandoned: z.int(),
  /** Answered within the queue's threshold. */
  withinTarget: z.int(),
  /** Abandoned before the threshold: one of the two service-level formulas leaves them out. */
  abandonedEarly: z.int().default(0),
  waitMs: z.number(),
});
export type Figures = z.infer<typeof Figures>;
export const DayFigures = z.record(z.string(), Figures);

const none: Figures = { offered: 0, answered: 0, abandoned: 0, withinTarget: 0, abandonedEarly: 0, waitMs: 0 };

/** The counters of one day, per queue. A caller who comes back to the queue after a lost seat is not counted as offered twice. */
export function createDayFigures() {
  let day = '';
  let queues = new Map<string, Figures>();

  const change = (queueId: string, by: (figures: Figures) => Figures): void => void queues.set(queueId, by(queues.get(queueId) ?? none));

  return {
    /** Begins a new day when the site's date has changed; true when it did. */
    turnTo(today: string): boolean {
      if (today === day) return false;
      day = today;
      queues = new Map();
      return true;
    },
    restore(today: string, stored: unknown): void {
      day = today;
      const parsed = DayFigures.safeParse(stored ?? {});
      queues = new Map(parsed.success ? Object.entries(parsed.data) : []);
    },
    offered: (queueId: string): void => change(queueId, (was) => ({ ...was, offered: was.offered + 1 })),
    answered(queueId: string, waitedMs: number, thresholdMs: number): void {
      change(queueId, (was) => ({
        ...was,
        answered: was.answered + 1,
        withinTarget: was.withinTarget + (waitedMs <= thresholdMs ? 1 : 0),
        waitMs: was.waitMs + waitedMs,
      }));
    },
    abandoned: (queueId: string, waitedMs: number, thresholdMs: number): void =>
      change(queueId, (was) => ({
        ...was,
        abandoned: was.abandoned + 1,
        abandonedEarly: was.abandonedEarly + (waitedMs < thresholdMs ? 1 : 0),
      })),
    of: (queueId: string): Figures => queues.get(queueId) ?? none,
    dump: (): { readonly day: string; readonly queues: Record<string, Figures> } => ({ day, queues: Object.fromEntries(queues) }),
  };
}
export type DayFiguresKeeper = ReturnType<typeof createDayFigures>;
