import type { Right } from './people/rights.js';

/** Severities, from a remark to an alarm that needs attention now. `critical` ignores quiet hours. */
export const alarmLevels = ['info', 'warning', 'alarm', 'critical'] as const;
export type AlarmLevel = (typeof alarmLevels)[number];

/**
 * The channels that carry an alarm outside the pages. The webhook and the robots of the two office messengers have one address each, set by
 * the site.
 */
export const alarmWays = ['mail', 'sms', 'wecom', 'dingtalk', 'webhook'] as const;
export type AlarmWay = (typeof alarmWays)[number];
/** Channels with one address for the whole site, not one per person. */
export const robotWays = ['wecom', 'dingtalk', 'webhook'] as const satisfies readonly AlarmWay[];
export type RobotWay = (typeof robotWays)[number];

export interface AlarmKind {
  readonly level: AlarmLevel;
  /** Holders of these rights see the alarm on the bell and on the alarms page. No rule of the site can switch that off. */
  readonly receivers: readonly Right[];
  /**
   * `part`: the part that raised the alarm clears it when its condition ends. `person`: the alarm stays until a person has said what the
   * matter was.
   */
  readonly ends: 'part' | 'person';
}

const kind = (level: AlarmLevel, ends: AlarmKind['ends'], ...receivers: readonly [Right, ...Right[]]): AlarmKind => ({
  level,
  ends,
  receivers,
});

/** Every alarm that the product can raise. Its words are in `alarm-words.ts`. */
export const alarmKinds = {
  'alarm-not-sent': kind('warning', 'person', 'alarms.edit'),
  'audit-chain-broken': kind('critical', 'person', 'audit.read'),
  'backup-missing': kind('alarm', 'part', 'system.edit'),
  'break-over-limit': kind('warning', 'part', 'agents.control'),
  'calendar-missing': kind('warning', 'part', 'complaints.rules'),
  'call-quality': kind('alarm', 'part', 'agents.control'),
  'campaign-complaints': kind('alarm', 'person', 'outbound.edit'),
  'campaign-refusals': kind('alarm', 'person', 'outbound.edit'),
  'clock-drift': kind('alarm', 'part', 'system.read'),
  'complaint-due-soon': kind('warning', 'part', 'complaints.work'),
  'complaint-mail-failed': kind('alarm', 'person', 'complaints.work'),
  'complaint-overdue': kind('alarm', 'part', 'complaints.work'),
  'duty-overdue': kind('alarm', 'part', 'registry.edit'),
  'duty-urgent': kind('warning', 'part', 'registry.edit'),
  'event-set-aside': kind('alarm', 'part', 'system.edit'),
  'figure-alarm': kind('alarm', 'part', 'agents.control'),
  'figure-warning': kind('warning', 'part', 'agents.control'),
  'figures-differ': kind('alarm', 'person', 'evidence.read'),
  'filing-differences': kind('warning', 'part', 'registry.edit'),
  'fraud-pattern': kind('alarm', 'part', 'outbound.edit'),
  'legal-hold-not-set': kind('alarm', 'person', 'recordings.hold', 'system.edit'),
  'many-look-ups': kind('alarm', 'person', 'audit.read'),
  'object-lock-broken': kind('critical', 'part', 'recordings.hold', 'system.edit'),
  'part-down': kind('critical', 'part', 'system.edit', 'calls.control'),
  'recording-damaged': kind('critical', 'person', 'recordings.hold', 'system.edit'),
  'recording-missing': kind('critical', 'person', 'recordings.hold', 'system.edit'),
  'recording-truncated': kind('critical', 'person', 'recordings.hold', 'system.edit'),
  'relay-alone': kind('alarm', 'part', 'system.edit'),
  'report-not-sent': kind('alarm', 'person', 'reports.keep'),
  'row-damaged': kind('alarm', 'person', 'system.read'),
  'sheet-not-witnessed': kind('alarm', 'part', 'evidence.read'),
  'sheet-rewritten': kind('critical', 'part', 'audit.read', 'evidence.read'),
  'spool-nearly-full': kind('critical', 'part', 'system.edit', 'calls.control'),
  'strange-copies': kind('warning', 'person', 'system.edit'),
  'strange-media': kind('warning', 'person', 'system.edit'),
  'trunk-down': kind('alarm', 'part', 'system.edit', 'calls.control'),
} as const satisfies Readonly<Record<string, AlarmKind>>;

export type AlarmCode = keyof typeof alarmKinds;
export const alarmCodes = Object.keys(alarmKinds) as [AlarmCode, ...AlarmCode[]];

/** The channels of an alarm when the site has set no rule. A robot without an address is skipped. */
export const usualWays: Readonly<Record<AlarmLevel, readonly AlarmWay[]>> = {
  info: [],
  warning: [],
  alarm: ['mail', ...robotWays],
  critical: ['mail', 'sms', ...robotWays],
};

/** When nobody has marked the alarm as seen for this many minutes, it also goes to the administrators. 0: never. */
export const usualEscalationMinutes: Readonly<Record<AlarmLevel, number>> = { info: 0, warning: 0, alarm: 60, critical: 15 };
