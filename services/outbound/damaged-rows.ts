import type { EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/processes/logger.js';

/** The largest number of remembered rows. Beyond it a row is reported again. */
const MOST = 1_000;

/** Raises one alarm for each stored row that does not fit its record, although the rounds read the same row again and again. */
export function createDamagedRows({
  bus,
  now,
  log,
}: {
  readonly bus: Pick<EventBus, 'publish'>;
  readonly now: () => Date;
  readonly log: Logger;
}): {
  /** `row`: collection, id and field. */
  readonly found: (row: string) => void;
} {
  const known = new Set<string>();
  return {
    found(row) {
      if (known.has(row)) return;
      if (known.size >= MOST) known.clear();
      known.add(row);
      log.error({ row }, 'a stored row does not match its schema; the fraud watch continues without it');
      bus
        .publish('notice.raised', {
          at: now().toISOString(),
          code: 'row-damaged',
          subject: row.slice(0, 200),
          text: {
            en: `The row ${row} does not match its schema. The fraud watch continues without it.`,
            'zh-CN': `数据记录 ${row} 不符合其格式，外呼异常监测已跳过该记录。`,
          },
        })
        .catch((error: unknown) => {
          known.delete(row);
          log.warn({ err: error }, 'an alarm could not be published');
        });
    },
  };
}
