import type Srf from 'drachtio-srf';
import { CallCentreError, failures } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/logger.js';
import type { Peer } from '../peer.js';
import type { SipDialog, SipInvite, SipStack } from '../ports.js';
import { userOf } from './request-uri.js';
import { createDialogs, METHODS, send } from './dialogs.js';
import { createDialling } from './dialling.js';
import { createDialogPeers, doorOf, transportOf, type DoorPorts } from './dialog-peers.js';
import { askOptions, registerWith, SERVER, type Requests } from './outside-requests.js';
import { GuardedSrf, type InDialog, type KnownDialog } from './guarded-srf.js';

const SIP_OK = 200;
const NOT_ALLOWED = 405;
const DECLINED = 603;
const BYE_WAIT_MS = 1_000;
/** What the embedded SIP server says behind its version: it hands the dialogs of a process that is gone to its successor. */
const KEEPS_DIALOGS = '+keeps-dialogs';
/** Under this name the embedded SIP server hands the dialogs of a process that died to the one that comes after it. */
const TAG = 'telephony';

/** The one place that knows drachtio-srf, whose types lag its code: nothing of it leaves this file. */
export function createDrachtioStack({
  url,
  secret,
  doors,
  credentials,
  log,
}: {
  readonly url: string;
  readonly secret: string;
  readonly doors: DoorPorts;
  /** What a trunk asks of us when we send it an INVITE. */
  readonly credentials: (trunkId: string) => { readonly username: string; readonly password: string } | undefined;
  readonly log: Logger;
}): SipStack {
  const srf = new GuardedSrf(TAG) as GuardedSrf & Requests;
  let connected = false;
  let connections = 0;
  let stopped = false;
  /** What the SIP server says of itself when it is connected. */
  let version = '';

  const strangers = createDialogPeers(log);
  const dialogs = createDialogs({
    srf,
    peers: strangers.peers,
    server: { address: doors.testAddress, port: doors.testPort },
    credentials,
    isConnected: () => connected,
    keepsDialogs: () => version.endsWith(KEEPS_DIALOGS),
    log,
  });

  function inviteOf(req: InDialog, res: Srf.SrfResponse): SipInvite {
    let ended = false;
    let answered = false;
    const endHandlers: (() => void)[] = [];
    const end = (): void => {
      if (ended) return;
      ended = true;
      for (const handle of endHandlers) handle();
    };
    req.on('cancel', end);
    return {
      method: 'INVITE',
      user: userOf(req.uri),
      sipCallId: req.get('Call-ID'),
      door: doorOf(req, doors),
      sourceAddress: req.source_address,
      sourcePort: Number(req.source_port),
      transport: transportOf(req),
      sdp: req.body,
      header: (name) => (req.has(name) ? req.get(name) : undefined),
      async refuse(failure, headers = {}) {
        if (ended || answered) return;
        answered = true;
        await send(res, failures[failure].sip, headers);
      },
      answer: (sdp, peer) => accept(sdp, peer),
      async offer(sdp, peer) {
        let acknowledged: (answer: string) => void = () => undefined;
        const acknowledgement = new Promise<string>((resolve, reject) => {
          acknowledged = resolve;
          endHandlers.push(() => reject(new CallCentreError('no-such-call', 'The caller has given up')));
        });
        // Nobody may be waiting yet when the call ends.
        acknowledgement.catch(() => undefined);
        const leg = await accept(sdp, peer, acknowledged);
        return { leg, answer: await acknowledgement };
      },
      onEnded(handle) {
        endHandlers.push(handle);
        if (ended) handle();
      },
    };

    async function accept(sdp: string, peer: Peer, acknowledged?: (answer: string) => void): Promise<SipDialog> {
      if (ended) throw new CallCentreError('no-such-call', 'The caller has given up');
      return new Promise<SipDialog>((resolve, reject) => {
        // The callback form: a BYE right behind the ACK must find its listener.
        srf.createUAS(req, res, { localSdp: sdp, headers: { Allow: METHODS, Server: SERVER } }, (error: unknown, dialog) => {
          if (error !== null && error !== undefined) {
            reject(new CallCentreError('no-such-call', 'The call could not be answered', { cause: error }));
            return;
          }
          answered = true;
          if (acknowledged !== undefined) (dialog as KnownDialog).once('ack', (ack) => acknowledged(ack.body));
          resolve(dialogs.follow(dialog, end, peer));
        });
      });
    }
  }

  const guarded = (work: Promise<void>, res: Srf.SrfResponse): void => {
    work.catch((error: unknown) => {
      log.error({ err: error }, 'request could not be handled');
      if (!res.finalResponseSent) void send(res, failures.internal.sip, {});
    });
  };

  return {
    async start(handlers) {
      const { hostname, port } = new URL(url);
      srf.isForeign = (req) => strangers.isForeign(req, handlers.mayContinue);
      srf.on('error', (error) => {
        if (!stopped) log.warn({ err: error }, 'SIP server connection failed, connecting again');
      });
      srf.on('connect', (...given: unknown[]) => {
        const [error, , serverVersion] = given;
        connected = error === null || error === undefined;
        if (!connected) return;
        version = String(serverVersion);
        connections += 1;
        log.info({ connections }, 'connected to the SIP server');
        if (connections > 1) void dialogs.reconnected();
      });
      srf.on('disconnect', () => {
        connected = false;
      });
      srf.invite((req, res) => {
        // Of a dialog that was taken over, which the library does not know.
        if (!dialogs.offered(req, res)) guarded(handlers.invite(inviteOf(req, res)), res);
      });
      // Of a dialog that this process did not make, or made on a connection that is gone.
      srf.bye((req, res) => {
        dialogs.byeCame(req.stackDialogId ?? '');
        void send(res, SIP_OK, {});
      });
      srf.update((req, res) => {
        if (!dialogs.offered(req, res)) void send(res, failures['no-such-call'].sip, {});
      });
      srf.ack((req) => dialogs.acknowledged(req));
      srf.info((req, res) => {
        if (!dialogs.informed(req, res)) void send(res, failures['no-such-call'].sip, {});
      });
      // Where a call goes is decided here alone: no carrier sends it elsewhere.
      srf.refer((_req, res) => void send(res, DECLINED, {}));
      // Seats need no registration, and carriers have none with us: nobody teaches us where to send calls.
      srf.register((_req, res) => void send(res, NOT_ALLOWED, { Allow: METHODS }));
      srf.options((_req, res) =>
        guarded(handlers.options({ accept: (headers) => send(res, SIP_OK, { Allow: METHODS, Server: SERVER, ...headers }) }), res),
      );
      await new Promise<void>((resolve, reject) => {
        srf.on('connect', (error) => {
          if (error as unknown) reject(error);
          else resolve();
        });
        void srf.connect({ host: hostname, port: Number(port), secret });
      });
    },
    dial: createDialling(srf, (dialog, ended, peer) => dialogs.follow(dialog, ended, peer)),
    register: (wish) => registerWith(srf, wish),
    ask: (uri, withinMs) => askOptions(srf, uri, withinMs),
    adopt: (handle, ended) => dialogs.adopt(handle, ended),
    async stop(ending) {
      stopped = true;
      const left = dialogs.leave(ending === 'product');
      await Promise.race([left, new Promise((resolve) => setTimeout(resolve, BYE_WAIT_MS).unref())]);
      if (connected) srf.disconnect();
      connected = false;
    },
    get connected() {
      return connected;
    },
    get dialogs() {
      return dialogs.size;
    },
    dialogsOf: (trunkId) => dialogs.ofTrunk(trunkId),
    get foreignRequests() {
      return strangers.foreignRequests;
    },
  };
}
