import { BSONRegExp } from 'bson';
import { compileExpression } from '../aggregate/expression.js';
import { truthy } from '../aggregate/truth.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import {
  equalTo,
  isOperatorDocument,
  isReferenceField,
  matchesRegex,
  modulo,
  ofSize,
  ofType,
  oneOf,
  ordered,
  type LeafTest,
} from './operators.js';
import { pathParts, someAt } from './path.js';

/** A condition every matching document fulfils; what the planner can turn into index bounds. */
export interface Condition {
  readonly path: string;
  readonly operator: '$eq' | '$in' | '$gt' | '$gte' | '$lt' | '$lte' | '$exists' | '$regex' | '$ne';
  readonly value: Value;
}

/** A compiled query: pure, and reusable for any number of documents. */
export interface Filter {
  test(doc: Doc): boolean;
  readonly conditions: readonly Condition[];
  /** True when the conditions say everything the query asks. */
  readonly exact: boolean;
  /** The branches of a top-level `$or`, each a filter of its own. */
  readonly branches: readonly Filter[];
  /** The position of the first element of the array at `path` that the query matched: the `$` of an update. */
  position(doc: Doc, path: string): number | undefined;
}

interface FieldTest {
  readonly parts: readonly string[];
  readonly test: LeafTest;
  readonly elementTest: LeafTest;
}

interface Parsed {
  readonly tests: ((doc: Doc) => boolean)[];
  readonly conditions: Condition[];
  readonly fields: FieldTest[];
  branches: Filter[];
}

/** Compiles a query document. @throws MongoError BadValue for an operator that is unknown, malformed or not supported. */
export function compileFilter(query: Doc, variables: Variables = new Map()): Filter {
  const parsed: Parsed = { tests: [], conditions: [], fields: [], branches: [] };
  parseQuery(query, parsed, variables);
  const { tests, fields } = parsed;
  const [only] = tests;
  return {
    test: tests.length === 1 && only !== undefined ? only : (doc) => tests.every((test) => test(doc)),
    conditions: parsed.conditions,
    exact: parsed.conditions.length === tests.length,
    branches: parsed.branches,
    position: (doc, path) => positionIn(doc, pathParts(path), fields),
  };
}

type Variables = ReadonlyMap<string, Value | undefined>;

function parseQuery(query: Doc, into: Parsed, variables: Variables): void {
  for (const [name, value] of query.entries()) {
    if (name.startsWith('$') && !isReferenceField(name)) parseTopLevel(name, value, into, variables);
    else parseField(name, value, into);
  }
}

