import type { Trunk } from '../shared/contracts/calls/flow.js';
import type { Clock } from '../shared/domain/time/clock.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { addressesOf, byRank, type CarrierAddress } from './addresses.js';
import type { Locator } from './locator.js';
import type { WayState } from '../shared/contracts/trunks/trunk-state.js';
import type { TrunkId } from '../shared/domain/ids.js';
import { createRecall, worthKeeping, type WayMemory } from './way-memory.js';
import { isLeft, isRefused, keptOf, wayAfter, withKept, type WayEvent, type WayFacts } from './way-state.js';

const ASK_EVERY_MS = 30_000;
/** A way that gave no answer is asked again soon: it may have been a single lost packet, or the way may be back. */
const ASK_SILENT_EVERY_MS = 5_000;
/** By then the SIP server has retransmitted the OPTIONS four times. */
const ANSWER_WITHIN_MS = 4_000;
const REFRESH_EVERY_MS = 1_000;
/** How long a call that would be refused waits for one more OPTIONS. */
const ASK_ONCE_MORE_MS = 1_000;
/** As many changes as an unstable way makes between two proof calls. */
const KEPT_CHANGES = 60;
export type { WayState } from '../shared/contracts/trunks/trunk-state.js';

/** A server to which a call of a trunk may be sent: one of the trunk's addresses, or one to which its domain leads. */
export interface Way {
  /** `host:port` with its parameters, without `sip:`. */
  readonly uri: string;
  /** The index of the trunk's address that it belongs to, from 0. */
  readonly place: number;
  /** The trunk's address, when the Domain Name System led from it to `uri`: it stays in the Request-URI (RFC 3263 section 4). */
  readonly domain?: string;
}

export interface WayView {
  readonly uri: string;
  readonly place: number;
  readonly state: WayState;
  /** When the state began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** The earlier changes, newest last, at most 60. */
  readonly changes: readonly { readonly state: WayState; readonly atMs: number }[];
}

/** Asks by OPTIONS whether somebody is there; resolves with the status, even of a refusal, or with undefined when nothing came in time. */
export type AskWay = (uri: string, withinMs: number) => Promise<number | undefined>;

export interface Ways {
  start(): void;
  stop(): void;
  /** The trunk's ways in the order in which a call tries them: by priority and weight, with those that do not answer at the end. */
  order(trunk: Trunk): readonly Way[];
  /** Whether each way of the trunk was asked and none answers. */
  areDown(trunk: Trunk): boolean;
  /**
   * Whether a call over this trunk alone is refused at once: no way of it takes calls, and none answers when it is asked once more, for 1 s
   * at most.
   */
  refuses(trunk: Trunk): Promise<boolean>;
  /** A call is sent there. */
  tried(trunkId: TrunkId, uri: string): void;
  /** The way has said 100 to an INVITE. */
  saidTrying(trunkId: TrunkId, uri: string): void;
  /** Whether it says 100, so that a call to which it says nothing has not reached it. */
  saysTrying(trunkId: TrunkId, uri: string): boolean;
  /** Asks a way now. */
  answers(trunkId: TrunkId, uri: string, withinMs: number): Promise<boolean>;
  /** A call found that the way did not answer. */
  failed(trunkId: TrunkId, uri: string): void;
  /** A call found that the way rang or answered. Some carriers ignore OPTIONS. */
  carried(trunkId: TrunkId, uri: string): void;
  /** A call came in from this IP address of the trunk. This proves nothing about a way that did not take the last outbound call. */
  cameIn(trunkId: TrunkId, address: string): void;
  /** By trunk. */
  view(): Readonly<Record<string, readonly WayView[]>>;
}

interface Known {
  place: number;
  facts: WayFacts;
  sinceMs: number;
  changes: { state: WayState; atMs: number }[];
  dueMs: number;
  asking: boolean;
}

/**
 * A proxy or a gateway that is shutting down sends 503 (RFC 3261 section 21.5.4); a 408 or silence means the same. Any other status counts
 * as an answer.
 */
export const isAnswer = (status: number | undefined): boolean => status !== undefined && status !== 503 && status !== 408;

const newWay = (sinceMs: number): Known => ({
  ...{ place: 0, sinceMs, changes: [], dueMs: 0, asking: false },
  facts: { state: 'unknown', ignores: false },
});

