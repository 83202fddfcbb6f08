import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger } from '../bson/numeric.js';
import { truthy } from '../aggregate/truth.js';
import { compileExpression, type Expression } from '../aggregate/expression.js';
import { compileFilter, type Filter } from './filter.js';

type Variables = ReadonlyMap<string, Value | undefined>;

/** Shapes a document; the original is not changed. */
export type Projection = (doc: Doc) => Doc;

/** A tree of names: a leaf says keep or drop, or computes. */
interface Node {
  readonly children: Map<string, Node>;
  leaf: 'keep' | 'drop' | undefined;
  compute: Expression | undefined;
  slice: readonly [number, number | undefined] | undefined;
  element: Filter | undefined;
}

/** Compiles the projection of a find or the argument of `$project`. @throws MongoError Location31254 when inclusion and exclusion are mixed. */
export function compileProjection(spec: Doc, query?: Filter, variables: Variables = new Map()): Projection {
  if (spec.size === 0) return (doc) => doc;
  const root = emptyNode();
  let including: boolean | undefined;
  let id: boolean | undefined;
  let positional: string | undefined;
  const visit = (path: string, value: Value): void => {
    const kind = kindOf(value);
    if (path === '_id' && kind !== 'compute') {
      id = kind === 'keep';
      return;
    }
    if (path.endsWith('.$')) {
      positional = path.slice(0, -2);
      place(root, positional).leaf = 'keep';
      including = true;
      return;
    }
    if (value instanceof Doc && value.firstKey()?.startsWith('$') !== true) {
      for (const [name, inner] of value.entries()) visit(`${path}.${name}`, inner);
      return;
    }
    const node = place(root, path);
    if (kind === 'slice' || kind === 'elemMatch') {
      special(node, value instanceof Doc ? value : Doc.empty(), kind);
      if (kind === 'elemMatch') including ??= true;
      return;
    }
    const keeps = kind !== 'drop';
    if (including !== undefined && including !== keeps) {
      throw new MongoError(
        'Location31254',
        `Cannot do ${keeps ? 'inclusion' : 'exclusion'} on field ${path} in ${keeps ? 'exclusion' : 'inclusion'} projection`,
      );
    }
    including = keeps;
    node.leaf = keeps ? 'keep' : 'drop';
    if (kind === 'compute') node.compute = compileExpression(value);
  };
  for (const [path, value] of spec.entries()) visit(path, value);
  const keepsOnlyId = including === undefined && id === true && root.children.size === 0;
  const inclusive = including ?? keepsOnlyId;
  // Unless it is named, `_id` is part of the result in both kinds; `{ _id: 0 }` alone is an exclusion.
  if (inclusive && id !== false) place(root, '_id').leaf = 'keep';
  if (!inclusive && id === false) place(root, '_id').leaf = 'drop';
  const position = positional;
  return (doc) => {
    const shaped = position === undefined ? doc : onlyMatched(doc, position, query);
    return inclusive ? include(shaped, root, shaped, variables) : exclude(shaped, root);
  };
}

function emptyNode(): Node {
  return { children: new Map(), leaf: undefined, compute: undefined, slice: undefined, element: undefined };
}

function kindOf(value: Value): 'keep' | 'drop' | 'compute' | 'slice' | 'elemMatch' {
  if (typeof value === 'boolean' || isNumeric(value)) return truthy(value) ? 'keep' : 'drop';
  const name = value instanceof Doc ? value.firstKey() : undefined;
  // In an aggregation `$slice` may be an expression: an array whose first item is not a number.
  if (name === '$slice' && value instanceof Doc) {
    const operand = value.get('$slice');
    if (isNumeric(operand) || (Array.isArray(operand) && isNumeric(operand[0]))) return 'slice';
  }
  return name === '$elemMatch' ? 'elemMatch' : 'compute';
}

