import { z } from 'zod';
import { boardFigureKeys } from '../../domain/figures/keys.js';

/** A figure of a scope and a period. `value` is null when nothing could be counted. */
export const FigureParts = z.object({ numerator: z.number(), denominator: z.number(), value: z.number().nullable() });
export type FigureParts = z.infer<typeof FigureParts>;

export const BoardFigures = z.record(z.enum(boardFigureKeys), FigureParts);
export type BoardFigures = z.infer<typeof BoardFigures>;
