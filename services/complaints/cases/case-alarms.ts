import type { EventBus } from '../../shared/events/catalogue.js';
import type { Complaint } from './complaint.js';

type CaseAlarm = 'complaint-due-soon' | 'complaint-overdue';

/**
 * The alarm of a case in its current state, which depends on its running clock; none when the case is answered or joined to another case.
 */
export function alarmOf({ clocks, joinedInto }: Pick<Complaint, 'clocks' | 'joinedInto'>): CaseAlarm | undefined {
  const clock = clocks.at(-1);
  if (clock === undefined || clock.stoppedAt !== undefined || joinedInto !== undefined) return undefined;
  if (clock.overdueAt !== undefined) return 'complaint-overdue';
  return clock.escalatedAt === undefined ? undefined : 'complaint-due-soon';
}

const words: Readonly<Record<CaseAlarm, (number: string) => { readonly en: string; readonly 'zh-CN': string }>> = {
  'complaint-due-soon': (number) => ({ en: `Complaint ${number} is due soon`, 'zh-CN': `投诉 ${number} 即将到期` }),
  'complaint-overdue': (number) => ({ en: `Complaint ${number} is past its deadline`, 'zh-CN': `投诉 ${number} 已超过答复期限` }),
};

/** Publishes the effect of a change on the alarms of a case: the new one, and the end of the earlier one. */
export async function publishCaseAlarms(
  bus: Pick<EventBus, 'publish'>,
  before: Pick<Complaint, 'clocks' | 'joinedInto'>,
  after: Complaint,
  at: Date,
): Promise<void> {
  const [was, is] = [alarmOf(before), alarmOf(after)];
  if (was === is) return;
  const { id: subject, number, queueId, clientUnit } = after;
  const common = { at: at.toISOString(), subject };
  if (was !== undefined) await bus.publish('notice.cleared', { ...common, code: was });
  if (is === undefined) return;
  const scope = { ...(queueId === undefined ? {} : { queueId }), ...(clientUnit === undefined ? {} : { clientUnit }) };
  await bus.publish('notice.raised', { ...common, code: is, scope, text: words[is](number) });
}
