import { isDeepStrictEqual } from 'node:util';
import { DateTime } from 'luxon';
import { Schema, type Connection, type Model } from 'mongoose';
import { api } from '../../contracts/api/api.js';
import type { Endpoint } from '../../contracts/api/endpoint.js';
import type { FigurePeriod } from '../../contracts/api/figures/stored-figures.js';
import { CallCentreError } from '../../domain/failure.js';
import { datesOf, periodsOver, type Period } from '../../domain/time/period.js';
import { routeOf, type Audit, type Route } from '../http/route.js';

/** Figures of a month or a year as they stood at a moment. A row is written once; a new count makes another row. */
export interface StoredFigures<T> {
  readonly period: Period;
  /** Later events are not in it. */
  readonly asOf: Date;
  /** The version of the formula that counted. */
  readonly formulaVersion: number;
  /** `system`, or the person who asked for it. */
  readonly by: string;
  readonly figures: T;
}

interface Row {
  readonly _id: string;
  readonly period: Period;
  readonly asOf: Date;
  readonly formulaVersion: number;
  readonly by: string;
  /** JSON, so that reading returns exactly what was written. */
  readonly figures: string;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    period: { type: String, required: true },
    asOf: { type: Date, required: true },
    formulaVersion: { type: Number, required: true },
    by: { type: String, required: true },
    figures: { type: String, required: true },
  },
  { versionKey: false },
).index({ period: -1, asOf: -1 });

const modelOf = (mongo: Connection, collection: string): Model<Row> => mongo.model<Row>(collection, schema, collection);

/** How many months back missing rows are added. */
const MONTHS_BACK = 14;

export interface FigureBook<T> {
  /** Writes the missing rows of periods that have ended. Returns how many. */
  fill(): Promise<number>;
  /** Whether the period has begun by the calendar of the site: its first hours are still the month before in UTC. */
  hasBegun(period: Period): boolean;
  /** Writes an additional row with the current figures. */
  store(period: Period, by: string): Promise<StoredFigures<T>>;
  /** The newest row of each period, newest period first. */
  newest(): Promise<StoredFigures<T>[]>;
  /** Every row of a period, with a new count from the same facts. */
  check(period: Period): Promise<{ readonly stored: StoredFigures<T>; readonly countedAgain: T; readonly same: boolean }[]>;
}

/**
 * Monthly and yearly figures of one slice. For the same three moments `count` must always return the same result, whatever has happened
 * since: only that makes a stored figure evidence.
 */
export function createFigureBook<T>({
  mongo,
  collection,
  formulaVersion,
  zone,
  now,
  count,
}: {
  readonly mongo: Connection;
  readonly collection: string;
  readonly formulaVersion: number;
  readonly zone: string;
  readonly now: () => Date;
  /** Counts with one version of the formula. A stored row is counted again with its own version. */
  readonly count: (from: Date, to: Date, asOf: Date, formulaVersion: number) => Promise<T>;
}): FigureBook<T> {
  const rows = modelOf(mongo, collection);
  const toStored = ({ _id, figures, ...rest }: Row): StoredFigures<T> => ({ ...rest, figures: JSON.parse(figures) as T });
  const midnight = (date: string): Date => DateTime.fromISO(date, { zone }).toJSDate();
  const today = (): string => DateTime.fromJSDate(now(), { zone }).toISODate() ?? '';

  async function of(period: Period, asOf: Date, version: number): Promise<T> {
    const { from, to } = datesOf(period);
    // Through JSON, as the store returns it: a value that JSON does not preserve would always differ.
    return JSON.parse(JSON.stringify(await count(midnight(from), midnight(to), asOf, version))) as T;
  }

  async function write(period: Period, by: string, asOf: Date, id: string): Promise<StoredFigures<T>> {
    const figures = await of(period, asOf, formulaVersion);
    const row = { period, asOf, formulaVersion, by };
    await rows.updateOne({ _id: id }, { $setOnInsert: { ...row, figures: JSON.stringify(figures) } }, { upsert: true });
    return { ...row, figures };
  }

  return {
    async fill() {
      const wanted = periodsOver(today(), MONTHS_BACK);
      const known = await rows.find({ period: { $in: wanted } }, { period: 1 }).lean<{ readonly period: string }[]>();
      const there = new Set(known.map(({ period }) => period));
      const missing = wanted.filter((period) => !there.has(period));
      // Two processes may write the same row at the same time.
      for (const period of missing) await write(period, 'system', now(), `${period}#first`);
      return missing.length;
    },
    hasBegun: (period) => datesOf(period).from <= today(),
    async store(period, by) {
      const asOf = now();
      return write(period, by, asOf, `${period}#${asOf.toISOString()}`);
    },
    async newest() {
      const found = await rows.find().sort({ period: -1, asOf: -1 }).limit(500).lean<Row[]>();
      const seen = new Set<string>();
      return found.map(toStored).filter(({ period }) => !seen.has(period) && seen.add(period));
    },
    async check(period) {
      const found = (await rows.find({ period }).sort({ asOf: -1 }).limit(20).lean<Row[]>()).map(toStored);
      const checked = [];
      for (const stored of found) {
        const countedAgain = await of(period, stored.asOf, stored.formulaVersion);
        checked.push({ stored, countedAgain, same: isDeepStrictEqual(stored.figures, countedAgain) });
      }
      return checked;
    },
  };
}

/** The path of each book in the interface. The contract declares the routes. */
export type FigurePath = '/complaints/figures' | '/satisfaction/figures';

/** The routes of a book under `path`. */
export function figureBookRoutes<T>(book: FigureBook<T>, { path, audit }: { readonly path: FigurePath; readonly audit: Audit }): Route[] {
  const of: Endpoint & { readonly params: typeof FigurePeriod; readonly right: 'complaints.rules' } = api[`POST ${path}/stored/:period`];
  const check: Endpoint & { readonly params: typeof FigurePeriod } = api[`GET ${path}/stored/:period`];
  const list: Endpoint = api[`GET ${path}/stored`];
  return [
    routeOf(`GET ${path}/stored`, list, {
      reach: { kind: 'site' },
      handle: async () => ({ periods: await book.newest() }),
    }),
    routeOf(`GET ${path}/stored/:period`, check, {
      reach: { kind: 'site' },
      handle: async ({ params }) => ({ rows: await book.check(params.period) }),
    }),
    routeOf(`POST ${path}/stored/:period`, of, {
      // These figures cover the whole centre. A person with a smaller scope counts only the rows within it.
      reach: { kind: 'site' },
      handle: async ({ principal, params, from }) => {
        const by = principal.userId;
        if (!book.hasBegun(params.period)) throw new CallCentreError('invalid-request', 'This period has not begun.');
        await audit({ who: by, what: 'figures.stored', object: `${path} ${params.period}`, from, success: true });
        return book.store(params.period, by);
      },
    }),
  ];
}
