import { missingYear } from '../../shared/domain/time/working-year.js';
import type { AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { Calendar } from './working-days.js';

/** Raises the alarm while a calendar is missing that clocks of complaints and duties will soon need. */
export function createCalendarWatch({
  calendars,
  today,
  condition,
}: {
  readonly calendars: () => Promise<Calendar>;
  /** The date at the site. */
  readonly today: () => string;
  readonly condition: AlarmCondition;
}): () => Promise<void> {
  return async () => {
    const known = await calendars();
    const year = missingYear(today(), (each) => known.has(each));
    await condition.is(
      year === undefined ? undefined : { text: { en: `The working calendar of ${year} is missing`, 'zh-CN': `缺少 ${year} 年工作日历` } },
    );
  };
}
