import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { compileExpression, valueAt, type Scope } from './expression.js';

/** Sets a value at a dotted path on a copy of a document; arrays on the way are entered element by element. */
export function replaceAt(path: string): (doc: Doc, value: Value | undefined) => Doc {
  const parts = path.split('.');
  return (doc, value) => place(doc, parts, 0, value);
}

function place(doc: Doc, parts: readonly string[], at: number, value: Value | undefined): Doc {
  const copy = doc.clone();
  const part = parts[at] ?? '';
  if (at === parts.length - 1) {
    if (value === undefined) copy.delete(part);
    else copy.set(part, value);
    return copy;
  }
  const child = copy.get(part);
  if (value === undefined && !(child instanceof Doc) && !Array.isArray(child)) return copy;
  if (Array.isArray(child))
    copy.set(
      part,
      child.map((item) => (item instanceof Doc ? place(item, parts, at + 1, value) : item)),
    );
  else copy.set(part, place(child instanceof Doc ? child : Doc.empty(), parts, at + 1, value));
  return copy;
}

/** `$addFields`: every expression sees the document as it came in. */
export function addFields(spec: Doc, scopeOf: (doc: Doc) => Scope): (doc: Doc) => Doc {
  const fields: { readonly set: ReturnType<typeof replaceAt>; readonly value: ReturnType<typeof compileExpression> }[] = [];
  const collect = (prefix: string, part: Doc): void => {
    for (const [name, value] of part.entries()) {
      const path = prefix + name;
      if (name.startsWith('$')) throw new MongoError('FailedToParse', `Invalid $addFields :: field names may not start with '$'`);
      if (value instanceof Doc && value.size > 0 && value.firstKey()?.startsWith('$') !== true) collect(`${path}.`, value);
      else fields.push({ set: replaceAt(path), value: compileExpression(value) });
    }
  };
  collect('', spec);
  return (doc) => {
    const scope = scopeOf(doc);
    return fields.reduce((result, field) => field.set(result, field.value(scope)), doc);
  };
}

/** `$unset`: a path or a list of paths. */
export function removeFields(operand: Value): (doc: Doc) => Doc {
  const paths = (Array.isArray(operand) ? operand : [operand]).map((path) => {
    if (typeof path !== 'string' || path === '')
      throw new MongoError('FailedToParse', '$unset specification must be a string or an array of strings');
    return replaceAt(path);
  });
  return (doc) => paths.reduce((result, remove) => remove(result, undefined), doc);
}

export function unwindStage(operand: Value): (input: Iterable<Doc>) => Iterable<Doc> {
  const spec = operand instanceof Doc ? operand : Doc.of({ path: operand });
  const path = spec.get('path');
  if (typeof path !== 'string' || !path.startsWith('$'))
    throw new MongoError('FailedToParse', "path option to $unwind stage should be prefixed with a '$'");
  const name = path.slice(1);
  const parts = name.split('.');
  const set = replaceAt(name);
  const keepEmpty = spec.get('preserveNullAndEmptyArrays') === true;
  const indexName = spec.get('includeArrayIndex');
  const number = typeof indexName === 'string' ? replaceAt(indexName) : (doc: Doc): Doc => doc;
  return function* (input) {
    for (const doc of input) {
      const value = valueAt(doc, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (const [index, item] of value.entries()) yield number(set(doc, item), BigInt(index));
      } else if (value === undefined || value === null || Array.isArray(value)) {
        if (keepEmpty) yield number(Array.isArray(value) ? set(doc, undefined) : doc, null);
      } else yield number(doc, null);
    }
  };
}
