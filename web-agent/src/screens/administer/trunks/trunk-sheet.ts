import { dialDigits } from '../../../../../services/shared/domain/calls/dial-permit.js';
import {
  numberRuleUses,
  writtenBy,
  type NumberRule,
  type NumberRuleUse,
} from '../../../../../services/shared/domain/numbers/number-rules.js';
import { normaliseNumber } from '../../../../../services/shared/domain/numbers/phone-number.js';
import type { AnswerOf } from '../../../session/api.js';

type StoredTrunk = AnswerOf<'GET /trunks'>['trunks'][number];
type Stored = Pick<StoredTrunk, 'numberRules' | 'identity' | 'codecs' | 'digits' | 'echoNumber'>;

/** One rule in the form; null: the field was emptied. */
export interface RuleFields {
  readonly use?: NumberRuleUse | undefined;
  readonly starts?: string | undefined;
  readonly length?: number | null | undefined;
  readonly remove?: number | null | undefined;
  readonly put?: string | undefined;
}

/** The parts of the carrier's data sheet in the form, without addresses. */
export interface SheetFields {
  readonly numberRules?: readonly (RuleFields | undefined)[] | undefined;
  readonly identity?:
    | {
        readonly user?: 'number' | 'account' | undefined;
        readonly domain?: string | undefined;
        readonly header?: 'asserted' | 'preferred' | 'none' | undefined;
        readonly diversion?: boolean | undefined;
        /** Whether `Privacy: none` is sent. */
        readonly privacy?: boolean | undefined;
      }
    | undefined;
  readonly codecs?: StoredTrunk['codecs'];
  readonly digits?: StoredTrunk['digits'];
  readonly echoNumber?: string | undefined;
}

const SAYS_NONE = { privacy: 'none' } as const;
const USUAL = { user: 'number', header: 'asserted', diversion: false } as const;

export const sheetFields = ({ numberRules = [], identity, codecs = [], digits = 'events', echoNumber }: Stored): SheetFields => ({
  numberRules,
  identity: { ...(identity ?? USUAL), privacy: identity?.privacy !== undefined },
  codecs,
  digits,
  ...(echoNumber === undefined ? {} : { echoNumber }),
});

/** A rule, and its row in the form from 1. An empty row is no rule; a rule that changes nothing keeps numbers from later rules. */
function rulesWithRows(rows: SheetFields['numberRules'] = []): { readonly rule: NumberRule; readonly row: number }[] {
  return rows.flatMap((fields, index) => {
    const { use = 'called-in', starts = '', length, remove, put = '' } = fields ?? {};
    const rule = { use, starts: starts.trim(), remove: remove ?? 0, put: put.trim(), ...(typeof length === 'number' ? { length } : {}) };
    const isEmpty = rule.starts === '' && rule.length === undefined && rule.remove === 0 && rule.put === '';
    return isEmpty ? [] : [{ rule, row: index + 1 }];
  });
}

/** The stored form of the sheet: nothing where it equals the product's default. */
export function storedSheet({ numberRules, identity = {}, codecs = [], digits = 'events', echoNumber = '' }: SheetFields): Stored {
  const rules = rulesWithRows(numberRules).map(({ rule }) => rule);
  const { user = USUAL.user, domain = '', header = USUAL.header, diversion = USUAL.diversion, privacy = false } = identity;
  const named = domain.trim();
  const isUsual = named === '' && user === USUAL.user && header === USUAL.header && !diversion && !privacy;
  return {
    ...(rules.length === 0 ? {} : { numberRules: rules }),
    ...(isUsual
      ? {}
      : { identity: { user, header, diversion, ...(named === '' ? {} : { domain: named }), ...(privacy ? SAYS_NONE : {}) } }),
    ...(codecs.length === 0 ? {} : { codecs: [...codecs] }),
    ...(digits === 'events' ? {} : { digits }),
    ...(echoNumber.trim() === '' ? {} : { echoNumber: echoNumber.trim() }),
  };
}

/** The result for a number under one use, and the row of the applied rule, from 1. */
export interface Tried {
  readonly use: NumberRuleUse;
  readonly result: string;
  readonly rule: number | undefined;
}

/** A number under every use: inbound it ends in its normal form, outbound it begins with it. Empty for invalid text. */
export function tryOut(rows: SheetFields['numberRules'], written: string): Tried[] {
  const found = rulesWithRows(rows);
  const number = normaliseNumber(written);
  if (number === undefined) return [];
  return numberRuleUses.map((use) => {
    const comesIn = use === 'called-in' || use === 'caller-in';
    const asWritten = comesIn ? written.replace(/[\s().-]/g, '') : use === 'called-out' ? dialDigits(number) : number;
    const { number: made, rule } = writtenBy(
      found.map((each) => each.rule),
      use,
      asWritten,
    );
    return { use, result: comesIn ? (normaliseNumber(made) ?? made) : made, rule: rule === undefined ? undefined : found[rule]?.row };
  });
}
