import type Srf from 'drachtio-srf';
import { failures } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { SipStack } from '../ports.js';
import { createDialogs, type Dialogs } from './dialogs/dialogs.js';
import { createDialling } from './dialling.js';
import { createDialogPeers, type DoorPorts } from './dialogs/dialog-peers.js';
import { askOptions, registerWith, SERVER, type Requests } from './outside-requests.js';
import { GuardedSrf } from './guarded-srf.js';
import { inviteOf, type InviteNeeds } from './incoming-invite.js';
import { METHODS, send } from './responses.js';
import type { TrunkId } from '../../shared/domain/ids.js';

const SIP_OK = 200;
const NOT_ALLOWED = 405;
const DECLINED = 603;
const BYE_WAIT_MS = 1_000;
/** The embedded SIP server appends this to its version. It means that the server hands the dialogs of a dead process to its successor. */
const KEEPS_DIALOGS = '+keeps-dialogs';
/** Under this tag the embedded SIP server hands the dialogs of a dead process to the next one. */
const TAG = 'telephony';

type StackHandlers = Parameters<SipStack['start']>[0];
type ServeNeeds = InviteNeeds & { readonly dialogs: Dialogs; readonly log: Logger };

/** The only place that knows drachtio-srf, whose types lag behind its code. Nothing of it leaves this folder. */
export function createDrachtioStack({
  url,
  secret,
  doors,
  credentials,
  seen,
  mayAct,
  log,
}: {
  readonly url: string;
  readonly secret: string;
  readonly doors: DoorPorts;
  /** What a trunk requires when we send it an INVITE. */
  readonly credentials: (trunkId: TrunkId) => { readonly username: string; readonly password: string } | undefined;
  /** Each frame that the SIP server sends. */
  readonly seen?: ((frame: string) => void) | undefined;
  /** Does not return when this process may act no more. */
  readonly mayAct?: (() => void) | undefined;
  readonly log: Logger;
}): SipStack {
  const srf = new GuardedSrf(TAG) as GuardedSrf & Requests;
  let connected = false;
  let connections = 0;
  let stopped = false;
  /** What the SIP server says about itself on connection. */
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

  return {
    async start(handlers) {
      const { hostname, port } = new URL(url);
      srf.isForeign = (req) => strangers.isForeign(req, handlers.mayContinue);
      srf.on('error', (error) => {
        if (!stopped) log.warn({ err: error }, 'the connection to the SIP server failed, reconnecting');
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
      serveRequests({ srf, doors, dialogs, log }, handlers);
      await new Promise<void>((resolve, reject) => {
        srf.on('connect', (error) => {
          if (error as unknown) reject(error);
          else resolve();
        });
        void srf.connect({ host: hostname, port: Number(port), secret });
        if (mayAct !== undefined) srf.guard(mayAct);
        if (seen !== undefined) srf.watch(seen);
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

/** Incoming requests and their handlers. */
function serveRequests({ log, ...needs }: ServeNeeds, handlers: Pick<StackHandlers, 'invite' | 'options'>): void {
  const { srf, dialogs } = needs;
  const guarded = (work: Promise<void>, res: Srf.SrfResponse): void => {
    work.catch((error: unknown) => {
      log.error({ err: error }, 'request could not be handled');
      if (!res.finalResponseSent) void send(res, failures.internal.sip, {});
    });
  };
  srf.invite((req, res) => {
    // For a dialog that was taken over, which the library does not know.
    if (!dialogs.offered(req, res)) guarded(handlers.invite(inviteOf(req, res, needs)), res);
  });
  // For a dialog that this process did not make, or made on a former connection.
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
  // Only this product decides where a call goes: no carrier redirects it.
  srf.refer((_req, res) => void send(res, DECLINED, {}));
  // Seats need no registration, and carriers do not register with us: nobody can teach us where to send calls.
  srf.register((_req, res) => void send(res, NOT_ALLOWED, { Allow: METHODS }));
  srf.options((_req, res) =>
    guarded(handlers.options({ accept: (headers) => send(res, SIP_OK, { Allow: METHODS, Server: SERVER, ...headers }) }), res),
  );
}
