import { z } from 'zod';
import { Hours, type ServiceNumber } from '../../shared/contracts/flow.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { PlaceReach } from '../../shared/platform/place-reach.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import type { NumberStore } from '../adapters/mongo-numbers.js';
import { chineseCalendar, datesFrom } from '../adapters/site-time.js';
import { hoursOf } from '../hours.js';
import { calendarOf, unknownYears, type CalendarYears } from '../site-calendar.js';
import type { TellTelephony } from '../read-again.js';

const PREVIEW_DAYS = 35;

/** When numbers are open: what hours come to on the days ahead, and the switch that closes at once. */
export function createHoursRoutes({
  store,
  changed,
  audit,
  places,
  zone,
  calendarYears,
}: {
  readonly store: Pick<NumberStore, 'numbers' | 'switchNumber'>;
  readonly changed: TellTelephony;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'numbers'>;
  /** The site's time zone. */
  readonly zone: string;
  readonly calendarYears: CalendarYears;
}): Route[] {
  return [
    route({
      method: 'post',
      path: '/hours/preview',
      right: 'flows.edit',
      reach: { kind: 'common' },
      summary: 'What hours come to on each of the next days, with the rule that decided: exception, holiday, day worked in exchange, week.',
      body: z.object({ hours: Hours, from: z.iso.date().optional() }),
      handle: async ({ body }) => {
        const dates = datesFrom(body.from, PREVIEW_DAYS, zone);
        const entered = await calendarYears();
        const calendar = calendarOf(entered, chineseCalendar);
        return {
          zone,
          days: dates.map((day) => hoursOf(body.hours, day, calendar)),
          unknownYears: body.hours.chineseHolidays
            ? unknownYears(
                dates.map(({ date }) => date),
                entered,
                chineseCalendar,
              )
            : [],
        };
      },
    }),
    route({
      method: 'post',
      path: '/numbers/emergency',
      right: 'flows.edit',
      reach: { kind: 'filtered' },
      summary: 'The emergency switch: closes numbers in service at once, whatever their hours say, or opens the closed ones again.',
      body: z.object({
        closed: z.boolean(),
        reason: z.string().trim().min(3).max(200),
        /** These alone; without it every number in reach. */
        numbers: z.array(z.string().max(25)).max(1_000).optional(),
      }),
      handle: async ({ principal, body, from }) => {
        const [was, becomes] = body.closed ? (['in-service', 'closed'] as const) : (['closed', 'in-service'] as const);
        const wanted = (entry: ServiceNumber): boolean => entry.status === was && body.numbers?.includes(entry.number) !== false;
        const mine = (await store.numbers()).filter(await places.numbers(principal, 'write'));
        const foreign = body.numbers?.some((digits) => !mine.some(({ number }) => number === digits));
        if (foreign === true) throw new CallCentreError('not-found', 'There is no such number.');
        const switched = mine.filter(wanted);
        await audit({
          who: principal?.userId ?? '',
          what: body.closed ? 'numbers.emergency-closed' : 'numbers.opened-again',
          object: switched.map(({ number }) => `number:${number}`).join(' '),
          from,
          success: true,
          reason: body.reason,
        });
        for (const entry of switched) await store.switchNumber(entry.number, becomes, principal?.name ?? '');
        await changed();
        return { switched: switched.map(({ number }) => number) };
      },
    }),
  ];
}