function parseTopLevel(name: string, value: Value, into: Parsed, variables: Variables): void {
  switch (name) {
    case '$and':
      for (const clause of clauses(name, value)) parseQuery(clause, into, variables);
      return;
    case '$or': {
      const branches = clauses(name, value).map((clause) => compileFilter(clause, variables));
      into.tests.push((doc) => branches.some((branch) => branch.test(doc)));
      if (into.branches.length === 0) into.branches = branches;
      return;
    }
    case '$nor': {
      const branches = clauses(name, value).map((clause) => compileFilter(clause, variables));
      into.tests.push((doc) => !branches.some((branch) => branch.test(doc)));
      return;
    }
    case '$expr': {
      const expression = compileExpression(value);
      into.tests.push((doc) => truthy(expression({ root: doc, current: doc, variables })));
      return;
    }
    case '$comment':
      return;
    case '$text':
    case '$where':
    case '$jsonSchema':
      throw new MongoError('BadValue', `${name} is not supported by this store`);
    default:
      throw new MongoError(
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function clauses(name: string, value: Value): Doc[] {
  if (!Array.isArray(value) || value.length === 0) throw new MongoError('BadValue', `${name} must be a nonempty array`);
  return value.map((clause) => {
    if (!(clause instanceof Doc)) throw new MongoError('BadValue', `${name} entries need to be full objects`);
    return clause;
  });
}

function parseField(path: string, value: Value, into: Parsed): void {
  const parts = pathParts(path);
  const add = (test: LeafTest): void => {
    into.tests.push((doc) => someAt(doc, parts, 0, test));
    into.fields.push({ parts, test, elementTest: test });
  };
  if (value instanceof BSONRegExp) {
    into.conditions.push({ path, operator: '$regex', value });
    add(matchesRegex(value));
  } else if (isOperatorDocument(value)) {
    for (const [operator, operand] of value.entries()) {
      if (operator === '$options') continue;
      const leaf = compileOperator(operator, operand, value);
      if (leaf.condition !== undefined) into.conditions.push({ path, operator: leaf.condition, value: leaf.operand ?? operand });
      into.tests.push((doc) => holds(doc, parts, leaf));
      if (!leaf.negated) into.fields.push({ parts, test: leaf.test, elementTest: leaf.elementTest ?? leaf.test });
    }
  } else {
    into.conditions.push({ path, operator: '$eq', value });
    add(equalTo(value));
  }
}

interface Leaf {
  readonly test: LeafTest;
  readonly negated: boolean;
  /** For `$elemMatch`: the test of one element, which decides the position. */
  readonly elementTest?: LeafTest | undefined;
  /** Tests that may each be met by a different value at the path: `$all`, and what `$not` negates. */
  readonly each?: readonly Leaf[];
  readonly condition?: Condition['operator'];
  readonly operand?: Value;
}

/** Whether a document fulfils an operator at a path, through the arrays on the way. */
function holds(doc: Doc, parts: readonly string[], leaf: Leaf): boolean {
  const met = leaf.each === undefined ? someAt(doc, parts, 0, leaf.test) : leaf.each.every((inner) => holds(doc, parts, inner));
  return met !== leaf.negated;
}

function compileOperator(operator: string, operand: Value, siblings: Doc): Leaf {
  switch (operator) {
    case '$eq':
      return { test: equalTo(operand), negated: false, condition: '$eq' };
    case '$ne':
      return { test: equalTo(operand), negated: true, condition: '$ne' };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return { test: ordered(operator, operand), negated: false, condition: operator };
    case '$in':
    case '$nin': {
      if (!Array.isArray(operand)) throw new MongoError('BadValue', `${operator} needs an array`);
      return operator === '$in' ? { test: oneOf(operand), negated: false, condition: '$in' } : { test: oneOf(operand), negated: true };
    }
    case '$exists': {
      const wanted = truthy(operand);
      return { test: (value) => value !== undefined, negated: !wanted, condition: '$exists', operand: wanted };
    }
    case '$regex': {
      const regex = regexOf(operand, siblings.get('$options'));
      return { test: matchesRegex(regex), negated: false, condition: '$regex', operand: regex };
    }
    case '$not':
      return compileNot(operand);
    case '$type':
      return { test: ofType(operand), negated: false };
    case '$size':
      return { test: ofSize(operand), negated: false };
    case '$mod':
      return { test: modulo(operand), negated: false };
    case '$all':
      return compileAll(operand);
    case '$elemMatch':
      return compileElemMatch(operand);
    default:
      throw new MongoError('BadValue', `unknown operator: ${operator}, or not supported by this store`);
  }
}

function regexOf(operand: Value, options: Value | undefined): BSONRegExp {
  const flags = typeof options === 'string' ? [...new Set(options)].sort().join('') : undefined;
  if (operand instanceof BSONRegExp) return new BSONRegExp(operand.pattern, flags ?? operand.options);
  if (typeof operand === 'string') return new BSONRegExp(operand, flags ?? '');
  throw new MongoError('BadValue', '$regex has to be a string');
}

/** All operators of one document, as one test of a value: the inside of a scalar `$elemMatch`. */
function conjunction(leaves: readonly Leaf[]): LeafTest {
  return (value) => leaves.every((leaf) => leaf.test(value) !== leaf.negated);
}

function leavesOf(operators: Doc): Leaf[] {
  return [...operators.entries()].filter(([name]) => name !== '$options').map(([name, value]) => compileOperator(name, value, operators));
}

function compileNot(operand: Value): Leaf {
  if (operand instanceof BSONRegExp) return { test: matchesRegex(operand), negated: true };
  if (!isOperatorDocument(operand)) throw new MongoError('BadValue', '$not needs a regex or a document');
  const each = leavesOf(operand);
  return { test: conjunction(each), negated: true, each };
}

function compileElemMatch(operand: Value): Leaf {
  if (!(operand instanceof Doc)) throw new MongoError('BadValue', '$elemMatch needs an Object');
  const logical = ['$and', '$or', '$nor', '$expr'].includes(operand.firstKey() ?? '');
  let element: LeafTest;
  if (isOperatorDocument(operand) && !logical) element = conjunction(leavesOf(operand));
  else {
    const filter = compileFilter(operand);
    element = (value) => value instanceof Doc && filter.test(value);
  }
  return { test: (value) => Array.isArray(value) && value.some(element), negated: false, elementTest: element };
}

/** `$all`: every item is met by some value of the path, not necessarily all by the same one. */
function compileAll(operand: Value): Leaf {
  if (!Array.isArray(operand)) throw new MongoError('BadValue', '$all needs an array');
  const tests = operand.map((item) => {
    const elemMatch = item instanceof Doc ? item.get('$elemMatch') : undefined;
    if (elemMatch !== undefined) return compileElemMatch(elemMatch).test;
    return item instanceof BSONRegExp ? matchesRegex(item) : equalTo(item);
  });
  if (tests.length === 0) return { test: () => false, negated: false };
  return { test: (value) => tests.every((test) => test(value)), negated: false, each: tests.map((test) => ({ test, negated: false })) };
}

function positionIn(doc: Doc, array: readonly string[], fields: readonly FieldTest[]): number | undefined {
  for (const field of fields) {
    if (!array.every((part, at) => field.parts[at] === part)) continue;
    let found: number | undefined;
    someAt(doc, array, 0, (value) => {
      if (!Array.isArray(value)) return false;
      const exact = field.parts.length === array.length;
      const at = value.findIndex((element) =>
        exact ? field.elementTest(element) : element instanceof Doc && someAt(element, field.parts, array.length, field.test),
      );
      if (at >= 0) found = at;
      return at >= 0;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}
