import { z } from 'zod';

/** What an edited document knows of its changes: how many there were, and as whom the last one is known to colleagues. Neither before the first. */
export const edited = {
  revision: z.int().nonnegative().optional(),
  changedBy: z.string().max(120).optional(),
};

export interface Edited {
  readonly revision?: number | undefined;
  readonly changedBy?: string | undefined;
}
