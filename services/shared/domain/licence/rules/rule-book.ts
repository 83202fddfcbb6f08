import { inWords, type Say, type Words } from '../../language.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { rowsOf, textOf, type LicenceFile } from '../licence-file.js';
import { licenceRules } from './licence-rules.js';
import { resourceRules } from './resource-rules.js';
import { versionOn, type Rule, type RuleVersion, type Seen } from './rule.js';
import { securityRules } from './security-rules.js';

/** Every rule that a check, a duty or a document of the product rests on. Nothing else prints a 依据. */
export const ruleBook = { ...licenceRules, ...resourceRules, ...securityRules } as const satisfies Record<string, Rule>;
export type RuleId = keyof typeof ruleBook;

/** Where the text of a rule was seen, as the page prints it. */
export const seenInWords: Readonly<Record<Seen, Words>> = {
  'full-text': { zh: '公开汇编全文', en: 'Full text in a public collection' },
  'two-copies': { zh: '两处转载文字一致', en: 'Two reprints with the same wording' },
  quoted: { zh: '据转述，未见原文', en: 'As quoted; the text was not seen' },
  unverified: { zh: '条款号未核实', en: 'The article is not verified' },
  house: { zh: '企业自定', en: "The site's own" },
};

/** The 依据 for what happened on a day; without a day, that of the newest version. A quoted text is marked as quoted. */
export function cite(id: RuleId, say: Say, day?: CalendarDate): string {
  const { article, seen } = versionOn(ruleBook[id], day);
  const text = inWords(article, say);
  return seen === 'quoted' ? say(`${text}（据转述）`, `${text} (as quoted)`) : text;
}

type LimitOf<R> = R extends { readonly limits: infer L } ? keyof L & string : never;
/** The names of the figures of a rule: naming one that the book does not have does not compile. */
export type LimitName<I extends RuleId> = LimitOf<(typeof ruleBook)[I][number]>;

/** A figure of the version in force on a day; undefined when that version has none. */
export const limitOn = <I extends RuleId>(id: I, name: LimitName<I>, day: CalendarDate): number | undefined =>
  versionOn(ruleBook[id], day).limits?.[name];

/** A figure of the newest version. */
export function limit<I extends RuleId>(id: I, name: LimitName<I>): number {
  const found = versionOn(ruleBook[id]).limits?.[name];
  if (found === undefined) throw new RangeError(`The newest version of ${id} has no figure ${name}.`);
  return found;
}

export interface ShownVersion {
  /** The day from which the version applies; null when it applies to the whole period considered. */
  readonly from: CalendarDate | null;
  readonly article: string;
  readonly asks: string;
  readonly seen: string;
}

export interface ShownRule {
  readonly id: RuleId;
  /** What is in force today. */
  readonly now: ShownVersion;
  /** The earlier versions, newest first. */
  readonly before: readonly ShownVersion[];
  /** The coming versions, each with its day. */
  readonly coming: readonly ShownVersion[];
  /** The answer of the authority, entered in the register `confirmations` under the id of the rule; null when there is none. */
  readonly confirmed: { readonly by: string; readonly on: CalendarDate; readonly answer: string } | null;
}

/** The book as it stands today, with the authority's confirmations. Pure. */
export function shownRules(file: LicenceFile, today: CalendarDate, say: Say): ShownRule[] {
  const shown = ({ from, article, asks, seen }: RuleVersion): ShownVersion => ({
    from: from ?? null,
    article: inWords(article, say),
    asks: inWords(asks, say),
    seen: inWords(seenInWords[seen], say),
  });
  const answers = rowsOf(file, 'confirmations');
  return (Object.keys(ruleBook) as RuleId[]).map((id) => {
    const rule: Rule = ruleBook[id];
    const now = versionOn(rule, today);
    const at = rule.indexOf(now);
    const answer = answers.find((row) => textOf(row, 'pointId') === id);
    return {
      id,
      now: shown(now),
      before: rule.slice(0, at).map(shown).reverse(),
      coming: rule.slice(at + 1).map(shown),
      confirmed:
        answer === undefined
          ? null
          : { by: textOf(answer, 'confirmedBy'), on: textOf(answer, 'confirmedOn'), answer: textOf(answer, 'answer') },
    };
  });
}
