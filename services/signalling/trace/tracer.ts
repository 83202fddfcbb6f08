import type { Clock } from '../../shared/domain/time/clock.js';
import { dialDigits, type DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { createFloodLimit } from '../../shared/platform/http/flood-limit.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { TrunkBook } from '../ports.js';
import { trunkOf } from '../trunks/trunk-source.js';
import { legIdOf } from '../adapters/leg-id.js';
import type { WireMessage } from '../adapters/traces/wire-tap.js';
import { fieldOf, readSipText, userIn, type SipText } from './sip-text.js';
import { MESSAGE_BYTES, type LegBatch, type TracedLeg, type TracedMessage, type TraceOrder, type TraceStore } from './trace.js';
import { withoutSecrets } from './without-secrets.js';
import type { SipCallId } from '../../shared/domain/ids.js';

const READ_ORDERS_MS = 1_000;
const FLUSH_MS = 250;
/** The number of messages a second that are stored. A flood is counted and dropped. */
const MESSAGES_PER_SECOND = 300;
const MESSAGE_BURST = 1_000;
/** The number of legs a second whose trace may begin, so that a flood of INVITEs does not cause a write each, or push out other calls. */
const LEGS_PER_SECOND = 100;
const LEG_BURST = 200;
/** The number of legs that are followed at the same time. */
const MOST_LEGS = 2_000;
/** The number of messages that wait while the live state does not take them. Further messages are counted and dropped. */
const MOST_WAITING = 2_000;
/** Marks a longer message as cut; only we cut messages. */
const CUT = '\r\n[the rest is not kept]';

export interface Tracer {
  /** Receives everything between the SIP server and this process. Costs nothing while no order is in force. */
  seen(frame: string): void;
  /** An INVITE of ours is leaving with this permit. */
  leaving(sipCallId: SipCallId, permit: DialPermit, trunkId: string): void;
  start(): void;
  /** Writes what waits. */
  stop(): Promise<void>;
}

/** What is known about an outgoing INVITE. */
interface Leaving {
  readonly permit: DialPermit;
  readonly trunkId: string;
}

interface TracerNeeds {
  readonly store: TraceStore;
  /** Reads the frame as a message; undefined when it is not one. */
  readonly read: (frame: string) => WireMessage | undefined;
  readonly hashNumber: NumberHash;
  /** The trunk that a message came from. */
  readonly trunkOf: (message: WireMessage) => string | undefined;
  /** The seats' own connections to the SIP server belong to no call and are not traced. */
  readonly isSeatDoor: (message: WireMessage) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Removes the secrets from messages and writes them in batches, within the limits. */
function createTraceWriter({ store, clock, log }: Pick<TracerNeeds, 'store' | 'clock' | 'log'>) {
  const flood = createFloodLimit({ perSecond: MESSAGES_PER_SECOND, burst: MESSAGE_BURST, nowMs: () => clock.nowMs() });
  let waiting = new Map<string, { leg: TracedLeg; messages: TracedMessage[]; lost: number }>();
  let waits = 0;
  let writing: Promise<void> | undefined;
  let lastUs = 0;
  let told = false;

  function keep(leg: TracedLeg, message: WireMessage): void {
    const entry = waiting.get(leg.legId) ?? { leg, messages: [], lost: 0 };
    waiting.set(leg.legId, entry);
    if (waits >= MOST_WAITING || !flood.allows('all')) {
      entry.lost += 1;
      return;
    }
    waits += 1;
    lastUs = Math.max(clock.nowMs() * 1_000, lastUs + 1);
    const text = withoutSecrets(message.text.slice(0, MESSAGE_BYTES));
    entry.messages.push({ ...message, atUs: lastUs, text: message.text.length > MESSAGE_BYTES ? text + CUT : text });
  }

  /** One write after the other: while the live state hangs, messages wait only here. */
  function flush(): Promise<void> {
    writing ??= write().finally(() => (writing = undefined));
    return writing;
  }

  async function write(): Promise<void> {
    const batches: readonly LegBatch[] = [...waiting.values()];
    waiting = new Map();
    waits = 0;
    try {
      for (const batch of batches) await store.append(batch);
      told = false;
    } catch (error) {
      // Nobody waits for a trace, so a failed write is dropped.
      if (!told) log.warn({ err: error }, 'SIP traces could not be stored');
      told = true;
    }
  }

  return {
    keep,
    flush,
    async stop(): Promise<void> {
      await writing;
      await flush();
    },
  };
}

/** Decides which legs are traced, by their INVITE and for the time of the order, and writes their messages. */
export function createTracer({ store, read, hashNumber, trunkOf: trunkAt, isSeatDoor, clock, log }: TracerNeeds): Tracer {
  const { keep, flush, stop } = createTraceWriter({ store, clock, log });
  const begins = createFloodLimit({ perSecond: LEGS_PER_SECOND, burst: LEG_BURST, nowMs: () => clock.nowMs() });
  const legs = new Map<string, TracedLeg>();
  const leavingBy = new Map<string, Leaving>();
  let orders: readonly TraceOrder[] = [];
  const stops: (() => void)[] = [];

  /** The oldest is dropped first: a map keeps the order in which its keys were set. */
  function bounded(map: Map<string, unknown>): void {
    const oldest = map.size > MOST_LEGS ? map.keys().next().value : undefined;
    if (oldest !== undefined) map.delete(oldest);
  }

  const inForce = (): readonly TraceOrder[] => orders.filter(({ until }) => Date.parse(until) > clock.nowMs());

  /** The leg to which a message belongs, when an order for it is in force. */
  function legOf(callId: SipCallId, message: WireMessage, sip: SipText): TracedLeg | undefined {
    const known = legs.get(callId);
    if (known !== undefined) return inForce().some(({ id }) => id === known.orderId) ? known : undefined;
    const isFirst = sip.start.startsWith('INVITE ') && !/;\s*tag=/i.test(fieldOf(sip, 'To') ?? '');
    if (!isFirst || isSeatDoor(message)) return undefined;
    const leg = begun({ callId, message, sip, out: leavingBy.get(callId), nowMs: clock.nowMs() }, inForce(), {
      trunkOf: trunkAt,
      hashNumber,
    });
    if (leg === undefined || !begins.allows('all')) return undefined;
    legs.set(callId, leg);
    bounded(legs);
    return leg;
  }

  const readOrders = (): void =>
    void store.orders().then(
      (read) => (orders = read),
      () => (orders = []),
    );

  return {
    seen(frame) {
      if (orders.length === 0) return;
      try {
        const message = read(frame);
        if (message === undefined) return;
        const sip = readSipText(message.text.slice(0, MESSAGE_BYTES));
        const callId = fieldOf(sip, 'Call-ID');
        const leg = callId === undefined ? undefined : legOf(callId, message, sip);
        if (leg !== undefined) keep(leg, message);
      } catch (error) {
        // A call continues, whatever happens to its trace.
        log.warn({ err: error }, 'a SIP message could not be traced');
      }
    },
    leaving(sipCallId, permit, trunkId) {
      if (orders.length === 0) return;
      leavingBy.set(sipCallId, { permit, trunkId });
      bounded(leavingBy);
    },
    start() {
      readOrders();
      stops.push(
        clock.every(READ_ORDERS_MS, readOrders),
        clock.every(FLUSH_MS, () => void flush()),
      );
    },
    async stop() {
      for (const each of stops.splice(0)) each();
      await stop();
    },
  };
}

/** Which trunk a message belongs to, and which messages are a seat's, by the doors of the SIP server. */
export function tracedDoors({
  doors,
  trunks,
}: {
  readonly doors: { readonly seatPort: number; readonly testPort: number };
  readonly trunks: () => TrunkBook;
}): Pick<TracerNeeds, 'trunkOf' | 'isSeatDoor'> {
  return {
    isSeatDoor: ({ near, transport }) =>
      near?.port === doors.seatPort && (transport === 'ws' || transport === 'wss' || transport === 'tcp'),
    trunkOf({ far, near, transport }) {
      if (near?.port === doors.testPort && transport === 'udp') return 'test';
      return far === undefined ? undefined : trunkOf(trunks().trunks(), far.address, transport)?.id;
    },
  };
}

/** The leg that begins with an INVITE, under the first order that covers it. */
function begun(
  {
    callId,
    message,
    sip,
    out,
    nowMs,
  }: {
    readonly callId: SipCallId;
    readonly message: WireMessage;
    readonly sip: SipText;
    readonly out: Leaving | undefined;
    readonly nowMs: number;
  },
  orders: readonly TraceOrder[],
  { trunkOf: trunkAt, hashNumber }: Pick<TracerNeeds, 'trunkOf' | 'hashNumber'>,
): TracedLeg | undefined {
  // An INVITE of ours without a permit does not go to a carrier.
  if (message.way === 'out' && out === undefined) return undefined;
  const numbers = out === undefined ? numbersOf(sip) : [out.permit.number, out.permit.from];
  const trunkId = out?.trunkId ?? trunkAt(message);
  const order = orders.find(({ scope }) => {
    if (scope.kind === 'all') return true;
    if (scope.kind === 'trunk') return scope.trunkId === trunkId;
    return numbers.some((number) => hashNumber(number) === scope.numberHash);
  });
  if (order === undefined) return undefined;
  return {
    legId: legIdOf(callId),
    orderId: order.id,
    direction: message.way,
    ...(trunkId === undefined ? {} : { trunkId }),
    ...(out === undefined ? {} : { attemptId: out.permit.permitId }),
    fromMasked: shown(out?.permit.from ?? userIn(fieldOf(sip, 'From') ?? '')),
    toMasked: shown(out === undefined ? userIn(sip.start) : dialDigits(out.permit.number)),
    startedAt: new Date(nowMs).toISOString(),
  };
}

function numbersOf(sip: SipText): string[] {
  const texts = [sip.start, ...['From', 'To', 'P-Asserted-Identity'].map((name) => fieldOf(sip, name) ?? '')];
  return texts.flatMap((text) => normaliseNumber(userIn(text)) ?? []);
}

/** A user part that is not a number may be a person's name. */
const shown = (user: string): string => (/^\+?\d{1,24}$/.test(user) ? maskNumber(user) : user === '' ? '' : '***');
