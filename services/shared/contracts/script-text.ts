import { z } from 'zod';

const words = z.object({ 'zh-CN': z.string(), en: z.string() });

/** What the page of an agent says about a call out before the first word. */
export const ScriptText = z.object({
  /** `campaign`: the script of a campaign, read before dialling. `seat`: client unit, greeting and worksheet beside the call. */
  of: z.enum(['campaign', 'seat']),
  /** The campaign, or the queue whose worksheet it is; the number shown where there is none. */
  subject: z.string(),
  /** The campaign or the client unit. */
  name: z.string(),
  greeting: z.string(),
  script: words,
  /** What the agent fills in, in its order. */
  fields: z.array(words),
});
export type ScriptText = z.infer<typeof ScriptText>;
