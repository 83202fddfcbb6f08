import { z } from 'zod';

export const callerLists = ['black', 'vip'] as const;

/** A caller whose number is on a list: refused before the call is answered (`black`), or moved ahead in line (`vip`). */
export const ListedCaller = z.object({
  number: z.string().regex(/^\+?[0-9]{3,24}$/),
  list: z.enum(callerLists),
  /** Added to the priority of the flow's queue step; only for `vip`. */
  priority: z.int().min(1).max(100).default(10),
  note: z.string().max(200).default(''),
});
export type ListedCaller = z.infer<typeof ListedCaller>;
