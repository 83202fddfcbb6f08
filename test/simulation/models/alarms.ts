import { createAlarmDesk, createAlarmIntake } from '../../../services/notices/alarm-service.js';
import type { Alarm } from '../../../services/notices/alarm.js';
import { createAlarmRoutes, type AlarmHttp } from '../../../services/notices/http.js';
import type { AlarmSearch, AlarmStore } from '../../../services/notices/ports.js';
import { isOfScope } from '../../../services/notices/receivers.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import type { Route } from '../../../services/shared/platform/http/route.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

const unused = (): never => {
  throw new Error('not asked in a simulation');
};
const byTime = (a: Alarm, b: Alarm): number => b.lastAt.getTime() - a.lastAt.getTime();

/** Alarms as their document store keeps them; what is raised, cleared and shown is decided by the product's own code. No rule is set for any kind. */
export class Alarms {
  readonly rows = new Map<string, Alarm>();

  constructor(private readonly world: World) {}

  /** The same rule as services/notices/adapters/mongo-alarms.ts. */
  #of({ userId, codes, scope }: AlarmSearch): Alarm[] {
    return [...this.rows.values()].filter(
      (alarm) => alarm.people.includes(userId) || (codes.includes(alarm.code) && isOfScope(scope, alarm)),
    );
  }

  #store(process: Process): AlarmStore {
    const ask = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    return {
      put: (alarm) => ask(() => void this.rows.set(alarm.id, alarm)),
      replace: (alarm) =>
        ask(() => {
          const isAsRead = this.rows.get(alarm.id)?.revision === alarm.revision - 1;
          if (isAsRead) this.rows.set(alarm.id, alarm);
          return isAsRead;
        }),
      byId: (id) => ask(() => this.rows.get(id)),
      newest: (code, subject) =>
        ask(() =>
          [...this.rows.values()]
            .filter((alarm) => alarm.code === code && alarm.subject === subject)
            .sort((a, b) => b.firstAt.getTime() - a.firstAt.getTime())
            .at(0),
        ),
      due: unused,
      list: (search, { states, code, skip, limit }) =>
        ask(() => {
          const found = this.#of(search).filter((alarm) => states.includes(alarm.state) && (code === undefined || alarm.code === code));
          return { alarms: found.sort(byTime).slice(skip, skip + limit), total: found.length };
        }),
      counts: (search) =>
        ask(() => {
          const count = (state: Alarm['state']): number => this.#of(search).filter((alarm) => alarm.state === state).length;
          return { open: count('open'), seen: count('seen') };
        }),
    };
  }

  #needs(process: Process) {
    return {
      alarms: this.#store(process),
      settings: { read: async () => ({ rules: {}, quiet: undefined }) },
      bus: this.world.bus.of(process),
      now: () => new Date(process.clock.nowMs()),
    };
  }

  /** Where alarms are taken, as in services/notices/index.ts. */
  async takeIn(process: Process): Promise<void> {
    const newId = (): string => orderedId(process.clock.nowMs(), (bytes) => this.world.random.bytes(bytes));
    const intake = createAlarmIntake({ ...this.#needs(process), newId });
    await this.world.bus.of(process).subscribe('notices', {
      'notice.raised': ({ at, code, subject, scope, people, text }, id) =>
        intake.raised({ eventId: id, at: new Date(at), code, subject, ...scope, people, text }),
      'notice.cleared': ({ at, code, subject }) => intake.cleared({ at: new Date(at), code, subject }),
    });
  }

  /** The routes of the alarms page. */
  routes(process: Process): Route[] {
    const needs = this.#needs(process);
    const audit = (): Promise<void> => process.later(this.world.latency(), () => undefined);
    // Of all that the routes need, those of the page use only these.
    return createAlarmRoutes({ alarms: needs.alarms, desk: createAlarmDesk({ ...needs, audit }) } as unknown as AlarmHttp);
  }
}
