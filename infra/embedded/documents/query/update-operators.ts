import { BSONRegExp, Timestamp } from 'bson';
import { compare, equal } from '../bson/compare.js';
import { Doc, type Numeric, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { add, isInteger, isNumeric, multiply, toInteger } from '../bson/numeric.js';
import { typeName } from '../bson/types.js';
import { compileFilter } from './filter.js';
import { isOperatorDocument, matchesRegex } from './operators.js';
import { parseSort, sortDocuments } from './sort.js';

/** One operator at one path. */
export interface FieldOperator {
  /** Whether the path is made when it is missing. */
  readonly creates: boolean;
  /** The new value; undefined removes the field, the same object leaves it as it is. */
  apply(current: Value | undefined, context: { readonly inserting: boolean }): Value | undefined;
}

type Create = (operand: Value, path: string) => FieldOperator;

function arithmetic(name: string, combine: (a: Numeric, b: Numeric) => Numeric, ofMissing: (operand: Numeric) => Numeric): Create {
  return (operand, path) => {
    if (!isNumeric(operand)) throw new MongoError('TypeMismatch', `Cannot ${name} with non-numeric argument: {${path}: ...}`);
    return {
      creates: true,
      apply: (current) => {
        if (current === undefined) return ofMissing(operand);
        if (!isNumeric(current))
          throw new MongoError('TypeMismatch', `Cannot apply $${name} to a value of non-numeric type ${typeName(current)}`);
        const result = combine(current, operand);
        if (isInteger(current) && isInteger(operand) && !isInteger(result))
          throw new MongoError('BadValue', `Failed to apply $${name}: integer overflow`);
        return result;
      },
    };
  };
}

function extreme(sign: 1 | -1): Create {
  return (operand) => ({
    creates: true,
    apply: (current) => (current === undefined || compare(operand, current) * sign > 0 ? operand : current),
  });
}

function arrayOf(current: Value | undefined, name: string): Value[] | undefined {
  if (current === undefined) return undefined;
  if (!Array.isArray(current))
    throw new MongoError('BadValue', `The field must be an array for ${name} but is of type ${typeName(current)}`);
  return current;
}

/** Every field operator of an update, by name. */
export const fieldOperators: Readonly<Record<string, Create>> = {
  $set: (operand) => ({ creates: true, apply: () => operand }),
  $setOnInsert: (operand) => ({ creates: true, apply: () => operand }),
  $unset: () => ({ creates: false, apply: () => undefined }),
  $inc: arithmetic('inc', add, (operand) => operand),
  $mul: arithmetic('mul', multiply, (operand) => multiply(operand, 0)),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: (operand) => {
    const timestamp = operand instanceof Doc && operand.get('$type') === 'timestamp';
    return {
      creates: true,
      apply: () => (timestamp ? new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 }) : new Date()),
    };
  },
  $push: push,
  $addToSet: (operand) => {
    const each = operand instanceof Doc && operand.firstKey() === '$each' ? operand.get('$each') : undefined;
    const added = Array.isArray(each) ? each : [operand];
    return {
      creates: true,
      apply: (current) => {
        const array = arrayOf(current, '$addToSet') ?? [];
        const result = [...array];
        for (const value of added) if (!result.some((item) => equal(item, value))) result.push(value);
        return result.length === array.length && current !== undefined ? current : result;
      },
    };
  },
  $pop: (operand) => {
    const fromStart = toInteger(operand) === -1;
    return {
      creates: false,
      apply: (current) => {
        const array = arrayOf(current, '$pop');
        return array === undefined || array.length === 0 ? current : fromStart ? array.slice(1) : array.slice(0, -1);
      },
    };
  },
  $pull: (operand) => {
    const matches = pullTest(operand);
    return {
      creates: false,
      apply: (current) => {
        const kept = arrayOf(current, '$pull')?.filter((item) => !matches(item));
        return Array.isArray(current) && kept?.length === current.length ? current : kept;
      },
    };
  },
  $pullAll: (operand) => {
    if (!Array.isArray(operand)) throw new MongoError('BadValue', '$pullAll requires an array argument');
    return {
      creates: false,
      apply: (current) => arrayOf(current, '$pullAll')?.filter((item) => !operand.some((value) => equal(value, item))),
    };
  },
};

function pullTest(operand: Value): (item: Value) => boolean {
  if (operand instanceof BSONRegExp) return matchesRegex(operand);
  if (isOperatorDocument(operand) && !['$and', '$or', '$nor'].includes(operand.firstKey() ?? '')) {
    const filter = compileFilter(Doc.of({ item: operand }));
    return (item) => filter.test(Doc.of({ item }));
  }
  if (operand instanceof Doc) {
    const filter = compileFilter(operand);
    return (item) => item instanceof Doc && filter.test(item);
  }
  return (item) => equal(item, operand);
}

function push(operand: Value): FieldOperator {
  const modifiers = operand instanceof Doc && operand.firstKey()?.startsWith('$') === true ? operand : undefined;
  const each = modifiers?.get('$each');
  if (modifiers !== undefined && !Array.isArray(each)) throw new MongoError('BadValue', 'The argument to $each in $push must be an array');
  const added = Array.isArray(each) ? each : [operand];
  const position = toInteger(modifiers?.get('$position'));
  const slice = toInteger(modifiers?.get('$slice'));
  const sort = modifiers?.get('$sort');
  return {
    creates: true,
    apply: (current) => {
      let array = [...(arrayOf(current, '$push') ?? [])];
      if (position === undefined) array.push(...added);
      else array.splice(position, 0, ...added);
      if (sort !== undefined) array = sorted(array, sort);
      if (slice !== undefined) array = slice < 0 ? array.slice(slice) : array.slice(0, slice);
      return array;
    },
  };
}

function sorted(array: Value[], sort: Value): Value[] {
  const sign = toInteger(sort);
  if (sign !== undefined) return array.toSorted((a, b) => compare(a, b) * sign);
  const documents = array.filter((item) => item instanceof Doc);
  return [...array.filter((item) => !(item instanceof Doc)), ...sortDocuments(documents, parseSort(sort))];
}
