import type { ObjectKind } from '../../../services/shared/domain/people/named-object.js';
import type { ReachKind } from '../../../services/shared/platform/http/route-reach.js';

/** The part of JSON Schema that the routes' schemas use. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
  readonly default?: unknown;
}

export interface WalkedRoute {
  readonly method: string;
  readonly path: string;
  readonly right: string;
  readonly reach: { readonly kind: ReachKind; readonly of?: ObjectKind; readonly param?: string };
  readonly params: Schema;
  readonly query: Schema;
  readonly body: Schema;
  readonly uploadBytes: number | null;
  readonly looksUpNumber: boolean;
}

const choicesOf = ({ anyOf, oneOf }: Schema): readonly Schema[] => anyOf ?? oneOf ?? [];

/** A sample of the right type; patterns are ignored, since the request carries one wrong field anyway. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [choice] = choicesOf(schema);
  if (choice !== undefined) return sampleOf(choice);
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? '2026-01-01T00:00:00.000Z' : 'x'.repeat(Math.max(1, schema.minLength ?? 1));
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1);
    case 'boolean':
      return true;
    case 'array':
      return schema.items === undefined ? [] : [sampleOf(schema.items)];
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, sampleOf(field)]));
    default:
      return '2026-01-01T00:00:00.000Z';
  }
}

type Path = readonly (string | number)[];

/** Every field that takes text, a number or a choice, however deep it lies. */
export function leavesOf(schema: Schema, at: Path = []): Path[] {
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    // A field that also takes untyped values (a free value of a register) is no leaf.
    if (choices.every(({ type, enum: values, const: only }) => type !== undefined || values !== undefined || only !== undefined))
      return choices.some(({ type }) => type === 'object' || type === 'array') ? leavesOf(choices[0] ?? {}, at) : [at];
    return [];
  }
  if (schema.properties !== undefined) return Object.entries(schema.properties).flatMap(([name, field]) => leavesOf(field, [...at, name]));
  if (schema.type === 'array') return schema.items === undefined ? [] : leavesOf(schema.items, [...at, 0]);
  return schema.type === 'object' || schema.type === undefined ? [] : [at];
}

/** `value` with something else in one place. */
export function withAt(value: unknown, [first, ...rest]: Path, put: unknown): unknown {
  if (first === undefined) return put;
  if (typeof first === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    list[first] = withAt(list[first], rest, put);
    return list;
  }
  const fields = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  return { ...fields, [first]: withAt(fields[first], rest, put) };
}

/** The address of a route with every named part replaced. */
export const addressOf = (path: string, part: (name: string) => string): string =>
  `/api${path.replace(/:([a-zA-Z]+)/g, (_whole, name: string) => encodeURIComponent(part(name)))}`;
