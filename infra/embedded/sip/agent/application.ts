import type { SipMessage, SipRequest } from '../message/message.js';
import type { Flow } from '../transport/flow.js';
import type { ProxyOrder } from './proxy-rules.js';

/** A message of the stack to the application. */
export interface Delivery {
  /** `application` only for a request that the server sent by itself. */
  readonly source: 'network' | 'application';
  readonly message: SipMessage;
  /** Size on the wire; 0 for a response the server made itself. */
  readonly bytes: number;
  /** The connection that it arrived or left by; undefined for a message that was never on a wire. */
  readonly flow: Flow | undefined;
  readonly transactionId: string;
  /** Empty outside a dialog. */
  readonly dialogId: string;
  /** Set for a request outside a dialog, whose frame names the socket that received it. */
  readonly outOfDialog: boolean;
}

/** The application client that owns a transaction or a dialog. */
export interface Owner {
  /** False while its connection is lost. */
  readonly attached: boolean;
  /** Its connection is lost, and no client will take over its dialogs. */
  readonly isGone: boolean;
  deliver(delivery: Delivery): void;
}

/** The fate of a new request: offered to a client, answered here, or forwarded. */
export type Decision =
  | { readonly kind: 'offer'; readonly owner: Owner }
  | { readonly kind: 'answer'; readonly status: number; readonly reason?: string; readonly contacts?: readonly string[] }
  | { readonly kind: 'proxy'; readonly order: ProxyOrder };

/** Decides about new requests: fairly among the clients that asked for the method, or as a request handler says. */
export interface Routes {
  /** A promise when somebody must be asked or connected to first. */
  decide(request: SipRequest, flow: Flow): Decision | Promise<Decision>;
}

/** Call detail records, in drachtio's terms: an INVITE arrived or left, was answered, or the call has ended. */
export interface CallRecords {
  attempt(source: RecordSource, message: SipMessage): void;
  start(source: RecordSource, role: 'uac' | 'uas' | 'proxy-uac', message: SipMessage): void;
  stop(source: RecordSource, reason: RecordReason, message: SipMessage): void;
}

/** Who sent the message that made the record. */
export type RecordSource = 'network' | 'application';

export type RecordReason = 'call-rejected' | 'call-canceled' | 'normal-release' | 'session-expired' | 'system-initiated-termination';

/** A message that was sent for an application, to be echoed to it. */
export interface Sent {
  readonly message: SipMessage;
  readonly bytes: number;
  readonly flow: Flow | undefined;
  readonly transactionId: string;
  readonly dialogId: string;
}

export type Outcome = { readonly ok: true; readonly sent: Sent } | { readonly ok: false; readonly reason: string };

export function refuse(reason: string): Outcome {
  return { ok: false, reason };
}

/** A request or response as the application wrote it. Nothing in it is trusted or complete. */
export type AppMessage = AppRequest | AppResponse;

export interface AppRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly fields: readonly AppField[];
  readonly body: Buffer;
}

export interface AppResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly AppField[];
  readonly body: Buffer;
}

/** A header line of the application: the key is the long name in lower case, the name is as typed. */
export interface AppField {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}
