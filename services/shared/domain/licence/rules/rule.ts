import type { CalendarDate } from '../../time/calendar-date.js';
import type { Words } from '../../language.js';

/**
 * Where the text of a rule was seen. `full-text`: complete, in a public collection of laws; `two-copies`: two reprints with the same
 * wording; `quoted`: in the press, a handbook or a page that quotes it; `unverified`: the article was not found; `house`: not a rule of an
 * authority, but one that the site sets itself.
 */
export type Seen = 'full-text' | 'two-copies' | 'quoted' | 'unverified' | 'house';

/** What a rule said from one day on. */
export interface RuleVersion {
  /** The day from which the version applies; left out when it applies to the whole period considered. */
  readonly from?: CalendarDate;
  /** The text and its article, as the 依据 of a document prints them. */
  readonly article: Words;
  /** What the rule requires, in our own words. */
  readonly asks: Words;
  readonly seen: Seen;
  /** Its figures, with the unit in the name: `beforeDays`, `withinHours`. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** A rule with all its versions, oldest first. */
export type Rule = readonly [RuleVersion, ...RuleVersion[]];

/** The version in force on a day; without a day, the newest. What happened before the first version falls under the first. */
export function versionOn(rule: Rule, day?: CalendarDate): RuleVersion {
  const inForce = day === undefined ? rule.at(-1) : rule.findLast(({ from }) => from === undefined || from <= day);
  return inForce ?? rule[0];
}
