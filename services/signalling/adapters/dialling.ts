import type Srf from 'drachtio-srf';
import { CallCentreError } from '../../shared/domain/failure.js';
import { WayFailed } from '../../shared/domain/way-failed.js';
import type { Peer } from '../peer.js';
import type { SipDialog, SipOut, SipOutDialog } from '../ports.js';
import type { KnownDialog } from './guarded-srf.js';
import { meanings, SERVER } from './outside-requests.js';
import { isOverTls } from './request-uri.js';
import { watchSilence } from './silence.js';

/** 180 and 183: the far side has been found and tells its user. 100 and 181 say less. */
const RINGING = 180;
const TIMED_OUT = 408;
/** The next hop has the INVITE (RFC 3261 section 17.1.1.2: it says so where it does not answer within 200 ms). */
const TRYING = 100;

/** The library tells when it answers a challenge; its types do not. */
type SentInvite = Srf.SrfRequest & { on(event: 'authenticate', handle: () => void): void };

/** INVITEs that leave. `follow` takes up the dialog of one that was answered. */
export function createDialling(
  srf: Srf,
  follow: (dialog: Srf.Dialog, ended: () => void, peer: Peer) => SipDialog,
): (out: SipOut) => Promise<SipOutDialog> {
  /** Whether our SIP server passes a 100 on: where it does, a call without one has reached nobody. */
  let tells100 = false;
  return dial;

  async function dial({
    trunkId,
    uri,
    nextHop,
    identity,
    sdp,
    timeoutMs,
    signal,
    auth,
    silence,
    onSent,
    onAlerted,
    onEarlyMedia,
  }: SipOut): Promise<SipOutDialog> {
    if (signal.aborted) throw new CallCentreError('timed-out', 'Called off');
    let sent: SentInvite | undefined;
    const cancel = (): void => sent?.cancel(() => undefined);
    let overtime = false;
    const timer = setTimeout(() => {
      overtime = true;
      cancel();
    }, timeoutMs);
    signal.addEventListener('abort', cancel);
    const sentMs = performance.now();
    let [tried, alerted, early] = [false, false, false];
    const reached = (rings: boolean): void => {
      if (alerted) return;
      alerted = true;
      onAlerted?.({ afterMs: Math.round(performance.now() - sentMs), rings });
    };
    const quiet = watchSilence(silence, { hasAlerted: () => alerted, isUnheard: () => tells100 && !tried });
    try {
      const made = srf.createUAC(
        uri,
        {
          localSdp: sdp,
          headers: { ...identity, 'User-Agent': SERVER },
          ...(nextHop === undefined ? {} : { proxy: nextHop }),
          ...(auth === undefined ? {} : { auth }),
        },
        {
          cbRequest: (first: unknown, second?: Srf.SrfRequest) => {
            // Older and newer versions differ in whether an error comes first.
            sent = (second ?? first) as SentInvite;
            if (second !== undefined) onSent?.(second.get('Call-ID'));
            // Whoever asks for credentials has the INVITE; of the one that brings them no 100 is told.
            sent.on('authenticate', () => (tried = true));
            if (signal.aborted) cancel();
          },
          cbProvisional: ({ status, body }: Srf.SrfResponse) => {
            tells100 ||= status === TRYING;
            tried = true;
            if (status < RINGING) return;
            reached(true);
            if (early || body === '') return;
            early = true;
            onEarlyMedia?.(body);
          },
        },
      );
      const dialog = await Promise.race([made, quiet.givenUp]);
      if (dialog === 'given up') {
        cancel();
        // Its answer may still be under way; nobody waits for that call any more.
        made.then((late) => late.destroy()).catch(() => undefined);
        throw new WayFailed(true);
      }
      reached(false);
      let ended = false;
      const handlers: (() => void)[] = [];
      const { source_address: address } = (dialog as KnownDialog).res;
      const peer: Peer = { door: 'trunk', trunkId, address, ...(isOverTls(uri) ? { overTls: true } : {}) };
      const leg = follow(
        dialog,
        () => {
          ended = true;
          for (const handle of handlers) handle();
        },
        peer,
      );
      return {
        sdp: dialog.remote.sdp,
        get dialogId() {
          return leg.dialogId;
        },
        get isHeard() {
          return leg.isHeard;
        },
        hangUp: () => leg.hangUp(),
        isThere: () => leg.isThere(),
        onRenegotiation: (renegotiation) => leg.onRenegotiation(renegotiation),
        onDigit: (handle) => leg.onDigit(handle),
        onEnded(handle) {
          handlers.push(handle);
          if (ended) handle();
        },
      };
    } catch (error) {
      if (error instanceof WayFailed) throw error;
      const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
      // Nothing has rung: a gateway that is full or away, or nobody there (a 408 that the SIP server made itself says the same).
      if (!alerted && !signal.aborted && !overtime && (status === 503 || status === TIMED_OUT || status === 0))
        throw new WayFailed(status === TIMED_OUT, error);
      throw new CallCentreError(meanings[status] ?? 'service-unavailable', `The far side answered ${status}`);
    } finally {
      clearTimeout(timer);
      quiet.stop();
      signal.removeEventListener('abort', cancel);
    }
  }
}
