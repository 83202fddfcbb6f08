import type Srf from 'drachtio-srf';
import { CallCentreError } from '../../../shared/domain/failure.js';
import type { Logger } from '../../../shared/platform/processes/logger.js';
import { nextHopOf, soundLines, type DialogState } from '../../dialog-state.js';
import { dialogHandle, type Peer } from '../../peer.js';
import type { SipDialog } from '../../ports.js';
import { transportOf } from './dialog-peers.js';
import type { GuardedSrf, InDialog, KnownDialog } from '../guarded-srf.js';
import { digitOf, infoOf } from '../info-digits.js';
import { isGone, requestOutside, type Content, type Inside } from './orphans.js';
import type { Requests } from '../outside-requests.js';
import { createRenegotiations, type Renegotiations } from './renegotiations.js';
import { METHODS, send } from '../responses.js';

const SIP_OK = 200;
const DECLINED = 603;
const NOT_ALLOWED = 405;
/** The cause is that of a normal release; the text is for whoever reads the carrier's trace (RFC 3326). */
const BY_SUPERVISOR: Content = { headers: { Reason: 'Q.850;cause=16;text="by supervisor"' } };

/** What a dialog needs from the process that follows it. */
export interface DialogNeeds {
  readonly srf: GuardedSrf & Requests;
  readonly isConnected: () => boolean;
  readonly log: Logger;
  readonly book: {
    add(dialog: FollowedDialog): void;
    /** Returns false when the dialog had already ended. */
    remove(dialog: FollowedDialog): boolean;
  };
}

/** For a dialog that the library made, or that an earlier process left. */
export interface DialogOrigin {
  readonly dialogId: string;
  readonly peer: Peer;
  readonly state: DialogState | undefined;
  readonly ended: () => void;
}

/** A dialog that is followed to its end. */
export class FollowedDialog {
  dialogId: string;
  readonly peer: Peer;
  state: DialogState | undefined;
  /**
   * `ours`: requests of the far end arrive here. `unheard`: the server has the dialog and does not report its requests. `outside`: the
   * server does not have it; requests are made from its state.
   */
  mode: 'ours' | 'unheard' | 'outside' = 'ours';
  /** The library's dialog; undefined when the SIP server handed us the dialog of an earlier process. */
  private dialog: Srf.Dialog | undefined;
  private readonly sound: Renegotiations;
  private digit: ((digit: string) => void) | undefined;
  private readonly ended: () => void;

  constructor(
    { dialogId, peer, state, ended }: DialogOrigin,
    private readonly needs: DialogNeeds,
  ) {
    this.dialogId = dialogId;
    this.peer = peer;
    this.state = state;
    this.ended = ended;
    this.sound = createRenegotiations({ send, log: needs.log });
  }

  /** A dialog that the library has just made. */
  static of(dialog: Srf.Dialog, peer: Peer, ended: () => void, needs: DialogNeeds): FollowedDialog {
    const followed = new FollowedDialog(
      { dialogId: idOf(dialog), peer, state: peer.door === 'trunk' ? stateOf(dialog) : undefined, ended },
      needs,
    );
    needs.book.add(followed);
    followed.listen(dialog);
    return followed;
  }

  over(): void {
    if (this.needs.book.remove(this)) this.ended();
  }

  /** What the owner of the leg sees. */
  view(): SipDialog {
    const handle = (): string => dialogHandle(this.peer, this.dialogId, this.state);
    const isHeard = (): boolean => this.mode === 'ours';
    return {
      get dialogId() {
        return handle();
      },
      get isHeard() {
        return isHeard();
      },
      onRenegotiation: (renegotiation) => this.sound.set(renegotiation),
      onDigit: (hear) => {
        this.digit = hear;
      },
      isThere: () => this.isThere(),
      sendDigit: (digit) => this.sendDigit(digit),
      hangUp: async (how) => {
        if (!this.needs.book.remove(this)) return;
        await this.request('BYE', how?.bySupervisor === true ? BY_SUPERVISOR : {}).catch(() => undefined);
        if (this.dialog !== undefined) this.needs.srf.removeDialog(this.dialog);
      },
    };
  }

