import { dialDigits } from '../../../../services/shared/domain/dial-permit.js';
import { numberRuleUses, writtenBy, type NumberRule, type NumberRuleUse } from '../../../../services/shared/domain/number-rules.js';
import { normaliseNumber } from '../../../../services/shared/domain/phone-number.js';
import type { AnswerOf } from '../../session/api.js';

type StoredTrunk = AnswerOf<'GET /trunks'>['trunks'][number];
type Stored = Pick<StoredTrunk, 'numberRules' | 'identity' | 'codecs'>;

/** One rule as the form has it; null: the field was emptied. */
export interface RuleFields {
  readonly use?: NumberRuleUse | undefined;
  readonly starts?: string | undefined;
  readonly length?: number | null | undefined;
  readonly remove?: number | null | undefined;
  readonly put?: string | undefined;
}

/** What the form has of the carrier's sheet besides addresses. */
export interface SheetFields {
  readonly numberRules?: readonly (RuleFields | undefined)[] | undefined;
  readonly identity?:
    | {
        readonly user?: 'number' | 'account' | undefined;
        readonly domain?: string | undefined;
        readonly header?: 'asserted' | 'preferred' | 'none' | undefined;
        readonly diversion?: boolean | undefined;
      }
    | undefined;
  readonly codecs?: StoredTrunk['codecs'];
}

const USUAL = { user: 'number', header: 'asserted', diversion: false } as const;

export const sheetFields = ({ numberRules = [], identity, codecs = [] }: Stored): SheetFields => ({
  numberRules,
  identity: identity ?? USUAL,
  codecs,
});

/** Rules as they are stored; a row that has not been filled in changes nothing. */
export const rulesOf = (rows: SheetFields['numberRules'] = []): NumberRule[] =>
  rows.flatMap((row) => {
    const { use = 'called-in', starts = '', length, remove, put = '' } = row ?? {};
    const rule = { use, starts: starts.trim(), remove: remove ?? 0, put: put.trim() };
    return rule.remove === 0 && rule.put === '' ? [] : [{ ...rule, ...(typeof length === 'number' ? { length } : {}) }];
  });

/** What is stored of the sheet: nothing where it says what the product does by itself. */
export function storedSheet({ numberRules, identity = {}, codecs = [] }: SheetFields): Stored {
  const rules = rulesOf(numberRules);
  const { user = USUAL.user, domain = '', header = USUAL.header, diversion = USUAL.diversion } = identity;
  const named = domain.trim();
  const isUsual = named === '' && user === USUAL.user && header === USUAL.header && !diversion;
  return {
    ...(rules.length === 0 ? {} : { numberRules: rules }),
    ...(isUsual ? {} : { identity: { user, header, diversion, ...(named === '' ? {} : { domain: named }) } }),
    ...(codecs.length === 0 ? {} : { codecs: [...codecs] }),
  };
}

/** What becomes of a number under one use, and the place of the rule that changed it, from 1. */
export interface Tried {
  readonly use: NumberRuleUse;
  readonly result: string;
  readonly rule: number | undefined;
}

/** A number tried under every use: as it comes in it ends in its one form, as it leaves it begins with it. Empty for what is no number. */
export function tryOut(rows: SheetFields['numberRules'], written: string): Tried[] {
  const rules = rulesOf(rows);
  const number = normaliseNumber(written);
  if (number === undefined) return [];
  return numberRuleUses.map((use) => {
    const comesIn = use === 'called-in' || use === 'caller-in';
    const asWritten = comesIn ? written.replace(/[\s().-]/g, '') : use === 'called-out' ? dialDigits(number) : number;
    const { number: made, rule } = writtenBy(rules, use, asWritten);
    return { use, result: comesIn ? (normaliseNumber(made) ?? made) : made, rule: rule === undefined ? undefined : rule + 1 };
  });
}
