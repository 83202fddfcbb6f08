import { DateTime, type DateTimeUnit } from 'luxon';
import { dateOf } from '../bson/date.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger } from '../bson/numeric.js';
import { typeName } from '../bson/types.js';
import type { Value } from '../bson/document.js';
import { convert, nameable } from './convert.js';

type Get = (name: string) => Value | undefined;

const zones = new Map<string, string>();

/** An IANA name or an offset (`+08`, `+08:00`, `+0800`) as luxon's zone; UTC without one. @throws MongoError for an unknown zone. */
function zoneOf(value: Value | undefined): string {
  if (value === undefined || value === null) return 'utc';
  if (typeof value !== 'string') throw new MongoError('TypeMismatch', 'timezone must evaluate to a string');
  let zone = zones.get(value);
  if (zone === undefined) {
    const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(value);
    zone = offset === null ? value : `UTC${offset[1] ?? '+'}${String(Number(offset[2]))}:${offset[3] ?? '00'}`;
    if (!DateTime.utc().setZone(zone).isValid) throw new MongoError('Location40415', `unrecognized time zone identifier: "${value}"`);
    if (zones.size < 1000) zones.set(value, zone);
  }
  return zone;
}

function localTime(value: Value | undefined, zone: Value | undefined): DateTime | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || isNumeric(value))
    throw new MongoError('TypeMismatch', `can't convert from BSON type ${typeName(value)} to Date`);
  const date = convert(value, 'date');
  return date instanceof Date ? DateTime.fromJSDate(nameable(date), { zone: zoneOf(zone) }) : undefined;
}

const units = new Set<string>(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond']);

function unitOf(value: Value | undefined): DateTimeUnit {
  if (typeof value !== 'string' || !units.has(value)) throw new MongoError('FailedToParse', 'unknown time unit value');
  return value as DateTimeUnit;
}

/** 0 (Sunday) to 6, from the three letters MongoDB accepts as a minimum. */
function startOfWeek(value: Value | undefined): number {
  const day = typeof value === 'string' ? ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].indexOf(value.slice(0, 3).toLowerCase()) : 0;
  if (day < 0) throw new MongoError('FailedToParse', 'unknown day of week value');
  return day;
}

/** Bins are counted from this day, as MongoDB defines it. */
function origin(zone: string): DateTime {
  return DateTime.fromObject({ year: 2000, month: 1, day: 1 }, { zone });
}

function truncate(at: DateTime, unit: DateTimeUnit, size: number, weekStart: number): DateTime {
  const zone = at.zoneName ?? 'utc';
  if (unit === 'week') {
    // 2000-01-01 was a Saturday; the reference is the first chosen weekday on or after it.
    const first = origin(zone).plus({ days: (weekStart - 6 + 7) % 7 });
    const days = Math.floor(at.startOf('day').diff(first, 'days').days / (7 * size)) * 7 * size;
    return first.plus({ days });
  }
  if (size === 1) return at.startOf(unit);
  const base = origin(zone);
  if (unit === 'year' || unit === 'quarter' || unit === 'month') {
    const months = unit === 'year' ? 12 * size : unit === 'quarter' ? 3 * size : size;
    const since = (at.year - 2000) * 12 + at.month - 1;
    return base.plus({ months: Math.floor(since / months) * months });
  }
  if (unit === 'day') return base.plus({ days: Math.floor(at.startOf('day').diff(base, 'days').days / size) * size });
  // Hours and smaller are counted in elapsed time, so a day of 23 or 25 hours does not shift them.
  const stepMs = size * stepsMs[unit];
  return base.plus(Math.floor((at.toMillis() - base.toMillis()) / stepMs) * stepMs);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** MongoDB's format letters. */
function formatPart(at: DateTime, letter: string): string {
  const offset = `${at.offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(at.offset) / 60), 2)}${pad(Math.abs(at.offset) % 60, 2)}`;
  const parts: Record<string, string> = {
    Y: pad(at.year, 4),
    m: pad(at.month, 2),
    d: pad(at.day, 2),
    H: pad(at.hour, 2),
    M: pad(at.minute, 2),
    S: pad(at.second, 2),
    L: pad(at.millisecond, 3),
    j: pad(at.ordinal, 3),
    w: String((at.weekday % 7) + 1),
    u: String(at.weekday),
    U: pad(Math.floor((at.ordinal + 6 - (at.weekday % 7)) / 7), 2),
    G: pad(at.weekYear, 4),
    V: pad(at.weekNumber, 2),
    z: offset,
    Z: String(at.offset),
    b: at.setLocale('en').toFormat('LLL'),
    B: at.setLocale('en').toFormat('LLLL'),
    '%': '%',
  };
  const part = parts[letter];
  if (part === undefined) throw new MongoError('FailedToParse', `Invalid format character '%${letter}' in format string`);
  return part;
}

function dateToString(get: Get): Value {
  const at = localTime(get('date'), get('timezone'));
  if (at === undefined) return get('onNull') ?? null;
  const given = get('format');
  const format = typeof given === 'string' ? given : at.zoneName === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
  return format.replace(/%(.)/g, (_all, letter: string) => formatPart(at, letter));
}

function part(read: (at: DateTime) => number): (get: Get) => Value {
  return (get) => {
    const at = localTime(get('date'), get('timezone'));
    return at === undefined ? null : read(at);
  };
}

/** How many boundaries of a unit lie between two moments, as a long: negative when the end comes first. */
function dateDifference(get: Get): Value {
  const [start, end] = [localTime(get('startDate'), get('timezone')), localTime(get('endDate'), get('timezone'))];
  if (start === undefined || end === undefined) return null;
  const unit = unitOf(get('unit'));
  const of = (at: DateTime): number => boundariesBefore(at, unit, startOfWeek(get('startOfWeek')));
  return BigInt(of(end) - of(start));
}

/** A number that grows by one at each boundary of the unit in the zone of `at`. */
function boundariesBefore(at: DateTime, unit: DateTimeUnit, weekStart: number): number {
  const days = Date.UTC(at.year, at.month - 1, at.day) / 86_400_000;
  switch (unit) {
    case 'year':
      return at.year;
    case 'quarter':
      return at.year * 4 + at.quarter;
    case 'month':
      return at.year * 12 + at.month;
    case 'week':
      // 1970-01-01 was a Thursday, the day 4.
      return Math.floor((days + 4 - weekStart) / 7);
    case 'day':
      return days;
    default:
      // Counts elapsed time, so that a day of 23 or 25 hours has as many boundaries; a zone with a half-hour offset has them at its own
      // full hours.
      return Math.floor((at.toMillis() + at.offset * 60_000) / stepsMs[unit]) - Math.floor((at.offset * 60_000) / stepsMs[unit]);
  }
}

/** Milliseconds of the units that are counted in elapsed time. */
const stepsMs = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 };

/** Date operators: their argument is a document of named parts, or the date alone. */
export const dateFunctions: Readonly<Record<string, (get: Get) => Value | undefined>> = {
  $dateTrunc: (get) => {
    const at = localTime(get('date'), get('timezone'));
    return at === undefined
      ? null
      : dateOf(truncate(at, unitOf(get('unit')), toInteger(get('binSize')) ?? 1, startOfWeek(get('startOfWeek'))).toMillis());
  },
  $dateDiff: dateDifference,
  $dateToString: dateToString,
  $year: part((at) => at.year),
  $month: part((at) => at.month),
  $dayOfMonth: part((at) => at.day),
  $dayOfWeek: part((at) => (at.weekday % 7) + 1),
  $hour: part((at) => at.hour),
  $minute: part((at) => at.minute),
  $second: part((at) => at.second),
};
