import { z } from 'zod';
import { isCreditCode, isIdentityNumber } from '../shared/domain/numbers/check-digit.js';
import { planned } from '../shared/domain/numbers/numbering-plan.js';
import { provinceNamed } from '../shared/domain/numbers/province.js';
import { serialDate } from '../shared/platform/files/serial-date.js';

/** A text in the two languages of the pages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export type FieldKind =
  | 'text'
  | 'long-text'
  | 'date'
  | 'date-time'
  | 'number'
  | 'integer'
  | 'yes-no'
  | 'choice'
  | 'list'
  | 'identity'
  | 'phone';
export type FieldValue = string | number | boolean | readonly string[];
export type Values = Readonly<Record<string, FieldValue>>;

/** Numbers whose last digit is computed from the others. */
export type NumberScheme = 'credit-code' | 'identity-number';

/** One column of a register. `identity` is stored encrypted and shown masked. A `list` with choices accepts only those. */
export interface Field {
  readonly key: string;
  readonly label: Words;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices?: Readonly<Record<string, Words>>;
  readonly pattern?: RegExp;
  readonly scheme?: NumberScheme;
  /** Reads other spellings as a choice: `河南省` as `河南`. */
  readonly reads?: 'province';
}

interface Options {
  readonly required?: boolean;
  readonly choices?: Readonly<Record<string, readonly [zh: string, en: string]>>;
  readonly pattern?: RegExp;
  readonly scheme?: NumberScheme;
  readonly reads?: 'province';
}

const isOfScheme: Readonly<Record<NumberScheme, (text: string) => boolean>> = {
  'credit-code': isCreditCode,
  'identity-number': isIdentityNumber,
};

/** Declares a column: `column('area', '面积', 'Area', 'number')`. */
export function column(key: string, zh: string, en: string, kind: FieldKind = 'text', options: Options = {}): Field {
  const choices =
    options.choices && Object.fromEntries(Object.entries(options.choices).map(([value, [z, e]]) => [value, { zh: z, en: e }]));
  return {
    key,
    label: { zh, en },
    kind,
    required: options.required ?? false,
    ...(choices === undefined ? {} : { choices }),
    ...(options.pattern === undefined ? {} : { pattern: options.pattern }),
    ...(options.scheme === undefined ? {} : { scheme: options.scheme }),
    ...(options.reads === undefined ? {} : { reads: options.reads }),
  };
}

export const must: Options = { required: true };

/** `2026-03-31`, an existing day. */
const calendarDate = z.iso.date();

/** `2026-03-31T14:05:00+08:00`: a moment, with its offset from UTC. */
const moment = z.iso.datetime({ offset: true });

/** The check of one value as JSON carries it. */
export function schemaOfField(field: Field): z.ZodType {
  const base = ((): z.ZodType => {
    switch (field.kind) {
      case 'text':
      case 'identity': {
        const text = z.string().trim().min(1).max(200);
        if (field.scheme !== undefined) return text.refine(isOfScheme[field.scheme]);
        return field.pattern === undefined ? text : text.regex(field.pattern);
      }
      case 'long-text':
        return z.string().trim().min(1).max(4_000);
      case 'date':
        return calendarDate;
      case 'date-time':
        return moment;
      case 'number':
        return z.number().nonnegative().max(1e13);
      case 'integer':
        return z.int().nonnegative().max(1e9);
      case 'yes-no':
        return z.boolean();
      case 'choice':
        return z.enum(Object.keys(field.choices ?? {}));
      case 'phone':
        return z.string().transform((text, ctx) => {
          const number = planned(text);
          if (number !== undefined && number.kind !== 'local') return number.text;
          ctx.addIssue({ code: 'custom', message: 'not a number' });
          return z.NEVER;
        });
      case 'list':
        return z.array(field.choices === undefined ? z.string().trim().min(1).max(200) : z.enum(Object.keys(field.choices))).max(500);
    }
  })();
  return field.required ? base : base.optional();
}

