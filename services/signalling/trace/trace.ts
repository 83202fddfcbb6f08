import { z } from 'zod';

/** What is kept is gone after so long; no order holds longer. */
export const TRACE_HOURS = 24;
/** All that is kept together. The oldest legs make room. */
export const TRACE_BYTES = 32 * 1024 * 1024;
/** Of one leg; what comes after it is counted and not kept. */
export const LEG_BYTES = 256 * 1024;
/** Of one message; the rest is cut off. */
export const MESSAGE_BYTES = 16 * 1024;
/** Orders in force at the same time. */
export const MOST_ORDERS = 5;

/** Who asked for what to be traced, why, and until when. A number is kept as its hash and its mask. */
export const TraceOrder = z.object({
  id: z.string(),
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('trunk'), trunkId: z.string() }),
    z.object({ kind: z.literal('number'), numberHash: z.string(), numberMasked: z.string() }),
  ]),
  reason: z.string(),
  by: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type TraceOrder = z.infer<typeof TraceOrder>;

/** A dialog of the SIP server with one far side, from its INVITE on. */
export const TracedLeg = z.object({
  legId: z.string(),
  orderId: z.string(),
  direction: z.enum(['in', 'out']),
  /** None of an INVITE from an address of no trunk. */
  trunkId: z.string().exactOptional(),
  /** The permit by which it left: its row among the legs of the call. */
  attemptId: z.string().exactOptional(),
  fromMasked: z.string(),
  toMasked: z.string(),
  startedAt: z.iso.datetime(),
});
export type TracedLeg = z.infer<typeof TracedLeg>;

export const transports = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
export const Place = z.object({ address: z.string(), port: z.int().min(0).max(65_535) });
export type Place = z.infer<typeof Place>;

/** One message of a leg as the SIP server gave it to telephony or took it from there, without its secrets. */
export const TracedMessage = z.object({
  /** Microseconds of the epoch, by the clock of telephony; no two of one process are equal. */
  atUs: z.int(),
  /** `in`: the far side sent it. */
  way: z.enum(['in', 'out']),
  transport: z.enum(transports),
  /** Where the far side is, and where the SIP server is: each where the SIP server says so. */
  far: Place.exactOptional(),
  near: Place.exactOptional(),
  text: z.string(),
});
export type TracedMessage = z.infer<typeof TracedMessage>;

export interface KeptLeg {
  readonly leg: TracedLeg;
  readonly messages: readonly TracedMessage[];
  /** Messages that were not kept: too many, or too much. */
  readonly lost: number;
}

export interface LegBatch {
  readonly leg: TracedLeg;
  readonly messages: readonly TracedMessage[];
  readonly lost: number;
}

/** What is kept of traces, for all processes. Fails while the live state is away. */
export interface TraceStore {
  orders(): Promise<TraceOrder[]>;
  keepOrder(order: TraceOrder): Promise<void>;
  /** False when there is none of that id. */
  dropOrder(id: string): Promise<boolean>;
  append(batch: LegBatch): Promise<void>;
  /** Newest first. */
  legs(): Promise<readonly { readonly leg: TracedLeg; readonly bytes: number; readonly lost: number }[]>;
  /** Undefined when nothing of it is kept. */
  leg(legId: string): Promise<KeptLeg | undefined>;
}
