import { z } from 'zod';
import { asCallId } from '../ids.js';

/** Why a seat cannot ring for another call. */
export const seatOccupations = ['ringing', 'talking', 'consulted', 'listening', 'dialling', 'echo-test'] as const;

/** What occupies a seat: a call with the agent's role in it, or the device check, which has no call. */
export const SeatOccupation = z.object({ as: z.enum(seatOccupations), callId: asCallId(z.string().min(1)).optional() });
export type SeatOccupation = z.infer<typeof SeatOccupation>;
