import { Doc, type Value } from '../bson/document.js';
import { equal } from '../bson/compare.js';
import { MongoError } from '../bson/errors.js';
import { compileFilter, type Filter } from './filter.js';
import { arrayIndex } from './path.js';
import { fieldOperators, type FieldOperator } from './update-operators.js';

/** Applies an update to a document that may be changed freely. */
export interface Update {
  /** True when the document is replaced whole (its `_id` kept). */
  readonly replaces: boolean;
  apply(doc: Doc, context: UpdateContext): Doc;
}

export interface UpdateContext {
  /** True while an upsert builds the document it will insert. */
  readonly inserting: boolean;
  /** Finds the `$` of a path by what the query matched. */
  position(path: string): number | undefined;
}

interface Change {
  readonly path: string;
  readonly parts: readonly string[];
  readonly operator: FieldOperator;
  readonly operand: Value;
  readonly onlyOnInsert: boolean;
}

/** Compiles an update document or a replacement. @throws MongoError for unknown operators, conflicts and bad operands. */
export function compileUpdate(spec: Doc, arrayFilters: readonly Doc[] = []): Update {
  const first = spec.firstKey();
  if (first?.startsWith('$') !== true) return replacement(spec);
  const changes: Change[] = [];
  const renames: (readonly [string, string])[] = [];
  for (const [name, fields] of spec.entries()) {
    if (!name.startsWith('$')) throw new MongoError('FailedToParse', 'the update operator document must not mix operators and fields');
    if (!(fields instanceof Doc))
      throw new MongoError('FailedToParse', `Modifiers operate on fields but we found another type for ${name}`);
    if (name === '$rename') {
      for (const [from, to] of fields.entries()) {
        if (typeof to !== 'string') throw new MongoError('BadValue', "The 'to' field for $rename must be a string");
        renames.push([from, to]);
      }
      continue;
    }
    const create = fieldOperators[name];
    if (create === undefined)
      throw new MongoError(
        'FailedToParse',
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    for (const [path, operand] of fields.entries()) {
      if (path === '' || path.startsWith('.') || path.endsWith('.'))
        throw new MongoError('FailedToParse', 'An update path must not be empty');
      const parts = path.split('.');
      if (isPositional(parts[0] ?? ''))
        throw new MongoError('BadValue', `Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
      changes.push({ path, parts, operator: create(operand, path), operand, onlyOnInsert: name === '$setOnInsert' });
    }
  }
  checkConflicts([...changes.map((change) => change.path), ...renames.flat()]);
  const filters = compileArrayFilters(arrayFilters);
  return {
    replaces: false,
    apply: (doc, context) => {
      for (const change of changes) {
        if (change.onlyOnInsert && !context.inserting) continue;
        visit(doc, change, 0, context, filters, '');
      }
      for (const [from, to] of renames) rename(doc, from, to);
      return doc;
    },
  };
}

function replacement(spec: Doc): Update {
  for (const name of spec.keys())
    if (name.startsWith('$'))
      throw new MongoError('DollarPrefixedFieldName', `The dollar ($) prefixed field '${name}' is not valid for storage.`);
  return {
    replaces: true,
    apply: (doc) => {
      const id = doc.get('_id');
      const given = spec.get('_id');
      if (given !== undefined && id !== undefined && !equal(given, id)) {
        throw new MongoError('ImmutableField', "After applying the update, the (immutable) field '_id' was found to have been altered");
      }
      if (id === undefined) return spec.clone();
      const replaced = spec.clone();
      replaced.delete('_id');
      replaced.prepend('_id', id);
      return replaced;
    },
  };
}

function checkConflicts(paths: readonly string[]): void {
  const sorted = paths.toSorted();
  for (const path of sorted) {
    const clash = sorted.find((other) => other !== path && other.startsWith(`${path}.`));
    if (clash !== undefined || sorted.indexOf(path) !== sorted.lastIndexOf(path)) {
      throw new MongoError('ConflictingUpdateOperators', `Updating the path '${clash ?? path}' would create a conflict at '${path}'`);
    }
  }
}

function compileArrayFilters(specs: readonly Doc[]): Map<string, (element: Value) => boolean> {
  const filters = new Map<string, (element: Value) => boolean>();
  for (const spec of specs) {
    const identifier = identifierOf(spec);
    if (identifier === undefined)
      throw new MongoError('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters');
    if (filters.has(identifier))
      throw new MongoError('FailedToParse', `Found multiple array filters with the same top-level field name ${identifier}`);
    const filter: Filter = compileFilter(spec);
    filters.set(identifier, (element) => filter.test(Doc.of({ [identifier]: element })));
  }
  return filters;
}

function identifierOf(spec: Doc): string | undefined {
  for (const [name, value] of spec.entries()) {
    if (!name.startsWith('$')) return name.split('.')[0];
    const [first] = Array.isArray(value) ? value : [];
    if (first instanceof Doc) return identifierOf(first);
  }
  return undefined;
}

/** Walks to every target of a change and applies it there, making the documents on the way when the operator needs them. */
function visit(
  container: Doc | Value[],
  change: Change,
  at: number,
  context: UpdateContext,
  filters: ReadonlyMap<string, (element: Value) => boolean>,
  walked: string,
): void {
  const part = change.parts[at] ?? '';
  if (isPositional(part)) {
    if (!Array.isArray(container))
      throw new MongoError('BadValue', `The path '${walked}' must exist in the document in order to apply array updates.`);
    for (const index of positions(container, part, walked, context, filters))
      step(container, String(index), change, at, context, filters, walked);
    return;
  }
  step(container, part, change, at, context, filters, walked);
}

/** `$`, `$[]` and `$[name]`; any other part with a dollar sign is the name of a field. */
const isPositional = (part: string): boolean => part === '$' || /^\$\[[^\]]*\]$/.test(part);

function positions(
  array: readonly Value[],
  part: string,
  walked: string,
  context: UpdateContext,
  filters: ReadonlyMap<string, (element: Value) => boolean>,
): number[] {
  if (part === '$') {
    const position = context.position(walked);
    if (position === undefined) throw new MongoError('BadValue', 'The positional operator did not find the match needed from the query.');
    return [position];
  }
  const all = array.map((_value, index) => index);
  if (part === '$[]') return all;
  const filter = filters.get(part.slice(2, -1));
  if (filter === undefined) throw new MongoError('BadValue', `No array filter found for identifier '${part.slice(2, -1)}' in path`);
  return all.filter((index) => filter(array[index] ?? null));
}

function step(
  container: Doc | Value[],
  part: string,
  change: Change,
  at: number,
  context: UpdateContext,
  filters: ReadonlyMap<string, (element: Value) => boolean>,
  walked: string,
): void {
  const path = walked === '' ? part : `${walked}.${part}`;
  const current = read(container, part);
  if (at === change.parts.length - 1) {
    const next = change.operator.apply(current, context);
    if (next === undefined) remove(container, part);
    else if (next !== current) write(container, part, next, path);
    return;
  }
  if (current instanceof Doc || Array.isArray(current)) {
    visit(current, change, at + 1, context, filters, path);
    return;
  }
  if (!change.operator.creates) return;
  if (current !== undefined) {
    throw new MongoError('PathNotViable', `Cannot create field '${change.parts[at + 1] ?? ''}' in element {${part}: ...}`);
  }
  const child = Doc.empty();
  write(container, part, child, path);
  visit(child, change, at + 1, context, filters, path);
}

function read(container: Doc | Value[], part: string): Value | undefined {
  if (container instanceof Doc) return container.own(part);
  const index = arrayIndex(part);
  return index === undefined ? undefined : container[index];
}

function write(container: Doc | Value[], part: string, value: Value, path: string): void {
  if (container instanceof Doc) {
    container.set(part, value);
    return;
  }
  const index = arrayIndex(part);
  if (index === undefined) throw new MongoError('PathNotViable', `Cannot create field '${part}' in an array (${path})`);
  if (index > container.length + 100_000) throw new MongoError('BadValue', 'The array position is too far beyond the end of the array');
  while (container.length < index) container.push(null);
  container[index] = value;
}

function remove(container: Doc | Value[], part: string): void {
  if (container instanceof Doc) {
    container.delete(part);
    return;
  }
  // Unsetting an array element leaves null, as MongoDB does: positions must not move.
  const index = arrayIndex(part);
  if (index !== undefined && index < container.length) container[index] = null;
}

function rename(doc: Doc, from: string, to: string): void {
  const value = take(doc, from.split('.'));
  if (value === undefined) return;
  const parts = to.split('.');
  let container = doc;
  for (const part of parts.slice(0, -1)) {
    let child = container.own(part);
    if (child === undefined) {
      child = Doc.empty();
      container.set(part, child);
    }
    if (!(child instanceof Doc)) throw new MongoError('PathNotViable', `Cannot rename into '${to}'`);
    container = child;
  }
  const last = parts.at(-1) ?? '';
  container.delete(last);
  container.set(last, value);
}

function take(doc: Doc, parts: readonly string[]): Value | undefined {
  let container = doc;
  for (const part of parts.slice(0, -1)) {
    const child = container.own(part);
    if (Array.isArray(child)) throw new MongoError('BadValue', 'The source field of $rename cannot be an array element');
    if (!(child instanceof Doc)) return undefined;
    container = child;
  }
  const last = parts.at(-1) ?? '';
  const value = container.get(last);
  if (value !== undefined) container.delete(last);
  return value;
}

/** The document an upsert starts from: the equalities of its query. */
export function upsertSeed(filter: Filter): Doc {
  const doc = Doc.empty();
  for (const { path, operator, value } of filter.conditions) {
    if (operator !== '$eq' || path.includes('$')) continue;
    const parts = path.split('.');
    let container = doc;
    for (const part of parts.slice(0, -1)) {
      let child = container.own(part);
      if (!(child instanceof Doc)) {
        child = Doc.empty();
        container.set(part, child);
      }
      container = child;
    }
    container.set(parts.at(-1) ?? '', value);
  }
  return doc;
}
