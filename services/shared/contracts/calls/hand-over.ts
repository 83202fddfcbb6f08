import { z } from 'zod';
import { FREE_REASON } from '../../domain/calls/dial-permit.js';
import { AgentId, asAgentId, asQueueId } from '../ids.js';

/** A note by an agent for whoever is rung: why the caller calls. */
export const HandOverNote = z.string().trim().max(200).optional();

/** Why a number on no register is dialled; sent only by people with the right `outbound.free-dial`. */
export const FreeReason = z.string().trim().min(FREE_REASON.least).max(FREE_REASON.most).optional();

/** Why a colleague, and not only a queue, makes a seat ring. */
export const Introduction = z.object({
  kind: z.enum(['consultation', 'transfer']),
  agentId: AgentId,
  note: HandOverNote,
});
export type Introduction = z.infer<typeof Introduction>;

/** The outcome of a transfer, or of consulting somebody outside. `refused`: the person outside refuses further calls. */
export const handOverOutcomes = [
  'answered',
  'declined',
  'no-answer',
  'not-reached',
  'refused',
  'caller-left',
  'ended-by-supervisor',
] as const;
export type HandOverOutcome = (typeof handOverOutcomes)[number];

/** The target of a transfer or a consultation. */
export const TransferTarget = z.discriminatedUnion('to', [
  z.object({ to: z.literal('seat'), agentId: asAgentId(z.string().min(1).max(64)) }),
  z.object({ to: z.literal('queue'), queueId: asQueueId(z.string().min(1).max(64)) }),
  z.object({ to: z.literal('number'), number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
]);
export type TransferTarget = z.infer<typeof TransferTarget>;