/** `position`: the number of the address within its trunk, from 1. */
function tell(log: Logger, way: { readonly trunkId: TrunkId; readonly position: number }, before: WayState, state: WayState): void {
  if (state === 'down') log.warn(way, 'an address of a carrier does not answer');
  else if (state === 'no-options') log.info(way, 'an address of a carrier accepts calls but does not answer OPTIONS');
  else if (before === 'down') log.info(way, 'an address of a carrier answers again');
}

/** `host` of `host:port;parameters`, without brackets. */
const hostOf = (uri: string): string =>
  uri
    .split(';', 1)[0]
    ?.replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '') ?? '';

/** The servers behind an address, or the address itself. */
function waysOf(address: CarrierAddress, locator: Locator, random: () => number): readonly Way[] {
  const { uri, place } = address;
  const servers = byRank(locator.servers(address), random);
  return servers.length === 0 ? [{ uri, place }] : servers.map((server) => ({ uri: server.uri, place, domain: uri }));
}

interface WaysNeeds {
  readonly trunks: () => readonly Trunk[];
  readonly locator: Locator;
  readonly ask: AskWay;
  readonly nowMs: () => number;
  readonly every?: Clock['every'];
  /** From 0 up to 1: draws among addresses of one priority. */
  readonly random?: () => number;
  /** Without it a new process begins with nothing. */
  readonly memory?: WayMemory | undefined;
  readonly log: Logger;
}

/** What is known of each way, and its changes. */
function createKnownWays(needs: Pick<WaysNeeds, 'memory' | 'nowMs' | 'log'>) {
  const { nowMs, log } = needs;
  const known = new Map<string, Map<string, Known>>();
  const recall = createRecall(needs, (trunkId, uri, facts) => {
    const entry = known.get(trunkId)?.get(uri);
    if (entry !== undefined) become(trunkId, uri, entry, withKept(entry.facts, facts));
  });
  const entryOf = (trunkId: TrunkId, uri: string): Known | undefined => known.get(trunkId)?.get(uri);

  function way(trunkId: TrunkId, uri: string): Known {
    const ofTrunk = known.get(trunkId) ?? new Map<string, Known>();
    known.set(trunkId, ofTrunk);
    const found = ofTrunk.get(uri);
    if (found !== undefined) return found;
    const made = newWay(nowMs());
    const kept = recall.of(trunkId, uri);
    if (kept !== undefined) made.facts = withKept(made.facts, kept);
    ofTrunk.set(uri, made);
    return made;
  }

  function settle(trunkId: TrunkId, uri: string, event: WayEvent): void {
    const entry = way(trunkId, uri);
    const before = entry.facts;
    become(trunkId, uri, entry, wayAfter(before, event, nowMs()));
    const asksAgain = event === 'answered' || event === 'unanswered' || event === 'failed';
    if (asksAgain) entry.dueMs = nowMs() + (entry.facts.state === 'down' ? ASK_SILENT_EVERY_MS : ASK_EVERY_MS);
    if (worthKeeping(before, entry.facts)) recall.write(trunkId, uri, keptOf(entry.facts));
  }

  function become(trunkId: TrunkId, uri: string, entry: Known, facts: WayFacts): void {
    const { state: before } = entry.facts;
    entry.facts = facts;
    const { state } = facts;
    if (before === state) return;
    entry.changes = [...entry.changes, { state: before, atMs: entry.sinceMs }].slice(-KEPT_CHANGES);
    entry.sinceMs = nowMs();
    tell(log, { trunkId, position: [...(known.get(trunkId)?.keys() ?? [])].indexOf(uri) + 1 }, before, state);
  }

  function forget(trunkId: TrunkId, uri: string): void {
    known.get(trunkId)?.delete(uri);
    recall.write(trunkId, uri, undefined);
  }

  return { known, entryOf, way, settle, forget, recalled: () => recall.read() };
}

