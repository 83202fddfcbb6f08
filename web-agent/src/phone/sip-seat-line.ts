import { Inviter, SessionState, UserAgent, Web } from 'sip.js';
import { createQualityReader, heardLast, type InboundRow, type StatsCounters } from './quality.js';
import type { OpenSeatLine, SeatLine } from './ports.js';
import { LineFailed, stageOf, triedWays, type LineStage, type StatsRow, type TriedWay } from './line-trouble.js';
import { nameSource, normaliseTelephoneEvent } from './session-description.js';

const OPEN_WITHIN_MS = 8_000;
/**
 * Chromium has its UDP candidates after 2 ms and waits 100 ms more for TCP ones, which the relay does not support. A later candidate is
 * found by its check.
 */
const GATHER_MS = 20;
/** Media that is missing for this long will not recover before the caller notices; Chromium itself would wait until 16 s. */
const MEDIA_AWAY_MS = 1_500;

/**
 * The seat's line over sip.js: one INVITE, authenticated by digest, that stays up for the whole sign-in. Nothing is repaired: every failure
 * is reported as lost, and the seat opens another line before it closes this one.
 */
export const openSipSeatLine: OpenSeatLine = async ({ credential, microphone, onLost }) => {
  const target = UserAgent.makeURI(credential.target);
  const own = UserAgent.makeURI(`sip:${credential.username}@${credential.realm}.invalid`);
  if (target === undefined || own === undefined) throw new Error('The seat credential names no SIP address.');

  let over = false;
  let isUp = false;
  /** The other side has sent BYE; sending another one would end the dialog twice. */
  let ended = false;
  const lose = (why: Parameters<typeof onLost>[0]): void => {
    if (over) return;
    over = true;
    close();
    if (isUp) onLost(why);
  };

  const agent = new UserAgent({
    uri: own,
    authorizationUsername: credential.username,
    authorizationPassword: credential.password,
    transportOptions: { server: credential.webSocketUrl, connectionTimeout: 5, traceSip: false },
    logBuiltinEnabled: false,
    gracefulShutdown: false,
    userAgentString: 'Proofline seat',
    // Each line has its own copies: sip.js stops the tracks of a session that ends, and the next line must keep sending.
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(() => Promise.resolve(copyOf(microphone))),
    sessionDescriptionHandlerFactoryOptions: {
      // Its default names a public STUN server; an external address would also delay the offer.
      peerConnectionConfiguration: { bundlePolicy: 'balanced', iceServers: [] },
      iceGatheringTimeout: GATHER_MS,
    },
    delegate: { onDisconnect: () => lose('signalling') },
  });

  const inviter = new Inviter(agent, target, {
    earlyMedia: false,
    sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
    sessionDescriptionHandlerModifiers: [
      (description) => Promise.resolve({ ...description, sdp: normaliseTelephoneEvent(description.sdp ?? '') }),
    ],
  });
  inviter.delegate = {
    onBye: (bye) => {
      ended = true;
      void bye.accept();
      lose('ended');
    },
  };

  const peerOf = (): RTCPeerConnection | undefined =>
    inviter.sessionDescriptionHandler instanceof Web.SessionDescriptionHandler
      ? inviter.sessionDescriptionHandler.peerConnection
      : undefined;

  function close(): void {
    over = true;
    void leave();
  }

  async function leave(): Promise<void> {
    try {
      if (inviter.state === SessionState.Established && !ended) await inviter.bye();
      else if (inviter.state === SessionState.Establishing) await inviter.cancel();
    } catch {
      // No BYE can be sent in a dialog without a socket; the server notices by itself.
    }
    peerOf()?.close();
    await agent.stop().catch(() => undefined);
  }

  const within = deadline(OPEN_WITHIN_MS);
  let stage: LineStage = 'signalling';
  try {
    await Promise.race([agent.start(), within.expired]);
    stage = 'refused';
    await Promise.race([established(inviter), within.expired]);
    stage = 'media';
    const peer = peerOf();
    if (peer === undefined) throw new Error('The session has no peer connection.');
    await Promise.race([connected(peer), within.expired]);
    isUp = true;
    watchMedia(peer, () => lose('media'));
    inviter.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) lose('ended');
    });
    return lineOver(peer, inviter.request.callId, close);
  } catch (error) {
    // Read before the connection is closed: afterwards nothing is known of it.
    const failed = stageOf(stage, peerOf()?.localDescription?.sdp);
    const tried = failed === 'media' ? await waysOf(peerOf()) : [];
    close();
    throw new LineFailed({ stage: failed, tried }, { cause: error });
  } finally {
    within.cancel();
  }
};

