import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toNumber } from '../bson/numeric.js';
import { pathParts } from '../query/path.js';
import { dateFunctions } from './dates.js';
import { functions } from './functions.js';
import { truthy } from './truth.js';

/** What an expression is evaluated against. */
export interface Scope {
  readonly root: Value | undefined;
  readonly current: Value | undefined;
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

/** A compiled expression; undefined is a missing field. */
export type Expression = (scope: Scope) => Value | undefined;

/** Compiles an aggregation expression. @throws MongoError for an operator that is unknown or not supported. */
export function compileExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) return value.startsWith('$$') ? variable(value.slice(2)) : field(value.slice(1));
  if (Array.isArray(value)) {
    const items = value.map(compileExpression);
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (!(value instanceof Doc)) return () => value;
  const name = value.firstKey();
  if (name?.startsWith('$') === true) {
    if (value.size !== 1)
      throw new MongoError('Location15998', 'an expression specification must contain exactly one field, the name of the expression');
    return operator(name, value.get(name) ?? null);
  }
  const fields = [...value.entries()].map(([key, item]) => [key, compileExpression(item)] as const);
  return (scope) => {
    const doc = Doc.empty();
    for (const [key, item] of fields) {
      const result = item(scope);
      if (result !== undefined) doc.append(key, result);
    }
    return doc;
  };
}

/** A path inside a value; over an array it yields the array of what its elements have. */
export function valueAt(value: Value | undefined, parts: readonly string[], from = 0): Value | undefined {
  let current = value;
  for (let at = from; at < parts.length; at += 1) {
    if (Array.isArray(current)) {
      return current.map((item) => valueAt(item, parts, at)).filter((item) => item !== undefined);
    }
    if (!(current instanceof Doc)) return undefined;
    current = current.get(parts[at] ?? '');
  }
  return current;
}

function field(path: string): Expression {
  if (!path.includes('.')) return (scope) => (scope.current instanceof Doc ? scope.current.get(path) : valueAt(scope.current, [path]));
  const parts = pathParts(path);
  return (scope) => valueAt(scope.current, parts);
}

function variable(path: string): Expression {
  const [name = '', ...rest] = path.split('.');
  switch (name) {
    case 'ROOT':
      return (scope) => valueAt(scope.root, rest);
    case 'CURRENT':
      return (scope) => valueAt(scope.current, rest);
    case 'REMOVE':
      return () => undefined;
    case 'NOW':
      return (scope) => scope.variables.get('NOW') ?? new Date();
    default:
      return (scope) => {
        if (!scope.variables.has(name)) throw new MongoError('FailedToParse', `Use of undefined variable: ${name}`);
        return valueAt(scope.variables.get(name), rest);
      };
  }
}

function operator(name: string, operand: Value): Expression {
  const special = specialForms[name];
  if (special !== undefined) return special(operand);
  const dates = dateFunctions[name];
  if (dates !== undefined) return named(operand, dates);
  const plain = functions[name];
  if (plain === undefined) throw new MongoError('InvalidOptions', `Unrecognized expression '${name}'`);
  const list = (Array.isArray(operand) ? operand : [operand]).map(compileExpression);
  const [least, most] = [plain.least, plain.most];
  if (list.length < least || list.length > most) {
    throw new MongoError(
      'FailedToParse',
      `Expression ${name} takes ${least === most ? `exactly ${least}` : `${least} to ${most}`} arguments. ${list.length} were passed in.`,
    );
  }
  const { apply } = plain;
  const [first, second] = list;
  if (list.length === 1 && first !== undefined) return (scope) => apply(first(scope));
  if (list.length === 2 && first !== undefined && second !== undefined) return (scope) => apply(first(scope), second(scope));
  return (scope) => apply(...list.map((item) => item(scope)));
}

/** Operators whose argument is a document of named expressions; a bare argument is taken as `date`. */
function named(operand: Value, apply: (get: (name: string) => Value | undefined) => Value | undefined): Expression {
  if (!(operand instanceof Doc) || operand.firstKey()?.startsWith('$') === true) {
    const single = compileExpression(Array.isArray(operand) && operand.length === 1 ? (operand[0] ?? null) : operand);
    return (scope) => apply((name) => (name === 'date' ? single(scope) : undefined));
  }
  const fields = new Map([...operand.entries()].map(([key, item]) => [key, compileExpression(item)]));
  return (scope) => apply((name) => fields.get(name)?.(scope));
}

