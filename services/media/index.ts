import { createHash } from 'node:crypto';
import type { Clock } from '../shared/domain/clock.js';
import type { Logger } from '../shared/platform/logger.js';
import { createNgClient } from '../shared/platform/rtpengine-ng.js';
import type { Service } from '../shared/platform/service.js';
import { systemClock } from '../shared/platform/system-clock.js';
import { createDtmfListener } from './adapters/dtmf-listener.js';
import { peerRulesOf } from './adapters/peer-rules.js';
import { createAnchors, type Anchors } from './anchors.js';
import { createDigitWays, type DigitWay } from './digit-ways.js';
import { createKeyLimit } from './key-limit.js';
import { createRelayMemory } from './relay-memory.js';
import { createRelays } from './relays.js';
import { createRevival } from './revival.js';
import { createPeers, type PeerRules } from './sdp/peers.js';
import { createSilenceWatch } from './silence-watch.js';
import { createStrangers, type StrangerAlarm } from './strangers.js';

export type { Anchors, AnchorMedia, AnchorState } from './anchors.js';
export type { LegStatistics } from './statistics.js';
export type { StrangerAlarm } from './strangers.js';
export { createMixer } from './mixer/index.js';

const LOOK_EVERY_MS = 1_000;
/** A leg is told silent at most a quarter of its time late. */
const LOOKS_PER_SILENCE = 4;
/** A leg of an earlier process from which nothing comes for so long is asked about: its end may have been told to nobody. */
const QUIET_MS = 5_000;
const LOOK_AT_QUIET_MS = 1_500;

