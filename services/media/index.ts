import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock } from '../shared/domain/time/clock.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { createNgClient, type NgClient, type NgWire } from '../shared/platform/network/rtpengine-ng.js';
import type { Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createDtmfListener } from './adapters/dtmf-listener.js';
import { peerRulesOf } from './adapters/peer-rules.js';
import { createAnchors, type Anchors } from './anchors.js';
import { createDigitWays, type DigitWay } from './legs/digit-ways.js';
import { createKeyLimit } from './legs/key-limit.js';
import { createRelayMemory, type RelayMemory } from './relays/relay-memory.js';
import { createRelays } from './relays/relays.js';
import { createRevival } from './relays/revival.js';
import { createPeers, type PeerRules } from './sdp/peers.js';
import { createSilenceWatch } from './silence-watch.js';
import { createStrangers, type StrangerAlarm } from './strangers.js';

export type { Anchors, AnchorMedia, AnchorState } from './anchors.js';
export type { LegStatistics } from './statistics.js';
export type { StrangerAlarm } from './strangers.js';
export { createMixer } from './mixer/index.js';

const LOOK_EVERY_MS = 1_000;
/** The silence of a leg is reported late by at most a quarter of its limit. */
const LOOKS_PER_SILENCE = 4;
/** Losses on a leg are known from the first look at it on. */
const FIRST_LOOK_MS = 1_000;
/** The legs of seats, for packets of strangers: the others are looked at for silence. */
const LOOK_AT_SEATS_MS = 60_000;
/** After this long without packets, a leg of an earlier process is checked: nobody may have heard of its end. */
const QUIET_MS = 5_000;
const LOOK_AT_QUIET_MS = 1_500;

export interface MediaDependencies {
  readonly relayUrls: readonly string[];
  /** `host:port` where the relays send their DTMF log. */
  readonly dtmfListen: string;
  readonly seatCodec: 'pcma' | 'opus';
  /** After this long without a packet from the party outside, nobody is there. */
  readonly callerSilentMs: number;
  readonly peers: PeerRules;
  /** Called when somebody sends to ports of calls without being a party of them. */
  readonly onStrangers: (alarm: StrangerAlarm) => void;
  /** The live state, in which the relays store their legs. Fails when it does not answer. */
  readonly pingLiveState: () => Promise<unknown>;
  /** Called when the connection to the live state broke, perhaps for less time than between two checks. */
  readonly onLiveStateLost: (handle: () => void) => void;
  /** Does not return when this process may act no more: asked before each message to a relay. */
  readonly mayAct?: () => void;
  readonly log: Logger;
  readonly clock?: Clock;
  /** How the relays are reached, and who listens for digits; the network of this machine, unless a simulation has its own. */
  readonly wire?: NgWire;
  readonly listenForDigits?: typeof createDtmfListener;
}

export interface Media {
  readonly anchors: Anchors;
  readonly service: Service;
  onKey(handle: (legId: string, key: string) => void): void;
  /** A digit that the far end of a leg sent by INFO. It is reported as if it had come with the media. */
  digitByInfo(legId: string, digit: string): void;
  /** Legs whose relay is gone. Their audio will not come back. */
  onLost(handle: (legId: string) => void): void;
  /** Legs that a restarted relay has again. Their media continues, but playback to them has stopped. */
  onRevived(handle: (legId: string) => void): void;
  /** Checks the legs of an earlier process: a leg that its relay no longer has is lost. */
  checkAdopted(): Promise<void>;
  /** Called once it is known which legs an earlier process left. Legs of no call or seat are dropped. */
  dropUnclaimed(): Promise<void>;
  /** Outside legs that send no more packets. */
  onSilent(handle: (legId: string) => void): void;
  /** Legs of an earlier process that send nothing at the moment; reported again while this lasts. */
  onQuiet(handle: (legId: string) => void): void;
}

function createListeners<Told extends readonly unknown[]>() {
  const handlers: ((...told: Told) => void)[] = [];
  return {
    add: (handle: (...told: Told) => void): void => void handlers.push(handle),
    tell(...told: Told): void {
      for (const handle of handlers) handle(...told);
    },
  };
}

/** Stores every leg in the live state again, one after the other. */
async function restateAll(relays: Iterable<string>, anchors: Anchors, log: Logger): Promise<void> {
  for (const relay of relays) await restate(anchors.of(relay), anchors, log);
}

async function restate(legIds: readonly string[], anchors: Anchors, log: Logger): Promise<void> {
  for (const legId of legIds)
    await anchors.restate(legId).catch((error: unknown) => log.warn({ err: error, legId }, 'a leg could not be restored at the relay'));
}

