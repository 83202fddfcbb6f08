import { alarmKinds, usualEscalationMinutes, type AlarmCode, type AlarmLevel, type AlarmWay } from '../shared/domain/alarm.js';
import type { QueueId, UserId } from '../shared/domain/ids.js';

export type AlarmState = 'open' | 'seen' | 'cleared';
export type AlarmStep = 'raised' | 'raised-again' | 'sent' | 'seen' | 'escalated' | 'cleared';

export interface AlarmEntry {
  readonly at: Date;
  readonly what: AlarmStep;
  readonly by: string;
  readonly byName?: string | undefined;
  readonly reason?: string | undefined;
  readonly sent?: readonly { readonly way: AlarmWay; readonly count: number }[] | undefined;
}

/**
 * One incident.
 *
 *     open ──▶ seen ──▶ cleared
 *      │                   ▲ │
 *      └───────────────────┘ └─ raised again soon after its part cleared it: open
 */
export interface Alarm {
  readonly id: string;
  readonly code: AlarmCode;
  readonly level: AlarmLevel;
  readonly subject: string;
  readonly queueId?: QueueId | undefined;
  readonly clientUnit?: string | undefined;
  readonly teamId?: string | undefined;
  readonly text: { readonly en: string; readonly 'zh-CN': string };
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly count: number;
  readonly state: AlarmState;
  readonly clearedAt?: Date | undefined;
  readonly clearedByPart?: boolean | undefined;
  readonly people: readonly string[];
  readonly escalations: number;
  readonly nextStepAt?: Date | undefined;
  readonly history: readonly AlarmEntry[];
  readonly eventIds: readonly string[];
  readonly revision: number;
}

/** A part found a condition, as its event says. */
export interface Raised {
  readonly eventId: string;
  readonly at: Date;
  readonly code: AlarmCode;
  readonly subject: string;
  readonly queueId?: QueueId | undefined;
  readonly clientUnit?: string | undefined;
  readonly teamId?: string | undefined;
  /** The ids of users whom it concerns personally. */
  readonly people?: readonly string[] | undefined;
  readonly text: Alarm['text'];
}

/** A condition that returns within this time after its end is the same incident: it flaps. */
export const SAME_INCIDENT_MS = 10 * 60_000;
const EVENTS_REMEMBERED = 20;
const HISTORY_MOST = 200;
/** After this many escalations it has been sent to everybody possible. */
const ESCALATIONS_MOST = 3;
const MINUTE_MS = 60_000;
const PART = 'system';

const noted = ({ history }: Pick<Alarm, 'history'>, entry: AlarmEntry): readonly AlarmEntry[] =>
  history.length < HISTORY_MOST ? [...history, entry] : [...history.slice(0, 1), ...history.slice(2), entry];

/** When the alarm is sent to more people, if nobody has seen it by then. The delay doubles each time. */
function escalatesAt(level: AlarmLevel, minutes: number | undefined, escalations: number, now: Date): Date | undefined {
  const after = minutes ?? usualEscalationMinutes[level];
  return after === 0 || escalations >= ESCALATIONS_MOST ? undefined : new Date(now.getTime() + after * MINUTE_MS * 2 ** escalations);
}

/** A new incident: it is sent at once. */
export const newAlarm = (
  id: string,
  { eventId, at, code, text, people: concerned = [], ...whose }: Raised,
  people: readonly string[],
): Alarm => ({
  id,
  code,
  level: alarmKinds[code].level,
  ...whose,
  text,
  firstAt: at,
  lastAt: at,
  count: 1,
  state: 'open',
  people: [...new Set([...people, ...concerned])],
  escalations: 0,
  nextStepAt: at,
  history: [{ at, what: 'raised', by: PART }],
  eventIds: [eventId],
  revision: 0,
});

/**
 * The newest incident of a code and subject after another report: the same incident with a higher count, or undefined when it has ended and
 * another one begins. A report that was already counted, or is older than the end, changes nothing.
 */
export function raisedAgain(
  alarm: Alarm,
  { eventId, at, text, people = [] }: Raised,
  escalationMinutes: number | undefined,
): Alarm | undefined {
  if (alarm.eventIds.includes(eventId)) return alarm;
  if (alarm.clearedAt !== undefined && at <= alarm.clearedAt) return alarm;
  const again = {
    ...alarm,
    text,
    lastAt: at,
    count: alarm.count + 1,
    people: [...new Set([...alarm.people, ...people])],
    eventIds: [...alarm.eventIds, eventId].slice(-EVENTS_REMEMBERED),
    revision: alarm.revision + 1,
  };
  if (alarm.clearedAt === undefined) return again;
  if (alarm.clearedByPart !== true || at.getTime() - alarm.clearedAt.getTime() > SAME_INCIDENT_MS) return undefined;
  const { clearedAt: _clearedAt, clearedByPart: _clearedByPart, ...open } = again;
  // The people who got it know about it; it is sent to more people only if nobody opens it.
  return {
    ...open,
    state: 'open',
    nextStepAt: escalatesAt(alarm.level, escalationMinutes, alarm.escalations, at),
    history: noted(alarm, { at, what: 'raised-again', by: PART }),
  };
}

interface Person {
  readonly userId: UserId;
  readonly name: string;
}

/** Undefined when somebody has already seen it, or it has ended. */
export function seenBy(alarm: Alarm, { userId, name }: Person, at: Date): Alarm | undefined {
  if (alarm.state !== 'open') return undefined;
  return {
    ...alarm,
    state: 'seen',
    nextStepAt: undefined,
    history: noted(alarm, { at, what: 'seen', by: userId, byName: name }),
    revision: alarm.revision + 1,
  };
}

/** Cleared by a person with a reason, or by the part that raised it. Undefined when it has already ended. */
export function cleared(alarm: Alarm, by: (Person & { readonly reason: string }) | 'part', at: Date): Alarm | undefined {
  if (alarm.state === 'cleared') return undefined;
  const who = by === 'part' ? { by: PART } : { by: by.userId, byName: by.name, reason: by.reason };
  return {
    ...alarm,
    state: 'cleared',
    clearedAt: at,
    clearedByPart: by === 'part',
    nextStepAt: undefined,
    history: noted(alarm, { at, what: 'cleared', ...who }),
    revision: alarm.revision + 1,
  };
}

/** Whether the alarm was sent. If so, the next step is to send it to more people. */
export const wasSent = ({ history }: Pick<Alarm, 'history'>): boolean =>
  history.some(({ what }) => what === 'sent' || what === 'escalated');

/** The alarm after it was sent to its receivers, or to more people. */
export function sentTo(
  alarm: Alarm,
  {
    sent,
    people,
    escalationMinutes,
  }: { readonly sent: AlarmEntry['sent']; readonly people: readonly string[]; readonly escalationMinutes: number | undefined },
  at: Date,
): Alarm {
  const escalated = wasSent(alarm);
  const escalations = alarm.escalations + (escalated ? 1 : 0);
  return {
    ...alarm,
    people: [...new Set([...alarm.people, ...people])],
    escalations,
    nextStepAt: escalatesAt(alarm.level, escalationMinutes, escalations, at),
    history: noted(alarm, { at, what: escalated ? 'escalated' : 'sent', by: PART, sent }),
    revision: alarm.revision + 1,
  };
}

/** Postpones what is due. */
export const putOff = (alarm: Alarm, until: Date): Alarm => ({ ...alarm, nextStepAt: until, revision: alarm.revision + 1 });