export interface MediaDependencies {
  readonly relayUrls: readonly string[];
  /** `host:port` where the relays send their DTMF log. */
  readonly dtmfListen: string;
  readonly seatCodec: 'pcma' | 'opus';
  /** So long without a packet of the party outside, and nobody is there. */
  readonly callerSilentMs: number;
  readonly peers: PeerRules;
  /** Somebody sends to the ports of calls who is no party of theirs. */
  readonly onStrangers: (alarm: StrangerAlarm) => void;
  /** The live state, in which the relays keep their legs: fails when it does not answer. */
  readonly pingLiveState: () => Promise<unknown>;
  /** Its connection broke, perhaps for less time than lies between two looks. */
  readonly onLiveStateLost: (handle: () => void) => void;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** Media control: legs at the relays, keys pressed, relays watched. Importing and creating does nothing; `service` runs it. */
export function createMedia({
  relayUrls,
  dtmfListen,
  seatCodec,
  callerSilentMs,
  peers,
  onStrangers,
  pingLiveState,
  onLiveStateLost,
  log,
  clock = systemClock,
}: MediaDependencies): {
  readonly anchors: Anchors;
  readonly service: Service;
  onKey(handle: (legId: string, key: string) => void): void;
  /** A digit that a leg's far side sent by INFO: reported as if it had come with the sound. */
  digitByInfo(legId: string, digit: string): void;
  /** Legs whose relay is gone; their audio will not come back. */
  onLost(handle: (legId: string) => void): void;
  /** Legs that a relay has again after it was started anew: their sound goes on, what was played to them does not. */
  onRevived(handle: (legId: string) => void): void;
  /** Of legs that an earlier process made: those that their relay does not have are lost. */
  checkAdopted(): Promise<void>;
  /** Once it is known which legs an earlier process left: those of no call or seat are dropped. */
  dropUnclaimed(): Promise<void>;
  /** Legs outside from which nothing comes any more. */
  onSilent(handle: (legId: string) => void): void;
  /** Legs that an earlier process made and from which nothing comes at the moment; told again while it stays so. */
  onQuiet(handle: (legId: string) => void): void;
} {
  const { nowMs } = clock;
  const clients = new Map(relayUrls.map((url) => [url, createNgClient(url)]));
  const lostHandlers: ((legId: string) => void)[] = [];
  const revivedHandlers: ((legId: string) => void)[] = [];
  const silentHandlers: ((legId: string) => void)[] = [];
  const quietHandlers: ((legId: string) => void)[] = [];
  const keyHandlers: ((legId: string, key: string) => void)[] = [];
  const relays = createRelays({
    clients,
    legs: (relay) => anchors.count(relay),
    onRestart: (relay, beforeMs) => revival.of(relay, beforeMs),
    onGone(relay) {
      for (const id of anchors.of(relay, Infinity)) {
        anchors.forget(id);
        lost(id);
      }
    },
    nowMs,
    log,
  });
  const lost = (legId: string): void => {
    for (const handle of lostHandlers) handle(legId);
  };
  const strangers = createStrangers({ raise: onStrangers, nowMs, log });
  const anchors = createAnchors({
    relays: clients,
    peers: createPeers(peers),
    onLost: lost,
    onStrangers: (legId, packets) => strangers.seen(legId, packets),
    choose: () => relays.choose(),
    seatCodec,
    tlsId: (id) => createHash('sha256').update(id).digest('hex').slice(0, 32),
    nowMs,
    log,
  });
  const revival = createRevival({
    clients,
    anchors,
    onLost: lost,
    onRevived(legId) {
      for (const handle of revivedHandlers) handle(legId);
    },
    log,
  });
  const memory = createRelayMemory({
    ping: pingLiveState,
    async restateAll() {
      for (const relay of clients.keys())
        for (const legId of anchors.of(relay, Infinity))
          await anchors.restate(legId).catch((error: unknown) => log.warn({ err: error, legId }, 'a leg could not be stated again'));
    },
    nowMs,
    log,
  });
  const silence = createSilenceWatch({
    sending: () => anchors.sending(),
    packetsOf: async (legId) => (await anchors.statistics(legId))?.packetsReceived,
    onSilent: (legId) => {
      log.warn({ legId }, 'no sound of this leg for too long');
      for (const handle of silentHandlers) handle(legId);
    },
    silentAfterMs: callerSilentMs,
    nowMs,
  });
  onLiveStateLost(() => memory.lost());
  const quiet = createSilenceWatch({
    sending: () => anchors.adopted(),
    packetsOf: async (legId) => (await anchors.statistics(legId))?.packetsReceived,
    onSilent(legId) {
      for (const handle of quietHandlers) handle(legId);
    },
    silentAfterMs: QUIET_MS,
    nowMs,
  });
  const keys = createKeyLimit({ nowMs });
  const dtmf = createDtmfListener({
    address: dtmfListen,
    onKey: ({ mediaCallId, tag, key }) => {
      // Keys of the inner side are those that the joined party sent: they were reported on its own leg.
      if (tag === 'A' || tag === 'web' || tag === 'B') pressed(mediaCallId, 'media', key);
    },
  });
  const digitWays = createDigitWays((legId) => anchors.has(legId));
  function pressed(legId: string, way: DigitWay, digit: string): void {
    if (digitWays.isItsWay(legId, way) && keys.allows(legId)) for (const handle of keyHandlers) handle(legId, digit);
  }
  async function look(): Promise<void> {
    await relays.look();
    await anchors.releaseAgain((relay) => relays.status()[relay]?.up === true);
    await memory.look();
  }

  async function ofEachRelay(ask: (relay: string) => Promise<void>): Promise<void> {
    for (const relay of clients.keys())
      await ask(relay).catch((error: unknown) =>
        log.warn({ err: error, relay }, 'the media relay could not be asked for the legs of the process before'),
      );
  }

  const rounds: (() => void)[] = [];
  return {
    anchors,
    onKey: (handle) => keyHandlers.push(handle),
    digitByInfo: (legId, digit) => pressed(legId, 'info', digit),
    onLost: (handle) => lostHandlers.push(handle),
    onSilent: (handle) => silentHandlers.push(handle),
    onQuiet: (handle) => quietHandlers.push(handle),
    onRevived: (handle) => revivedHandlers.push(handle),
    checkAdopted: () => ofEachRelay((relay) => revival.check(relay, nowMs())),
    dropUnclaimed: () => ofEachRelay((relay) => revival.dropUnclaimed(relay)),
    service: {
      name: 'media',
      async start() {
        await dtmf.start();
        await relays.look();
        rounds.push(
          clock.every(LOOK_EVERY_MS, () => void look()),
          clock.every(callerSilentMs / LOOKS_PER_SILENCE, () => void silence.look()),
          clock.every(LOOK_AT_QUIET_MS, () => void quiet.look()),
        );
      },
      async stop() {
        for (const end of rounds) end();
        await dtmf.stop();
        for (const client of clients.values()) client.close();
      },
      async health() {
        const status = relays.status();
        const down = Object.values(status).filter(({ up }) => !up).length;
        return { ok: down === 0, ...(down === 0 ? {} : { reason: `${down} media relay(s) silent` }), facts: { relays: status } };
      },
    },
  };
}

/** Where parties may be, as the configuration says. */
createMedia.peerRulesOf = peerRulesOf;
