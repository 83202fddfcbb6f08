import { z } from 'zod';

/** The edits of a document: their number, and the name of the last editor as colleagues know it. Both are missing before the first edit. */
export const edited = {
  revision: z.int().nonnegative().optional(),
  changedBy: z.string().max(120).optional(),
};

export interface Edited {
  readonly revision?: number | undefined;
  readonly changedBy?: string | undefined;
}
