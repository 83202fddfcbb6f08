import { z } from 'zod';

/** Words that stand as data, in both languages. */
export const Words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;