async function waysOf(peer: RTCPeerConnection | undefined): Promise<TriedWay[]> {
  const rows: StatsRow[] = [];
  const report = await peer?.getStats().catch(() => undefined);
  report?.forEach((row: StatsRow) => rows.push(row));
  return triedWays(rows);
}

const copyOf = (stream: MediaStream): MediaStream => new MediaStream(stream.getAudioTracks().map((track) => track.clone()));

function lineOver(peer: RTCPeerConnection, callId: string, close: () => void): SeatLine {
  const read = createQualityReader();
  let binding: Promise<void> = Promise.resolve();
  const remote = new MediaStream(peer.getReceivers().flatMap(({ track }) => (track.kind === 'audio' ? [track] : [])));
  return {
    callId,
    remote,
    setMute(muted) {
      for (const { track } of peer.getSenders()) if (track?.kind === 'audio') track.enabled = !muted;
    },
    async useMicrophone(track) {
      const sender = peer.getSenders()[0];
      const old = sender?.track;
      const copy = track.clone();
      copy.enabled = old?.enabled ?? true;
      await sender?.replaceTrack(copy);
      old?.stop();
    },
    bindCaller(ssrc) {
      binding = binding.then(() => bind(peer, ssrc)).catch(() => undefined);
      return binding;
    },
    async quality(afterBreak) {
      if (peer.connectionState === 'closed') return null;
      const now = countersOf(await peer.getStats());
      return now === null ? null : read(now, afterBreak);
    },
    close,
  };
}

/** Binds the receiver's track to the caller's source by a local renegotiation: the same answer again, with one more line. */
async function bind(peer: RTCPeerConnection, ssrc: number | null): Promise<void> {
  const answer = peer.remoteDescription;
  if (answer === null || peer.signalingState !== 'stable') return;
  await peer.setLocalDescription(await peer.createOffer());
  await peer.setRemoteDescription({ type: 'answer', sdp: nameSource(answer.sdp, ssrc) });
}

function established(inviter: Inviter): Promise<void> {
  return new Promise((resolve, reject) => {
    inviter.stateChange.addListener((state) => {
      if (state === SessionState.Established) resolve();
      if (state === SessionState.Terminated) reject(new Error('The seat session was refused.'));
    });
    inviter.invite({ requestDelegate: { onReject: () => reject(new Error('The seat session was refused.')) } }).catch(reject);
  });
}

function connected(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (peer.connectionState === 'connected') resolve();
      if (peer.connectionState === 'failed' || peer.connectionState === 'closed') reject(new Error('The media path could not be set up.'));
    };
    peer.addEventListener('connectionstatechange', look);
    look();
  });
}

function watchMedia(peer: RTCPeerConnection, away: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  peer.addEventListener('connectionstatechange', () => {
    clearTimeout(timer);
    if (peer.connectionState === 'failed' || peer.connectionState === 'closed') away();
    if (peer.connectionState === 'disconnected') timer = setTimeout(away, MEDIA_AWAY_MS);
  });
}

function countersOf(report: RTCStatsReport): StatsCounters | null {
  const sources: InboundRow[] = [];
  let roundTripMs = 0;
  report.forEach((row: InboundRow & { type: string; kind?: string; nominated?: boolean; currentRoundTripTime?: number }) => {
    if (row.type === 'inbound-rtp' && row.kind === 'audio') sources.push(row);
    if (row.type === 'candidate-pair' && row.nominated === true) roundTripMs = (row.currentRoundTripTime ?? 0) * 1_000;
  });
  const heard = heardLast(sources);
  return heard === undefined ? null : { ...heard, roundTripMs: Math.round(roundTripMs) };
}

function deadline(afterMs: number): { readonly expired: Promise<never>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The seat line did not come up in time.')), afterMs);
  });
  // Losers of a promise race must not become unhandled rejections.
  expired.catch(() => undefined);
  return { expired, cancel: () => clearTimeout(timer) };
}
