import { type ServiceNumber } from '../../shared/contracts/calls/flow.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { NumberStore } from '../adapters/mongo-numbers.js';
import { chineseCalendar, datesFrom } from '../adapters/site-time.js';
import { hoursOf } from './hours.js';
import { calendarOf, unknownYears, type CalendarYears } from './site-calendar.js';
import type { TellTelephony } from './read-again.js';

const PREVIEW_DAYS = 35;

/** When numbers are open: the resulting hours of the days ahead, and the switch that closes at once. */
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
  /** The zone of the site. */
  readonly zone: string;
  readonly calendarYears: CalendarYears;
}): Route[] {
  return [
    route('POST /hours/preview', {
      reach: { kind: 'common' },
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
    route('POST /numbers/emergency', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body, from }) => {
        const [was, becomes] = body.closed ? (['in-service', 'closed'] as const) : (['closed', 'in-service'] as const);
        const wanted = (entry: ServiceNumber): boolean => entry.status === was && body.numbers?.includes(entry.number) !== false;
        const mine = (await store.numbers()).filter(await places.numbers(principal, 'write'));
        const foreign = body.numbers?.some((digits) => !mine.some(({ number }) => number === digits));
        if (foreign === true) throw new CallCentreError('not-found', 'There is no such number.');
        const switched = mine.filter(wanted);
        await audit({
          who: principal.userId,
          what: body.closed ? 'numbers.emergency-closed' : 'numbers.opened-again',
          object: switched.map(({ number }) => `number:${number}`).join(' '),
          from,
          success: true,
          reason: body.reason,
        });
        for (const entry of switched) await store.switchNumber(entry.number, becomes, principal.name);
        await changed();
        return { switched: switched.map(({ number }) => number) };
      },
    }),
  ];
}
