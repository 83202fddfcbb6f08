import { CallCentreError } from '../../shared/domain/failure.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { ruleFaults } from '../clock/deadline-rule.js';
import type { RuleStore } from '../ports.js';
import { calendarFaults } from '../clock/working-days.js';

const changedMeanwhile = (): CallCentreError =>
  new CallCentreError('changed-meanwhile', 'Somebody has saved other rules in the meantime; nothing was saved. Load them again.');

/** The deadline rules and the working calendars. */
export function createRuleRoutes({ rules, audit }: { readonly rules: RuleStore; readonly audit: Audit }): Route[] {
  return [
    route('GET /complaints/rules', {
      reach: { kind: 'common' },
      handle: async () => ({ table: await rules.newest(), calendars: [...(await rules.calendars()).values()] }),
    }),
    route('PUT /complaints/rules', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const faults = ruleFaults(body.rules);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The rules contradict themselves.', { details: { faults } });
        const before = await rules.newest();
        if (body.version !== undefined && body.version !== (before?.version ?? 0)) throw changedMeanwhile();
        const table = { version: (before?.version ?? 0) + 1, validFrom: new Date().toISOString(), rules: body.rules };
        const entry = { who: principal.userId, what: 'complaint.rules-changed', object: String(table.version), from } as const;
        if (!(await rules.add(table))) {
          await audit({ ...entry, success: false, reason: 'changed-meanwhile' });
          throw changedMeanwhile();
        }
        await audit({ ...entry, success: true, before: before?.rules, after: body.rules });
        return table;
      },
    }),
    route('PUT /complaints/calendars/:year', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const year = { year: params.year, ...body };
        const faults = calendarFaults(year);
        if (faults.length > 0) throw new CallCentreError('invalid-request', 'The calendar contradicts itself.', { details: { faults } });
        await audit({ who: principal.userId, what: 'calendar.changed', object: String(params.year), from, success: true, after: body });
        await rules.putCalendar(year);
        return year;
      },
    }),
  ];
}
