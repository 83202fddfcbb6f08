import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Audit } from '../shared/platform/http/route.js';
import { cleared, newAlarm, raisedAgain, seenBy, type Alarm, type Raised } from './alarm.js';
import { codesOf, receives } from './receivers.js';
import type { AlarmSearch, AlarmSettingsStore, AlarmStore } from './ports.js';

const TRIES = 5;

export interface AlarmServiceNeeds {
  readonly alarms: AlarmStore;
  readonly settings: Pick<AlarmSettingsStore, 'read'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly newId: () => string;
  readonly now: () => Date;
}

const publishOf =
  ({ bus, now }: Pick<AlarmServiceNeeds, 'bus' | 'now'>) =>
  ({ id, code, state }: Alarm): Promise<void> =>
    bus.publish('notice.changed', { at: now().toISOString(), alarmId: id, code, state });

/** Reports of the parts of the product, handled in order by one process. */
export function createAlarmIntake(needs: AlarmServiceNeeds) {
  const { alarms, settings, newId } = needs;
  const published = publishOf(needs);

  async function raiseOnce(raised: Raised): Promise<boolean> {
    const { rules } = await settings.read();
    const rule = rules[raised.code];
    const known = await alarms.newest(raised.code, raised.subject);
    const next = known === undefined ? undefined : raisedAgain(known, raised, rule?.escalationMinutes);
    if (known !== undefined && next === known) return true;
    if (next === undefined) {
      const alarm = newAlarm(newId(), raised, rule?.people ?? []);
      await alarms.put(alarm);
      await published(alarm);
      return true;
    }
    if (!(await alarms.replace(next))) return false;
    await published(next);
    return true;
  }

  async function clearOnce({ code, subject, at }: Pick<Raised, 'code' | 'subject' | 'at'>): Promise<boolean> {
    const known = await alarms.newest(code, subject);
    // A report that is newer than this end is a new matter and stays open.
    const next = known === undefined || known.lastAt > at ? undefined : cleared(known, 'part', at);
    if (next === undefined) return true;
    if (!(await alarms.replace(next))) return false;
    await published(next);
    return true;
  }

  /** A person may write at the same moment: then it is tried again on the new state. */
  async function untilDone(once: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) if (await once()) return;
    throw new CallCentreError('changed-meanwhile', 'Somebody else is changing this alarm.');
  }

  return {
    raised: (raised: Raised): Promise<void> => untilDone(() => raiseOnce(raised)),
    cleared: (end: Pick<Raised, 'code' | 'subject' | 'at'>): Promise<void> => untilDone(() => clearOnce(end)),
  };
}

/** The actions of people on alarms. */
export function createAlarmDesk(needs: Omit<AlarmServiceNeeds, 'newId'> & { readonly audit: Audit }) {
  const { alarms, settings, audit, now } = needs;
  const published = publishOf(needs);

  async function found(principal: Principal, id: string): Promise<Alarm> {
    const [alarm, { rules }] = await Promise.all([alarms.byId(id), settings.read()]);
    if (alarm === undefined || !receives(principal, alarm, rules)) throw new CallCentreError('not-found', 'There is no such alarm.');
    return alarm;
  }

  async function change(
    principal: Principal,
    id: string,
    { what, from, reason }: { readonly what: 'alarm.seen' | 'alarm.cleared'; readonly from: string; readonly reason?: string },
    next: (alarm: Alarm) => Alarm | undefined,
  ): Promise<void> {
    const before = await found(principal, id);
    const after = next(before);
    if (after === undefined) throw new CallCentreError('wrong-state', 'Somebody has already done this.');
    const entry = { who: principal.userId, what, object: `alarm:${id}`, from, success: true, before: before.state, after: after.state };
    await audit(reason === undefined ? entry : { ...entry, reason });
    if (!(await alarms.replace(after)))
      throw new CallCentreError('changed-meanwhile', 'The alarm has been changed in the meantime; please load it again.');
    await published(after);
  }

  return {
    async searchOf(principal: Principal): Promise<AlarmSearch> {
      const { rules } = await settings.read();
      return { userId: principal.userId, codes: codesOf(principal, rules), scope: principal.scope };
    },
    seen: (principal: Principal, id: string, from: string): Promise<void> =>
      change(principal, id, { what: 'alarm.seen', from }, (alarm) => seenBy(alarm, principal, now())),
    clear: (principal: Principal, id: string, reason: string, from: string): Promise<void> =>
      change(principal, id, { what: 'alarm.cleared', from, reason }, (alarm) => cleared(alarm, { ...principal, reason }, now())),
  };
}
export type AlarmDesk = ReturnType<typeof createAlarmDesk>;
