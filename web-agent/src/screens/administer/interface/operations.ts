import type { FailureCode } from '../../../../../services/shared/domain/failure.js';
import type { AnswerOf } from '../../../session/api.js';

type OpenApi = AnswerOf<'GET /openapi.json'>;
type Described = OpenApi['paths'][string][string];

/** The parts of a JSON Schema (2020-12) that a table of fields shows. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** One field of a route's input or answer. `name` is its path from the top: `steps[].label`. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

/** One route, as the page shows it. */
export interface OperationRow {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly group: string;
  /** In Chinese if it was requested and exists. */
  readonly summary: string;
  readonly summaryLanguage: 'zh-CN' | 'en';
  /** The text that a search in either language matches. */
  readonly englishSummary: string;
  readonly right: string;
  readonly failures: readonly FailureCode[];
  readonly params: readonly Field[];
  readonly query: readonly Field[];
  readonly body: readonly Field[];
  readonly answer: readonly Field[];
  /** Media types of the answers that are files. */
  readonly files: readonly string[];
}

/** Deeper fields are in the file. */
const DEEPEST = 3;

const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];

/** The type of a value in one line: `integer 0..100`, `"asc" | "desc"`, `string (date-time)[]`. */
export function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const parts = alternatives(schema);
  if (parts.length > 0) return [...new Set(parts.map(typeText))].join(' | ');
  if (schema.allOf !== undefined) return [...new Set(schema.allOf.map(typeText))].join(' & ');
  const types = schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (types.includes('array')) return `${schema.items === undefined ? 'any' : bracketed(typeText(schema.items))}[]`;
  const { additionalProperties: others } = schema;
  if (types.includes('object') && schema.properties === undefined && typeof others === 'object') return `{ [key]: ${typeText(others)} }`;
  const words = types.join(' | ') || 'any';
  return [words, schema.format === undefined ? '' : `(${schema.format})`, limitsOf(schema)].filter((word) => word !== '').join(' ');
}

const bracketed = (type: string): string => (type.includes(' | ') ? `(${type})` : type);

function limitsOf({ minimum, maximum, minLength, maxLength }: Schema): string {
  const [least, most] = [minimum ?? minLength, maximum ?? maxLength];
  return least === undefined && most === undefined ? '' : `${least ?? ''}..${most ?? ''}`;
}

/** The fields of an object, each followed by those of its parts; for alternatives the fields of all. */
export function fieldsOf(schema: Schema, name = '', required = true, depth = 0): Field[] {
  const whole = [schema, ...(schema.allOf ?? []), ...alternatives(schema)];
  const parts = whole.flatMap(({ properties = {}, required: must = [] }) =>
    Object.entries(properties).map(([key, part]) => ({ key, part, must: must.includes(key) })),
  );
  const line = name === '' && parts.length > 0 ? [] : [{ name, type: typeText(schema), required }];
  if (depth >= DEEPEST) return line;
  const within = parts.flatMap(({ key, part, must }) => fieldsOf(part, name === '' ? key : `${name}.${key}`, must, depth + 1));
  const each = whole.flatMap(({ items }) => (items?.properties === undefined ? [] : fieldsOf(items, `${name}[]`, true, depth).slice(1)));
  const seen = new Set<string>();
  return [...line, ...within, ...each].filter((field) => !seen.has(field.name) && seen.add(field.name));
}

/** The name of a route in the contract. */
const keyOf = (method: string, path: string): string => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;

function rowOf(path: string, method: string, operation: Described, translated: string | undefined): OperationRow {
  const given = (where: string): Field[] =>
    operation.parameters.flatMap((each) =>
      each.in === where ? [{ name: each.name, type: typeText(each.schema as Schema), required: each.required }] : [],
    );
  const body = operation.requestBody?.content ?? {};
  const answers = operation.responses['200']?.content ?? {};
  const json = (content: typeof body): Field[] => {
    const schema = content['application/json']?.schema as Schema | undefined;
    return schema === undefined ? [] : fieldsOf(schema);
  };
  return {
    key: `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    group: operation.tags[0] ?? '',
    summary: translated ?? operation.summary,
    summaryLanguage: translated === undefined ? 'en' : 'zh-CN',
    englishSummary: operation.summary,
    right: operation['x-right'],
    failures: operation['x-failures'],
    params: given('path'),
    query: given('query'),
    body: json(body),
    answer: json(answers),
    files: Object.keys(answers).filter((type) => type !== 'application/json'),
  };
}

/** All routes ordered by path. `summaries`: those in another language, keyed by `GET /queues/:queueId`. */
export const operationsOf = ({ paths }: OpenApi, summaries: Readonly<Record<string, string>> = {}): OperationRow[] =>
  Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => rowOf(path, method, operation, summaries[keyOf(method, path)])),
    )
    .sort((one, other) => one.path.localeCompare(other.path) || one.method.localeCompare(other.method));

/** Whether every search word occurs in the route's path, summary, right or failure codes. */
export function isFound(row: OperationRow, text: string): boolean {
  const hay = [row.key, row.summary, row.englishSummary, row.right, ...row.failures].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
