import { z } from 'zod';
import { boardFigureKeys } from '../../domain/figures/keys.js';
import {
  agentFigures,
  isOfPeople,
  limitsFault,
  thresholdDirections,
  thresholdLevels,
  thresholdScopes,
  thresholdWindows,
} from '../../domain/figures/threshold.js';
import { edited } from '../edited.js';

/** No figure of a queue comes near this limit. */
const MOST = 1_000_000;
const limit = z.number().min(0).max(MOST);
const scope = z.object({ of: z.enum(thresholdScopes), id: z.string().max(64).default('') });

const fields = {
  scope,
  figure: z.enum(boardFigureKeys),
  window: z.enum(thresholdWindows),
  worse: z.enum(thresholdDirections),
  warn: limit.optional(),
  alarm: limit.optional(),
  clear: limit,
  minimumSample: z.int().min(0).max(100_000).default(0),
  holdOffSeconds: z.int().min(0).max(3_600).default(30),
  /** User ids of people who get its alarms in addition to the holders of the rights. */
  people: z.array(z.string().min(1).max(64)).max(50).default([]),
  active: z.boolean().default(true),
};

interface Checked extends z.infer<z.ZodObject<typeof fields>> {
  readonly revision?: number | undefined;
}

function agrees(threshold: Checked, context: z.core.$RefinementCtx): void {
  const say = (path: readonly string[], message: string): void => context.addIssue({ code: 'custom', path: [...path], message });
  const fault = limitsFault(threshold);
  if (fault !== undefined) say([fault.at], fault.message);
  const { of, id } = threshold.scope;
  if ((of === 'site') !== (id === '')) say(['scope', 'id'], of === 'site' ? 'cannot be combined with the whole centre' : 'needed');
  if (isOfPeople(of) && !(agentFigures as readonly string[]).includes(threshold.figure))
    say(['figure'], 'does not exist for an agent or a team');
}

/** A stored threshold. */
export const Threshold = z.object({ id: z.string(), ...fields, ...edited }).superRefine(agrees);
export type Threshold = z.infer<typeof Threshold>;

/** A threshold as a page sends it. */
export const ThresholdDraft = z.object({ ...fields, revision: z.int().optional() }).superRefine(agrees);
export type ThresholdDraft = z.infer<typeof ThresholdDraft>;

/** The state of a threshold, as boards show it. */
export const ThresholdMark = z.object({
  thresholdId: z.string(),
  scope,
  figure: z.enum(boardFigureKeys),
  window: z.enum(thresholdWindows),
  level: z.enum(thresholdLevels),
  /** Since when it has this state; missing until it was first judged. */
  since: z.iso.datetime().optional(),
  /** Null when nothing can be counted. */
  value: z.number().nullable(),
  denominator: z.number(),
  /** The client unit of the threshold, if it has one. It decides which people with a scope see the threshold. */
  clientUnit: z.string().optional(),
});
export type ThresholdMark = z.infer<typeof ThresholdMark>;