/** What a column accepts, for a person who wrote something else. */
export function wantedOf(field: Field): Words {
  switch (field.kind) {
    case 'text':
    case 'identity':
      if (field.scheme === 'credit-code')
        return { zh: '应为 18 位统一社会信用代码，且校验位正确', en: 'A credit code of 18 places whose check digit fits.' };
      if (field.scheme === 'identity-number')
        return {
          zh: '应为 18 位身份证号码，且出生日期和校验位正确',
          en: 'An identity number of 18 places whose day of birth and check digit fit.',
        };
      return field.pattern === undefined
        ? { zh: '应为 1 至 200 个字', en: 'At most 200 characters.' }
        : { zh: '格式不对', en: 'It does not have the right form.' };
    case 'long-text':
      return { zh: '应为 1 至 4000 个字', en: 'At most 4000 characters.' };
    case 'date':
      return { zh: '应为存在的日期，如 2026-03-31', en: 'A day that exists, as 2026-03-31.' };
    case 'date-time':
      return { zh: '应为时间，如 2026-03-31 14:05', en: 'A moment, as 2026-03-31 14:05.' };
    case 'number':
      return { zh: '应为不小于 0 的数', en: 'A number, 0 or more.' };
    case 'integer':
      return { zh: '应为不小于 0 的整数', en: 'A whole number, 0 or more.' };
    case 'yes-no':
      return { zh: '应为“是”或“否”', en: '"yes" or "no".' };
    case 'choice':
      return oneOf(field);
    case 'phone':
      return { zh: '应为完整的电话号码，固定电话加区号', en: 'A whole telephone number, a landline with its area code.' };
    case 'list':
      if (field.choices !== undefined) return oneOf(field);
      return { zh: '至多 500 项，每项至多 200 个字，以分号隔开', en: 'At most 500 items of 200 characters, with semicolons between.' };
  }
}

/** The number of choices that are named. Longer lists, such as that of the cities, are in the form. */
const MOST_NAMED = 40;

function oneOf({ choices = {} }: Field): Words {
  const all = Object.values(choices);
  if (all.length > MOST_NAMED) return { zh: '只能从列表中选择', en: 'One of the list.' };
  return { zh: `只能是：${all.map(({ zh }) => zh).join('、')}`, en: `One of: ${all.map(({ en }) => en).join(', ')}.` };
}

/** People type brackets and letters in full or half width, and write the word for a seat in two ways. */
export const sameWords = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (words: string): string => words.normalize('NFKC').replaceAll('座席', '坐席');

/** A hand-written time is in the country's only time zone. A zone with a fixed offset has no historical summer time. */
const CLOCK_OFFSET = '+08:00';
const CLOCK = `UTC${CLOCK_OFFSET}`;

const YES = new Set(['是', 'yes', 'true', '1', 'y', '有']);
const NO = new Set(['否', 'no', 'false', '0', 'n', '无']);

/** Reads a cell of a sheet. An empty cell is no value. An unreadable value stays as text, so that the check names it. */
export function readCell(field: Field, cell: string): FieldValue | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  switch (field.kind) {
    case 'number':
    case 'integer': {
      const plain = text.replaceAll(',', '');
      return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
    }
    case 'yes-no':
      return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? false : text;
    case 'choice':
      return choiceOf(field, text);
    case 'list':
      return text
        .split(/[;；、\n]/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => (field.choices === undefined ? part : choiceOf(field, part)));
    case 'date':
      return (
        serialDate(text, CLOCK)?.toISODate() ??
        text.replace(
          /^(\d{4})[/年.](\d{1,2})[/月.](\d{1,2})日?$/,
          (_, y: string, m: string, d: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
        )
      );
    case 'date-time': {
      const ofCell = serialDate(text, CLOCK)?.toISO({ suppressMilliseconds: true });
      if (typeof ofCell === 'string') return ofCell;
      const [, day, time, seconds = ':00'] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$/.exec(text.replaceAll('/', '-')) ?? [];
      return day === undefined || time === undefined ? text : `${day}T${time}${seconds}${CLOCK_OFFSET}`;
    }
    case 'text':
    case 'long-text':
    case 'identity':
    case 'phone':
      return text;
  }
}

/** A choice by its value or one of its words. Any other text stays as it is, so that the check names it. */
function choiceOf({ choices = {}, reads }: Field, text: string): string {
  const found = Object.entries(choices).find(([value, { zh, en }]) => value === text || sameWords(zh, text) || sameWords(en, text));
  return found?.[0] ?? (reads === 'province' ? provinceNamed(text) : undefined) ?? text;
}

/** A value as printed. */
export function showValue(field: Field, value: FieldValue | undefined, language: 'zh' | 'en' = 'zh'): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return field.choices?.[value]?.[language] ?? value;
  return value.map((each) => field.choices?.[each]?.[language] ?? each).join(language === 'zh' ? '、' : '; ');
}
