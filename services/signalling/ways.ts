import type { Trunk } from '../shared/contracts/flow.js';
import type { Logger } from '../shared/platform/logger.js';
import { systemClock } from '../shared/platform/system-clock.js';

const ASK_EVERY_MS = 30_000;
/** A way that gave no answer is asked again soon: it may have been one lost packet, and it may be back. */
const ASK_SILENT_EVERY_MS = 5_000;
/** By then the SIP server has repeated the OPTIONS four times. */
const ANSWER_WITHIN_MS = 4_000;
const REFRESH_EVERY_MS = 1_000;
const KEPT_CHANGES = 20;

/** Whether a way answers; `unknown` until it was asked for the first time. */
export type WayState = 'unknown' | 'up' | 'down';

export interface WayView {
  readonly uri: string;
  readonly state: WayState;
  /** When the state began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** The changes before, newest last, at most 20. */
  readonly changes: readonly { readonly state: WayState; readonly atMs: number }[];
}

/** Asks by OPTIONS whether somebody is there; resolves with the status, also of a refusal, or undefined when nothing came in time. */
export type AskWay = (uri: string, withinMs: number) => Promise<number | undefined>;

export interface Ways {
  start(): void;
  stop(): void;
  /** The trunk's ways in the order in which they are to be tried: as configured, those that do not answer last. */
  order(trunk: Trunk): readonly string[];
  /** Asks a way now. */
  answers(trunkId: string, uri: string, withinMs: number): Promise<boolean>;
  /** A call told it: the way did not answer. */
  failed(trunkId: string, uri: string): void;
  /** By trunk. */
  view(): Readonly<Record<string, readonly WayView[]>>;
}

interface Way {
  state: WayState;
  sinceMs: number;
  changes: { state: WayState; atMs: number }[];
  dueMs: number;
  asking: boolean;
}

/** Where a trunk's calls go: the first address, then the others in their order. Without `sip:`; over TLS where the trunk says so. */
export const waysOf = ({
  outboundUri,
  furtherUris = [],
  transport,
}: Pick<Trunk, 'outboundUri' | 'furtherUris' | 'transport'>): readonly string[] =>
  outboundUri === undefined ? [] : [...new Set([outboundUri, ...furtherUris].map((uri) => wayOf(uri, transport)))];

function wayOf(uri: string, transport: Trunk['transport']): string {
  const way = uri.replace(/^sips?:/, '');
  return transport === 'tls' ? `${way.replace(/;transport=[^;]*/gi, '')};transport=tls` : way;
}

/** A proxy or a gateway that is shutting down says 503 (RFC 3261 section 21.5.4); 408 and nothing are the same. Any other answer is one. */
export const isAnswer = (status: number | undefined): boolean => status !== undefined && status !== 503 && status !== 408;

/** Keeps the state of every way of every enabled trunk. */
export function createWays({
  trunks,
  ask,
  nowMs,
  log,
}: {
  readonly trunks: () => readonly Trunk[];
  readonly ask: AskWay;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Ways {
  const known = new Map<string, Map<string, Way>>();
  let stopLooking = (): void => undefined;

  function way(trunkId: string, uri: string): Way {
    const ofTrunk = known.get(trunkId) ?? new Map<string, Way>();
    known.set(trunkId, ofTrunk);
    const found = ofTrunk.get(uri) ?? { state: 'unknown', sinceMs: nowMs(), changes: [], dueMs: 0, asking: false };
    ofTrunk.set(uri, found);
    return found;
  }

  function settle(trunkId: string, uri: string, state: 'up' | 'down'): void {
    const entry = way(trunkId, uri);
    entry.dueMs = nowMs() + (state === 'up' ? ASK_EVERY_MS : ASK_SILENT_EVERY_MS);
    if (entry.state === state) return;
    entry.changes = [...entry.changes, { state: entry.state, atMs: entry.sinceMs }].slice(-KEPT_CHANGES);
    const position = [...(known.get(trunkId)?.keys() ?? [])].indexOf(uri) + 1;
    if (state === 'down') log.warn({ trunkId, position }, 'an address of a carrier does not answer');
    else if (entry.state === 'down') log.info({ trunkId, position }, 'an address of a carrier answers again');
    entry.state = state;
    entry.sinceMs = nowMs();
  }

  async function answers(trunkId: string, uri: string, withinMs: number): Promise<boolean> {
    const entry = way(trunkId, uri);
    entry.asking = true;
    try {
      const up = isAnswer(await ask(uri, withinMs));
      settle(trunkId, uri, up ? 'up' : 'down');
      return up;
    } catch (error) {
      // Our own SIP server does not send: that says nothing of the carrier.
      entry.dueMs = nowMs() + ASK_SILENT_EVERY_MS;
      log.warn({ trunkId, err: error }, 'carriers cannot be asked whether they are there');
      return entry.state !== 'down';
    } finally {
      entry.asking = false;
    }
  }

  function refresh(): void {
    const wanted = new Map(trunks().flatMap((trunk) => (trunk.enabled ? [[trunk.id, waysOf(trunk)] as const] : [])));
    for (const [trunkId, ofTrunk] of known) {
      const uris = wanted.get(trunkId) ?? [];
      for (const uri of ofTrunk.keys()) if (!uris.includes(uri)) ofTrunk.delete(uri);
      if (uris.length === 0) known.delete(trunkId);
    }
    for (const [trunkId, uris] of wanted) {
      for (const uri of uris) {
        const entry = way(trunkId, uri);
        if (!entry.asking && nowMs() >= entry.dueMs) void answers(trunkId, uri, ANSWER_WITHIN_MS);
      }
    }
  }

  return {
    start() {
      refresh();
      stopLooking = systemClock.every(REFRESH_EVERY_MS, refresh);
    },
    stop: () => stopLooking(),
    order(trunk) {
      const isDown = (uri: string): number => Number(known.get(trunk.id)?.get(uri)?.state === 'down');
      return waysOf(trunk).toSorted((a, b) => isDown(a) - isDown(b));
    },
    answers,
    failed(trunkId, uri) {
      settle(trunkId, uri, 'down');
    },
    view: () =>
      Object.fromEntries(
        [...known].map(([trunkId, ofTrunk]) => [
          trunkId,
          [...ofTrunk].map(([uri, { state, sinceMs, changes }]) => ({ uri, state, sinceMs, changes })),
        ]),
      ),
  };
}
