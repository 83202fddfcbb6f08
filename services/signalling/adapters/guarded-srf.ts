import Srf from 'drachtio-srf';

/** A request as drachtio-srf passes it, with properties that its declarations lack. */
export type InDialog = Srf.SrfRequest & {
  readonly stackDialogId?: string;
  readonly protocol: string;
  readonly receivedOn?: string;
  readonly source: 'network' | 'application';
};

/** A dialog as drachtio-srf makes it, with properties that its declarations lack. */
export type KnownDialog = Srf.Dialog & {
  readonly id: string;
  readonly type: 'uac' | 'uas';
  /** False after a BYE. */
  readonly connected: boolean;
  readonly req: InDialog;
  readonly res: Srf.SrfResponse;
  on(name: 'update' | 'ack' | 'info' | 'refer' | 'message' | 'publish', handle: (req: Srf.SrfRequest, res: Srf.SrfResponse) => void): void;
  once(name: 'ack', handle: (ack: Srf.SrfRequest) => void): void;
};

/** A SIP method that the declarations lack. Using it also makes the server send such requests here. */
type Verb = (handle: (req: InDialog, res: Srf.SrfResponse) => void) => void;

type Middleware = (req: InDialog, res: Srf.SrfResponse, next: () => void) => void;

/** The library's connection to the SIP server, frame by frame. */
interface WireProtocol {
  on(name: 'msg', handle: (socket: unknown, frame: string) => void): void;
  prependListener(name: 'msg', handle: () => void): void;
  send: (socket: unknown, frame: string) => string;
}

const FORBIDDEN = 403;

/** drachtio-srf answers a BYE in a dialog by itself, before any of our handlers. This handler first checks who sent the request. */
export class GuardedSrf extends Srf {
  declare readonly invite: Verb;
  declare readonly update: Verb;
  declare readonly register: Verb;
  declare readonly options: Verb;
  declare readonly bye: Verb;
  declare readonly ack: Verb;
  declare readonly info: Verb;
  declare readonly refer: Verb;
  declare readonly removeDialog: (dialog: Srf.Dialog) => void;

  declare private readonly app: {
    readonly client: { readonly wp: WireProtocol };
  };

  /** Shows each frame from the SIP server, after the library has handled it. Call it once, after `connect`. */
  watch(seen: (frame: string) => void): void {
    this.app.client.wp.on('msg', (_socket, frame) => seen(frame));
  }

  /** Asks before each frame, in and out, whether this process may still act. Call it once, after `connect`. */
  guard(check: () => void): void {
    const { wp } = this.app.client;
    const send = wp.send.bind(wp);
    wp.prependListener('msg', check);
    wp.send = (socket, frame) => {
      check();
      return send(socket, frame);
    };
  }

  /** Whether a request within a dialog comes from somebody other than its peer. Decided before the dialog sees it. */
  isForeign: (req: InDialog) => boolean = () => false;

  /** The library's own middleware, called by its constructor: the first handler of a request. */
  dialog(options?: object): Middleware {
    const library = (Srf.prototype as Srf & { dialog(options?: object): Middleware }).dialog.call(this, options);
    return (req, res, next) => {
      if (!this.isForeign(req)) library(req, res, next);
      else if (req.method !== 'ACK') res.send(FORBIDDEN);
    };
  }
}
