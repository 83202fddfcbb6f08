import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deserialize, serialize } from 'bson';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { compileFilter } from './filter.js';
import { compileProjection } from './projection.js';
import { compileUpdate } from './update.js';

type Plain = Record<string, unknown>;

const docOf = (plain: Plain): Doc => Doc.fromBytes(Buffer.from(serialize(plain)));
const plainOf = (doc: Doc): Plain => deserialize(encode(doc));
const matches = (doc: Plain, filter: Plain): boolean => compileFilter(docOf(filter)).test(docOf(doc));

const small = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b', ''), fc.constant(null));
const plainDoc = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(small, fc.array(small, { maxLength: 3 })), { maxKeys: 3 });

/** MongoDB's rules written down a second time, for whole numbers, texts, null and flat arrays. */
const model: Record<string, (value: unknown, operand: unknown) => boolean> = {
  $eq: (value, operand) => value === operand || (operand === null && value === undefined),
  $gt: (value, operand) => typeof value === typeof operand && operand !== null && value !== null && (value as number) > (operand as number),
  $gte: (value, operand) => model['$gt']?.(value, operand) === true || model['$eq']?.(value, operand) === true,
  $lt: (value, operand) => typeof value === typeof operand && operand !== null && value !== null && (value as number) < (operand as number),
  $lte: (value, operand) => model['$lt']?.(value, operand) === true || model['$eq']?.(value, operand) === true,
};

test('comparisons agree with a plain model', () => {
  fc.assert(
    fc.property(plainDoc, fc.constantFrom('a', 'b'), fc.constantFrom(...Object.keys(model)), small, (doc, field, operator, operand) => {
      const value = doc[field];
      const candidates: unknown[] = Array.isArray(value) ? value : [value];
      const expected = candidates.some((candidate) => model[operator]?.(candidate, operand));
      expect(matches(doc, { [field]: { [operator]: operand } })).toBe(expected);
      expect(matches(doc, { [field]: { $not: { [operator]: operand } } })).toBe(!expected);
    }),
    { numRuns: 2000 },
  );
});

test('$in is $or of equalities, $nin and $ne are their opposites', () => {
  fc.assert(
    fc.property(plainDoc, fc.array(small, { minLength: 1, maxLength: 3 }), (doc, values) => {
      const either = matches(doc, { $or: values.map((value) => ({ a: value })) });
      expect(matches(doc, { a: { $in: values } })).toBe(either);
      expect(matches(doc, { a: { $nin: values } })).toBe(!either);
      expect(matches(doc, { a: { $ne: values[0] } })).toBe(!matches(doc, { a: values[0] }));
    }),
  );
});

