import type Srf from 'drachtio-srf';
import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/logger.js';
import { systemClock } from '../../shared/platform/system-clock.js';
import { nextHopOf, soundLines, type DialogState } from '../dialog-state.js';
import { dialogHandle, readDialogHandle, type Peer } from '../peer.js';
import type { SipDialog } from '../ports.js';
import { transportOf } from './dialog-peers.js';
import type { GuardedSrf, InDialog, KnownDialog } from './guarded-srf.js';
import { digitOf } from './info-digits.js';
import { createRenegotiations, type Renegotiations } from './renegotiations.js';
import { isGone, reinvite, release, requestOutside, type SipAddress } from './orphans.js';
import type { Requests } from './outside-requests.js';

export const METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO';
const SIP_OK = 200;
const DECLINED = 603;
const NOT_ALLOWED = 405;
const NO_SUCH_DIALOG = 481;
const TIMED_OUT = 408;
/** How long a carrier is waited for that is asked about a dialog of the process before. */
const ASKED_FOR_MS = 2_000;
const SILENT = 'silent';
/** Without a reason drachtio-srf sends that of the status. */
const USUAL_REASON = '';

/** A dialog that is followed to its end. */
interface Followed {
  dialogId: string;
  readonly peer: Peer;
  state: DialogState | undefined;
  /** The library's; undefined when the SIP server handed us the dialog of an earlier process. */
  dialog: Srf.Dialog | undefined;
  /**
   * `ours`: what the far side sends comes here. `unheard`: the server has the dialog, and tells nobody what comes in it. `outside`: the server
   * does not have it; requests are made from its state.
   */
  mode: 'ours' | 'unheard' | 'outside';
  readonly sound: Renegotiations;
  digit: ((digit: string) => void) | undefined;
  /** What the far side described when the dialog was taken over, where that was news. */
  news: string | undefined;
  ended(): void;
}

export interface Dialogs {
  /** Follows a dialog to its end, which is told once. */
  follow(dialog: Srf.Dialog, ended: () => void, peer: Peer): SipDialog;
  adopt(handle: string, ended: () => void): Promise<SipDialog | undefined>;
  /** After a new connection: what the server has forgotten is taken over, or has ended, though nobody said so. */
  reconnected(): Promise<void>;
  /** A re-INVITE or UPDATE in a dialog that the library does not know; false when nobody follows it. */
  offered(req: InDialog, res: Srf.SrfResponse): boolean;
  /** An ACK in such a dialog. */
  acknowledged(req: InDialog): void;
  /** An INFO in such a dialog; false when nobody follows it. */
  informed(req: InDialog, res: Srf.SrfResponse): boolean;
  /** A BYE in a dialog that the library does not know. */
  byeCame(dialogId: string): void;
  /** Follows none any more; with `byes` each far side is sent one. */
  leave(byes: boolean): Promise<void>;
  readonly size: number;
  ofTrunk(trunkId: string): number;
}

