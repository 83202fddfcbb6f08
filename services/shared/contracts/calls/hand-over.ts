import { z } from 'zod';
import { FREE_REASON } from '../../domain/calls/dial-permit.js';
import { AgentId, asAgentId, asQueueId } from '../ids.js';

/** What an agent writes for whoever is rung: about what the caller calls. */
export const HandOverNote = z.string().trim().max(200).optional();

/** Why a number is dialled that is on no register: only whoever has the right `outbound.free-dial` sends it. */
export const FreeReason = z.string().trim().min(FREE_REASON.least).max(FREE_REASON.most).optional();

/** Why a seat is rung by a colleague and not by a queue alone. */
export const Introduction = z.object({
  kind: z.enum(['consultation', 'transfer']),
  agentId: AgentId,
  note: HandOverNote,
});
export type Introduction = z.infer<typeof Introduction>;

/** What became of a transfer, or of asking somebody outside. `refused`: the person outside refuses further calls. */
export const handOverOutcomes = ['answered', 'declined', 'no-answer', 'not-reached', 'refused', 'caller-left'] as const;
export type HandOverOutcome = (typeof handOverOutcomes)[number];

/** Where a call is sent by a transfer or a consultation. */
export const TransferTarget = z.discriminatedUnion('to', [
  z.object({ to: z.literal('seat'), agentId: asAgentId(z.string().min(1).max(64)) }),
  z.object({ to: z.literal('queue'), queueId: asQueueId(z.string().min(1).max(64)) }),
  z.object({ to: z.literal('number'), number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
]);
export type TransferTarget = z.infer<typeof TransferTarget>;
