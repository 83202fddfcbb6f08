import { expect, test } from '@jest/globals';
import { Binary, Decimal128, deserialize, Double, ObjectId, serialize } from 'bson';
import fc from 'fast-check';
import { compare } from './compare.js';
import { dateOf, epochMsOf } from './date.js';
import { Doc, type Value } from './document.js';
import { encode } from './encode.js';
import { MongoError } from './errors.js';
import { encodeKey } from './key.js';
import { add, compareNumeric, multiply, toDecimal } from './numeric.js';
import { validateBson } from './validate.js';

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: false }).map((value) => (Object.is(value, -0) || !Number.isInteger(value) ? value : new Double(value))),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 40 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits.toString()}E${exponent}`)),
  fc.constantFrom<Value>(
    2 ** 53,
    2n ** 53n,
    2n ** 53n + 1n,
    Decimal128.fromString('9007199254740993'),
    Decimal128.fromString('0.1'),
    0.1,
    0,
    new Double(0),
    -0,
  ),
);
const scalar: fc.Arbitrary<Value> = fc.oneof(
  number,
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => new Binary(bytes)),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value; doc: Value }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, { weight: 4, arbitrary: scalar }, fc.array(tie('value'), { maxLength: 3 }), tie('doc')),
  doc: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', '1', 'ä'), tie('value')), { maxLength: 3 })
    .map((entries) => Doc.fromEntries(new Map(entries))),
})).value;

test('keys have the order of the values they stand for', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(Math.sign(Buffer.compare(encodeKey(a), encodeKey(b)))).toBe(compare(a, b));
    }),
    { numRuns: 3000 },
  );
});

test('the order is total: antisymmetric and transitive', () => {
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(compare(a, b) + compare(b, a)).toBe(0);
      const [x, y, z] = [a, b, c].sort(compare);
      expect(compare(x, z)).toBeLessThanOrEqual(0);
      expect(compare(x, y)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 1000 },
  );
});

test('numbers of every type compare as the exact numbers they are', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [toDecimal(a as never), toDecimal(b as never)];
      if (x === undefined || y === undefined) return;
      const least = Math.min(x.exponent, y.exponent);
      const exact = (part: typeof x): bigint => (part.negative ? -1n : 1n) * part.coefficient * 10n ** BigInt(part.exponent - least);
      const [left, right] = [exact(x), exact(y)];
      expect(compareNumeric(a as never, b as never)).toBe(left < right ? -1 : left > right ? 1 : 0);
    }),
    { numRuns: 1000 },
  );
});

test('a document survives encoding and decoding, with its types and the order of its keys', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('z', 'a', '10', '9', 'ü'), value), { maxLength: 5 }), (entries) => {
      const doc = Doc.fromEntries(new Map(entries));
      const bytes = encode(doc);
      validateBson(bytes, 0, bytes.length);
      const read = Doc.fromBytes(bytes);
      expect(compare(read, doc)).toBe(0);
      expect(encode(Doc.fromEntries(read.entries())).equals(bytes)).toBe(true);
      expect([...read.keys()]).toEqual([...doc.keys()]);
    }),
  );
});

test('fields said to be shared are equal, and every field of a copy is shared', () => {
  const entries = fc.array(fc.tuple(fc.constantFrom('a', 'ab', 'b', '1'), value), { maxLength: 4 });
  const stored = (fields: readonly (readonly [string, Value])[]): Doc => Doc.fromBytes(encode(Doc.fromEntries(new Map(fields))));
  fc.assert(
    fc.property(entries, entries, fc.constantFrom('a', 'ab', 'b', '1'), (left, right, name) => {
      const [one, other] = [stored(left), stored(right)];
      expect(one.sharesField(stored(left), name)).toBe(true);
      expect(one.has(name)).toBe(left.some(([key]) => key === name));
      if (one.sharesField(other, name)) expect(compare(one.get(name), other.get(name))).toBe(0);
      else expect(one.has(name) || other.has(name)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('reads what the bson package writes, and the other way round', () => {
  const at = new Date(5);
  const bytes = Buffer.from(serialize({ n: 1, d: 1.5, s: 'ü', at, list: [1, 'a', null], inner: { yes: true } }));
  const doc = Doc.fromBytes(bytes);
  expect(doc.get('d')).toBe(1.5);
  expect(doc.get('list')).toEqual([1, 'a', null]);
  doc.set('more', 2n ** 40n);
  expect(deserialize(encode(doc))).toEqual({ n: 1, d: 1.5, s: 'ü', at, list: [1, 'a', null], inner: { yes: true }, more: 2 ** 40 });
});

test('damaged bytes are refused as invalid BSON and never read out of bounds', () => {
  const good = Buffer.from(serialize({ a: 'text', b: [1, { c: new Date(0) }], d: Buffer.from('xyz'), e: /x/i }));
  fc.assert(
    fc.property(
      fc.nat({ max: good.length - 1 }),
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 0, max: good.length }),
      (at, byte, length) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        for (const candidate of [bytes, bytes.subarray(0, length)]) {
          try {
            validateBson(candidate, 0, candidate.length);
          } catch (error) {
            expect(error).toBeInstanceOf(MongoError);
            continue;
          }
          // Whatever passed validation can be read to its end.
          compare(Doc.fromBytes(candidate), Doc.empty());
          encode(Doc.fromEntries(Doc.fromBytes(candidate).entries()));
        }
      },
    ),
    { numRuns: 3000, examples: [[50, 9, 0]] },
  );
});

test('a date beyond what JavaScript can name is kept, ordered and shown as what was written', () => {
  const far = [
    -(2n ** 63n),
    -8_640_000_000_000_001n,
    -8_640_000_000_000_000n,
    0n,
    8_640_000_000_000_000n,
    8_640_000_000_000_001n,
    2n ** 63n - 1n,
  ];
  const dates = far.map((ms) => dateOf(ms));
  for (const [at, date] of dates.entries()) {
    const stored = Doc.fromBytes(encode(Doc.of({ date }))).get('date');
    expect(stored instanceof Date ? epochMsOf(stored) : stored).toBe(far[at]);
    for (const [other, later] of dates.entries()) {
      expect(compare(stored, later)).toBe(Math.sign(at - other));
      expect(Math.sign(Buffer.compare(encodeKey(date), encodeKey(later)))).toBe(Math.sign(at - other));
    }
  }
  expect(() => dateOf(2n ** 63n)).toThrow('date overflow');
  expect(() => dateOf(NaN)).toThrow('date overflow');
});

test('a depth bomb is refused', () => {
  let bytes = Buffer.from(serialize({}));
  for (let depth = 0; depth < 400; depth += 1) {
    const size = Buffer.alloc(4);
    size.writeInt32LE(bytes.length + 8);
    bytes = Buffer.concat([size, Buffer.from([3, 0x61, 0]), bytes, Buffer.from([0])]);
  }
  expect(() => validateBson(bytes, 0, bytes.length)).toThrow('nested deeper');
});

test.each<[name: string, result: Value, type: string]>([
  ['Int32 stays Int32', add(1, 2), 'number'],
  ['Int32 becomes Int64 when it overflows', add(2 ** 31 - 1, 1), 'bigint'],
  ['Int64 becomes Double when it overflows', multiply(2n ** 62n, 4n), 'number'],
  ['a whole Double stays a Double', add(new Double(1), 1), 'Double'],
  ['Decimal128 is exact', add(Decimal128.fromString('0.1'), Decimal128.fromString('0.2')), 'Decimal128'],
])('arithmetic: %s', (_name, result, type) => {
  expect(typeof result === 'object' && result !== null ? result.constructor.name : typeof result).toBe(type);
  if (result instanceof Decimal128) expect(result.toString()).toBe('0.3');
});
