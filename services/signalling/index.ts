import { SEAT_REALM, seatPassword } from '../shared/platform/live-sessions.js';
import { normaliseNumber } from '../shared/domain/phone-number.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { Trunk } from '../shared/contracts/flow.js';
import type { Logger } from '../shared/platform/logger.js';
import type { Service } from '../shared/platform/service.js';
import { createDigest, parseDigest } from './adapters/digest.js';
import { createDrachtioStack } from './adapters/drachtio.js';
import { callerNumber } from './caller-number.js';
import { createFloodLimit } from './flood-limit.js';
import type { SeatOwner, SipDialog, SipInvite, SipOutDialog, SipRequest, TrunkBook } from './ports.js';
import { createRegistrations } from './registrations.js';
import { trunkOf } from './trunk-source.js';

/** The address that seats invite. */
const SEAT_USER = 'seat';
const INVITES_PER_SECOND = 100;
const INVITE_BURST = 200;
const REGISTER_FOR_S = '300';

export interface TrunkCall {
  readonly trunkId: string;
  readonly sipCallId: string;
  readonly callerNumber: string;
  readonly called: string;
  readonly sdp: string;
  readonly receivedAtMs: number;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<SipDialog>;
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
  readonly seatKey: string;
  readonly seatOwner: SeatOwner;
  readonly trunks: () => TrunkBook;
  readonly onTrunkCall: (call: TrunkCall) => Promise<void>;
  readonly onSeatCall: (call: SeatCall) => Promise<void>;
  readonly log: Logger;
  readonly nowMs?: () => number;
}

export interface Dialling {
  dial(out: {
    readonly trunkId: string;
    readonly from: string;
    readonly to: string;
    readonly sdp: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<SipOutDialog>;
}

/** The SIP edge: which INVITEs come in and as what, and calls out through trunks. */
export function createSignalling(deps: SignallingDependencies): {
  readonly service: Service;
  readonly dialler: Dialling;
  /** Takes over a dialog of an earlier process; undefined when it is gone. */
  adopt(dialogId: string, ended: () => void): Promise<SipDialog | undefined>;
} {
  const { log, nowMs = Date.now } = deps;
  const stack = createDrachtioStack({ url: deps.drachtioUrl, secret: deps.drachtioSecret, log });
  const digest = createDigest({ key: deps.seatKey, realm: SEAT_REALM, nowMs });
  const flood = createFloodLimit({ perSecond: INVITES_PER_SECOND, burst: INVITE_BURST, nowMs });

  const registrations = createRegistrations({ trunks: () => deps.trunks().trunks(), register: (wish) => stack.register(wish), nowMs, log });

  async function invited(invite: SipInvite): Promise<void> {
    const receivedAtMs = nowMs();
    if (invite.user === SEAT_USER) return seatInvited(invite);
    const trunk = trunkOf(deps.trunks().trunks(), invite.sourceAddress);
    if (trunk === undefined) {
      log.warn({}, 'INVITE from an address of no trunk');
      return invite.refuse('not-allowed');
    }
    if (!flood.allows(trunk.id)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    if (trunk.digest !== undefined && trunk.registers !== true && !(await mayPass(invite, trunk))) return undefined;
    const called = normaliseNumber(calledUser(invite, trunk));
    if (called === undefined) return invite.refuse('invalid-request');
    // A late offer would make the caller wait for its own description: no carrier here sends one.
    if (invite.sdp.trim() === '') return invite.refuse('no-common-codec');
    return deps.onTrunkCall({
      trunkId: trunk.id,
      sipCallId: invite.sipCallId,
      callerNumber: callerNumber({
        assertedIdentity: invite.header('P-Asserted-Identity'),
        from: invite.header('From'),
        trusted: trunk.trustsIdentity,
      }),
      called,
      sdp: invite.sdp,
      receivedAtMs,
      refuse: (failure) => invite.refuse(failure),
      answer: (sdp) => invite.answer(sdp),
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

  async function mayPass(invite: SipInvite, trunk: Trunk): Promise<boolean> {
    const answer = parseDigest(invite.header('Authorization'));
    const verdict =
      answer === undefined || answer.username !== trunk.digest?.username
        ? 'wrong'
        : digest.check(answer, invite.method, trunk.digest.password);
    if (verdict === 'right') return true;
    await invite.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge(verdict === 'stale') });
    return false;
  }

  /** The agent whose live sign-in the digest proves, or undefined after the challenge or the refusal was sent. */
  async function seatAgent(request: SipInvite | SipRequest): Promise<{ agentId: string; sessionId: string } | undefined> {
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

  async function seatInvited(invite: SipInvite): Promise<void> {
    if (!flood.allows(`seat:${invite.sourceAddress}`)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const seat = await seatAgent(invite);
    if (seat === undefined) return undefined;
    return deps.onSeatCall({
      ...seat,
      sipCallId: invite.sipCallId,
      sdp: invite.sdp,
      isWebRtc: /^m=audio \d+ [A-Z/]*SAVPF /m.test(invite.sdp),
      refuse: (failure) => invite.refuse(failure),
      answer: (sdp) => invite.answer(sdp),
      onEnded: (handle) => invite.onEnded(handle),
    });
  }

  /** Seats need no registration; a client that insists gets one, for whoever the digest proves. */
  async function requested(request: SipRequest): Promise<void> {
    if (request.method === 'OPTIONS') return request.accept({ Accept: 'application/sdp' });
    if (!flood.allows(`register:${request.sourceAddress}`)) return request.refuse('too-many-requests', { 'Retry-After': '2' });
    if ((await seatAgent(request)) === undefined) return undefined;
    const contact = request.header('Contact');
    return request.accept({ Expires: REGISTER_FOR_S, ...(contact === undefined ? {} : { Contact: contact }) });
  }

  return {
    service: {
      name: 'signalling',
      async start() {
        await stack.start({ invite: invited, request: requested });
        registrations.start();
      },
      async stop() {
        await registrations.stop();
        await stack.stop();
      },
      async health() {
        const { connected, dialogs } = stack;
        const registered = registrations.state();
        const missing = Object.values(registered).some((state) => state !== 'registered');
        const reason = connected
          ? missing
            ? 'a carrier does not take the registration of its trunk'
            : undefined
          : 'the SIP server is not reachable';
        return { ok: reason === undefined, ...(reason === undefined ? {} : { reason }), facts: { dialogs, registrations: registered } };
      },
    },
    adopt: (dialogId, ended) => stack.adopt(dialogId, ended),
    dialler: {
      async dial({ trunkId, from, to, ...out }) {
        const trunk = deps.trunks().trunk(trunkId);
        const target = trunk?.outboundUri?.replace(/^sip:/, '');
        return stack.dial({ ...out, from, uri: `sip:${to}@${target ?? ''}`, auth: trunk?.digest });
      },
    },
  };
}
