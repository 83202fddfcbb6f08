import { alarmCodes, alarmKinds, usualWays, type AlarmCode, type AlarmWay } from '../shared/domain/alarm.js';
import { rights, withinScope, type Right, type Role, type Scope } from '../shared/domain/people/rights.js';
import type { Alarm } from './alarm.js';
import type { UserId } from '../shared/domain/ids.js';

/** The site's setting for a kind of alarm. It adds receivers and chooses channels; it removes nobody. */
export interface AlarmRule {
  /** User ids. */
  readonly people: readonly string[];
  readonly roles: readonly Role[];
  readonly ways: readonly AlarmWay[];
  /** 0: never. */
  readonly escalationMinutes: number;
}
export type AlarmRules = Readonly<Partial<Record<AlarmCode, AlarmRule>>>;

/** A person whose account is in use. */
export interface Receiver {
  readonly userId: UserId;
  readonly roles: readonly Role[];
  readonly scope: Scope;
}

type Whose = Pick<Alarm, 'queueId' | 'clientUnit' | 'teamId'>;

/** A person with a scope gets alarms of their own part; alarms of the whole site go to people without one. */
export const isOfScope = ({ queues, sites, clientUnits, teams = [] }: Scope, { queueId, clientUnit, teamId }: Whose): boolean =>
  teams.length > 0
    ? teamId !== undefined && teams.includes(teamId)
    : withinScope(queues, queueId) && withinScope(clientUnits, clientUnit) && (sites.length === 0 || clientUnit !== undefined);

const holds = ({ roles }: Pick<Receiver, 'roles'>, right: Right): boolean =>
  (rights[right] as readonly Role[]).some((role) => roles.includes(role));

/** Whether a person, or a role, has the bell and the alarm page. */
export const hasPage = (receiver: Pick<Receiver, 'roles'>): boolean => holds(receiver, 'alarms.use');

const holdsOneOf = (receiver: Pick<Receiver, 'roles'>, code: AlarmCode): boolean =>
  hasPage(receiver) && alarmKinds[code].receivers.some((right) => holds(receiver, right));

/** The kinds of alarms that a person gets by rights, or by the role that a rule names. */
export const codesOf = (receiver: Pick<Receiver, 'roles'>, rules: AlarmRules): AlarmCode[] =>
  alarmCodes.filter((code) => holdsOneOf(receiver, code) || (rules[code]?.roles ?? []).some((role) => receiver.roles.includes(role)));

/**
 * Whether an alarm is on the person's page: one that names the person, whatever the scope, or one of the person's kinds within the scope.
 */
export function receives(receiver: Receiver, alarm: Pick<Alarm, 'code' | 'people'> & Whose, rules: AlarmRules): boolean {
  const isOwn = isOfScope(receiver.scope, alarm);
  return alarm.people.includes(receiver.userId) || (isOwn && codesOf(receiver, rules).includes(alarm.code));
}

/** The receivers of an alarm that nobody has seen: administrators of alarms for the whole site. */
export const escalatesTo = (receivers: readonly Receiver[]): Receiver[] =>
  receivers.filter((receiver) => holds(receiver, 'alarms.edit') && isOfScope(receiver.scope, {}));

/** The receivers outside the pages. An escalated alarm also reaches the earlier ones. */
export const receiversOf = (receivers: readonly Receiver[], alarm: Pick<Alarm, 'code' | 'people'> & Whose, rules: AlarmRules): Receiver[] =>
  receivers.filter((receiver) => receives(receiver, alarm, rules));

export const waysOf = ({ code, level }: Pick<Alarm, 'code' | 'level'>, rules: AlarmRules): readonly AlarmWay[] =>
  rules[code]?.ways ?? usualWays[level];