/** Where these relays reach a listener; undefined when it listens at a name, at every address, or where only its own machine reaches it. */
function reachedAt(listen: string, relayUrls: readonly string[]): string | undefined {
  const host = listen.slice(0, listen.lastIndexOf(':'));
  if (isIP(host) !== 4 || host === '0.0.0.0') return undefined;
  const isLoopback = (address: string): boolean => address.startsWith('127.');
  return isLoopback(host) && !relayUrls.every((url) => isLoopback(new URL(url).hostname)) ? undefined : listen;
}

type Round = readonly [everyMs: number, look: () => Promise<void>];

/** Looks at one leg after the other. A slow relay is not asked again before it has answered. */
function createRound(legs: () => readonly string[], look: (legId: string) => Promise<unknown>): () => Promise<void> {
  let looking = false;
  return async () => {
    if (looking) return;
    looking = true;
    for (const legId of legs()) await look(legId).catch(() => undefined);
    looking = false;
  };
}

/** Notices silence of outside legs, pauses of legs of an earlier process, and what nobody asks for in between. */
function createWatches({
  anchors,
  callerSilentMs,
  nowMs,
  onSilent,
  onQuiet,
  log,
}: Pick<MediaDependencies, 'callerSilentMs' | 'log'> & {
  readonly anchors: Anchors;
  readonly nowMs: () => number;
  readonly onSilent: (legId: string) => void;
  readonly onQuiet: (legId: string) => void;
}): Round[] {
  const packetsOf = async (legId: string): Promise<number | undefined> => (await anchors.statistics(legId))?.packetsReceived;
  const silence = createSilenceWatch({
    sending: () => anchors.sending(),
    packetsOf,
    onSilent: (legId) => {
      log.warn({ legId }, 'no media from this leg for too long');
      onSilent(legId);
    },
    silentAfterMs: callerSilentMs,
    nowMs,
  });
  const pauses = createSilenceWatch({ sending: () => anchors.adopted(), packetsOf, onSilent: onQuiet, silentAfterMs: QUIET_MS, nowMs });
  return [
    [callerSilentMs / LOOKS_PER_SILENCE, silence.look],
    [LOOK_AT_QUIET_MS, pauses.look],
    [FIRST_LOOK_MS, createRound(() => anchors.uncounted(), packetsOf)],
    [LOOK_AT_SEATS_MS, createRound(() => anchors.seats(), packetsOf)],
  ];
}

/** Passes on the digits of a leg from only one of the two ways in which it may send them, and at most as many as a person can press. */
function createDigits({
  address,
  isLeg,
  onDigit,
  nowMs,
  listen,
}: {
  readonly listen: typeof createDtmfListener;
  readonly address: string;
  readonly isLeg: (legId: string) => boolean;
  readonly onDigit: (legId: string, digit: string) => void;
  readonly nowMs: () => number;
}) {
  const limit = createKeyLimit({ nowMs });
  const ways = createDigitWays(isLeg);
  function pressed(legId: string, way: DigitWay, digit: string): void {
    if (ways.isItsWay(legId, way) && limit.allows(legId)) onDigit(legId, digit);
  }
  return {
    byInfo: (legId: string, digit: string): void => pressed(legId, 'info', digit),
    listener: listen({
      address,
      onKey: ({ mediaCallId, tag, key }) => {
        // Digits on the inner side come from the joined party and were reported on its own leg.
        if (tag === 'A' || tag === 'web' || tag === 'B') pressed(mediaCallId, 'media', key);
      },
    }),
  };
}

/** Listens for digits and checks the relays regularly. */
function mediaService({
  clock,
  dtmf,
  relays,
  clients,
  rounds,
}: {
  readonly clock: Clock;
  readonly dtmf: ReturnType<typeof createDtmfListener>;
  readonly relays: ReturnType<typeof createRelays>;
  readonly clients: ReadonlyMap<string, NgClient>;
  readonly rounds: readonly Round[];
}): Service {
  const ends: (() => void)[] = [];
  return {
    name: 'media',
    async start() {
      await dtmf.start();
      await relays.look();
      ends.push(...rounds.map(([everyMs, look]) => clock.every(everyMs, () => void look())));
    },
    async stop() {
      for (const end of ends) end();
      await dtmf.stop();
      for (const client of clients.values()) client.close();
    },
    async health() {
      const status = relays.status();
      const down = Object.values(status).filter(({ up }) => !up).length;
      return { ok: down === 0, ...(down === 0 ? {} : { reason: `${down} media relay(s) silent` }), facts: { relays: status } };
    },
  };
}

