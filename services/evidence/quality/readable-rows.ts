import { inWords, type Say, type Words, named } from '../../shared/domain/language.js';
import { agentStateWords } from '../../shared/domain/people/agent-state-words.js';
import { causeWords, releasedByWords } from '../documents/call-words.js';
import {
  complaintKinds,
  complaintSources,
  complaintStates,
  damageFoundWords,
  dialPurposes,
  dialRefusals,
  foundByWords,
} from '../documents/row-words.js';
import type { RowField } from './row-field.js';
import { rowFiles, type RowFileName } from './row-fields.js';

/** Rows as people read them in a table: headings in words, site time, durations in seconds, values in words. JSON columns are left out. */
export interface ReadableRows {
  readonly title: string;
  readonly heads: readonly string[];
  /** The cells of a row, in the order of the headings. */
  readonly cells: (row: object) => readonly string[];
}

type Cell = string | number | boolean | null | undefined;

const yesNo = { true: { zh: '是', en: 'yes' }, false: { zh: '否', en: 'no' } } as const;

/** Words for the values of a column, by `file.column`. Other values are printed as in the machine rows. */
const valueWords: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  'calls.direction': { inbound: { zh: '呼入', en: 'in' }, outbound: { zh: '呼出', en: 'out' } },
  'calls.class': { service: { zh: '服务呼叫', en: 'service' }, test: { zh: '练习呼叫', en: 'practice' } },
  'calls.cause': causeWords,
  'calls.releasedBy': releasedByWords,
  'states.state': agentStateWords,
  'turns.state': agentStateWords,
  'recordings.kept': {
    stored: { zh: '在库', en: 'stored' },
    deleted: { zh: '已按规则删除', en: 'deleted by its rule' },
    missing: { zh: '缺失', en: 'missing' },
  },
  'recordings.damage': damageFoundWords,
  'recordings.damageFoundBy': foundByWords,
  'complaints.kind': complaintKinds,
  'complaints.source': complaintSources,
  'complaints.state': complaintStates,
  'cases.source': complaintSources,
  'surveys.method': {
    keys: { zh: '通话末按键', en: 'keys' },
    sms: { zh: '短信链接', en: 'link by sms' },
    web: { zh: '网页链接', en: 'link' },
  },
  'answers.by': { caller: { zh: '来电人', en: 'caller' }, house: { zh: '本单位人员', en: 'house' } },
  'turns.what': { began: { zh: '开始', en: 'began' }, ended: { zh: '结束', en: 'ended' } },
  'attempts.reason': dialRefusals,
  'attempts.purpose': dialPurposes,
  'legs.reason': dialRefusals,
  'legs.purpose': dialPurposes,
};

/**
 * Office programs run a cell that begins like a formula, and round a long number or one like `12e5`; a leading apostrophe keeps it text.
 */
const plainText = (text: string): string => (/^[=+\-@\t\r]/.test(text) || /^\d{12,}$|^\d+e\d+$/i.test(text) ? `'${text}` : text);

const headOf = ({ name: { zh, en }, kind }: RowField): Words =>
  kind === 'milliseconds' ? { zh: `${zh}（秒）`, en: `${en} (s)` } : { zh, en };
const wordsOf = (file: string, key: string, { kind }: RowField): Readonly<Record<string, Words>> =>
  kind === 'yes-no' ? yesNo : (valueWords[`${file}.${key}`] ?? {});
/** Words in Chinese and in English: the present ones first, then those of earlier packs. */
type Both = readonly [zh: readonly string[], en: readonly string[]];
const both = (all: readonly Words[]): Both => [all.map(({ zh }) => zh), all.map(({ en }) => en)];
/** Words for values, by `file.column` and value, that earlier packs were sealed with and that are no longer printed. */
const formerWords: Readonly<Record<string, Readonly<Record<string, readonly Words[]>>>> = {};

interface TableWords {
  /** The name of the table in a Chinese pack; in an English pack it is the name of the rows. */
  readonly name: string;
  /** Kind, headings in both languages, and words for values, by the column of the rows. */
  readonly columns: Readonly<Record<string, readonly [kind: string, heads: Both, words: Readonly<Record<string, Both>>]>>;
}

/** What a verifier must know to compare a table with its rows, by the name of the rows. */
export const tableWords = (): Readonly<Record<string, TableWords>> =>
  mapOf(rowFiles, (file, { name, fields }) => ({
    name: name.zh,
    columns: mapOf<RowField, TableWords['columns'][string]>(fields, (key, field) => [
      field.kind,
      both([field, ...(field.former ?? []).map((name) => ({ ...field, name }))].map(headOf)),
      mapOf(wordsOf(file, key, field), (code, words) => both([words, ...(formerWords[`${file}.${key}`]?.[code] ?? [])])),
    ]),
  }));

const mapOf = <From, To>(record: Readonly<Record<string, From>>, to: (key: string, value: From) => To): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(key, value)]));

/** How the rows of a file are shown. `siteTime`: a moment as `2026-10-01 09:30:00` at the site. */
export function readableRows(file: RowFileName, say: Say, siteTime: (atMs: number) => string): ReadableRows {
  const { name, fields } = rowFiles[file];
  const columns = Object.entries<RowField>(fields).filter(([, { kind }]) => kind !== 'json');
  function cellOf(key: string, field: RowField, value: Cell): string {
    const { kind } = field;
    if (value === undefined || value === null || value === '') return '';
    if (kind === 'moment') return siteTime(Number(value));
    if (kind === 'milliseconds') return String(Number(value) / 1_000);
    if (kind === 'number') return String(value);
    return plainText(named(wordsOf(file, key, field), String(value), say));
  }
  return {
    title: inWords(name, say),
    heads: columns.map(([, field]) => inWords(headOf(field), say)),
    cells: (row) => {
      const values = row as Readonly<Record<string, Cell>>;
      return columns.map(([key, field]) => cellOf(key, field, values[key]));
    },
  };
}
