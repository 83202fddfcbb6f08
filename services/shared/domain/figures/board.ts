import type { FactCount } from './count.js';
import { boardFigureKeys, type BoardFigureKey } from './keys.js';
import { figureOf, type FigureValue } from './registry.js';

/** What the wallboard shows of what was counted. */
export const boardFiguresOf = (count: FactCount): Record<BoardFigureKey, FigureValue> =>
  Object.fromEntries(boardFigureKeys.map((key) => [key, figureOf(key, count)])) as Record<BoardFigureKey, FigureValue>;
