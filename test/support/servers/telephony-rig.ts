import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { startSipServer, type SipServer, type SipServerOptions } from '../../../infra/embedded/sip/index.js';
import { RELAY_READING } from '../../../infra/supervisor/plan/relay-reading.js';
import { createCalls, createCallsPlatform, type Calls, type LeavingGate } from '../../../services/calls/index.js';
import { createMedia, createMixer } from '../../../services/media/index.js';
import type { CommandArguments, CommandBus, CommandHandlers } from '../../../services/shared/contracts/calls/commands.js';
import { createPermitBook } from '../../../services/outbound/index.js';
import { maskNumber } from '../../../services/shared/domain/numbers/phone-number.js';
import { Trunk, type ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import type { TrunkState } from '../../../services/shared/contracts/trunks/trunk-state.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Delivered, EventBus, EventName } from '../../../services/shared/events/catalogue.js';
import type { PortRange } from '../../../services/shared/platform/network/media-ports.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { findSession, rememberSession, seatPassword } from '../../../services/shared/platform/events/live-sessions.js';
import { silentLogger, type Logger } from '../../../services/shared/platform/processes/logger.js';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import type { Service } from '../../../services/shared/platform/processes/service.js';
import { LiveWriter } from '../../../services/shared/platform/stores/live-writer.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { issueSeatTicket } from '../../../services/shared/platform/network/sip-doors.js';
import { createSignalling } from '../../../services/signalling/index.js';
import { FarPhone } from '../phones/far-phone.js';
import { openSeatLink, startSeatDoor, type SeatLink } from '../seat-link.js';
import { SipPhone, udpLink, type SipLink } from '../phones/sip-phone.js';
import { relayRange } from './relay-range.js';
import { freeTcpPort, freeUdpPort } from '../free-ports.js';

export const SECRET = 'telephony-rig-secret';
export const SEAT_KEY = 'telephony-rig-seat-key';
const HOST = '127.0.0.1';
/** Inner legs and the mixer. */
const INNER = '127.0.0.2';
const WAIT_MS = 8_000;
const RELAY_PORTS = 400;
/** Longer than any test: a session that runs out ends its seat. */
const SESSION_MS = 3_600_000;
/** Of the live state, where the relay keeps its calls. */
const RELAY_DB = 1;

/** Fields of the trunk; undefined: the trunk has it no more. */
type RigTrunk = { readonly [Field in keyof Trunk]?: Trunk[Field] | undefined };

type Admission = 'ok' | 'queue-full' | 'no-agent' | 'unknown-queue';

/** What the rig's own part of routing does; a test may change it between calls. */
export interface RigOptions {
  readonly numbers: readonly ServiceNumber[];
  readonly trunk?: Partial<Trunk>;
  /** Trunks behind it, with the same fields where nothing else is said. */
  readonly furtherTrunks?: readonly (Partial<Trunk> & { readonly id: string })[];
  readonly seatGraceMs?: number;
  readonly callerSilentMs?: number;
  /** A SIP server that hands over no dialogs, as drachtio-server. */
  readonly strictDialogs?: boolean;
  /** The trunk is in a network beside this machine's own: where we are in it, and where the carrier is. SIP comes over TCP there too. */
  readonly network?: { readonly own: string; readonly carrier: string };
  readonly log?: Logger;
  /** How many ports the relay has on each of its addresses. */
  readonly relayPorts?: number;
  /** With it trunks may come and be called over TLS. */
  readonly tls?: SipServerOptions['tls'];
  readonly seatCodec?: 'pcma' | 'opus';
}

type LegsAtRelay = ReturnType<typeof createMedia>['anchors'];

interface Heard {
  readonly name: EventName;
  readonly event: Record<string, unknown>;
}

const EMERGENCY: readonly string[] = ['110', '112', '119', '120', '122'];

/**
 * Telephony on real parts: Valkey, rtpengine, the embedded SIP server, the mixer; routing is the test itself, which admits, offers and
 * answers by commands. Everything on ports of its own, in a folder of its own.
 */
export class TelephonyRig implements AsyncDisposable {
  readonly events: Heard[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #phones: { close(): void }[] = [];
  #offers = 0;
  #mixer: Service | undefined;
  #mixers = 0;
  /** What the rules for leaving say; a test may refuse. */
  permit: LeavingGate['permit'] = async ({ callId, way: ofLeg, number, ways, called }) => {
    const way = ways.find(({ from }) => called === undefined || from === called);
    if (way === undefined) throw new CallCentreError('outbound-number', 'no way out');
    const permitId = ofLeg === 'call-out' || ofLeg === 'callback' ? callId : `${callId}/${(this.#permitted += 1)}`;
    const numberHash = `hash-${number.length}`;
    const others = ways.filter(({ trunkId, from }) => from === way.from && trunkId !== way.trunkId);
    return this.permits.issue({
      ...way,
      others,
      permitId,
      called,
      way: ofLeg,
      number,
      numberMasked: maskNumber(number),
      numberHash,
      consentId: 'consent-1',
      longestMs: this.longestMs,
      ...(EMERGENCY.includes(number) ? { emergency: true as const } : {}),
    });
  };
  otherWay: LeavingGate['otherWay'] = async (permit, { returns } = { returns: false }) => {
    const [way, ...others] = permit.others ?? [];
    return way === undefined ? undefined : this.permits.issue({ ...permit, ...way, others: returns ? [...others, permit] : others });
  };
  readonly permits = createPermitBook(systemClock);
  #permitted = 0;
  longestMs = 3_600_000;
  readonly unusedPermits: string[] = [];
  /** Calls off a leg that is being dialled. */
  readonly dialling = new Set<() => void>();
  readonly endedLegs: Parameters<LeavingGate['ended']>[0][] = [];
  /** What the recorder says to a new call. */
  recorderIsFull = false;
  /** Alarms about packets that came from elsewhere than the parties. */
  readonly strangers: { readonly legs: number; readonly packets: number }[] = [];
  /** Telephony ends and leaves its calls, and another process of it goes on with them. */
  restartTelephony: (options?: { readonly meanwhile?: () => void }) => Promise<void> = async () => undefined;
  /** The trunk as telephony has it. */
  trunkStates: () => readonly TrunkState[] = () => [];
  /** Legs at the relay, as telephony has them. */
  media!: LegsAtRelay;
  /** On which a party of this machine is refused, and which the system may give to a telephone all the same: Valkey's is taken by TCP alone. */
  #refusedPorts: readonly PortRange[] = [];
  /** From where to where the relay takes ports, on each of its addresses. */
  relayPorts = { min: 0, max: 0 };
  readonly recorderStarts: CommandArguments<'recorder.start'>[] = [];
  ledgerIsAway = false;
  /** What `changeTrunk` has changed. */
  trunkNow: RigTrunk = {};
  admit: Admission = 'ok';
  /** Of single queues; `admit` answers for the others. */
  readonly admitTo = new Map<string, Admission>();
  /** Called when telephony asks for the place of a caller, before an announcement. */
  onPlaceAsked: () => void = () => undefined;

  private constructor(
    readonly folder: string,
    readonly commands: CommandBus & { close(): Promise<void> },
    readonly bus: EventBus & { close(): Promise<void> },
    readonly valkey: Redis,
    readonly sip: SipServer,
    readonly ngUrl: string,
    readonly dtmf: string,
    readonly sipPort: number,
    readonly seatPort: number,
    readonly testPort: number,
    /** Where seats come in. */
    readonly web: string,
    readonly processes: Record<'valkey' | 'relay', ChildProcess>,
    private readonly startValkey: () => ChildProcess,
    private readonly startRelay: () => Promise<ChildProcess>,
    private readonly newMixer: (place: number) => Service,
    private running: readonly Service[],
    private readonly stops: (() => Promise<void>)[],
  ) {}

  static async start(options: RigOptions): Promise<TelephonyRig> {
    const log = options.log ?? silentLogger;
    const outer = options.network?.own ?? HOST;
    const folder = mkdtempSync(join(tmpdir(), 'telephony-'));
    const [valkeyPort, ngPort, dtmfPort] = [await freeTcpPort(HOST), await freeUdpPort(HOST), await freeUdpPort(HOST)];
    const startValkey = (): ChildProcess =>
      spawn('valkey-server', ['--port', String(valkeyPort), '--bind', HOST, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    const valkeyProcess = startValkey();
    const valkeyUrl = `redis://${HOST}:${valkeyPort}`;
    const valkey = new Redis(valkeyUrl, { maxRetriesPerRequest: 20 });
    valkey.on('error', () => undefined);
    await valkey.ping();
    const ngUrl = `udp://${HOST}:${ngPort}`;
    const { min: portMin, max: portMax } = relayRange(options.relayPorts ?? RELAY_PORTS);
    const startRelay = async (): Promise<ChildProcess> => {
      const relay = spawn(
        'rtpengine',
        [
          '--config-file=none',
          '--table=-1',
          `--interface=outer/${outer}`,
          `--interface=inner/${INNER}`,
          `--listen-ng=${HOST}:${ngPort}`,
          `--port-min=${portMin}`,
          `--port-max=${portMax}`,
          '--foreground',
          '--log-stderr',
          '--log-level=3',
          '--num-threads=2',
          RELAY_READING,
          '--timeout=3600',
          '--silent-timeout=3600',
          `--dtmf-log-dest=${HOST}:${dtmfPort}`,
          `--recording-dir=${folder}`,
          '--recording-method=pcap',
          // As infra/supervisor/plan/plan.ts: the relay keeps its calls in the live state and does not hang with it.
          `--redis=${HOST}:${valkeyPort}/${RELAY_DB}`,
          ...['--redis-cmd-timeout=100', '--redis-connect-timeout=100', '--redis-allowed-errors=1', '--redis-disable-time=5'],
        ],
        { stdio: 'ignore' },
      );
      const ng = createNgClient(ngUrl);
      await ng.send({ command: 'ping' }, { timeoutMs: WAIT_MS });
      ng.close();
      return relay;
    };
    const relay = await startRelay();
    const peersFile = join(folder, 'sip-peers.json');
    const sip = await startSipServer({
      admin: { host: HOST, port: 0 },
      secret: SECRET,
      peersFile,
      strictDialogs: options.strictDialogs === true,
      contacts: [
        `sip:${outer}:0;transport=udp`,
        ...(options.network === undefined ? [] : [`sip:${outer}:0;transport=tcp`]),
        `sip:${HOST}:0;transport=ws;door=seat`,
        `sip:${HOST}:0;transport=udp;door=test`,
        ...(options.tls === undefined ? [] : [`sip:${outer}:0;transport=tls`]),
      ],
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    });
    const udp = sip.listeners.filter(({ protocol }) => protocol === 'udp');
    const [seatPort = 0, testPort = 0] = [sip.listeners.find(({ protocol }) => protocol === 'ws')?.port, udp.at(-1)?.port];
    const web = await startSeatDoor({ sipPort: seatPort, sipSecret: SECRET, seatKey: SEAT_KEY, valkey });
    const live = new LiveWriter({ url: valkeyUrl, log });
    const bus = createValkeyBus({ url: valkeyUrl, log, live });
    const commands = createValkeyCommands({ url: valkeyUrl, log });
    const sipPort = udp[0]?.port ?? 0;
    const trunk: Trunk = {
      id: 'carrier',
      name: 'carrier',
      carrier: '',
      addresses: [options.network?.carrier ?? HOST],
      trustsIdentity: false,
      permittedCallerNumbers: ['4001000'],
      enabled: true,
      ...options.trunk,
    };
    let ledgerNumber = 0;
    const mongo = unconnected();
    const create = (): Pick<TelephonyRig, 'trunkStates'> & {
      calls: Calls;
      anchors: LegsAtRelay;
      services: Service[];
      takeUp: () => Promise<void>;
    } => {
      const media = createMedia({
        relayUrls: [ngUrl],
        dtmfListen: `${HOST}:${dtmfPort}`,
        seatCodec: options.seatCodec ?? 'pcma',
        callerSilentMs: options.callerSilentMs ?? 60_000,
        peers: {
          allowedNetworks: ['127.0.0.0/8'],
          ownAddresses: () => [HOST, outer],
          ownBroadcasts: () => [],
          innerAddresses: [INNER],
          ownPorts: new Set([ngPort, dtmfPort, valkeyPort]),
          ownRanges: [{ from: portMin, to: portMax }],
          relayAddresses: [],
          testCallAddress: undefined,
          ownServers: [],
        },
        onStrangers: (alarm) => rig.strangers.push(alarm),
        pingLiveState: () => valkey.ping(),
        onLiveStateLost: (handle) => valkey.on('close', handle),
        log,
      });
      const signalling = createSignalling({
        drachtioUrl: `tcp://${HOST}:${sip.admin.port}`,
        drachtioSecret: SECRET,
        doors: { seatPort, testPort, testAddress: HOST },
        peersFile,
        seatKey: SEAT_KEY,
        seatOwner: async (sessionId) => {
          const session = await findSession(valkey, sessionId);
          return session === undefined ? undefined : { agentId: session.userId };
        },
        trunks: () => calls.directory,
        redeem: (permit) => rig.permits.redeem(permit),
        notSent: (permit) => rig.permits.notSent(permit),
        onTrunkCall: (call) => calls.invited(call),
        onSeatCall: (call) => calls.seatInvited(call),
        log,
      });
      const calls: Calls = createCalls({
        siteTimeZone: 'Asia/Shanghai',
        seatGraceMs: options.seatGraceMs ?? 2_000,
        hashNumber: (number) => `hash-${number.length}`,
        media: { ...media.anchors, digitByInfo: media.digitByInfo },
        onKey: (handle) => media.onKey(handle),
        onMediaLost: (handle) => media.onLost(handle),
        onMediaRevived: (handle) => media.onRevived(handle),
        onSilent: (handle) => media.onSilent(handle),
        onQuiet: (handle) => media.onQuiet(handle),
        dialler: signalling.dialler,
        adoptDialog: (dialogId, ended) => signalling.adopt(dialogId, ended),
        outbound: {
          permit: (request) => rig.permit(request),
          otherWay: (permit, how) => rig.otherWay(permit, how),
          unused: async (permit) => {
            if (rig.permits.void(permit)) rig.unusedPermits.push(permit.permitId);
          },
          async whileDialled(_permit, calledOff) {
            const stop = (): void => calledOff('outbound-stopped');
            return rig.dialling.add(stop) && (() => void rig.dialling.delete(stop));
          },
          ended: async (leg) => void rig.endedLegs.push(leg),
        },
        ledger: {
          intent: async () => {
            if (rig.ledgerIsAway) throw new CallCentreError('service-unavailable', 'no number');
            return { ledgerNumber: (ledgerNumber += 1) };
          },
        },
        bus,
        commands,
        calendarYears: async () => new Map(),
        numbers: {
          numbers: async () => options.numbers,
          trunks: async () => [
            Trunk.parse({ ...trunk, ...rig.trunkNow }),
            ...(options.furtherTrunks ?? []).map((further) => Trunk.parse({ ...trunk, ...further })),
          ],
          listedCallers: async () => [{ number: '13900000000', list: 'black', priority: 10, note: '' }],
        },
        // The document store is never connected: records go to the spool, where the test reads them.
        platform: createCallsPlatform({ home: folder, mongo, valkey, live, log }),
        log,
      });
      // As services/main/telephony.ts.
      const takeUp = async (): Promise<void> => {
        if (await calls.takeUp()) await media.dropUnclaimed();
      };
      const trunkStates = (): TrunkState[] => signalling.trunkStates();
      return { calls, anchors: media.anchors, services: [media.service, calls.service, signalling.service], takeUp, trunkStates };
    };
    const first = create();
    const mixerPort = 30_000 + 2 * Math.floor(Math.random() * 1_000);
    const newMixer = (place: number): Service => {
      const portMin = mixerPort + 100 * (place % 5);
      return createMixer({ address: INNER, portMin, portMax: portMin + 98, commands, bus, log });
    };
    const rig: TelephonyRig = new TelephonyRig(
      folder,
      commands,
      bus,
      valkey,
      sip,
      ngUrl,
      `${HOST}:${dtmfPort}`,
      sipPort,
      seatPort,
      testPort,
      web.url,
      { valkey: valkeyProcess, relay },
      startValkey,
      startRelay,
      newMixer,
      first.services,
      [],
    );
    let now = first;
    rig.trunkStates = () => now.trunkStates();
    rig.restartTelephony = async ({ meanwhile } = {}) => {
      await now.calls.leave();
      for (const service of [...now.services].reverse()) await service.stop('process');
      meanwhile?.();
      now = create();
      rig.media = now.anchors;
      rig.running = now.services;
      for (const service of now.services) await service.start();
      await now.takeUp();
    };
    rig.media = first.anchors;
    // RTCP goes to the port above that of the sound.
    rig.#refusedPorts = [ngPort, dtmfPort, valkeyPort].map((port) => ({ from: port - 1, to: port }));
    rig.relayPorts = { min: portMin, max: portMax };
    const routing: CommandHandlers = {
      'queue.admit': async ({ queueId }) => {
        const reason = rig.admitTo.get(queueId) ?? rig.admit;
        return { admitted: reason === 'ok', reason, position: 1 };
      },
      'queue.position': async () => {
        rig.onPlaceAsked();
        return { position: 3, expectedWaitMs: 90_000 };
      },
      'agents.list': async () => [],
      'recorder.start': async (input) => {
        rig.recorderStarts.push(input);
        if (rig.recorderIsFull) throw new CallCentreError('disk-full', 'no room');
        return {};
      },
      'recorder.pause': async () => ({}),
      'recorder.resume': async () => ({}),
    };
    rig.stops.push(() => mongo.destroy());
    rig.stops.push(() => web.stop());
    rig.stops.push(await commands.serve(routing));
    rig.stops.push(
      await bus.follow((delivered: Delivered) => {
        rig.events.push({ name: delivered.name, event: delivered.event });
        for (const look of [...rig.#waiting]) look();
      }),
    );
    await rig.startMixerAnew();
    rig.stops.push(async () => rig.#mixer?.stop('process'));
    for (const service of first.services) await service.start();
    await first.takeUp();
    return rig;
  }

  /** The next event of a name, also one that has come already, that `fits`. */
  async event(
    name: EventName,
    fits: (event: Record<string, unknown>) => boolean = () => true,
    withinMs = WAIT_MS,
  ): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`no ${name}; events: ${this.events.map((each) => each.name).join(' ')}`));
      }, withinMs);
      const look = (): void => {
        const found = this.events.find((each) => each.name === name && fits(each.event));
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found.event);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** A telephone outside, where the trunk's `outboundUri` leads; open it before the rig starts. */
  static farPhone(): Promise<FarPhone> {
    return FarPhone.open(HOST);
  }

  async caller(number: string, from = '13800000001', through?: (link: SipLink) => SipLink): Promise<SipPhone> {
    return this.#phone(`sip:${from}@${HOST}`, `sip:${number}@${HOST}:${this.sipPort}`, through);
  }

  /** A plain-RTP seat of an agent, signed in and up. */
  async seat(agentId: string, sessionId = `session-${agentId}`, through?: (link: SeatLink) => SeatLink): Promise<SipPhone> {
    const seat = await this.seatWith(agentId, sessionId, seatPassword(SEAT_KEY, sessionId), through);
    const seen = (): number => this.events.filter(({ name }) => name === 'seat.media').length;
    const [before, status] = [seen(), await seat.call()];
    if (status !== 200) throw new Error(`the seat was answered ${status}`);
    await this.event('seat.media', () => seen() > before);
    return seat;
  }

  /** A seat that has not called yet, on a connection of a session of the agent. */
  async seatWith(agentId: string, username: string, password: string, through = (link: SeatLink) => link): Promise<SipPhone> {
    const session = { userId: agentId, name: agentId, roles: ['agent'] as const, scope: { queues: [], sites: [], clientUnits: [] } };
    await rememberSession(this.valkey, username, session, SESSION_MS);
    const server = through(await openSeatLink(`${this.web}/sip?ticket=${await issueSeatTicket(this.valkey, username)}`));
    const at = { server, local: HOST, avoidPorts: this.#refusedPorts };
    const phone = await SipPhone.open(
      { ...at, from: `sip:${username}@proofline.invalid`, credential: { username, password } },
      'sip:seat@proofline.invalid',
    );
    this.#phones.push(phone);
    return phone;
  }

  async #phone(from: string, uri: string, through?: (link: SipLink) => SipLink): Promise<SipPhone> {
    const there = { address: HOST, port: this.sipPort };
    const server = through === undefined ? there : through(await udpLink(there, HOST));
    const phone = await SipPhone.open({ server, local: HOST, avoidPorts: this.#refusedPorts, from }, uri);
    this.#phones.push(phone);
    return phone;
  }

  /** An administrator changes the trunk; in force when it resolves. */
  async changeTrunk(changed: RigTrunk): Promise<void> {
    this.trunkNow = { ...this.trunkNow, ...changed };
    await this.commands.send('telephony.read-again', {});
  }

  /** What routing would do: rings the agent. */
  async offer(callId: string, agentId: string, ringForMs = 20_000): Promise<string> {
    this.#offers += 1;
    const offerId = `offer-${this.#offers}`;
    await this.commands.send('call.offer', { callId, agentId, offerId, ringForMs });
    return offerId;
  }

  /** A call that waits in the queue. */
  async queued(number: string, through?: (link: SipLink) => SipLink): Promise<{ caller: SipPhone; callId: string }> {
    const caller = await this.caller(number, undefined, through);
    const seen = this.events.filter(({ name }) => name === 'call.queued').length;
    const status = await caller.call();
    if (status !== 200) throw new Error(`the caller was answered ${status}`);
    await this.event('call.queued', () => this.events.filter(({ name }) => name === 'call.queued').length > seen);
    const queued = this.events.filter(({ name }) => name === 'call.queued')[seen];
    return { caller, callId: String(queued?.event['callId']) };
  }

  /** A call that talks with an agent. `through`: what the caller's signalling goes through. */
  async talking(number: string, agentId: string, through?: (link: SipLink) => SipLink): Promise<{ caller: SipPhone; callId: string }> {
    const { caller, callId } = await this.queued(number, through);
    await this.offer(callId, agentId);
    await this.commands.send('call.answer', { callId, agentId });
    return { caller, callId };
  }

  ended(callId: string): Promise<Record<string, unknown>> {
    return this.event('call.ended', (event) => event['callId'] === callId);
  }

  /** The mixer's rooms and sockets are gone, and another mixer, which knows nothing of them, serves. */
  async startMixerAnew(): Promise<void> {
    await this.#mixer?.stop('process');
    this.#mixers += 1;
    this.#mixer = this.newMixer(this.#mixers);
    await this.#mixer.start();
  }

  async killRelay(): Promise<void> {
    await ended(this.processes.relay);
  }
  /** Whether the relay has written this leg to the live state. */
  async isKeptByRelay(legId: string): Promise<boolean> {
    const relays = this.valkey.duplicate({ db: RELAY_DB });
    const found = await relays.exists(legId);
    relays.disconnect();
    return found > 0;
  }
  /** The live state loses what the relay kept in it. */
  async forgetRelayCalls(): Promise<void> {
    const relays = this.valkey.duplicate({ db: RELAY_DB });
    await relays.flushdb();
    relays.disconnect();
  }
  async startRelayAgain(): Promise<void> {
    this.processes.relay = await this.startRelay();
  }
  async killValkey(): Promise<void> {
    await ended(this.processes.valkey);
  }
  /** Empty: nothing of the live state was kept. */
  async startValkeyAgain(): Promise<void> {
    this.processes.valkey = this.startValkey();
    await this.valkey.ping();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const phone of this.#phones) phone.close();
    const [media, calls, signalling] = this.running;
    await calls?.stop('product');
    await signalling?.stop('product');
    await media?.stop('product');
    for (const stop of this.stops.reverse()) await stop();
    await this.bus.close();
    await this.commands.close();
    this.valkey.disconnect();
    await this.sip.close();
    // SIGKILL: a relay that records can crash at SIGTERM, and nothing of it is needed any more.
    for (const child of Object.values(this.processes)) await ended(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function unconnected(): mongoose.Connection {
  const connection = mongoose.createConnection();
  connection.set('bufferCommands', false);
  return connection;
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