function special(node: Node, value: Doc, kind: 'slice' | 'elemMatch'): void {
  const operand = value.get(kind === 'slice' ? '$slice' : '$elemMatch');
  if (kind === 'elemMatch') {
    if (!(operand instanceof Doc)) throw new MongoError('BadValue', '$elemMatch needs an object');
    node.element = compileFilter(Doc.of({ e: Doc.of({ $elemMatch: operand }) }));
  } else {
    node.slice = Array.isArray(operand) ? [toInteger(operand[0]) ?? 0, toInteger(operand[1])] : [toInteger(operand) ?? 0, undefined];
  }
}

function place(root: Node, path: string): Node {
  let node = root;
  for (const name of path.split('.')) {
    if (node.leaf === 'keep' || node.leaf === 'drop') throw new MongoError('Location31249', `Path collision at ${path}`);
    let next = node.children.get(name);
    if (next === undefined) {
      next = emptyNode();
      node.children.set(name, next);
    }
    node = next;
  }
  if (node.children.size > 0) throw new MongoError('Location31249', `Path collision at ${path}`);
  return node;
}

function include(doc: Doc, node: Node, root: Doc, variables: Variables): Doc {
  const result = Doc.empty();
  for (const [name, value] of doc.entries()) {
    const child = node.children.get(name);
    if (child === undefined || child.compute !== undefined) continue;
    const kept =
      child.leaf === 'keep'
        ? value
        : (sliceOrMatch(child, value) ?? nested(value, child, (inner) => include(inner, child, root, variables), false));
    if (kept !== undefined) result.append(name, kept);
  }
  addComputed(result, node, root, variables);
  return result;
}

function exclude(doc: Doc, node: Node): Doc {
  const result = Doc.empty();
  for (const [name, value] of doc.entries()) {
    const child = node.children.get(name);
    if (child === undefined) result.append(name, value);
    else if (child.leaf !== 'drop') {
      const kept =
        child.slice !== undefined || child.element !== undefined
          ? sliceOrMatch(child, value)
          : nested(value, child, (inner) => exclude(inner, child), true);
      if (kept !== undefined) result.append(name, kept);
    }
  }
  return result;
}

/** The result of `$slice` or `$elemMatch` on a field; undefined when nothing is left. */
function sliceOrMatch(node: Node, value: Value): Value | undefined {
  if (node.slice !== undefined) {
    if (!Array.isArray(value)) return value;
    const [first, count] = node.slice;
    if (count === undefined) return first < 0 ? value.slice(first) : value.slice(0, first);
    const start = first < 0 ? Math.max(value.length + first, 0) : first;
    return value.slice(start, start + count);
  }
  const { element } = node;
  if (element === undefined || !Array.isArray(value)) return undefined;
  const found = value.find((item) => element.test(Doc.of({ e: [item] })));
  return found === undefined ? undefined : [found];
}

function nested(value: Value, node: Node, shape: (doc: Doc) => Doc, keepScalars: boolean): Value | undefined {
  if (node.children.size === 0) return keepScalars ? value : undefined;
  if (value instanceof Doc) return shape(value);
  if (Array.isArray(value)) return value.flatMap((item) => nested(item, node, shape, keepScalars) ?? []);
  return keepScalars ? value : undefined;
}

function addComputed(result: Doc, node: Node, root: Doc, variables: Variables): void {
  for (const [name, child] of node.children) {
    if (child.compute !== undefined) {
      const value = child.compute({ root, current: root, variables });
      if (value !== undefined) result.set(name, value);
    } else if (child.children.size > 0 && !result.has(name) && hasComputed(child)) {
      const inner = Doc.empty();
      addComputed(inner, child, root, variables);
      result.set(name, inner);
    }
  }
}

function hasComputed(node: Node): boolean {
  return node.compute !== undefined || [...node.children.values()].some(hasComputed);
}

function onlyMatched(doc: Doc, path: string, query: Filter | undefined): Doc {
  const position = query?.position(doc, path);
  const value = doc.get(path);
  if (position === undefined || !Array.isArray(value)) return doc;
  const copy = doc.clone();
  copy.set(path, value.slice(position, position + 1));
  return copy;
}
