import { z } from 'zod';
import { TrunkId } from '../../shared/contracts/ids.js';

/** The age at which stored messages are deleted. No order lasts longer. */
export const TRACE_HOURS = 24;
/** The size of all stored traces. The oldest legs make room. */
export const TRACE_BYTES = 32 * 1024 * 1024;
/** The limit of one leg. Further messages are counted and dropped. */
export const LEG_BYTES = 256 * 1024;
/** The limit of one message. The rest is cut off. */
export const MESSAGE_BYTES = 16 * 1024;
/** The largest number of orders in force at the same time. */
export const MOST_ORDERS = 5;

/** Who asked for a trace of what, why, and until when. A number is stored as its hash and its mask. */
export const TraceOrder = z.object({
  id: z.string(),
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('trunk'), trunkId: TrunkId }),
    z.object({ kind: z.literal('number'), numberHash: z.string(), numberMasked: z.string() }),
  ]),
  reason: z.string(),
  by: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type TraceOrder = z.infer<typeof TraceOrder>;

/** A dialog of the SIP server with one far end, from its INVITE on. */
export const TracedLeg = z.object({
  legId: z.string(),
  orderId: z.string(),
  direction: z.enum(['in', 'out']),
  /** Missing for an INVITE from an address of no trunk. */
  trunkId: TrunkId.exactOptional(),
  /** The permit of an outbound leg, which is the id of its row among the attempts. */
  attemptId: z.string().exactOptional(),
  fromMasked: z.string(),
  toMasked: z.string(),
  startedAt: z.iso.datetime(),
});
export type TracedLeg = z.infer<typeof TracedLeg>;

export const transports = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
export const Place = z.object({ address: z.string(), port: z.int().min(0).max(65_535) });
export type Place = z.infer<typeof Place>;

/** One message of a leg as it passed between the SIP server and telephony, without its secrets. */
export const TracedMessage = z.object({
  /** Microseconds since the epoch, by telephony's clock. No two messages of one process have the same. */
  atUs: z.int(),
  /** `in`: the far end sent it. */
  way: z.enum(['in', 'out']),
  transport: z.enum(transports),
  /** The addresses of the far end and of the SIP server, each where the SIP server gives it. */
  far: Place.exactOptional(),
  near: Place.exactOptional(),
  text: z.string(),
});
export type TracedMessage = z.infer<typeof TracedMessage>;

export interface KeptLeg {
  readonly leg: TracedLeg;
  readonly messages: readonly TracedMessage[];
  /** Messages that were dropped: too many, or too long. */
  readonly lost: number;
}

export interface LegBatch {
  readonly leg: TracedLeg;
  readonly messages: readonly TracedMessage[];
  readonly lost: number;
}

/** The stored traces, for all processes. Fails while the live state is down. */
export interface TraceStore {
  orders(): Promise<TraceOrder[]>;
  /** False when as many orders as are allowed are in force. Counted over all processes. */
  keepOrder(order: TraceOrder): Promise<boolean>;
  /** False when there is no order with that id. */
  dropOrder(id: string): Promise<boolean>;
  append(batch: LegBatch): Promise<void>;
  /** Newest first. */
  legs(): Promise<readonly { readonly leg: TracedLeg; readonly bytes: number; readonly lost: number }[]>;
  /** Undefined when nothing of the leg is stored. */
  leg(legId: string): Promise<KeptLeg | undefined>;
}