/** Owner of the dialogs of this process: whose they are, how each is told its end, and how one is taken over. */
export function createDialogs({
  srf,
  peers,
  server,
  credentials,
  isConnected,
  keepsDialogs,
  log,
}: {
  readonly srf: GuardedSrf & Requests;
  readonly peers: Map<string, Peer>;
  readonly server: SipAddress;
  /** What a trunk asks of us when we send it an INVITE. */
  readonly credentials: (trunkId: string) => { readonly username: string; readonly password: string } | undefined;
  readonly isConnected: () => boolean;
  /** Whether the SIP server hands the dialogs of a process that is gone to its successor. */
  readonly keepsDialogs: () => boolean;
  readonly log: Logger;
}): Dialogs {
  const followed = new Map<string, Followed>();
  /** Dialogs that ended before they were taken over. */
  const endedEarly = new Set<string>();

  function add(entry: Followed): void {
    followed.set(entry.dialogId, entry);
    peers.set(entry.dialogId, entry.peer);
  }

  /** Returns false when it was over already. */
  function remove(entry: Followed): boolean {
    if (followed.get(entry.dialogId) !== entry) return false;
    followed.delete(entry.dialogId);
    peers.delete(entry.dialogId);
    return true;
  }

  function over(entry: Followed): void {
    if (remove(entry)) entry.ended();
  }

  const viewOf = (entry: Followed): SipDialog => ({
    get dialogId() {
      return dialogHandle(entry.peer, entry.dialogId, entry.state);
    },
    get isHeard() {
      return entry.mode === 'ours';
    },
    onRenegotiation(renegotiation) {
      entry.sound.set(renegotiation);
      const { news } = entry;
      entry.news = undefined;
      if (news !== undefined) void renegotiation.answer(news).catch((error: unknown) => notFollowed(error));
    },
    onDigit(handle) {
      entry.digit = handle;
    },
    isThere: () => isThere(entry),
    async hangUp() {
      if (!remove(entry)) return;
      await request(entry, 'BYE').catch(() => undefined);
      if (entry.dialog !== undefined) srf.removeDialog(entry.dialog);
    },
  });

  /** Nobody speaks for it yet. */
  const silent = (): Pick<Followed, 'sound' | 'digit' | 'news'> => ({
    sound: createRenegotiations({ send, log }),
    digit: undefined,
    news: undefined,
  });

  const notFollowed = (error: unknown): void => log.warn({ code: failureOf(error) }, 'offer within a dialog could not be followed');

  function listen(entry: Followed, dialog: Srf.Dialog): void {
    dialog.on('destroy', () => over(entry));
    const again = (req: Srf.SrfRequest, res: Srf.SrfResponse): void => void answer(entry, req, res);
    const known = dialog as KnownDialog;
    known.on('modify', again);
    known.on('update', again);
    known.on('ack', (req) => acknowledged(entry, req));
    known.on('info', (req, res) => informed(entry, req, res));
    known.on('refer', (_req, res) => void send(res, DECLINED, {}));
    // The library answers 200 to what nobody listens for: the far side would think that somebody has read it.
    for (const method of ['message', 'publish'] as const) known.on(method, (_req, res) => void send(res, NOT_ALLOWED, { Allow: METHODS }));
  }

  const request = (entry: Followed, method: 'BYE' | 'OPTIONS'): Promise<number> =>
    entry.mode === 'outside' && entry.state !== undefined ? requestOutside(srf, entry.state, method) : inDialog(method, entry.dialogId);

  /** A request within a dialog on the connection of now; resolves with the status. Fails when the server does not know the dialog. */
  function inDialog(method: 'BYE' | 'OPTIONS', dialogId: string): Promise<number> {
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

  async function isThere(entry: Followed): Promise<boolean> {
    const gone = isConnected() && (await request(entry, 'OPTIONS').then(isGone, () => isConnected()));
    return !gone;
  }

  /** A re-INVITE or UPDATE within a dialog; what is said and heard by it is what a later process takes over. */
  async function answer(entry: Followed, req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    const sdp = await entry.sound.answer(req, res, entry.dialog?.local.sdp ?? entry.state?.sdp);
    if (sdp === undefined) return;
    if (entry.dialog !== undefined) entry.dialog.local.sdp = sdp;
    const heard = req.body.trim() === '' ? {} : { heard: soundLines(req.body) };
    if (entry.state !== undefined) entry.state = { ...entry.state, sdp, ...heard };
  }

  function acknowledged(entry: Followed, ack: Srf.SrfRequest): void {
    if (entry.sound.acknowledged(ack) && entry.state !== undefined) entry.state = { ...entry.state, heard: soundLines(ack.body) };
  }

  /** An INFO that is no digit is answered and does nothing: we have no package of RFC 6086. */
  function informed(entry: Followed, req: Srf.SrfRequest, res: Srf.SrfResponse): void {
    const digit = digitOf(req.has('Content-Type') ? req.get('Content-Type') : undefined, req.body);
    if (digit !== undefined) entry.digit?.(digit);
    void send(res, SIP_OK, {});
  }

  /**
   * Makes a dialog of which the SIP server tells us nothing this process's own, by a re-INVITE from its state; false when the far side has
   * ended it. A browser cannot be reached like this, nor can a dialog whose state is not known: those are followed unheard.
   */
  async function reclaim(entry: Followed, isKnown: boolean): Promise<boolean> {
    const { state, peer } = entry;
    if (state === undefined || peer.door !== 'trunk') {
      entry.mode = 'unheard';
      return isKnown;
    }
    if (!(await release(state, server))) {
      log.warn({}, 'the SIP server keeps a dialog of the process before; what its far side sends is not heard');
      entry.mode = 'unheard';
      return isKnown;
    }
    const made = await reinvite(srf, state, { auth: credentials(peer.trunkId), methods: METHODS });
    if ('dialog' in made) {
      renamed(entry, made.dialog);
      return true;
    }
    if (isGone(made.status)) return false;
    log.warn({ status: made.status }, 'a dialog was not taken over: the far side refused; it is asked when it is silent');
    entry.mode = 'outside';
    return true;
  }

  /** The dialog has another id and another object of the library, and is the same to whoever follows it. */
  function renamed(entry: Followed, dialog: Srf.Dialog): void {
    const wasFollowed = remove(entry);
    const { heard } = entry.state ?? {};
    entry.dialogId = idOf(dialog);
    entry.dialog = dialog;
    entry.mode = 'ours';
    entry.state = stateOf(dialog);
    listen(entry, dialog);
    if (wasFollowed) add(entry);
    // Hung up meanwhile.
    else dialog.destroy({ headers: {} }, () => undefined);
    const said = dialog.remote.sdp;
    if (said === '' || soundLines(said) === heard) return;
    const speaker = entry.sound.speaker;
    if (speaker === undefined) entry.news = said;
    else void speaker.answer(said).catch((error: unknown) => notFollowed(error));
  }

  async function adopt(handle: string, ended: () => void): Promise<SipDialog | undefined> {
    const kept = readDialogHandle(handle);
    if (kept === undefined) return undefined;
    const { dialogId, peer, state } = kept;
    const entry: Followed = { dialogId, peer, state, dialog: undefined, mode: 'ours', ...silent(), ended };
    add(entry);
    const overSoon = (): SipDialog => {
      setImmediate(() => over(entry));
      return viewOf(entry);
    };
    if (endedEarly.delete(dialogId)) return overSoon();
    // A re-INVITE asks the same of a far side that is to be taken over.
    if (!keepsDialogs() && peer.door === 'trunk' && state !== undefined) return (await reclaim(entry, true)) ? viewOf(entry) : overSoon();
    const asked = inDialog('OPTIONS', dialogId).catch(() => undefined);
    const status = peer.door === 'trunk' ? await soonOr(SILENT, asked) : await asked;
    if (status === SILENT) {
      // A carrier need not answer OPTIONS within a dialog: its silence ends nothing. A 481 that comes late does.
      void asked.then((late) => (late === NO_SUCH_DIALOG ? over(entry) : undefined));
      return viewOf(entry);
    }
    // The far side has ended it, and nobody was here to be told.
    if (status === NO_SUCH_DIALOG) return overSoon();
    if (status === undefined && state !== undefined && peer.door === 'trunk')
      return (await reclaim(entry, false)) ? viewOf(entry) : overSoon();
    if (status !== undefined && status !== TIMED_OUT) {
      if (!keepsDialogs()) entry.mode = 'unheard';
      return viewOf(entry);
    }
    remove(entry);
    return undefined;
  }

  async function lookAfter(entry: Followed): Promise<void> {
    const status = await request(entry, 'OPTIONS').catch(() => undefined);
    if (status === NO_SUCH_DIALOG || (status === TIMED_OUT && entry.peer.door !== 'trunk')) {
      over(entry);
      return;
    }
    if (status !== undefined && keepsDialogs()) return undefined;
    if (await reclaim(entry, status !== undefined)) {
      // A page that hears a BYE makes another session; nobody could tell us that it left this one.
      if (entry.mode === 'unheard' && entry.peer.door === 'seat') await inDialog('BYE', entry.dialogId).catch(() => undefined);
      else return undefined;
    }
    over(entry);
  }

  return {
    follow(dialog, ended, peer) {
      const entry: Followed = {
        dialogId: idOf(dialog),
        peer,
        state: peer.door === 'trunk' ? stateOf(dialog) : undefined,
        dialog,
        mode: 'ours',
        ...silent(),
        ended,
      };
      add(entry);
      listen(entry, dialog);
      return viewOf(entry);
    },
    adopt,
    async reconnected() {
      await Promise.all([...followed.values()].map(lookAfter));
    },
    offered(req, res) {
      const entry = followed.get(req.stackDialogId ?? '');
      if (entry !== undefined) void answer(entry, req, res);
      return entry !== undefined;
    },
    acknowledged(req) {
      const entry = followed.get(req.stackDialogId ?? '');
      if (entry !== undefined) acknowledged(entry, req);
    },
    informed(req, res) {
      const entry = followed.get(req.stackDialogId ?? '');
      if (entry !== undefined) informed(entry, req, res);
      return entry !== undefined;
    },
    byeCame(dialogId) {
      const entry = followed.get(dialogId);
      if (entry === undefined) endedEarly.add(dialogId);
      else over(entry);
    },
    async leave(byes) {
      const all = [...followed.values()];
      followed.clear();
      if (byes) await Promise.all(all.map((entry) => request(entry, 'BYE').catch(() => undefined)));
    },
    get size() {
      return followed.size;
    },
    ofTrunk: (trunkId) => [...followed.values()].filter(({ peer }) => peer.door === 'trunk' && peer.trunkId === trunkId).length,
  };
}

/** What `asked` resolves with, or `otherwise` when it takes too long. */
const soonOr = <Answer, Otherwise>(otherwise: Otherwise, asked: Promise<Answer>): Promise<Answer | Otherwise> =>
  new Promise((resolve, reject) => {
    const stopTimer = systemClock.after(ASKED_FOR_MS, () => resolve(otherwise));
    asked.then(resolve, reject).finally(stopTimer);
  });

const idOf = (dialog: Srf.Dialog): string => (dialog as KnownDialog).id;

/** What the far side has of a dialog, from the INVITE that made it and its answer; undefined when a part is missing. */
function stateOf(dialog: Srf.Dialog): DialogState | undefined {
  const { req, res, type } = dialog as KnownDialog;
  const weAsked = type === 'uac';
  const [first, second] = weAsked ? [req, res] : [req, req];
  const header = (message: InDialog | Srf.SrfResponse, name: string): string | undefined =>
    message.has(name) ? message.get(name) : undefined;
  const [from, to] = [header(first, 'From'), header(second, 'To')];
  if (from === undefined || to === undefined) return undefined;
  const toTagged = /;\s*tag=/i.test(to) ? to : `${to};tag=${dialog.sip.localTag}`;
  const target = dialog.remote.uri;
  const nextHop = nextHopOf({
    recordRoute: header(second, 'Record-Route'),
    weAsked,
    target,
    source: { address: second.source_address, port: Number(second.source_port), transport: transportOf(second) },
  });
  return {
    callId: dialog.sip.callId,
    ours: weAsked ? from : toTagged,
    theirs: weAsked ? to : from,
    target,
    ...(nextHop === undefined ? {} : { nextHop }),
    sdp: dialog.local.sdp,
    heard: soundLines(dialog.remote.sdp),
  };
}

/** Sends a response; one that can no longer be sent (the caller cancelled) is nobody's loss. */
export async function send(res: Srf.SrfResponse, status: number, headers: Readonly<Record<string, string>>, body?: string): Promise<void> {
  await new Promise<void>((resolve) =>
    res.send(status, USUAL_REASON, { headers, ...(body === undefined ? {} : { body }) }, () => resolve()),
  );
}
