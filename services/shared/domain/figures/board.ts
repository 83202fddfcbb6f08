import type { FactCount } from './count.js';
import { boardFigureKeys, type BoardFigureKey } from './keys.js';
import { figureOf, type FigureValue } from './registry.js';

/** The figures of the wallboard. */
export const boardFiguresOf = (count: FactCount): Record<BoardFigureKey, FigureValue> =>
  Object.fromEntries(boardFigureKeys.map((key) => [key, figureOf(key, count)])) as Record<BoardFigureKey, FigureValue>;
