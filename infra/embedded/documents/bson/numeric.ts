import { Decimal128, Double } from 'bson';
import { MongoError } from './errors.js';
import { isInt32, type Numeric, type Value } from './document.js';

/** An exact finite number: (-1)^negative * coefficient * 10^exponent. */
interface Decimal {
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

export function isNumeric(value: Value | undefined): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Double || value instanceof Decimal128;
}

/** The number as a double; exact for Int32 and Double, nearest for Int64 and Decimal128. */
export function toNumber(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Double) return value.value;
  if (typeof value === 'bigint') return Number(value);
  const text = value.toString();
  return text === '-Infinity' ? -Infinity : text === 'Infinity' ? Infinity : Number(text);
}

/** An integer argument such as a limit; undefined when the value is not numeric. Fractions are cut off. */
export function toInteger(value: Value | undefined): number | undefined {
  return isNumeric(value) ? Math.trunc(toNumber(value)) : undefined;
}

/** A double as a Value: `Double` where a plain number would read as Int32. */
export function doubleValue(value: number): Value {
  return isInt32(value) ? new Double(value) : value;
}

/** Order of two numbers of any BSON type, exact; NaN equals itself and sorts before every other number. */
export function compareNumeric(a: Numeric, b: Numeric): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) return compareWithDecimal(a, b);
  const left = a instanceof Double ? a.value : a;
  const right = b instanceof Double ? b.value : b;
  if (left < right) return -1;
  if (left > right) return 1;
  if (left == right) return 0;
  const leftNaN = Number.isNaN(left);
  const rightNaN = Number.isNaN(right);
  return leftNaN === rightNaN ? 0 : leftNaN ? -1 : 1;
}

function compareWithDecimal(a: Numeric, b: Numeric): number {
  const left = toNumber(a);
  const right = toNumber(b);
  const x = toDecimal(a);
  const y = toDecimal(b);
  // Without a finite decimal on both sides (NaN, Infinity) the doubles decide; a decimal beyond the range of doubles is still finite.
  if (x === undefined || y === undefined) {
    if (x !== undefined) return Number.isNaN(right) ? 1 : right > 0 ? -1 : 1;
    if (y !== undefined) return Number.isNaN(left) ? -1 : left > 0 ? 1 : -1;
    return compareNumeric(left, right);
  }
  return compareDecimals(x, y);
}

function compareDecimals(x: Decimal, y: Decimal): number {
  const least = Math.min(x.exponent, y.exponent);
  const left = signed(x) * 10n ** BigInt(x.exponent - least);
  const right = signed(y) * 10n ** BigInt(y.exponent - least);
  return left < right ? -1 : left > right ? 1 : 0;
}

function signed(value: Decimal): bigint {
  return value.negative ? -value.coefficient : value.coefficient;
}

/** The exact decimal value of any finite number; undefined for NaN and the infinities. */
export function toDecimal(value: Numeric): Decimal | undefined {
  if (typeof value === 'bigint') return { negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 };
  if (value instanceof Decimal128) return parseDecimal(value.toString());
  const double = typeof value === 'number' ? value : value.value;
  if (!Number.isFinite(double)) return undefined;
  if (Number.isInteger(double)) return { negative: double < 0, coefficient: BigInt(Math.abs(double)), exponent: 0 };
  const [mantissa, power] = splitDouble(Math.abs(double));
  // m * 2^-k = m * 5^k * 10^-k, so every double has a finite decimal expansion.
  return { negative: double < 0, coefficient: mantissa * 5n ** BigInt(-power), exponent: power };
}

function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  return { negative: sign === '-', coefficient: BigInt(whole + fraction || '0'), exponent: Number(exponent) - fraction.length };
}

const bits = new DataView(new ArrayBuffer(8));

/** A positive finite double as mantissa * 2^power. */
export function splitDouble(value: number): [mantissa: bigint, power: number] {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number(raw >> 52n) & 0x7ff;
  const fraction = raw & 0xfffffffffffffn;
  return biased === 0 ? [fraction, -1074] : [fraction | (1n << 52n), biased - 1075];
}

/** a + b, in the widest type of the two; an Int32 that overflows becomes Int64, an Int64 a Double, as MongoDB does. */
export function add(a: Numeric, b: Numeric): Numeric {
  return arithmetic(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    (x, y) => decimalSum(x, y),
  );
}

/** a * b, with the same widening as `add`. */
export function multiply(a: Numeric, b: Numeric): Numeric {
  return arithmetic(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    (x, y) => ({ negative: x.negative !== y.negative, coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent }),
  );
}

/** -a, keeping the type where it can. */
export function negate(a: Numeric): Numeric {
  return multiply(a, -1);
}

function arithmetic(
  a: Numeric,
  b: Numeric,
  doubles: (x: number, y: number) => number,
  integers: (x: bigint, y: bigint) => bigint,
  decimals: (x: Decimal, y: Decimal) => Decimal,
): Numeric {
  if (typeof a === 'number' && typeof b === 'number' && isInt32(a) && isInt32(b)) {
    const result = doubles(a, b) + 0;
    return isInt32(result) ? result : BigInt(result);
  }
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    const x = toDecimal(a);
    const y = toDecimal(b);
    return x === undefined || y === undefined
      ? Decimal128.fromString(specialText(doubles(toNumber(a), toNumber(b))))
      : toDecimal128(decimals(x, y));
  }
  if (isInteger(a) && isInteger(b)) {
    const result = integers(BigInt(a), BigInt(b));
    return BigInt.asIntN(64, result) === result ? result : Number(result);
  }
  return asDouble(doubles(toNumber(a), toNumber(b)));
}

function asDouble(value: number): Numeric {
  return isInt32(value) ? new Double(value) : value;
}

/** True for Int32 and Int64. */
export function isInteger(value: Numeric): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
}

function specialText(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function decimalSum(x: Decimal, y: Decimal): Decimal {
  const exponent = Math.min(x.exponent, y.exponent);
  const sum = signed(x) * 10n ** BigInt(x.exponent - exponent) + signed(y) * 10n ** BigInt(y.exponent - exponent);
  return { negative: sum < 0n, coefficient: sum < 0n ? -sum : sum, exponent };
}

/** Rounds to the 34 digits a Decimal128 holds, half to even. */
export function toDecimal128(value: Decimal): Decimal128 {
  let { coefficient, exponent } = value;
  const excess = coefficient.toString().length - 34;
  if (excess > 0) {
    const unit = 10n ** BigInt(excess);
    const rest = coefficient % unit;
    coefficient /= unit;
    exponent += excess;
    if (rest * 2n > unit || (rest * 2n === unit && coefficient % 2n === 1n)) coefficient += 1n;
  }
  try {
    return Decimal128.fromString(`${value.negative ? '-' : ''}${coefficient.toString()}E${exponent}`);
  } catch {
    throw new MongoError('Overflow', 'A Decimal128 result is out of range');
  }
}