test.each<[name: string, doc: Plain, filter: Plain, expected: boolean]>([
  ['key order counts in equality', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
  ['an array equals itself', { a: [1, 2] }, { a: [1, 2] }, true],
  ['an array inside an array', { a: [[1, 2], 3] }, { a: [1, 2] }, true],
  ['a path through an array of documents', { a: [{ b: 1 }, { b: 2 }] }, { 'a.b': 2 }, true],
  ['a position in an array', { a: [5, 6] }, { 'a.1': 6 }, true],
  ['null is not matched inside scalars of an array', { a: [1, 2] }, { 'a.b': null }, false],
  ['null is matched where a document lacks the field', { a: [{ c: 1 }] }, { 'a.b': null }, true],
  ['two sides may be met by two elements', { a: [1, 10] }, { a: { $gt: 5, $lt: 3 } }, true],
  ['$elemMatch wants one element', { a: [1, 10] }, { a: { $elemMatch: { $gt: 5, $lt: 3 } } }, false],
  ['types do not mix in ranges', { a: '5' }, { a: { $gt: 1 } }, false],
  ['$exists sees null', { a: null }, { a: { $exists: true } }, true],
  ['$size counts only arrays', { a: 'xy' }, { a: { $size: 2 } }, false],
  ['$type array is the array itself', { a: [] }, { a: { $type: 'array' } }, true],
  ['$lte null matches missing', {}, { a: { $lte: null } }, true],
])('matching: %s', (_name, doc, filter, expected) => {
  expect(matches(doc, filter)).toBe(expected);
});

test.each<[name: string, doc: Plain, regex: Plain, expected: boolean]>([
  ['options', { a: 'x\nÄB' }, { $regex: '^äb$', $options: 'im' }, true],
  ['the dot stops at a line', { a: 'x\ny' }, { $regex: 'x.y' }, false],
  ['the dot with option s', { a: 'x\ny' }, { $regex: 'x.y', $options: 's' }, true],
  ['layout with option x', { a: 'abc' }, { $regex: 'a b # c\n c', $options: 'x' }, true],
  ['classes of Unicode', { a: '客户' }, { $regex: '^\\p{Han}{2}$' }, true],
  ['an element of an array', { a: ['x', 'abc'] }, { $regex: 'b' }, true],
])('regular expressions: %s', (_name, doc, regex, expected) => {
  expect(matches(doc, { a: regex })).toBe(expected);
});

test('no regular expression takes longer than its text is long', () => {
  const startedAtMs = performance.now();
  for (const pattern of ['^(a+)+$', '(a|aa)+$', '(.*a){20}b$'])
    expect(matches({ a: 'a'.repeat(20_000) + '!' }, { a: { $regex: pattern } })).toBe(false);
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
  for (const pattern of ['(?=a)', '(a)\\1', '('])
    expect(() => matches({ a: 'a' }, { a: { $regex: pattern } })).toThrow('Regular expression is invalid');
});

test('an update of fields agrees with a plain model', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('$set'), field: fc.constantFrom('a', 'b', 'c'), operand: small }),
    fc.record({ kind: fc.constant('$unset'), field: fc.constantFrom('a', 'b', 'c'), operand: fc.constant('') }),
    fc.record({ kind: fc.constant('$inc'), field: fc.constant('n'), operand: fc.integer({ min: -3, max: 3 }) }),
    fc.record({ kind: fc.constant('$addToSet'), field: fc.constant('l'), operand: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ kind: fc.constant('$pull'), field: fc.constant('l'), operand: fc.integer({ min: 0, max: 3 }) }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      let doc = docOf({ _id: 1, n: 0, l: [] });
      const plain: Plain & { n: number; l: unknown[] } = { _id: 1, n: 0, l: [] };
      for (const { kind, field, operand } of changes) {
        const update = compileUpdate(docOf({ [kind]: { [field]: operand } }));
        doc = Doc.fromBytes(encode(update.apply(doc, { inserting: false, position: () => undefined })));
        if (kind === '$set') plain[field] = operand;
        else if (kind === '$unset') Reflect.deleteProperty(plain, field);
        else if (kind === '$inc') plain.n += operand;
        else if (kind === '$addToSet') plain.l = plain.l.includes(operand) ? plain.l : [...plain.l, operand];
        else plain.l = plain.l.filter((item) => item !== operand);
      }
      expect(plainOf(doc)).toEqual(plain);
    }),
  );
});

test.each<[name: string, spec: Plain, code: string]>([
  ['an unknown operator', { $nonsense: { a: 1 } }, 'FailedToParse'],
  ['a conflict of paths', { $set: { a: 1, 'a.b': 2 } }, 'ConflictingUpdateOperators'],
  ['the same path twice', { $set: { a: 1 }, $inc: { a: 1 } }, 'ConflictingUpdateOperators'],
  ['$inc with a text', { $inc: { a: 'x' } }, 'TypeMismatch'],
])('(invalid) update: %s', (_name, spec, codeName) => {
  expect(() => compileUpdate(docOf(spec))).toThrow(expect.objectContaining({ codeName }));
});

test.each<[name: string, spec: Plain, expected: Plain]>([
  ['inclusion', { a: 1 }, { _id: 1, a: { x: 1, y: 2 } }],
  ['inclusion without _id', { a: 1, _id: 0 }, { a: { x: 1, y: 2 } }],
  [
    'exclusion',
    { a: 0 },
    {
      _id: 1,
      l: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
    },
  ],
  ['a nested path', { 'a.x': 1 }, { _id: 1, a: { x: 1 } }],
  ['a path through an array', { 'l.v': 1 }, { _id: 1, l: [{ v: 1 }, { v: 2 }] }],
  ['$elemMatch', { l: { $elemMatch: { k: 2 } } }, { _id: 1, l: [{ k: 2, v: 2 }] }],
  ['$slice', { l: { $slice: 1 }, a: 0 }, { _id: 1, l: [{ k: 1, v: 1 }] }],
  ['a computed field', { twice: { $multiply: ['$a.y', 2] } }, { _id: 1, twice: 4 }],
])('projection: %s', (_name, spec, expected) => {
  const doc = docOf({
    _id: 1,
    a: { x: 1, y: 2 },
    l: [
      { k: 1, v: 1 },
      { k: 2, v: 2 },
    ],
  });
  expect(plainOf(compileProjection(docOf(spec))(doc))).toEqual(expected);
});
