import { CallCentreError } from '../shared/domain/failure.js';
import { isFiltered, isInTotal, unfitFilter, type LineGap, type ReportFilters } from '../shared/domain/figures/filters.js';
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

/** What decides which figures a report has: its filters, and what its lines are of. */
export interface Fitting {
  readonly filters: ReportFilters;
  readonly gaps: ReadonlyMap<AnyFigureKey, LineGap>;
}

interface Figured {
  readonly figures: object;
  readonly compared?: object;
}
function without<Line extends Figured>(line: Line, { filters, gaps }: Fitting, isLeftOut: (gap: LineGap | undefined) => boolean): Line {
  if (!isFiltered(filters) && gaps.size === 0) return line;
  const fit = (figures: object): object =>
    Object.fromEntries(
      Object.entries(figures).filter(([key]) => {
        const figure = key as AnyFigureKey;
        return unfitFilter(figure, filters) === undefined && !isLeftOut(gaps.get(figure));
      }),
    );
  return { ...line, figures: fit(line.figures), ...(line.compared === undefined ? {} : { compared: fit(line.compared) }) };
}

/** The line without the figures that make no sense for it. */
export const onlyFit = <Line extends Figured>(line: Line, fitting: Fitting): Line => without(line, fitting, (gap) => gap !== undefined);
/** The same for the total. */
export const onlyFitTotal = <Line extends Figured>(line: Line, fitting: Fitting): Line => without(line, fitting, (gap) => !isInTotal(gap));
