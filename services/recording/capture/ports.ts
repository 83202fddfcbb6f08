import type { Channel } from './records.js';
import type { CallId } from '../../shared/domain/ids.js';

/** Where the media of a call is, as telephony reports it. */
export interface CallMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
}

/** Where the relay receives the media of the two sides, as telephony reports it. */
export interface RelayPorts {
  readonly caller: number;
  readonly far: number;
  /** The address of the far end; missing from an older telephony process. */
  readonly farAddress?: string | undefined;
}

/** What is known about a call when its spool is opened. */
export interface SpoolHeader extends CallMedia {
  readonly callId: CallId;
  readonly ledgerNumber: number;
  /** UTC of zero on the clock of the call. */
  readonly originWallMs: number;
}

/** The recording of one call. Appended bytes never change. */
export interface SpoolFile {
  readonly header: SpoolHeader;
  /** Kept in memory, and flushed to the disk within 200 ms. */
  append(record: Uint8Array): void;
  /** Resolves when everything appended so far is flushed to the disk. */
  settle(): Promise<void>;
  /** The bytes from `from` on, as far as they are appended. */
  read(from: number): Promise<Uint8Array>;
  /** All bytes of a call that is so short that they are in memory. */
  inMemory(): Uint8Array | undefined;
}

export interface Spool {
  /** Takes over what the earlier process left, even after a crash. */
  start(): Promise<void>;
  stop(): Promise<void>;
  create(header: SpoolHeader): Promise<SpoolFile>;
  /** Opens an existing call to append to it or read it. */
  open(callId: CallId): Promise<SpoolFile | undefined>;
  /** Stores the finished recording with the call until the call is removed. It is completely on the disk when this resolves. */
  keepSealed(callId: CallId, bytes: Uint8Array): Promise<void>;
  sealed(callId: CallId): Promise<Uint8Array | undefined>;
  /** The calls in the spool, in no particular order. */
  list(): string[];
  /** The folder of a call's working files. Only calls that last have one. */
  folderOf(callId: CallId): string;
  remove(callId: CallId): Promise<void>;
  freeBytes(): Promise<number>;
  /** The time of the last full flush, and the error if it failed. */
  state(): { readonly lastFlushMs: number; readonly failure: string | undefined; readonly unflushedBytes: number };
}

/** A socket that the relay sends the copy of one side to. */
export interface Tap {
  readonly address: string;
  readonly port: number;
  close(): void;
}

/** The source of a packet. */
export interface Source {
  readonly address: string;
  readonly port: number;
}

/** One side to copy: everything that this tag sends, to this socket. */
export interface CopiedSide {
  readonly tag: string;
  readonly tap: Tap;
}

/** The copy of one side. */
export interface Subscription {
  /** The id of the relay's subscription. Sides that were requested together share it. */
  readonly tag: string;
  /** Where the relay sends this copy from. Packets from elsewhere are foreign. */
  readonly source: Source;
  /** Only for an encrypted copy: returns the decrypted packet, or undefined for a foreign packet or a replay. */
  readonly open?: ((packet: Uint8Array) => Uint8Array | undefined) | undefined;
}

export interface Taps {
  open(receive: (packet: Uint8Array, from: Source) => void): Promise<Tap>;
}

/** The copies of the relay. Each failure is a `CallCentreError` with `media-relay-unavailable`. */
export interface RelayCopies {
  /** Requests copies of these sides by one subscription, in this order. Encrypted copies each get a new key. */
  subscribe(media: CallMedia, sides: readonly CopiedSide[]): Promise<readonly Subscription[]>;
  /** Ends copies that an earlier recorder left: their ports may belong to another call by now. */
  dropStale(media: CallMedia): Promise<void>;
  unsubscribe(media: CallMedia, subscription: string): Promise<void>;
  /** What the relay knows about the call; `undefined` when it has no such call. */
  look(media: CallMedia): Promise<RelayView | undefined>;
  startCapture(media: CallMedia): Promise<void>;
  stopCapture(media: CallMedia): Promise<void>;
  close(): void;
}

export interface RelayView {
  readonly tags: ReadonlySet<string>;
  readonly ports: Readonly<Record<Channel, readonly number[]>>;
  readonly farAddress: string | undefined;
}