  /** Resolves with the status. */
  request(method: Inside, content: Content = {}): Promise<number> {
    const { srf } = this.needs;
    return this.mode === 'outside' && this.state !== undefined
      ? requestOutside(srf, this.state, method, content)
      : this.requestInside(method, content);
  }

  /** A request within a dialog on the current connection. Resolves with the status. Fails when the server does not know the dialog. */
  requestInside(method: Inside, content: Content = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      this.needs.srf.request('sip:placeholder', { method, stackDialogId: this.dialogId, headers: {}, ...content }, (error, sent) => {
        if (sent === undefined || (error !== null && error !== undefined)) {
          reject(new CallCentreError('no-such-call', 'No such dialog'));
          return;
        }
        // Registered here and not a turn later: the response may come in the same read as the notice that the request was sent.
        sent.on('response', (res) => resolve(res?.status ?? 0));
      });
    });
  }

  /** A re-INVITE or UPDATE within a dialog. A later process takes over the descriptions that were exchanged by it. */
  async answer(req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<void> {
    const sdp = await this.sound.answer(req, res, this.dialog?.local.sdp ?? this.state?.sdp);
    if (sdp === undefined) return;
    if (this.dialog !== undefined) this.dialog.local.sdp = sdp;
    const heard = req.body.trim() === '' ? {} : { heard: soundLines(req.body) };
    if (this.state !== undefined) this.state = { ...this.state, sdp, ...heard };
  }

  acknowledged(ack: Srf.SrfRequest): void {
    if (this.sound.acknowledged(ack) && this.state !== undefined) this.state = { ...this.state, heard: soundLines(ack.body) };
  }

  /** An INFO without a digit is answered and does nothing: we support no package of RFC 6086. */
  informed(req: Srf.SrfRequest, res: Srf.SrfResponse): void {
    const digit = digitOf(req.has('Content-Type') ? req.get('Content-Type') : undefined, req.body);
    if (digit !== undefined) this.digit?.(digit);
    void send(res, SIP_OK, {});
  }

  /** The dialog has a new id and a new object of the library, and stays the same for its owner. */
  renewed(dialog: Srf.Dialog): void {
    const { book } = this.needs;
    const wasFollowed = book.remove(this);
    const { heard } = this.state ?? {};
    this.dialogId = idOf(dialog);
    this.mode = 'ours';
    this.state = stateOf(dialog);
    this.listen(dialog);
    if (wasFollowed) book.add(this);
    // Hung up meanwhile.
    else dialog.destroy({ headers: {} }, () => undefined);
    const said = dialog.remote.sdp;
    if (said !== '' && soundLines(said) !== heard) this.sound.applies(said);
  }

  private async isThere(): Promise<boolean> {
    const { isConnected } = this.needs;
    const gone = isConnected() && (await this.request('OPTIONS').then(isGone, () => isConnected()));
    return !gone;
  }

  private async sendDigit(digit: string): Promise<void> {
    const status = await this.request('INFO', infoOf(digit));
    if (status !== SIP_OK) throw new CallCentreError('not-supported', `The far side answered INFO with ${status}`);
  }

  private listen(dialog: Srf.Dialog): void {
    this.dialog = dialog;
    dialog.on('destroy', () => this.over());
    const again = (req: Srf.SrfRequest, res: Srf.SrfResponse): void => void this.answer(req, res);
    const known = dialog as KnownDialog;
    known.on('modify', again);
    known.on('update', again);
    known.on('ack', (req) => this.acknowledged(req));
    known.on('info', (req, res) => this.informed(req, res));
    known.on('refer', (_req, res) => void send(res, DECLINED, {}));
    // The library answers 200 to requests that nobody listens for. The far end would think that somebody has read them.
    for (const method of ['message', 'publish'] as const) known.on(method, (_req, res) => void send(res, NOT_ALLOWED, { Allow: METHODS }));
  }
}

const idOf = (dialog: Srf.Dialog): string => (dialog as KnownDialog).id;

/** The far end's view of a dialog, from the INVITE that made it and its answer; undefined when a part is missing. */
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
