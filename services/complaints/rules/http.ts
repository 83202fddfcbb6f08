import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import { DeadlineRule, ruleFaults } from '../deadline-rule.js';
import { who } from '../http.js';
import type { RuleStore } from '../ports.js';
import { calendarFaults } from '../working-days.js';

/** The deadline rules and the working calendars. */
export function createRuleRoutes({ rules, audit }: { readonly rules: RuleStore; readonly audit: Audit }): Route[] {
  return [
    route({
      method: 'get',
      path: '/complaints/rules',
      right: 'complaints.read',
      reach: { kind: 'common' },
      summary: 'The deadline rules in force and the working calendars.',
      handle: async () => ({ table: await rules.newest(), calendars: [...(await rules.calendars()).values()] }),
    }),
    route({
      method: 'put',
      path: '/complaints/rules',
      right: 'complaints.rules',
      reach: { kind: 'site' },
      summary: 'A new version of the deadline rules. Clocks that run keep the version that set them.',
      body: z.object({ rules: z.array(DeadlineRule).min(1).max(200) }),
      handle: async ({ principal, body, from }) => {
        const faults = ruleFaults(body.rules);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The rules contradict themselves.', { details: { faults } });
        const before = await rules.newest();
        const table = { version: (before?.version ?? 0) + 1, validFrom: new Date().toISOString(), rules: body.rules };
        await audit({
          who: who(principal),
          what: 'complaint.rules-changed',
          object: String(table.version),
          from,
          success: true,
          before: before?.rules,
          after: body.rules,
        });
        await rules.add(table);
        return table;
      },
    }),
    route({
      method: 'put',
      path: '/complaints/calendars/:year',
      right: 'complaints.rules',
      reach: { kind: 'site' },
      summary: 'The working calendar of a year (调休): weekdays off and weekends worked.',
      params: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
      body: z.object({
        daysOff: z.array(z.string().max(10)).max(60),
        workedWeekends: z.array(z.string().max(10)).max(40),
        source: z.string().max(200),
      }),
      handle: async ({ principal, params, body, from }) => {
        const year = { year: params.year, ...body };
        const faults = calendarFaults(year);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The calendar contradicts itself.', { details: { faults } });
        await audit({ who: who(principal), what: 'calendar.changed', object: String(params.year), from, success: true, after: body });
        await rules.putCalendar(year);
        return year;
      },
    }),
  ];
}
