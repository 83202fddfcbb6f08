import { robotWays, type AlarmWay, type RobotWay } from '../shared/domain/alarm.js';
import { alarmLevelWords, alarmWords } from '../shared/domain/alarm-words.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { putOff, sentTo, wasSent, type Alarm } from './alarm.js';
import { quietMinutes } from './quiet-hours.js';
import { escalatesTo, receiversOf, waysOf, type Receiver } from './receivers.js';
import type { AlarmSettings, AlarmSettingsStore, AlarmStore, Messenger, Receivers } from './ports.js';

const BATCH = 500;
const MINUTE_MS = 60_000;

export interface NotifierNeeds {
  readonly alarms: AlarmStore;
  readonly settings: AlarmSettingsStore;
  readonly receivers: Receivers;
  readonly messenger: Messenger;
  readonly bus: Pick<EventBus, 'publish'>;
  /** The minute of the day at the site. */
  readonly minuteOf: (at: Date) => number;
  /** Date and time at the site, as messages print them. */
  readonly timeText: (at: Date) => string;
  /** The address of the pages; undefined when the site has not set it. */
  readonly pagesAt: string | undefined;
  readonly now: () => Date;
}

const isRobot = (way: AlarmWay): way is RobotWay => (robotWays as readonly string[]).includes(way);

interface Outgoing {
  readonly way: AlarmWay;
  readonly to: string;
  /** The person, or the robot. */
  readonly who: string;
}

/**
 * Sends new alarms, and sends unseen ones to more people. Alarms of one kind that are due together go out in one message. The message says
 * the kind, the time and where to look, and names no person, number or case: those are only on the page.
 */
export function createNotifier(needs: NotifierNeeds) {
  const { alarms, settings, receivers, messenger, bus, minuteOf, timeText, pagesAt, now } = needs;

  function textOf(group: readonly Alarm[], escalated: boolean): { readonly subject: string; readonly text: string } {
    const [{ code, level, firstAt }] = group as [Alarm];
    const { title, means, todo } = alarmWords[code];
    const times = group.length === 1 ? '' : ` ×${group.length}`;
    const where = pagesAt === undefined ? [] : ['', `${pagesAt}/alarms`];
    return {
      subject: `${escalated ? '【未处理 Unseen】' : ''}【${alarmLevelWords[level].zh} ${alarmLevelWords[level].en}】${title.zh} ${title.en}${times}`,
      text: [means.zh, todo.zh, '', means.en, todo.en, '', `${timeText(firstAt)}${times}`, ...where].join('\n'),
    };
  }

  /** One message to each person with a known address, and one to each robot. */
  async function outgoing(people: readonly Receiver[], ways: readonly AlarmWay[]): Promise<Outgoing[]> {
    const usable = ways.filter((way) => messenger.canSend(way));
    const contacts = await settings.contactsOf(people.map(({ userId }) => userId));
    return usable.flatMap((way): Outgoing[] => {
      if (isRobot(way)) return [{ way, to: way, who: way }];
      return [...contacts].flatMap(([who, { mail, mobile }]) => {
        const to = way === 'mail' ? mail : mobile;
        return to === undefined ? [] : [{ way, to, who }];
      });
    });
  }

  async function sendGroup(group: readonly Alarm[], rules: AlarmSettings['rules'], at: Date): Promise<void> {
    const [first] = group as [Alarm];
    const escalated = wasSent(first);
    const known = await receivers();
    const more = escalated ? escalatesTo(known) : [];
    const people = [...new Set([...group.flatMap((alarm) => receiversOf(known, alarm, rules)), ...more])];
    const leaving = await outgoing(people, waysOf(first, rules));
    const { subject, text } = textOf(group, escalated);
    for (const { way, to, who } of leaving)
      await messenger.queue({
        messageId: `alarm-${first.id}-${first.escalations}${escalated ? 'e' : 's'}-${way}-${who}`,
        way,
        to,
        subject,
        text,
        topic: { kind: 'alarm', id: first.id },
      });
    const ways = [...new Set(leaving.map(({ way }) => way))];
    const sent = ways.map((way) => ({ way, count: leaving.filter((each) => each.way === way).length }));
    for (const alarm of group) {
      const next = sentTo(
        alarm,
        { sent, people: more.map(({ userId }) => userId), escalationMinutes: rules[alarm.code]?.escalationMinutes },
        at,
      );
      // Somebody has seen or cleared it at this moment: nothing is left to do.
      if (await alarms.replace(next))
        await bus.publish('notice.changed', { at: at.toISOString(), alarmId: alarm.id, code: alarm.code, state: alarm.state });
    }
  }

  /** Sends what is due. Returns the number of alarms. */
  return async function sendDue(): Promise<number> {
    const at = now();
    const [due, { rules, quiet }] = await Promise.all([alarms.due(at, BATCH), settings.read()]);
    const groups = new Map<string, Alarm[]>();
    for (const alarm of due) {
      const quietMs = quietMinutes(quiet, alarm.level, minuteOf(at)) * MINUTE_MS;
      if (quietMs > 0) {
        await alarms.replace(putOff(alarm, new Date(at.getTime() + quietMs)));
        continue;
      }
      const key = [alarm.code, wasSent(alarm), alarm.queueId ?? '', alarm.clientUnit ?? '', alarm.teamId ?? '', ...alarm.people].join(' ');
      groups.set(key, [...(groups.get(key) ?? []), alarm]);
    }
    for (const group of groups.values()) await sendGroup(group, rules, at);
    return due.length;
  };
}
