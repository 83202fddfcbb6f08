import { createCalls, createCallsPlatform, createNumberStore, seedCalls, type Calls } from '../calls/index.js';
import { createMedia } from '../media/index.js';
import { createGate, createGateMemory, createPermitBook } from '../outbound/index.js';
import { createRecordingLedger } from '../recording/index.js';
import { createRegisterList, createRegisterRows } from '../registry/index.js';
import { mayUse } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { readOnceHeld } from '../shared/platform/processes/tenure.js';
import { tellSeatDoor } from '../shared/platform/network/seat-door-place.js';
import { findSession } from '../shared/platform/events/live-sessions.js';
import { numberHasher } from '../shared/platform/reach/number-hash.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createSignalling, createSipTraces, createValkeyChannels, createValkeyWays, watchTrunks } from '../signalling/index.js';
import { createCalendarReader } from '../complaints/index.js';
import type { ComposeRole, Context } from './context.js';
import { lastKnownCalendar, lastKnownDirectory } from './last-known-settings.js';

/** Signalling, media and calls in one process, because offer and answer run inside the INVITE's transaction. */
export const compose: ComposeRole = async (context) => {
  const { config, bus, commands, mongo, documents, lastKnown, valkey, live, audit, tenure, log } = context;
  const hashNumber = numberHasher(config.MASTER_KEY);
  const numbers = createNumberStore({ mongo, config, log });
  await documents.onceThere(() => seedCalls(numbers, { demo: config.DEMO_DATA === 'yes' }));
  const ledger = createRecordingLedger({ mongo, config, log });
  const media = createMedia({
    relayUrls: config.RTPENGINE_URLS,
    dtmfListen: config.DTMF_LISTEN,
    seatCodec: config.SEAT_CODEC,
    callerSilentMs: config.CALLER_SILENT_MS,
    peers: createMedia.peerRulesOf(config),
    onStrangers: (alarm) => void publishStrangers(bus, log, alarm),
    pingLiveState: () => valkey.ping(),
    onLiveStateLost: (handle) => valkey.on('close', handle),
    mayAct: tenure.check,
    log,
  });
  const platform = createCallsPlatform({ home: config.PROOFLINE_HOME, mongo, valkey, live, settingsCopiedAt: lastKnown.copiedAt, log });
  const { liveState } = platform;
  const permits = createPermitBook(systemClock);
  const signalling = createSignalling({
    drachtioUrl: config.DRACHTIO_URL,
    drachtioSecret: config.DRACHTIO_SECRET,
    doors: { seatPort: portOf(config.SIP_WEBSOCKET_URL), ...testDoorOf(config.SIP_TEST_ADDRESS) },
    peersFile: config.SIP_PEERS_FILE,
    seatKey: config.SEAT_KEY,
    seatOwner: async (sessionId) => {
      const session = await findSession(valkey, sessionId);
      if (session === undefined) return undefined;
      return mayUse({ ...session, sessionId }, 'seat.use') ? { agentId: session.userId } : undefined;
    },
    trunks: () => calls.directory,
    redeem: (permit) => permits.redeem(permit),
    notSent: (permit) => permits.notSent(permit),
    onAnsweredLate: ({ permitId, trunkId, agentId }) =>
      void audit({
        who: agentId ?? 'system:calls',
        what: 'outbound.answered-late',
        object: `permit:${permitId}`,
        success: true,
        reason: `trunk ${trunkId}`,
      }).catch((error: unknown) => log.error({ err: error, permitId, trunkId }, 'a late answer from a carrier could not be recorded')),
    onTrunkCall: (call) => calls.invited(call),
    onSeatCall: (call) => calls.seatInvited(call),
    channels: createValkeyChannels(valkey),
    wayMemory: createValkeyWays(valkey),
    traces: { store: createSipTraces({ valkey, config }).store, hashNumber },
    mayAct: tenure.check,
    log,
  });
  const ofTheGate = {
    mongo,
    valkey,
    zone: config.SITE_TIME_ZONE,
    register: createRegisterRows({ mongo }),
    registerList: createRegisterList({ mongo }),
    log,
  };
  const gateMemory = createGateMemory(ofTheGate);
  const calls: Calls = createCalls({
    siteTimeZone: config.SITE_TIME_ZONE,
    seatGraceMs: config.SEAT_GRACE_MS,
    hashNumber,
    media: { ...media.anchors, digitByInfo: media.digitByInfo },
    onKey: (handle) => media.onKey(handle),
    onMediaLost: (handle) => media.onLost(handle),
    onMediaRevived: (handle) => media.onRevived(handle),
    onSilent: (handle) => media.onSilent(handle),
    onQuiet: (handle) => media.onQuiet(handle),
    lineCounts: (callerLeg, agentLeg) => media.anchors.countsOf(callerLeg, agentLeg),
    dialler: signalling.dialler,
    adoptDialog: (dialogId, ended) => signalling.adopt(dialogId, ended),
    ledger,
    outbound: createGate({ ...ofTheGate, memory: gateMemory, hashNumber, audit, permits }),
    bus,
    commands,
    numbers: lastKnownDirectory(numbers, lastKnown),
    calendarYears: lastKnownCalendar(createCalendarReader(mongo), lastKnown),
    platform: { ...platform, liveState: { ...liveState, left: () => readOnceHeld(tenure, () => liveState.left()) } },
    log,
  });
  return [
    ledger,
    media.service,
    gateMemory.service,
    callsAndSignalling({ calls, signalling, media, bus, commands, tellsDoor: () => tellSeatDoor(valkey, config.SIP_WEBSOCKET_URL), log }),
  ];
};

