import { z } from 'zod';
import { TrunkId } from '../ids.js';

/** Whether an address of a carrier answers OPTIONS; `unknown` until the first check. `no-options`: it does not, and calls go through. */
export const wayStates = ['unknown', 'up', 'no-options', 'down'] as const;
export type WayState = (typeof wayStates)[number];
const at = z.iso.datetime();

/** The current state of a trunk, at the telephony process that answers. */
export const TrunkState = z.object({
  trunkId: TrunkId,
  /** Calls that are being set up or in progress; across all processes when the trunk has a limit. */
  calls: z.number(),
  /** Calls that wait for a channel or for their turn. */
  waiting: z.number(),
  /** Calls that got neither within 2 s, since the answering process started. */
  refused: z.number(),
  channels: z.number().optional(),
  /** The carrier's echo number on its sheet. */
  echoNumber: z.string().optional(),
  /** Only for a trunk that registers: `registered`, `new`, or the failure code of the last attempt. */
  registration: z.string().optional(),
  /** Its states since the process started, oldest first, at most 60; the last is the current one. */
  registrationHistory: z.array(z.object({ state: z.string(), from: at })).optional(),
  ways: z.array(
    z.object({
      uri: z.string(),
      /** The index of the trunk's address to which it belongs, from 0: a domain leads to several servers. */
      place: z.int(),
      state: z.enum(wayStates),
      since: at,
      /** Earlier states, oldest first, at most 60. */
      history: z.array(z.object({ state: z.enum(wayStates), from: at })),
    }),
  ),
});
export type TrunkState = z.infer<typeof TrunkState>;
