import { provinceNamed } from '../../shared/domain/numbers/province.js';
import type { DeadlineRule, Time } from '../../shared/contracts/deadline-rule.js';
import type { ComplaintKind, ComplaintSource } from '../../shared/domain/licence/complaint-kind.js';

export { DeadlineRule, Time } from '../../shared/contracts/deadline-rule.js';
export { complaintKinds, complaintSources, type ComplaintKind, type ComplaintSource } from '../../shared/domain/licence/complaint-kind.js';

/** One version of the whole table. Cases keep the version that set their clock; a new version moves no running clock. */
export interface RuleTable {
  readonly version: number;
  readonly validFrom: string;
  readonly rules: readonly DeadlineRule[];
}

/** regulation: complaints are answered in 15 days (申诉处理办法 art. 10); provinces differ. */
export const defaultRules: readonly DeadlineRule[] = [
  rule('default', {}, 15, 'calendar', 5, '电信用户申诉处理办法 10(四)', true),
  rule('henan', { province: '河南' }, 5, 'working', 3, '河南省电信条例 38', true),
  rule('chongqing', { province: '重庆' }, 15, 'working', 5, '重庆市电信条例 20', true),
  rule('information', { kind: 'information-leak' }, 15, 'calendar', 5, '电信和互联网用户个人信息保护规定 12', true),
  rule('regulator', { source: 'regulator' }, 10, 'calendar', 5, '电信用户申诉处理办法', false),
];

function rule(
  id: string,
  fits: Pick<DeadlineRule, 'province' | 'kind' | 'source'>,
  days: number,
  unit: Time['unit'],
  targetDays: number,
  basis: string,
  confirmed: boolean,
): DeadlineRule {
  return { id, ...fits, answer: { days, unit }, target: { days: targetDays, unit }, basis, confirmed };
}

export interface RuleQuestion {
  /** The province of the complainant and that of the site: the rules of both apply. */
  readonly provinces: readonly string[];
  readonly kind: ComplaintKind;
  readonly source: ComplaintSource;
}

/**
 * The matching rules. Of two with the same time the first is cited: a regulator's before a kind's, a province's, the default; then by id.
 */
export function rulesFor(rules: readonly DeadlineRule[], asked: RuleQuestion): readonly DeadlineRule[] {
  const weight = (each: DeadlineRule): number =>
    (each.source === undefined ? 0 : 4) + (each.kind === undefined ? 0 : 2) + (each.province === undefined ? 0 : 1);
  // Older cases and rules may name a province in another form.
  const provinces = asked.provinces.map((written) => provinceNamed(written) ?? written);
  const fits = rules.filter(
    (each) =>
      (each.source === undefined || each.source === asked.source) &&
      (each.kind === undefined || each.kind === asked.kind) &&
      (each.province === undefined || provinces.includes(provinceNamed(each.province) ?? each.province)),
  );
  return [...fits].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

/** Why a table is refused: no default, two rules for the same complaints, or a target that is longer than the deadline. */
export function ruleFaults(rules: readonly DeadlineRule[]): string[] {
  const faults: string[] = [];
  if (!rules.some(({ province, kind, source }) => province === undefined && kind === undefined && source === undefined))
    faults.push('there is no rule for all other complaints');
  const seen = new Map<string, string>();
  for (const { id, province, kind, source, answer, target } of rules) {
    const key = [province, kind, source].join('|');
    const other = seen.get(key);
    if (other !== undefined) faults.push(`${id} and ${other} are for the same complaints`);
    seen.set(key, id);
    // Three calendar days contain at least one working day. In the other direction, a target could be later than the deadline.
    const longest = (time: Time): number => (time.unit === 'working' ? time.days * 1.4 : time.days);
    if (longest(target) > longest(answer)) faults.push(`${id}: the target is longer than the deadline`);
  }
  return faults;
}
