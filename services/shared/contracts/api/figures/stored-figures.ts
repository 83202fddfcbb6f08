import { z } from 'zod';
import type { Right } from '../../../domain/people/rights.js';
import { isPeriod } from '../../../domain/time/period.js';

export const FigurePeriod = z.object({ period: z.string().refine(isPeriod, 'a month (2026-11) or a year (2026)') });

const stored = <F extends z.ZodType>(figures: F) =>
  z.object({
    period: z.string(),
    /** Later events are not in it. */
    asOf: z.iso.datetime(),
    /** The version of the formula that counted. */
    formulaVersion: z.number(),
    /** `system`, or the person who asked for it. */
    by: z.string(),
    figures,
  });

/** The routes of figures that are stored by month and year. */
export function storedFigures<P extends `/${string}`, F extends z.ZodType, R extends Right>(
  path: P,
  figures: F,
  { read, what }: { readonly read: R; readonly what: string },
) {
  const row = stored(figures);
  const list = {
    right: read,
    summary: `The ${what} of each month and year, as stored.`,
    answer: z.object({ periods: z.array(row) }),
    failures: [],
  } as const;
  const check = {
    right: read,
    summary: 'Every stored row of a period, each counted again from the rows behind it.',
    params: FigurePeriod,
    answer: z.object({ rows: z.array(z.object({ stored: row, countedAgain: figures, same: z.boolean() })) }),
    failures: [],
  } as const;
  const store = {
    right: 'complaints.rules',
    summary: `Stores the ${what} of a period once more, as of now; earlier rows stay.`,
    params: FigurePeriod,
    answer: row,
    failures: ['invalid-request'],
  } as const;
  return {
    [`GET ${path}/stored`]: list,
    [`GET ${path}/stored/:period`]: check,
    [`POST ${path}/stored/:period`]: store,
  } as Record<`GET ${P}/stored`, typeof list> &
    Record<`GET ${P}/stored/:period`, typeof check> &
    Record<`POST ${P}/stored/:period`, typeof store>;
}