/** The first INVITE finds everything ready, and calls are ended or passed on before signalling stops. */
function callsAndSignalling({
  calls,
  signalling,
  media,
  bus,
  commands,
  tellsDoor,
  log,
}: Pick<Context, 'bus' | 'commands' | 'log'> & {
  readonly tellsDoor: () => Promise<void>;
  readonly calls: Calls;
  readonly signalling: ReturnType<typeof createSignalling>;
  readonly media: ReturnType<typeof createMedia>;
}): Service {
  const parts = [calls.service, signalling.service];
  let stopServing: (() => Promise<void>) | undefined;
  let watch: { stop(): Promise<void> } | undefined;
  return {
    name: 'telephony',
    async start() {
      for (const part of parts) await part.start();
      stopServing = await commands.serve({ 'trunks.state': async () => signalling.trunkStates() });
      watch = watchTrunks({ states: () => signalling.trunkStates(), bus, log });
      await tellsDoor().catch((error: unknown) => log.warn({ err: error }, 'the address for seats could not be published'));
      const known = await calls.takeUp();
      await media.checkAdopted();
      if (known) await media.dropUnclaimed();
    },
    async stop(ending) {
      await watch?.stop();
      await stopServing?.();
      const left = ending !== 'product';
      if (left) await calls.leave();
      // Requests in a dialog from here on wait at the SIP server for the next process.
      for (const part of left ? [...parts].reverse() : parts) await part.stop(ending);
    },
    drain: (tell) => calls.service.drain?.(tell),
    async health() {
      const answers = await Promise.all(parts.map(async (part) => (await part.health?.()) ?? { ok: true }));
      const ill = answers.find(({ ok }) => !ok);
      return {
        ok: ill === undefined,
        ...(ill?.reason === undefined ? {} : { reason: ill.reason }),
        facts: Object.assign({}, ...answers.map(({ facts }) => facts ?? {})) as Record<string, unknown>,
      };
    },
  };
}

async function publishStrangers(
  bus: EventBus,
  log: Logger,
  { legs, packets }: { readonly legs: number; readonly packets: number },
): Promise<void> {
  await bus
    .publish('notice.raised', {
      at: new Date().toISOString(),
      code: 'strange-media',
      text: {
        en: `${packets} packets came to the media ports of ${legs} leg(s) that were not their parties' or not in the agreed coding. They were dropped. If a trunk's callers are not heard, its media comes from another address than it describes: see the trunk's sheet.`,
        'zh-CN': `${legs} 个通话支路的媒体端口收到 ${packets} 个并非来自通话方、或编码不符的数据包，均已丢弃。如某中继的主叫无声，说明其媒体来自与信令所述不同的地址，请查看该中继的设置。`,
      },
    })
    .catch((error: unknown) => log.warn({ err: error }, 'an alarm could not be published'));
}

function testDoorOf(place: string): { readonly testPort: number; readonly testAddress: string } {
  const { hostname, port } = new URL(`udp://${place}`);
  return { testPort: Number(port), testAddress: hostname.replace(/^\[|\]$/g, '') };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port);
}
