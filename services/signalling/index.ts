import { SEAT_REALM, seatPassword } from '../shared/platform/live-sessions.js';
import { normaliseNumber } from '../shared/domain/phone-number.js';
import type { DialPermit } from '../shared/domain/dial-permit.js';
import { writtenBy } from '../shared/domain/number-rules.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { Trunk } from '../shared/contracts/flow.js';
import type { TrunkState } from '../shared/contracts/trunk-state.js';
import type { Logger } from '../shared/platform/logger.js';
import { isSystemSeat } from '../shared/domain/proof.js';
import { newId } from '../shared/platform/new-id.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import { createFloodLimit } from '../shared/platform/flood-limit.js';
import type { Service } from '../shared/platform/service.js';
import { systemClock } from '../shared/platform/system-clock.js';
import { readSeatOrigin, SEAT_HEADER, TEST_CALLER, testDoorPassword } from '../shared/platform/sip-doors.js';
import { createDigest, parseDigest } from './adapters/digest.js';
import { createDnsNames } from './adapters/dns-names.js';
import { createDrachtioStack } from './adapters/drachtio.js';
import { readWire } from './adapters/wire-tap.js';
import { createPeersFile } from './adapters/peers-file.js';
import { callerNumber } from './caller-number.js';
import { mayContinue, type Peer } from './peer.js';
import type { SeatOwner, SipDialog, SipInvite, TrunkBook } from './ports.js';
import { createDialler, type Dialling } from './dialler.js';
import { createLocator, type Names } from './locator.js';
import { createRegistrations } from './registrations.js';
import { trunkOf } from './trunk-source.js';
import { createSharedLoad, type SharedChannels } from './shared-load.js';
import { createTrunkLoad } from './trunk-load.js';
import { trunkStates } from './trunk-state.js';
import { createWays } from './ways.js';
import type { TraceStore } from './trace/trace.js';
import { createTracer, tracedDoors } from './trace/tracer.js';

export { watchTrunks } from './trunk-watch.js';
export { createSipTraces } from './adapters/sip-traces.js';
export { createValkeyChannels } from './adapters/valkey-channels.js';

/** The address that seats invite. */
const SEAT_USER = 'seat';
const INVITES_PER_SECOND = 100;
const INVITE_BURST = 200;
/** A page rebuilds its line at most every 100 ms, with one more INVITE for the digest. */
const SEAT_INVITES_PER_SECOND = 10;
const SEAT_INVITE_BURST = 20;
/** What stands in records as the trunk of a test call. */
const TEST_TRUNK = 'test';

export interface TrunkCall {
  readonly trunkId: string;
  /** A call of the installation itself (proof, practice): no figure counts it. */
  readonly class: 'service' | 'test';
  readonly sipCallId: string;
  readonly callerNumber: string;
  readonly called: string;
  /** Undefined: the caller leaves the offer to us (RFC 3261 section 13.2.1). */
  readonly sdp: string | undefined;
  readonly receivedAtMs: number;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<SipDialog>;
  offer(sdp: string): Promise<{ readonly leg: SipDialog; readonly answer: string }>;
  onEnded(handle: () => void): void;
}

export interface SeatCall {
  readonly agentId: string;
  readonly sessionId: string;
  readonly sipCallId: string;
  readonly sdp: string;
  readonly isWebRtc: boolean;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<SipDialog>;
  onEnded(handle: () => void): void;
}

export interface SignallingDependencies {
  readonly drachtioUrl: string;
  readonly drachtioSecret: string;
  /** Local ports of the SIP server: what comes there is a seat, or a test call. Everything else is a trunk's. */
  readonly doors: { readonly seatPort: number; readonly testPort: number; readonly testAddress: string };
  readonly seatKey: string;
  readonly seatOwner: SeatOwner;
  readonly trunks: () => TrunkBook;
  /** Where the SIP server reads who the trunks are; undefined where it reads nothing. */
  readonly peersFile?: string | undefined;
  /** Uses a permit up: false when it is unknown, used or stale. */
  readonly redeem: (permit: DialPermit) => boolean;
  /** The INVITE of a permit that was used up did not leave. */
  readonly notSent: (permit: DialPermit) => void;
  readonly onTrunkCall: (call: TrunkCall) => Promise<void>;
  readonly onSeatCall: (call: SeatCall) => Promise<void>;
  /** Where SIP messages are kept that somebody asked for, and how numbers are compared; nothing is traced without. */
  readonly traces?: { readonly store: TraceStore; readonly hashNumber: NumberHash } | undefined;
  /** Where all processes count the channels of trunks; without, this one counts its own alone. */
  readonly channels?: SharedChannels;
  readonly log: Logger;
  readonly nowMs?: () => number;
  /** Looks up the servers of carriers; the system's name servers when it is left out. */
  readonly names?: Names;
}

