import { z } from 'zod';
import { boardFigureKeys, rowOwnKeys, trunkFigureKeys } from '../../domain/figures/keys.js';
import { rowScopes } from '../../domain/figures/scope-rows.js';
import { agentStates } from '../../domain/people/agent-state.js';
import { FigureParts } from './figure.js';

/** Only the figures that the scope has. */
const RowFigures = z.partialRecord(z.enum([...boardFigureKeys, ...trunkFigureKeys, ...rowOwnKeys]), FigureParts);

/** The live figures of a service number, trunk, client unit, team or agent. */
export const ScopeRow = z.object({
  of: z.enum(rowScopes),
  id: z.string(),
  /** By language; missing when the id is the name, or when the page knows the name. */
  name: z.record(z.string(), z.string()).optional(),
  /** Only for a team: its members who are signed in, by state. */
  states: z.partialRecord(z.enum(agentStates), z.int()).optional(),
  /** Only for a trunk, while telephony answers: calls that are being set up or in progress, and its limit where it has one. */
  channels: z.object({ busy: z.int(), most: z.int().optional() }).optional(),
  /** Figures of the visits that began since midnight at the site. */
  today: RowFigures,
  /** Figures of the visits that began in the last 30 minutes. */
  lately: RowFigures,
});
export type ScopeRow = z.infer<typeof ScopeRow>;
