import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { fraudPatterns, usualFraudSettings } from '../shared/domain/fraud.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import type { FraudAlarmStore, FraudSettingsStore } from './fraud-ports.js';
import type { SettingsStore } from './ports.js';

const rule = z.object({
  on: z.boolean(),
  withinMinutes: z.int().min(5).max(1_440),
  limit: z.number().positive().max(100_000),
  atLeast: z.int().min(0).max(100_000),
  stops: z.boolean(),
});
const fraudSettingsBody = z.object({
  rules: z.record(z.enum(fraudPatterns), rule),
  shortCallMs: z.int().min(1_000).max(60_000),
  watchedPrefixes: z
    .array(
      z
        .string()
        .regex(/^\+?\d{0,12}$/)
        .min(1),
    )
    .max(100),
});

export interface FraudHttp {
  readonly alarms: FraudAlarmStore;
  readonly fraudSettings: FraudSettingsStore;
  readonly settings: Pick<SettingsStore, 'lift'>;
  readonly audit: Audit;
}

/** What the fraud watch found, what a person says to it, and its rules. */
export function createFraudRoutes({ alarms, fraudSettings, settings, audit }: FraudHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/outbound/alarms',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'What the fraud watch found, newest first.',
      query: z.object({
        openOnly: z.stringbool().default(false),
        skip: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      handle: async ({ query }) => {
        const { alarms: found, total } = await alarms.list(query);
        // A caller is known to pages by the masked number alone.
        return { alarms: found.map(({ subject: { kind, shown }, ...rest }) => ({ ...rest, subject: { kind, shown } })), total };
      },
    }),
    route({
      method: 'post',
      path: '/outbound/alarms/:id/settle',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Writes down what an alarm was, and lifts the stop that it set where `lift` says so.',
      params: z.object({ id: z.string().max(40) }),
      body: z.object({ finding: z.string().trim().min(3).max(500), lift: z.boolean().default(false) }),
      handle: async ({ principal, params: { id }, body: { finding, lift }, from }) => {
        const alarm = await alarms.one(id);
        if (alarm === undefined) throw new CallCentreError('not-found', 'There is no such alarm.');
        if (alarm.settled !== undefined) throw new CallCentreError('wrong-state', 'This alarm has been settled.');
        const by = principal?.userId ?? '';
        const object = `${alarm.subject.kind}:${alarm.subject.shown}`;
        await audit({
          who: by,
          what: 'fraud.settled',
          object,
          from,
          success: true,
          reason: finding,
          after: { pattern: alarm.pattern, lift },
        });
        const lifted = lift && alarm.stopId !== undefined;
        if (!(await alarms.settle(id, { at: new Date(), by, byName: principal?.name ?? '', finding, lifted })))
          throw new CallCentreError('wrong-state', 'This alarm has been settled.');
        if (lifted && (await settings.lift(alarm.stopId)))
          await audit({ who: by, what: 'outbound.stop-lifted', object: `stop:${alarm.stopId}`, from, success: true, reason: finding });
      },
    }),
    route({
      method: 'get',
      path: '/outbound/fraud-rules',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'The rules of the fraud watch, and those where nobody set anything.',
      handle: async () => ({ ...(await fraudSettings.read()), usual: usualFraudSettings }),
    }),
    route({
      method: 'put',
      path: '/outbound/fraud-rules',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Sets the rules of the fraud watch.',
      body: fraudSettingsBody,
      handle: async ({ principal, body, from }) => {
        const before = await fraudSettings.read();
        await audit({ who: principal?.userId ?? '', what: 'fraud.rules-changed', from, success: true, before, after: body });
        await fraudSettings.write(body);
      },
    }),
  ];
}