const specialForms: Readonly<Record<string, (operand: Value) => Expression>> = {
  $literal: (operand) => () => operand,
  $and: (operand) => {
    const items = listOf(operand);
    return (scope) => items.every((item) => truthy(item(scope)));
  },
  $or: (operand) => {
    const items = listOf(operand);
    return (scope) => items.some((item) => truthy(item(scope)));
  },
  $cond: (operand) => {
    const [condition, then, otherwise] =
      operand instanceof Doc ? ['if', 'then', 'else'].map((name) => part(operand, name, '$cond')) : listOf(operand);
    if (condition === undefined || then === undefined || otherwise === undefined) {
      throw new MongoError('FailedToParse', 'Expression $cond takes exactly 3 arguments');
    }
    return (scope) => (truthy(condition(scope)) ? then(scope) : otherwise(scope));
  },
  $ifNull: (operand) => {
    const items = listOf(operand);
    return (scope) => {
      for (const item of items.slice(0, -1)) {
        const value = item(scope);
        if (value !== null && value !== undefined) return value;
      }
      return items.at(-1)?.(scope);
    };
  },
  $switch: (operand) => {
    const doc = documentOf(operand, '$switch');
    const branches = doc.get('branches');
    if (!Array.isArray(branches)) throw new MongoError('FailedToParse', '$switch requires an array of branches');
    const cases = branches.map((branch) => {
      const item = documentOf(branch, '$switch');
      return { when: part(item, 'case', '$switch'), then: part(item, 'then', '$switch') };
    });
    const fallback = doc.get('default');
    const otherwise = fallback === undefined ? undefined : compileExpression(fallback);
    return (scope) => {
      const match = cases.find((item) => truthy(item.when(scope)));
      if (match !== undefined) return match.then(scope);
      if (otherwise === undefined)
        throw new MongoError('BadValue', '$switch could not find a matching branch for an input, and no default was specified.');
      return otherwise(scope);
    };
  },
  $rand: () => () => Math.random(),
  $getField: (operand) => {
    const spec = operand instanceof Doc && operand.has('field') ? operand : Doc.of({ field: operand });
    const name = fieldName(spec, '$getField');
    const input = spec.has('input') ? part(spec, 'input', '$getField') : (scope: Scope) => scope.current;
    return (scope) => {
      const value = input(scope);
      return value instanceof Doc ? value.get(name(scope)) : undefined;
    };
  },
  $setField: (operand) => {
    const doc = documentOf(operand, '$setField');
    return withField(doc, '$setField', part(doc, 'value', '$setField'));
  },
  $unsetField: (operand) => withField(documentOf(operand, '$unsetField'), '$unsetField', () => undefined),
  $let: (operand) => {
    const doc = documentOf(operand, '$let');
    const variables = [...documentOf(doc.get('vars') ?? null, '$let').entries()].map(
      ([name, item]) => [name, compileExpression(item)] as const,
    );
    const body = part(doc, 'in', '$let');
    return (scope) =>
      body(
        extend(
          scope,
          variables.map(([name, item]) => [name, item(scope)]),
        ),
      );
  },
  $map: (operand) => {
    const { input, name, doc } = overArray(operand, '$map');
    const body = part(doc, 'in', '$map');
    return (scope) => arrayOf(input(scope), '$map')?.map((item) => body(extend(scope, [[name, item]])) ?? null) ?? null;
  },
  $filter: (operand) => {
    const { input, name, doc } = overArray(operand, '$filter');
    const condition = part(doc, 'cond', '$filter');
    const limit = doc.has('limit') ? part(doc, 'limit', '$filter') : undefined;
    return (scope) => {
      const kept = arrayOf(input(scope), '$filter')?.filter((item) => truthy(condition(extend(scope, [[name, item]]))));
      const most = limit?.(scope);
      return kept === undefined ? null : isNumeric(most) ? kept.slice(0, toNumber(most)) : kept;
    };
  },
};

/** The name that `field` evaluates to; unlike a path it may contain dots and dollar signs. */
function fieldName(spec: Doc, name: string): (scope: Scope) => string {
  const field = part(spec, 'field', name);
  return (scope) => {
    const value = field(scope);
    if (typeof value !== 'string') throw new MongoError('FailedToParse', `${name} requires 'field' to evaluate to type String`);
    return value;
  };
}

/** `input` with one field of it set, or left out where the value is missing. */
function withField(spec: Doc, name: string, value: Expression): Expression {
  const field = fieldName(spec, name);
  const input = part(spec, 'input', name);
  return (scope) => {
    const before = input(scope);
    if (before === null || before === undefined) return null;
    if (!(before instanceof Doc)) throw new MongoError('Location4161105', `${name} requires 'input' to evaluate to type Object`);
    const after = before.clone();
    const set = value(scope);
    if (set === undefined) after.delete(field(scope));
    else after.set(field(scope), set);
    return after;
  };
}

function extend(scope: Scope, variables: readonly (readonly [string, Value | undefined])[]): Scope {
  return { ...scope, variables: new Map([...scope.variables, ...variables]) };
}

function overArray(operand: Value, name: string): { input: Expression; name: string; doc: Doc } {
  const doc = documentOf(operand, name);
  const as = doc.get('as');
  return { input: part(doc, 'input', name), name: typeof as === 'string' ? as : 'this', doc };
}

function arrayOf(value: Value | undefined, name: string): Value[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value)) throw new MongoError('TypeMismatch', `input to ${name} must be an array`);
  return value;
}

function listOf(operand: Value): Expression[] {
  return (Array.isArray(operand) ? operand : [operand]).map(compileExpression);
}

function documentOf(value: Value, name: string): Doc {
  if (!(value instanceof Doc)) throw new MongoError('FailedToParse', `${name} only supports an object as its argument`);
  return value;
}

function part(doc: Doc, key: string, name: string): Expression {
  const value = doc.get(key);
  if (value === undefined) throw new MongoError('FailedToParse', `Missing '${key}' parameter to ${name}`);
  return compileExpression(value);
}
