/** Unusual patterns (regulation item 16). docs/calls.md says how each is counted. */
export const fraudPatterns = [
  'burst',
  'short-calls',
  'unreached',
  'refusals',
  'complaints',
  'destinations',
  'night',
  'too-often',
  'blocked',
  'one-caller',
  'short-calls-in',
] as const;
export type FraudPattern = (typeof fraudPatterns)[number];

/** The names of the patterns on pages, in notices and in documents. */
export const fraudPatternNames = {
  zh: {
    burst: '短时间大量外呼',
    'short-calls': '外呼短时通话比例过高',
    unreached: '外呼未接通比例过高',
    refusals: '多人按键拒绝再来电',
    complaints: '外呼投诉率过高',
    destinations: '呼叫境外或高额资费号码',
    night: '多次在时段外外呼',
    'too-often': '反复拨打同一号码',
    blocked: '多次被规则拒绝',
    'one-caller': '同一来电反复呼入',
    'short-calls-in': '呼入短时通话比例过高',
  },
  en: {
    burst: 'Very many numbers called',
    'short-calls': 'Many short calls out',
    unreached: 'Many calls out that reach nobody',
    refusals: 'Many people refuse by key',
    complaints: 'Many complaints of calls out',
    destinations: 'Foreign or expensive numbers called',
    night: 'Calls tried outside the hours',
    'too-often': 'One number tried too often',
    blocked: 'Many calls that the rules refuse',
    'one-caller': 'One caller calls again and again',
    'short-calls-in': 'Many short calls in',
  },
} as const satisfies Record<'zh' | 'en', Record<FraudPattern, string>>;

/** Patterns with a limit in percent. All others have a count. */
export const fraudShares: readonly FraudPattern[] = ['short-calls', 'unreached', 'short-calls-in', 'complaints'];

export interface FraudRule {
  readonly on: boolean;
  /** The window that is counted. `complaints` are counted by calendar month. */
  readonly withinMinutes: number;
  /** The count, or the share in percent, from which the alarm is raised. */
  readonly limit: number;
  /** The fewest calls with which a share means something. */
  readonly atLeast: number;
  /** The number or the agent may then call nobody until a person has looked at the alarm. */
  readonly stops: boolean;
}

export interface FraudSettings {
  readonly rules: Readonly<Record<FraudPattern, FraudRule>>;
  /** An answered call that ends before this time is a short one. */
  readonly shortCallMs: number;
  /** The leading digits of foreign and expensive numbers. */
  readonly watchedPrefixes: readonly string[];
}

const rule = (limit: number, more: Partial<FraudRule> = {}): FraudRule => ({
  on: true,
  withinMinutes: 60,
  limit,
  atLeast: 0,
  stops: false,
  ...more,
});

/** The defaults. Only the share of complaints comes from practice; a site should set all the others itself. */
export const usualFraudSettings: FraudSettings = {
  rules: {
    burst: rule(600, { stops: true }),
    'short-calls': rule(50, { atLeast: 30, stops: true }),
    unreached: rule(80, { atLeast: 30 }),
    refusals: rule(5, { stops: true }),
    complaints: rule(0.05, { atLeast: 3, stops: true }),
    destinations: rule(3, { stops: true }),
    night: rule(5),
    'too-often': rule(5),
    blocked: rule(10),
    'one-caller': rule(20),
    'short-calls-in': rule(70, { atLeast: 50 }),
  },
  shortCallMs: 10_000,
  watchedPrefixes: ['+', '00', '168'],
};

/** The site's settings, with the defaults for everything that the site has not set. */
export const fraudSettingsOf = (stored: Partial<FraudSettings> | null | undefined): FraudSettings => ({
  rules: { ...usualFraudSettings.rules, ...stored?.rules },
  shortCallMs: stored?.shortCallMs ?? usualFraudSettings.shortCallMs,
  watchedPrefixes: stored?.watchedPrefixes ?? usualFraudSettings.watchedPrefixes,
});
