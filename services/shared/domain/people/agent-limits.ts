/** Whom limits apply to: everybody on the site, or the members of a team. */
export const agentLimitScopes = ['site', 'team'] as const;

/** What is limited: seconds of a conversation, of a hold and of a wrap-up, and rings that an agent missed lately. */
export const limitedTimes = ['talk', 'hold', 'wrap-up', 'missed'] as const;
export type LimitedTime = (typeof limitedTimes)[number];

/** How long back missed rings are counted. */
export const MISSED_WITHIN_MS = 30 * 60_000;

export interface AgentLimit {
  readonly warn?: number | undefined;
  readonly alarm?: number | undefined;
}
type Limits = Readonly<Partial<Record<LimitedTime, AgentLimit | undefined>>>;

/** What contradicts itself in a limit: the field, and a sentence. */
export function limitFault({ warn, alarm }: AgentLimit): { readonly at: 'warn' | 'alarm'; readonly message: string } | undefined {
  if (warn === undefined && alarm === undefined) return { at: 'warn', message: 'a limit needs a warning or an alarm' };
  return warn !== undefined && alarm !== undefined && alarm <= warn ? { at: 'alarm', message: 'must be above the warning' } : undefined;
}

/** What one agent does now, in seconds; missing where the agent does not do it. */
export type Measured = Readonly<Partial<Record<LimitedTime, number>>>;
export interface PassedLimit {
  readonly what: LimitedTime;
  readonly level: 'warn' | 'alarm';
  readonly value: number;
  readonly limit: number;
}

/** The limits that are passed, the worst first. A value at the limit has not passed it. */
export function passedLimits(limits: Limits, measured: Measured): PassedLimit[] {
  const passed = limitedTimes.flatMap((what): PassedLimit[] => {
    const [value, { warn, alarm } = {}] = [measured[what], limits[what]];
    if (value === undefined) return [];
    if (alarm !== undefined && value > alarm) return [{ what, level: 'alarm', value, limit: alarm }];
    return warn !== undefined && value > warn ? [{ what, level: 'warn', value, limit: warn }] : [];
  });
  return passed.sort((a, b) => Number(b.level === 'alarm') - Number(a.level === 'alarm') || b.value / b.limit - a.value / a.limit);
}