/** What a process sees to that goes on with the legs of an earlier one. */
function afterTakingOver({
  relayUrls,
  revival,
  anchors,
  memory,
  log,
}: Pick<MediaDependencies, 'relayUrls' | 'log'> & {
  readonly revival: ReturnType<typeof createRevival>;
  readonly anchors: Anchors;
  readonly memory: RelayMemory;
}): Pick<Media, 'checkAdopted' | 'dropUnclaimed'> {
  /** A relay that is away holds up no other. */
  async function ofEachRelay(ask: (relay: string) => Promise<void>): Promise<void> {
    await Promise.all(
      relayUrls.map((relay) =>
        ask(relay).catch((error: unknown) =>
          log.warn({ err: error, relay }, 'the media relay could not be asked for the legs of the previous process'),
        ),
      ),
    );
  }

  return {
    async checkAdopted() {
      await ofEachRelay((relay) => revival.check(relay));
      await restate(anchors.heardElsewhere(), anchors, log);
      // The earlier process may not have stated all legs again since the live state was away.
      if (anchors.adopted().length > 0) memory.lost();
    },
    dropUnclaimed: () => ofEachRelay((relay) => revival.dropUnclaimed(relay)),
  };
}

/** Media control: legs at the relays, digits, and the state of the relays. Importing and creating it does nothing; `service` runs it. */
export function createMedia({
  relayUrls,
  dtmfListen,
  seatCodec,
  callerSilentMs,
  peers,
  onStrangers,
  pingLiveState,
  onLiveStateLost,
  mayAct,
  log,
  clock = systemClock,
  wire,
  listenForDigits = createDtmfListener,
}: MediaDependencies): Media {
  const { nowMs } = clock;
  const clients = new Map(relayUrls.map((url) => [url, createNgClient(url, mayAct, wire)]));
  const [lost, revived, silent, quiet] = [
    createListeners<[string]>(),
    createListeners<[string]>(),
    createListeners<[string]>(),
    createListeners<[string]>(),
  ];
  const keys = createListeners<[legId: string, key: string]>();
  const relays = createRelays({
    clients,
    legs: (relay) => anchors.count(relay),
    onRestart: (relay) => revival.of(relay),
    onGone(relay) {
      for (const id of anchors.of(relay)) {
        anchors.abandon(id);
        lost.tell(id);
      }
    },
    nowMs,
    log,
  });
  const strangers = createStrangers({ raise: onStrangers, nowMs, log });
  const anchors = createAnchors({
    relays: clients,
    peers: createPeers(peers),
    onLost: lost.tell,
    onStrangers: (legId, packets) => strangers.seen(legId, packets),
    choose: () => relays.choose(),
    seatCodec,
    keysTo: reachedAt(dtmfListen, relayUrls),
    tlsId: (id) => createHash('sha256').update(id).digest('hex').slice(0, 32),
    nowMs,
    log,
  });
  const revival = createRevival({
    clients,
    anchors,
    onLost: lost.tell,
    onRevived: revived.tell,
    log,
  });
  const memory = createRelayMemory({
    ping: pingLiveState,
    restateAll: () => restateAll(clients.keys(), anchors, log),
    nowMs,
    log,
  });
  const watches = createWatches({ anchors, callerSilentMs, nowMs, onSilent: silent.tell, onQuiet: quiet.tell, log });
  onLiveStateLost(() => memory.lost());
  const digits = createDigits({
    address: dtmfListen,
    isLeg: (legId) => anchors.has(legId),
    onDigit: keys.tell,
    nowMs,
    listen: listenForDigits,
  });
  async function look(): Promise<void> {
    await relays.look();
    await anchors.releaseAgain((relay) => relays.status()[relay]?.up === true);
    await memory.look();
  }

  return {
    anchors,
    onKey: keys.add,
    digitByInfo: digits.byInfo,
    onLost: lost.add,
    onSilent: silent.add,
    onQuiet: quiet.add,
    onRevived: revived.add,
    ...afterTakingOver({ relayUrls, revival, anchors, memory, log }),
    service: mediaService({
      clock,
      dtmf: digits.listener,
      relays,
      clients,
      rounds: [[LOOK_EVERY_MS, look], ...watches],
    }),
  };
}

/** The addresses where parties may be, as configured. */
createMedia.peerRulesOf = peerRulesOf;
