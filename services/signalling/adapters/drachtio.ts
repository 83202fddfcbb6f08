import type Srf from 'drachtio-srf';
import { CallCentreError, failureOf, failures } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/logger.js';
import { dialogHandle, readDialogHandle, type Peer } from '../peer.js';
import type { SipDialog, SipInvite, SipOut, SipOutDialog, SipStack } from '../ports.js';
import { isOverTls, userOf } from './request-uri.js';
import { createDialogPeers, doorOf, transportOf, type DoorPorts } from './dialog-peers.js';
import { WayFailed } from '../attempt.js';
import { askOptions, meanings, registerWith, SERVER, type Requests } from './outside-requests.js';
import { watchSilence } from './silence.js';
import { GuardedSrf, type InDialog, type KnownDialog } from './guarded-srf.js';

/** 180 and 183: the far side has been found and tells its user. 100 and 181 say less. */
const RINGING = 180;
const SIP_OK = 200;
const NO_SUCH_DIALOG = 481;
const TIMED_OUT = 408;
const NOT_ALLOWED = 405;
/** Without a reason drachtio-srf sends that of the status. */
const USUAL_REASON = '';
const BYE_WAIT_MS = 1_000;
const METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO';
/** Under this name the embedded SIP server hands the dialogs of a process that died to the one that comes after it. */
const TAG = 'telephony';