/** The SIP edge: which INVITEs come in and as what, and calls out through trunks. */
export function createSignalling(deps: SignallingDependencies): {
  readonly service: Service;
  readonly dialler: Dialling;
  /** Takes over a dialog of an earlier process; undefined when it is gone. */
  adopt(dialogId: string, ended: () => void): Promise<SipDialog | undefined>;
  /** Enabled trunks as they are now. */
  trunkStates(): TrunkState[];
} {
  const { log, nowMs = systemClock.nowMs } = deps;
  const credentials = (trunkId: string): Trunk['digest'] => deps.trunks().trunk(trunkId)?.digest;
  const tracer =
    deps.traces && createTracer({ ...deps.traces, ...tracedDoors(deps), read: readWire, clock: { ...systemClock, nowMs }, log });
  const seen = tracer && ((frame: string): void => tracer.seen(frame));
  const stack = createDrachtioStack({ url: deps.drachtioUrl, secret: deps.drachtioSecret, doors: deps.doors, credentials, seen, log });
  const digest = createDigest({ key: deps.seatKey, realm: SEAT_REALM, nowMs });
  const flood = createFloodLimit({ perSecond: INVITES_PER_SECOND, burst: INVITE_BURST, nowMs });
  const seatFlood = createFloodLimit({ perSecond: SEAT_INVITES_PER_SECOND, burst: SEAT_INVITE_BURST, nowMs });

  const registrations = createRegistrations({ trunks: () => deps.trunks().trunks(), register: (wish) => stack.register(wish), nowMs, log });

  const locator = createLocator({ names: deps.names ?? createDnsNames(), nowMs, log });
  const ways = createWays({ trunks: () => deps.trunks().trunks(), locator, ask: (uri, withinMs) => stack.ask(uri, withinMs), nowMs, log });

  const clock = { ...systemClock, nowMs };
  const local = createTrunkLoad({ talking: (trunkId) => stack.dialogsOf(trunkId).length, every: clock.every, nowMs });
  const shared =
    deps.channels &&
    createSharedLoad({
      ...{ local, channels: deps.channels, clock, newToken: newId, log },
      dialogsOf: (trunkId) => stack.dialogsOf(trunkId),
      trunks: () => deps.trunks().trunks(),
    });
  const load = shared ?? local;

  const peersFile =
    deps.peersFile === undefined ? undefined : createPeersFile({ file: deps.peersFile, trunks: () => deps.trunks().trunks(), log });

  /** The door decides what an INVITE can be; what it says of itself comes after that. */
  async function invited(invite: SipInvite): Promise<void> {
    if (invite.door === 'seat') return seatInvited(invite);
    return invite.door === 'test' ? testInvited(invite) : trunkInvited(invite);
  }

  async function trunkInvited(invite: SipInvite): Promise<void> {
    const receivedAtMs = nowMs();
    const trunk = trunkOf(deps.trunks().trunks(), invite.sourceAddress, invite.transport);
    if (trunk === undefined) {
      log.warn({}, 'INVITE from an address of no trunk');
      return invite.refuse('not-allowed');
    }
    if (!isProvable(trunk)) return invite.refuse('not-allowed');
    if (!flood.allows(trunk.id)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const needsDigest = trunk.digest !== undefined && trunk.registers !== true;
    if (needsDigest && !(await mayPass(invite, trunk.digest))) return undefined;
    const gaveUp = new AbortController();
    invite.onEnded(() => gaveUp.abort());
    const setUp = await load.take(trunk, 'in', gaveUp.signal);
    if (setUp === undefined) return invite.refuse('service-unavailable', { 'Retry-After': '2' });
    const handedOver = handOver(whileSetUp(invite, setUp), {
      trunkId: trunk.id,
      class: 'service',
      callerNumber: callerNumber({
        assertedIdentity: invite.header('P-Asserted-Identity'),
        from: invite.header('From'),
        trusted: trunk.trustsIdentity,
        written: (number) => writtenBy(trunk.numberRules ?? [], 'caller-in', number).number,
      }),
      calledUser: writtenBy(trunk.numberRules ?? [], 'called-in', calledUser(invite, trunk)).number,
      receivedAtMs,
      peer: {
        door: 'trunk',
        trunkId: trunk.id,
        address: invite.sourceAddress,
        ...(invite.transport === 'tls' ? { overTls: true } : {}),
      },
    });
    return handedOver.catch((error: unknown) => {
      setUp();
      throw error;
    });
  }

  /** The same call; its channel is taken by the set-up until it is refused, given up or answered, and by its dialog then. */
  const whileSetUp = (invite: SipInvite, over: () => void): SipInvite => {
    invite.onEnded(over);
    return {
      ...invite,
      refuse: (failure, headers) => invite.refuse(failure, headers).finally(over),
      answer: (sdp, peer) => invite.answer(sdp, peer).finally(over),
      offer: (sdp, peer) => invite.offer(sdp, peer).finally(over),
    };
  };

  /** Certificates are compared by the SIP server that reads who the trunks are; another one does not know which a trunk must have. */
  function isProvable({ id, certificate }: Trunk): boolean {
    const provable = certificate === undefined || deps.peersFile !== undefined;
    if (!provable) log.error({ trunkId: id }, 'this SIP server does not compare the certificates of trunks');
    return provable;
  }

  /** Proof and practice calls, and the seat of proof calls: known by a secret of this installation. */
  async function testInvited(invite: SipInvite): Promise<void> {
    const receivedAtMs = nowMs();
    if (!flood.allows(TEST_TRUNK)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const peer: Peer = { door: 'test', address: invite.sourceAddress, port: invite.sourcePort };
    if (invite.user === SEAT_USER) {
      const seat = await seatAgent(invite);
      if (seat === undefined) return undefined;
      return isSystemSeat(seat.agentId) ? takeSeat(invite, seat, peer) : invite.refuse('not-allowed');
    }
    if (!(await mayPass(invite, { username: TEST_CALLER, password: testDoorPassword(deps.seatKey) }))) return undefined;
    const number = callerNumber({ assertedIdentity: undefined, from: invite.header('From'), trusted: false });
    return handOver(invite, { trunkId: TEST_TRUNK, class: 'test', callerNumber: number, calledUser: invite.user, receivedAtMs, peer });
  }

  async function handOver(
    invite: SipInvite,
    call: Pick<TrunkCall, 'trunkId' | 'class' | 'callerNumber' | 'receivedAtMs'> & { readonly calledUser: string; readonly peer: Peer },
  ): Promise<void> {
    const { calledUser: user, peer, ...rest } = call;
    const called = normaliseNumber(user);
    if (called === undefined) return invite.refuse('invalid-request');
    return deps.onTrunkCall({
      ...rest,
      sipCallId: invite.sipCallId,
      called,
      sdp: invite.sdp.trim() === '' ? undefined : invite.sdp,
      refuse: (failure) => invite.refuse(failure),
      answer: (sdp) => invite.answer(sdp, peer),
      offer: (sdp) => invite.offer(sdp, peer),
      onEnded: (handle) => invite.onEnded(handle),
    });
  }

  /** A carrier with which we registered sends to our contact; whom the caller dialled stands in To. */
  function calledUser(invite: SipInvite, trunk: Trunk): string {
    if (trunk.registers !== true || invite.user !== trunk.digest?.username) return invite.user;
    const to = invite.header('To') ?? '';
    const [address = '', host] = to.slice(to.lastIndexOf('<') + 1).split('@', 2);
    const [user = ''] = address.slice(address.lastIndexOf(':') + 1).split(';', 1);
    return host === undefined || user === '' ? invite.user : user;
  }

  async function mayPass(invite: SipInvite, expected: Trunk['digest']): Promise<boolean> {
    const answer = parseDigest(invite.header('Authorization'));
    const verdict =
      answer === undefined || answer.username !== expected?.username ? 'wrong' : digest.check(answer, invite.method, expected.password);
    if (verdict === 'right') return true;
    await invite.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge(verdict === 'stale') });
    return false;
  }

  /** The agent whose live sign-in the digest proves, or undefined after the challenge or the refusal was sent. */
  async function seatAgent(request: SipInvite): Promise<{ agentId: string; sessionId: string } | undefined> {
    const answer = parseDigest(request.header('Authorization'));
    if (answer === undefined) {
      await request.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge() });
      return undefined;
    }
    const verdict = digest.check(answer, request.method, seatPassword(deps.seatKey, answer.username));
    if (verdict === 'stale') {
      await request.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge(true) });
      return undefined;
    }
    const owner = verdict === 'right' ? await deps.seatOwner(answer.username) : undefined;
    if (owner === undefined) {
      log.warn({ method: request.method }, 'seat credential refused');
      await request.refuse('not-allowed');
      return undefined;
    }
    return { agentId: owner.agentId, sessionId: answer.username };
  }

  /** By the web origin: the session is the one whose ticket opened the connection, and the digest must be of the same. */
  async function seatInvited(invite: SipInvite): Promise<void> {
    const origin = readSeatOrigin(deps.seatKey, invite.header(SEAT_HEADER), invite.sipCallId);
    if (invite.user !== SEAT_USER || origin === undefined) {
      log.warn({}, 'INVITE at the seat door that is no seat');
      return invite.refuse('not-allowed');
    }
    if (!seatFlood.allows(origin.sessionId)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const seat = await seatAgent(invite);
    if (seat === undefined) return undefined;
    if (seat.sessionId !== origin.sessionId) return invite.refuse('not-allowed');
    return takeSeat(invite, seat, { door: 'seat', address: invite.sourceAddress, port: invite.sourcePort });
  }

  const takeSeat = (invite: SipInvite, seat: { agentId: string; sessionId: string }, peer: Peer): Promise<void> =>
    deps.onSeatCall({
      ...seat,
      sipCallId: invite.sipCallId,
      sdp: invite.sdp,
      isWebRtc: /^m=audio \d+ [A-Z/]*SAVPF /m.test(invite.sdp),
      refuse: (failure) => invite.refuse(failure),
      answer: (sdp) => invite.answer(sdp, peer),
      onEnded: (handle) => invite.onEnded(handle),
    });

  return {
    service: {
      name: 'signalling',
      async start() {
        await peersFile?.start();
        tracer?.start();
        await stack.start({
          invite: invited,
          // It opens nothing, and carriers and our own probe ask by it whether we are there.
          options: (request) => request.accept({ Accept: 'application/sdp' }),
          mayContinue: (peer, source) => mayContinue(peer, source, deps.trunks().trunks()),
        });
        registrations.start();
        ways.start();
        shared?.start();
      },
      async stop(ending) {
        peersFile?.stop();
        ways.stop();
        shared?.stop();
        await registrations.stop(ending);
        await stack.stop(ending);
        await tracer?.stop();
      },
      async health() {
        const { connected, dialogs, foreignRequests } = stack;
        const registered = registrations.state();
        const ofTrunks = ways.view();
        const silent = Object.values(ofTrunks).some((all) => all.length > 0 && all.every(({ state }) => state === 'down'));
        const reasons = [
          !connected && 'the SIP server is not reachable',
          Object.values(registered).some((state) => state !== 'registered') && 'a carrier does not take the registration of its trunk',
          silent && 'a carrier does not answer at any address of its trunk',
        ];
        const reason = reasons.find((text) => text !== false);
        return {
          ok: reason === undefined,
          ...(reason === undefined ? {} : { reason }),
          facts: { dialogs, foreignRequests, registrations: registered, ways: ofTrunks },
        };
      },
    },
    adopt: (dialogId, ended) => stack.adopt(dialogId, ended),
    trunkStates: () => trunkStates({ trunks: deps.trunks().trunks(), ways: ways.view(), registrations: registrations.state(), load }),
    dialler: createDialler({
      trunk: (trunkId) => deps.trunks().trunk(trunkId),
      redeem: deps.redeem,
      notSent: deps.notSent,
      isProvable,
      ways,
      load,
      send: (one) => stack.dial(one),
      onSent: (sipCallId, permit) => tracer?.leaving(sipCallId, permit, permit.trunkId),
      log,
    }),
  };
}
