import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type Srf from 'drachtio-srf';
import { nextSequence, type DialogState } from '../../dialog-state.js';
import { SERVER, type Requests } from '../outside-requests.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';

/** A far end that is slower is not asked again: its call continues, and silence ends it. */
const ANSWER_WITHIN_MS = 4_000;
/** How long to wait for an answer: twice as long each time, 3 s in total. */
const FIRST_TRY_MS = 50;
const LAST_TRY_MS = 1_600;
const MAX_SEQUENCE = 2 ** 31 - 1;
const NO_SUCH_DIALOG = 481;
const TIMED_OUT = 408;

/** The far end has no such dialog (RFC 3261 section 12.2.1.2). */
export const isGone = (status: number): boolean => status === NO_SUCH_DIALOG || status === TIMED_OUT;

/** Where the SIP server takes requests from this machine over UDP. */
export interface SipAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Makes the SIP server forget a dialog that it keeps for a dead application, without the far end noticing. Otherwise the older of two
 * dialogs with the same tags would get all requests. drachtio-server forgets a dialog on a BYE with the right tags, whoever sends it, and
 * answers 481 to the next BYE. Resolves with whether that 481 came.
 */
export async function release({ callId, ours, theirs }: DialogState, server: SipAddress): Promise<boolean> {
  const isIpv6 = server.address.includes(':');
  const socket = createSocket(isIpv6 ? 'udp6' : 'udp4');
  const host = isIpv6 ? `[${server.address}]` : server.address;
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(server.port, server.address, resolve);
    });
    const { address, port } = socket.address();
    const here = `${isIpv6 ? `[${address}]` : address}:${port}`;
    for (let withinMs = FIRST_TRY_MS; withinMs <= LAST_TRY_MS; withinMs *= 2) {
      const bye = [
        `BYE sip:${host}:${server.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${here};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
        // Only this server reads it: a proxy would not forward it.
        'Max-Forwards: 0',
        `From: ${theirs}`,
        `To: ${ours}`,
        `Call-ID: ${callId}`,
        `CSeq: ${MAX_SEQUENCE} BYE`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n');
      const answered = nextStatus(socket, withinMs);
      socket.send(bye);
      if ((await answered) === NO_SUCH_DIALOG) return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

function nextStatus(socket: ReturnType<typeof createSocket>, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const done = (status: number | undefined): void => {
      clearTimeout(timer);
      socket.removeListener('message', heard);
      resolve(status);
    };
    const heard = (message: Buffer): void => done(Number(/^SIP\/2\.0 (\d{3})/.exec(message.toString('latin1'))?.[1]));
    const timer = setTimeout(() => done(undefined), withinMs);
    socket.on('message', heard);
  });
}

const headersOf = ({ callId, ours, theirs }: DialogState, method: string): Record<string, string> => ({
  'Call-ID': callId,
  From: ours,
  To: theirs,
  CSeq: `${nextSequence(systemClock.nowMs())} ${method}`,
});

/**
 * A re-INVITE in a dialog that the SIP server does not know, with our last description. The answer makes the dialog this process's own.
 * Fails with the status of a refusal, 0 when no answer came in time.
 */
export async function reinvite(
  srf: Srf,
  state: DialogState,
  { auth, methods }: { readonly auth?: { readonly username: string; readonly password: string } | undefined; readonly methods: string },
): Promise<{ readonly dialog: Srf.Dialog } | { readonly status: number }> {
  let sent: Srf.SrfRequest | undefined;
  const timer = setTimeout(() => sent?.cancel(() => undefined), ANSWER_WITHIN_MS);
  try {
    const options = {
      localSdp: state.sdp,
      headers: { ...headersOf(state, 'INVITE'), Allow: methods, 'User-Agent': SERVER },
      ...(state.nextHop === undefined ? {} : { proxy: state.nextHop }),
      ...(auth === undefined ? {} : { auth }),
    };
    const cbRequest = (first: unknown, second?: Srf.SrfRequest): void => void (sent = second ?? (first as Srf.SrfRequest));
    return { dialog: await srf.createUAC(state.target, options, { cbRequest }) };
  } catch (error) {
    return { status: typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** A request of ours within a dialog. */
export type Inside = 'BYE' | 'OPTIONS' | 'INFO';
/** What a request says beside the headers of its dialog. */
export interface Content {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request in a dialog that the SIP server does not know. Resolves with the status, 0 when it could not be sent. */
export function requestOutside(app: Requests, state: DialogState, method: Inside, { headers = {}, ...body }: Content): Promise<number> {
  return new Promise((resolve) => {
    const options = {
      method,
      headers: { ...headersOf(state, method), ...headers },
      ...body,
      ...(state.nextHop === undefined ? {} : { proxy: state.nextHop }),
    };
    app.request(state.target, options, (error, sent) => {
      if (sent === undefined || (error !== null && error !== undefined)) resolve(0);
      else sent.on('response', (response) => resolve(response?.status ?? 0));
    });
  });
}
