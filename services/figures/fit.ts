import { CallCentreError } from '../shared/domain/failure.js';
import { isFiltered, unfitFilter, type ReportFilters } from '../shared/domain/figures/filters.js';
import type { AnyFigureKey } from '../shared/domain/figures/registry.js';

/** Fails with `invalid-request`, naming them, when a filter makes no sense for some of these figures. */
export function assertFit(keys: readonly AnyFigureKey[], filters: ReportFilters): void {
  const unfit = keys.flatMap((key) => {
    const scope = unfitFilter(key, filters);
    return scope === undefined ? [] : [{ key, scope }];
  });
  if (unfit.length === 0) return;
  const named = unfit.map(({ key, scope }) => `${key} (by ${scope})`).join(', ');
  throw new CallCentreError('invalid-request', `These figures cannot be filtered so, because their rows do not know it: ${named}.`, {
    details: unfit.map(({ key, scope }) => ({ at: `figures.${key}`, message: scope })),
  });
}

/** The line without the figures for which a filter makes no sense. */
export function onlyFit<Line extends { readonly figures: object; readonly compared?: object }>(line: Line, filters: ReportFilters): Line {
  if (!isFiltered(filters)) return line;
  const fit = (figures: object): object =>
    Object.fromEntries(Object.entries(figures).filter(([key]) => unfitFilter(key as AnyFigureKey, filters) === undefined));
  return { ...line, figures: fit(line.figures), ...(line.compared === undefined ? {} : { compared: fit(line.compared) }) };
}
