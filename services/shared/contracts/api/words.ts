import { z } from 'zod';

/** Words in both languages, as data. */
export const Words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;
