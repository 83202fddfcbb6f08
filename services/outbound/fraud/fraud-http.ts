import { CallCentreError } from '../../shared/domain/failure.js';
import { usualFraudSettings } from '../../shared/domain/calls/fraud.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { FraudAlarmStore, FraudSettingsStore } from './fraud-ports.js';
import type { StopStore } from '../ports.js';

export interface FraudHttp {
  readonly alarms: FraudAlarmStore;
  readonly fraudSettings: FraudSettingsStore;
  readonly stops: Pick<StopStore, 'lift'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly audit: Audit;
}

/** The findings of the fraud watch, the answers of people, and its rules. */
export function createFraudRoutes({ alarms, fraudSettings, stops, bus, audit }: FraudHttp): Route[] {
  return [
    route('GET /outbound/alarms', {
      reach: { kind: 'site' },
      handle: async ({ query }) => {
        const { alarms: found, total } = await alarms.list(query);
        // Pages know a caller only by the masked number.
        return { alarms: found.map(({ subject: { kind, shown }, ...rest }) => ({ ...rest, subject: { kind, shown } })), total };
      },
    }),
    route('POST /outbound/alarms/:id/settle', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, body: { finding, lift }, from }) => {
        const alarm = await alarms.one(id);
        if (alarm === undefined) throw new CallCentreError('not-found', 'There is no such alarm.');
        if (alarm.settled !== undefined) throw new CallCentreError('wrong-state', 'This alarm has been settled.');
        const by = principal.userId;
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
        if (!(await alarms.settle(id, { at: new Date(), by, byName: principal.name, finding, lifted })))
          throw new CallCentreError('wrong-state', 'This alarm has been settled.');
        await bus.publish('notice.cleared', { at: new Date().toISOString(), code: 'fraud-pattern', subject: id });
        if (lifted && (await stops.lift(alarm.stopId)))
          await audit({ who: by, what: 'outbound.stop-lifted', object: `stop:${alarm.stopId}`, from, success: true, reason: finding });
      },
    }),
    route('GET /outbound/fraud-rules', {
      reach: { kind: 'site' },
      handle: async () => ({ ...(await fraudSettings.read()), usual: usualFraudSettings }),
    }),
    route('PUT /outbound/fraud-rules', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const before = await fraudSettings.read();
        await audit({ who: principal.userId, what: 'fraud.rules-changed', from, success: true, before, after: body });
        await fraudSettings.write(body);
      },
    }),
  ];
}