/** The one place that knows drachtio-srf, whose types lag its code: nothing of it leaves this file. */
export function createDrachtioStack({
  url,
  secret,
  doors,
  log,
}: {
  readonly url: string;
  readonly secret: string;
  readonly doors: DoorPorts;
  readonly log: Logger;
}): SipStack {
  const srf = new GuardedSrf(TAG) as GuardedSrf & Requests;
  /** How each dialog is told its end, by its id. */
  const followed = new Map<string, () => void>();
  const reoffers = new Map<string, (sdp: string) => Promise<string>>();
  /** Dialogs that ended before they were taken over. */
  const endedEarly = new Set<string>();
  let connected = false;
  let connections = 0;
  let stopped = false;

  const strangers = createDialogPeers(log);
  const { peers } = strangers;

  /** Follows a dialog to its end, which is told once. */
  function follow(dialogId: string, ended: () => void, peer: Peer): SipDialog {
    const over = (): void => {
      reoffers.delete(dialogId);
      peers.delete(dialogId);
      if (followed.delete(dialogId)) ended();
    };
    followed.set(dialogId, over);
    peers.set(dialogId, peer);
    return {
      dialogId: dialogHandle(peer, dialogId),
      onReoffer: (handle) => reoffers.set(dialogId, handle),
      isThere: () => isThere(dialogId),
      async hangUp() {
        reoffers.delete(dialogId);
        peers.delete(dialogId);
        if (followed.delete(dialogId)) await inDialog('BYE', dialogId).catch(() => undefined);
      },
    };
  }

  const followDialog = (dialog: Srf.Dialog, ended: () => void, peer: Peer): SipDialog => {
    const { id } = dialog as KnownDialog;
    const sip = follow(id, ended, peer);
    dialog.on('destroy', () => followed.get(id)?.());
    const again = (req: Srf.SrfRequest, res: Srf.SrfResponse): void => {
      void answerReoffer(id, req, res, dialog.local.sdp).then((sdp) => (dialog.local.sdp = sdp ?? dialog.local.sdp));
    };
    dialog.on('modify', again);
    (dialog as KnownDialog).on('update', again);
    return {
      dialogId: sip.dialogId,
      onReoffer: (handle) => sip.onReoffer(handle),
      isThere: () => sip.isThere(),
      async hangUp() {
        await sip.hangUp();
        srf.removeDialog(dialog);
      },
    };
  };

  /** A request within a dialog on the connection of now; resolves with the status. Fails when the server does not know the dialog. */
  async function inDialog(method: 'BYE' | 'OPTIONS', dialogId: string): Promise<number> {
    return new Promise((resolve, reject) => {
      srf.request('sip:placeholder', { method, stackDialogId: dialogId }, (error, sent) => {
        if (sent === undefined || (error !== null && error !== undefined)) {
          reject(new CallCentreError('no-such-call', 'No such dialog'));
          return;
        }
        // Here and not a turn later: the response may come in the same read as the word that the request was sent.
        sent.on('response', (res) => resolve(res?.status ?? 0));
      });
    });
  }

  const isGone = (status: number): boolean => status === NO_SUCH_DIALOG || status === TIMED_OUT;

  async function isThere(dialogId: string): Promise<boolean> {
    const gone = connected && (await inDialog('OPTIONS', dialogId).then(isGone, () => connected));
    return !gone;
  }

  /** After a new connection: what the server has forgotten has ended, though nobody said so. */
  async function lookAfterAll(): Promise<void> {
    for (const [dialogId, over] of [...followed]) {
      const gone = await inDialog('OPTIONS', dialogId).then(isGone, () => true);
      if (gone) over();
    }
  }

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
      async answer(sdp, peer) {
        if (ended) throw new CallCentreError('no-such-call', 'The caller has given up');
        return new Promise<SipDialog>((resolve, reject) => {
          // The callback form: a BYE right behind the ACK must find its listener.
          srf.createUAS(req, res, { localSdp: sdp, headers: { Allow: METHODS, Server: SERVER } }, (error: unknown, dialog) => {
            if (error !== null && error !== undefined) {
              reject(new CallCentreError('no-such-call', 'The call could not be answered', { cause: error }));
              return;
            }
            answered = true;
            resolve(followDialog(dialog, end, peer));
          });
        });
      },
      onEnded(handle) {
        endHandlers.push(handle);
        if (ended) handle();
      },
    };
  }

  /**
   * A re-INVITE or UPDATE within a dialog (RFC 3261 section 14.2, RFC 3311): the new description goes to whoever follows the dialog. One
   * without a description is answered with what we have said before; `known` is that, where it is known. Resolves with the new one.
   */
  async function answerReoffer(dialogId: string, req: Srf.SrfRequest, res: Srf.SrfResponse, known?: string): Promise<string | undefined> {
    const handle = reoffers.get(dialogId);
    const offered = req.body.trim() !== '';
    try {
      const sdp = offered && handle !== undefined ? await handle(req.body) : known;
      // An UPDATE that only refreshes the session wants no description; what we said in a dialog that was taken over is not known.
      if (sdp === undefined && req.method === 'INVITE') await send(res, failures['wrong-state'].sip, {});
      else if (!offered && req.method === 'UPDATE') await send(res, SIP_OK, {});
      else await send(res, SIP_OK, { 'Content-Type': 'application/sdp' }, sdp);
      return sdp;
    } catch (error) {
      log.warn({ code: failureOf(error) }, 'offer within a dialog could not be followed');
      await send(res, failures['no-common-codec'].sip, {});
      return undefined;
    }
  }

  async function send(res: Srf.SrfResponse, status: number, headers: Readonly<Record<string, string>>, body?: string): Promise<void> {
    await new Promise<void>((resolve) =>
      // A reply that can no longer be sent (the caller cancelled) is nobody's loss.
      res.send(status, USUAL_REASON, { headers, ...(body === undefined ? {} : { body }) }, () => resolve()),
    );
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
      srf.on('connect', (error) => {
        connected = !(error as unknown);
        if (!connected) return;
        connections += 1;
        log.info({ connections }, 'connected to the SIP server');
        if (connections > 1) void lookAfterAll();
      });
      srf.on('disconnect', () => {
        connected = false;
      });
      srf.invite((req, res) => {
        // Of a dialog that was taken over, which the library does not know.
        if (followed.has(req.stackDialogId ?? '')) void answerReoffer(req.stackDialogId ?? '', req, res);
        else guarded(handlers.invite(inviteOf(req, res)), res);
      });
      // Of a dialog that this process did not make, or made on a connection that is gone.
      srf.bye((req, res) => {
        const dialogId = req.stackDialogId ?? '';
        const over = followed.get(dialogId);
        if (over === undefined) endedEarly.add(dialogId);
        else over();
        void send(res, SIP_OK, {});
      });
      srf.update((req, res) => {
        if (followed.has(req.stackDialogId ?? '')) void answerReoffer(req.stackDialogId ?? '', req, res);
        else void send(res, failures['no-such-call'].sip, {});
      });
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
    dial: (out) => dial(out),
    register: (wish) => registerWith(srf, wish),
    ask: (uri, withinMs) => askOptions(srf, uri, withinMs),
    async adopt(handle, ended) {
      const kept = readDialogHandle(handle);
      if (kept === undefined) return undefined;
      const { dialogId, peer } = kept;
      const sip = follow(dialogId, ended, peer);
      if (endedEarly.delete(dialogId)) {
        setImmediate(() => followed.get(dialogId)?.());
        return sip;
      }
      const status = await inDialog('OPTIONS', dialogId).catch(() => undefined);
      if (status === NO_SUCH_DIALOG) {
        // The far side has ended it, and nobody was here to be told.
        setImmediate(() => followed.get(dialogId)?.());
        return sip;
      }
      if (status !== undefined && status !== TIMED_OUT) return sip;
      followed.delete(dialogId);
      peers.delete(dialogId);
      return undefined;
    },
    async stop(ending) {
      stopped = true;
      const byes = ending === 'product' ? [...followed.keys()].map((dialogId) => inDialog('BYE', dialogId).catch(() => undefined)) : [];
      followed.clear();
      await Promise.race([Promise.all(byes), new Promise((resolve) => setTimeout(resolve, BYE_WAIT_MS).unref())]);
      if (connected) srf.disconnect();
      connected = false;
    },
    get connected() {
      return connected;
    },
    get dialogs() {
      return followed.size;
    },
    get foreignRequests() {
      return strangers.foreignRequests;
    },
  };

  async function dial({
    trunkId,
    uri,
    from,
    sdp,
    timeoutMs,
    signal,
    auth,
    silence,
    onAlerted,
    onEarlyMedia,
  }: SipOut): Promise<SipOutDialog> {
    if (signal.aborted) throw new CallCentreError('timed-out', 'Called off');
    let sent: Srf.SrfRequest | undefined;
    const cancel = (): void => sent?.cancel(() => undefined);
    let overtime = false;
    const timer = setTimeout(() => {
      overtime = true;
      cancel();
    }, timeoutMs);
    signal.addEventListener('abort', cancel);
    const sentMs = performance.now();
    let [alerted, early] = [false, false];
    const reached = (rings: boolean): void => {
      if (alerted) return;
      alerted = true;
      onAlerted?.({ afterMs: Math.round(performance.now() - sentMs), rings });
    };
    const quiet = watchSilence(silence, () => alerted);
    try {
      const made = srf.createUAC(
        uri,
        {
          localSdp: sdp,
          headers: { From: `<sip:${from}@localhost>`, 'P-Asserted-Identity': `<sip:${from}@localhost>`, 'User-Agent': SERVER },
          ...(auth === undefined ? {} : { auth }),
        },
        {
          cbRequest: (first: unknown, second?: Srf.SrfRequest) => {
            // Older and newer versions differ in whether an error comes first.
            sent = second ?? (first as Srf.SrfRequest);
            if (signal.aborted) cancel();
          },
          cbProvisional: ({ status, body }: Srf.SrfResponse) => {
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
      const leg = followDialog(
        dialog,
        () => {
          ended = true;
          for (const handle of handlers) handle();
        },
        peer,
      );
      return {
        sdp: dialog.remote.sdp,
        dialogId: leg.dialogId,
        hangUp: () => leg.hangUp(),
        isThere: () => leg.isThere(),
        onReoffer: (handle) => leg.onReoffer(handle),
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
