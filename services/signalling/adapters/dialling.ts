import type Srf from 'drachtio-srf';
import { CallCentreError } from '../../shared/domain/failure.js';
import { WayFailed } from '../../shared/domain/calls/way-failed.js';
import type { Peer } from '../peer.js';
import type { SipDialog, SipOut, SipOutDialog } from '../ports.js';
import type { KnownDialog } from './guarded-srf.js';
import { meanings, SERVER } from './outside-requests.js';
import { isOverTls } from './request-uri.js';
import { watchSilence } from './dialogs/silence.js';

/** 180 and 183: the far end was found and alerts its user. 100 and 181 mean less. */
const RINGING = 180;
const TIMED_OUT = 408;
/** The next hop has the INVITE (RFC 3261 section 17.2.1 requires a 100 when no answer follows within 200 ms). */
const TRYING = 100;

/** The library reports when it answers a challenge; its types do not mention it. */
type SentInvite = Srf.SrfRequest & { on(event: 'authenticate', handle: (again: Srf.SrfRequest) => void): void };

/** The progress of one INVITE. */
interface Progress {
  sent: SentInvite | undefined;
  /** The next hop has the INVITE. */
  tried: boolean;
  /** The call is not wanted any more: an INVITE that goes out all the same, in answer to a challenge, is cancelled too. */
  cancelled: boolean;
  alerted: boolean;
  early: boolean;
  overtime: boolean;
}

/** Outgoing INVITEs. `follow` takes up the dialog of an answered one. */
export function createDialling(
  srf: Srf,
  follow: (dialog: Srf.Dialog, ended: () => void, peer: Peer) => SipDialog,
): (out: SipOut) => Promise<SipOutDialog> {
  return async function dial(out) {
    const { uri, timeoutMs, signal } = out;
    if (signal.aborted) throw new CallCentreError('timed-out', 'Called off');
    const progress: Progress = { sent: undefined, tried: false, cancelled: false, alerted: false, early: false, overtime: false };
    const cancel = (): void => {
      progress.cancelled = true;
      progress.sent?.cancel(() => undefined);
    };
    const timer = setTimeout(() => {
      progress.overtime = true;
      cancel();
    }, timeoutMs);
    signal.addEventListener('abort', cancel);
    const reached = createReached(out, progress);
    // A next hop that says 100 and has sent none has not got the call.
    const saysTrying = (): boolean => out.saysTrying?.() === true;
    const quiet = watchSilence(out, { hasAlerted: () => progress.alerted, isUnheard: () => !progress.tried, saysTrying });
    const heard = (): void => {
      progress.tried = true;
      quiet.heard();
    };
    try {
      const made = srf.createUAC(uri, optionsOf(out), {
        cbRequest: (first: unknown, second?: Srf.SrfRequest) => {
          // Library versions differ in whether an error comes first.
          progress.sent = (second ?? first) as SentInvite;
          if (second !== undefined) out.onSent?.(second.get('Call-ID'));
          // A server that asks for credentials has the INVITE. No 100 is reported for the INVITE with credentials.
          progress.sent.on('authenticate', (again) => {
            heard();
            if (progress.cancelled) again.cancel(() => undefined);
          });
          if (progress.cancelled) cancel();
        },
        cbProvisional: ({ status, body }: Srf.SrfResponse) => {
          if (status === TRYING) out.onTrying?.();
          heard();
          if (status < RINGING) return;
          reached(true);
          if (progress.early || body === '') return;
          progress.early = true;
          out.onEarlyMedia?.(body);
        },
      });
      const dialog = await Promise.race([made, quiet.givenUp]);
      if (dialog === 'given up') {
        cancel();
        // The answer may still be on its way. Nobody waits for that call any more.
        made
          .then((late) => {
            out.onAnsweredLate?.();
            late.destroy({ headers: {} }, () => undefined);
          })
          .catch(() => undefined);
        throw new WayFailed(true);
      }
      reached(false);
      return followed(dialog, out, follow);
    } catch (error) {
      const isSilence = statusOf(error) === TIMED_OUT || (progress.overtime && saysTrying());
      if (isSilence && !progress.tried && !signal.aborted) out.onUnheard?.();
      throw failureOfDialling(error, { ...progress, calledOff: signal.aborted });
    } finally {
      clearTimeout(timer);
      quiet.stop();
      signal.removeEventListener('abort', cancel);
    }
  };
}

const optionsOf = ({ sdp, identity, nextHop, auth }: SipOut): Srf.CreateUACOptions => ({
  localSdp: sdp,
  headers: { ...identity, 'User-Agent': SERVER },
  ...(nextHop === undefined ? {} : { proxy: nextHop }),
  ...(auth === undefined ? {} : { auth }),
});

/** Reports once that the far end rings or has answered, with the time it took. */
function createReached({ onAlerted }: SipOut, progress: Progress): (rings: boolean) => void {
  const sentMs = performance.now();
  return (rings) => {
    if (progress.alerted) return;
    progress.alerted = true;
    onAlerted?.({ afterMs: Math.round(performance.now() - sentMs), rings });
  };
}

/** The dialog of an answered INVITE. */
function followed(
  dialog: Srf.Dialog,
  { trunkId, uri }: SipOut,
  follow: (dialog: Srf.Dialog, ended: () => void, peer: Peer) => SipDialog,
): SipOutDialog {
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
    hangUp: (how) => leg.hangUp(how),
    isThere: () => leg.isThere(),
    onRenegotiation: (renegotiation) => leg.onRenegotiation(renegotiation),
    onDigit: (handle) => leg.onDigit(handle),
    sendDigit: (digit) => leg.sendDigit(digit),
    onEnded(handle) {
      handlers.push(handle);
      if (ended) handle();
    },
  };
}

/** The status that a refused INVITE was answered with; 0 without one. */
const statusOf = (error: unknown): number => (typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0);

/** `WayFailed` when another address may be tried, otherwise the failure that the far end answered with. */
function failureOfDialling(error: unknown, { tried, alerted, overtime, calledOff }: Progress & { readonly calledOff: boolean }): Error {
  if (error instanceof WayFailed) return error;
  if (overtime && !tried && !alerted && !calledOff)
    return new CallCentreError('carrier-silent', 'The carrier has not responded', { cause: error });
  const status = statusOf(error);
  // Nothing has rung: the gateway is full or down, or there was no answer (a 408 generated by the SIP server itself means the same).
  if (!alerted && !calledOff && !overtime && (status === 503 || status === TIMED_OUT || status === 0))
    return new WayFailed(status === TIMED_OUT, error);
  return new CallCentreError(meanings[status] ?? 'service-unavailable', `The far side answered ${status}`);
}
