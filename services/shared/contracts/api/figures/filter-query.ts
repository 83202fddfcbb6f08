import { z } from 'zod';
import { chosenIn, splitValues, type FilterScope, type ReportFilters } from '../../../domain/figures/filters.js';

const MOST_VALUES = 50;
const value = z.string().max(200);

/** Values of one scope, separated by commas; a comma in a value is written `\,`. */
const values = z.string().max(5_000).transform(splitValues).pipe(z.array(value).max(MOST_VALUES)).optional();

/**
 * The filters of a report, as fields of its query: facts with one of the values of each named scope are counted. An empty value: no client
 * unit, no result, no team.
 */
export const filterFields = {
  queue: values,
  number: values,
  trunk: values,
  client: values,
  result: values,
  agent: values,
  team: values,
} as const satisfies Record<FilterScope, unknown>;

const chosen = z.array(value).min(1).max(MOST_VALUES).optional();
/** The filters of a saved report. */
export const SavedFilters = z.strictObject({
  ...{ queue: chosen, number: chosen, trunk: chosen, client: chosen },
  ...{ result: chosen, agent: chosen, team: chosen },
} satisfies Record<FilterScope, unknown>);

/** Those of the fields of a query that are filters. */
export const filtersIn = (query: ReportFilters): ReportFilters => Object.fromEntries(chosenIn(query));
