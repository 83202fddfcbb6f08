import { z } from 'zod';

const callId = z.string().min(1).max(64);
const done = z.object({});

/** The commands of telephony to the recorder and the mixer. */
export const mediaCommands = {
  /** From now on the recorder copies this call. It answers when its sockets are open and subscribed. */
  'recorder.start': {
    owner: 'recorder',
    input: z.object({
      callId,
      relay: z.string(),
      mediaCallId: z.string(),
      callerTag: z.string(),
      farTag: z.string(),
      /** Where the media relay receives the two sides; missing while one side has no description yet. */
      ports: z.object({ caller: z.int(), far: z.int(), farAddress: z.string().optional() }).optional(),
      ledgerNumber: z.int(),
    }),
    output: done,
  },
  'recorder.pause': { owner: 'recorder', input: z.object({ callId, reason: z.string() }), output: done },
  'recorder.resume': { owner: 'recorder', input: z.object({ callId }), output: done },
  'recorder.status': { owner: 'recorder', input: z.object({}), output: z.record(z.string(), z.unknown()) },

  /** A room of the N-1 mixer. Each party sends to its own `port` and hears the parties that `hears` names. */
  /** `term`: that of the telephony process that opens the room, or takes over an open one. */
  'mixer.open': { owner: 'mixer', input: z.object({ roomId: z.string(), term: z.string().optional() }), output: done },
  /** Closes the rooms of other terms, except the named ones: their calls have ended, and nobody is left to report that. */
  'mixer.keep': { owner: 'mixer', input: z.object({ roomIds: z.array(z.string()), term: z.string() }), output: done },
  /** `isCopy`: only what comes from `sendTo` is taken, and nothing is sent there. */
  'mixer.join': {
    owner: 'mixer',
    input: z.object({
      roomId: z.string(),
      partyId: z.string(),
      sendTo: z.object({ address: z.string(), port: z.int() }),
      isCopy: z.boolean().optional(),
    }),
    output: z.object({ address: z.string(), port: z.int() }),
  },
  'mixer.matrix': {
    owner: 'mixer',
    input: z.object({ roomId: z.string(), hears: z.record(z.string(), z.array(z.string())) }),
    output: done,
  },
  'mixer.leave': { owner: 'mixer', input: z.object({ roomId: z.string(), partyId: z.string() }), output: done },
  'mixer.status': { owner: 'mixer', input: z.object({}), output: z.object({ rooms: z.int() }) },
  'mixer.close': { owner: 'mixer', input: z.object({ roomId: z.string() }), output: done },
} as const;