/** Keeps the state of every way of every enabled trunk. */
export function createWays(needs: WaysNeeds): Ways {
  const { trunks, locator, ask, nowMs, every = systemClock.every, random = Math.random, log } = needs;
  const { known, entryOf, way, settle, forget, recalled } = createKnownWays(needs);
  let stopLooking = (): void => undefined;
  const behind = (addresses: readonly CarrierAddress[]): readonly Way[] => addresses.flatMap((each) => waysOf(each, locator, random));

  async function answers(trunkId: TrunkId, uri: string, withinMs: number): Promise<boolean> {
    const entry = way(trunkId, uri);
    entry.asking = true;
    try {
      const up = isAnswer(await ask(uri, withinMs));
      // Its address may have left the trunk in the meantime, or its domain may lead elsewhere: then the result belongs to nobody and raises
      // no alarm.
      if (entryOf(trunkId, uri) === entry) settle(trunkId, uri, up ? 'answered' : 'unanswered');
      return up || entry.facts.state === 'no-options';
    } catch (error) {
      // Our own SIP server did not send: that says nothing about the carrier.
      entry.dueMs = nowMs() + ASK_SILENT_EVERY_MS;
      log.warn({ trunkId, err: error }, 'carriers cannot be probed');
      return entry.facts.state !== 'down';
    } finally {
      entry.asking = false;
    }
  }

  function isLeftNow(trunkId: TrunkId, uri: string): boolean {
    const entry = entryOf(trunkId, uri);
    return entry !== undefined && isLeft(entry.facts, nowMs());
  }

  const ifKnown = (trunkId: TrunkId, uri: string, event: WayEvent): void => {
    if (entryOf(trunkId, uri) !== undefined) settle(trunkId, uri, event);
  };

  function isRefusedNow(trunkId: TrunkId, uri: string): boolean {
    const entry = entryOf(trunkId, uri);
    return entry !== undefined && isRefused(entry.facts, entry.sinceMs, nowMs());
  }

  function refresh(): void {
    recalled();
    const enabled = trunks().filter((trunk) => trunk.enabled);
    locator.refresh(enabled.flatMap(addressesOf));
    const wanted = new Map(enabled.map((trunk) => [trunk.id, behind(addressesOf(trunk))]));
    for (const [trunkId, ofTrunk] of known) {
      const uris = (wanted.get(trunkId) ?? []).map(({ uri }) => uri);
      for (const uri of ofTrunk.keys()) if (!uris.includes(uri)) forget(trunkId, uri);
      if (uris.length === 0) known.delete(trunkId);
    }
    for (const [trunkId, ofTrunk] of wanted) {
      for (const { uri, place } of ofTrunk) {
        const entry = way(trunkId, uri);
        entry.place = place;
        if (!entry.asking && nowMs() >= entry.dueMs) void answers(trunkId, uri, ANSWER_WITHIN_MS);
      }
    }
  }

  return {
    start() {
      refresh();
      stopLooking = every(REFRESH_EVERY_MS, refresh);
    },
    stop: () => stopLooking(),
    order(trunk) {
      const isDown = (uri: string): number => Number(isLeftNow(trunk.id, uri));
      return behind(byRank(addressesOf(trunk), random)).toSorted((a, b) => isDown(a.uri) - isDown(b.uri));
    },
    areDown: (trunk) => behind(addressesOf(trunk)).every(({ uri }) => isLeftNow(trunk.id, uri)),
    answers,
    async refuses(trunk) {
      const uris = behind(addressesOf(trunk)).map(({ uri }) => uri);
      if (uris.length === 0 || !uris.every((uri) => isRefusedNow(trunk.id, uri))) return false;
      const answered = await Promise.all(uris.map((uri) => answers(trunk.id, uri, ASK_ONCE_MORE_MS)));
      return !answered.includes(true);
    },
    tried: (trunkId, uri) => ifKnown(trunkId, uri, 'tried'),
    saidTrying: (trunkId, uri) => ifKnown(trunkId, uri, 'said-trying'),
    saysTrying: (trunkId, uri) => entryOf(trunkId, uri)?.facts.saysTrying === true,
    failed: (trunkId, uri) => settle(trunkId, uri, 'failed'),
    carried: (trunkId, uri) => ifKnown(trunkId, uri, 'carried'),
    cameIn(trunkId, address) {
      const all = [...(known.get(trunkId)?.keys() ?? [])];
      for (const uri of all.length === 1 ? all : all.filter((each) => hostOf(each) === address)) settle(trunkId, uri, 'came-in');
    },
    view: () =>
      Object.fromEntries(
        [...known].map(([trunkId, ofTrunk]) => [
          trunkId,
          [...ofTrunk]
            .map(([uri, { place, facts, sinceMs, changes }]) => ({ uri, place, state: facts.state, sinceMs, changes }))
            .toSorted((a, b) => a.place - b.place),
        ]),
      ),
  };
}
