import type { Channel } from './records.js';

/** Where a call's media is, as telephony hands it over. */
export interface CallMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
}

/** Where the relay receives the two sides, as telephony hands it over. */
export interface RelayPorts {
  readonly caller: number;
  readonly far: number;
  /** Address of the far side; an older telephony process does not send it. */
  readonly farAddress?: string | undefined;
}

/** What is known of a call when its spool is opened. */
export interface SpoolHeader extends CallMedia {
  readonly callId: string;
  readonly ledgerNumber: number;
  /** UTC of zero on the call's clock. */
  readonly originWallMs: number;
}

/** What is recorded of one call; nothing that was appended ever changes. */
export interface SpoolFile {
  readonly header: SpoolHeader;
  /** Taken into memory; on the disk, flushed, within 200 ms. */
  append(record: Uint8Array): void;
  /** Resolves when all that was appended so far is flushed to the disk. */
  settle(): Promise<void>;
  /** The bytes from `from` on, as far as they are appended. */
  read(from: number): Promise<Uint8Array>;
  /** All of them, of a call so short that they are in memory. */
  inMemory(): Uint8Array | undefined;
}

export interface Spool {
  /** Takes up what the process before left, also by a crash. */
  start(): Promise<void>;
  stop(): Promise<void>;
  create(header: SpoolHeader): Promise<SpoolFile>;
  /** Opens what is there to append to it or read it. */
  open(callId: string): Promise<SpoolFile | undefined>;
  /** Keeps the finished recording with the call until that is removed. On the disk, whole, when it resolves. */
  keepSealed(callId: string, bytes: Uint8Array): Promise<void>;
  sealed(callId: string): Promise<Uint8Array | undefined>;
  /** Calls that are in the spool, in no order. */
  list(): string[];
  /** The folder of a call's working files; only calls that last have one. */
  folderOf(callId: string): string;
  remove(callId: string): Promise<void>;
  freeBytes(): Promise<number>;
  /** When everything was last flushed, and the error if the flush failed. */
  state(): { readonly lastFlushMs: number; readonly failure: string | undefined; readonly unflushedBytes: number };
}

/** A socket that the relay sends one side's copy to. */
export interface Tap {
  readonly address: string;
  readonly port: number;
  close(): void;
}

/** Where a packet came from. */
export interface Source {
  readonly address: string;
  readonly port: number;
}

/** One side that is to be copied: what this tag sends, to this socket. */
export interface CopiedSide {
  readonly tag: string;
  readonly tap: Tap;
}

/** The copy of one side. */
export interface Subscription {
  /** Of the subscription at the relay, which copies of several sides share when they were asked for together. */
  readonly tag: string;
  /** Where the relay sends this copy from; nothing else belongs to it. */
  readonly source: Source;
  /** Only for an encrypted copy: returns the decrypted packet, or undefined for a foreign packet or a replay. */
  readonly open?: ((packet: Uint8Array) => Uint8Array | undefined) | undefined;
}

export interface Taps {
  open(receive: (packet: Uint8Array, from: Source) => void): Promise<Tap>;
}

/** The relay's copies. Each failure is a `CallCentreError` with `media-relay-unavailable`. */
export interface RelayCopies {
  /**
   * Asks for copies of these sides by one subscription, in their order; each copy has a key of its own, and another each time, where copies
   * are encrypted.
   */
  subscribe(media: CallMedia, sides: readonly CopiedSide[]): Promise<readonly Subscription[]>;
  /** Ends copies that an earlier recorder left behind: they would go on to its ports, which may be another call's by now. */
  dropStale(media: CallMedia): Promise<void>;
  unsubscribe(media: CallMedia, subscription: string): Promise<void>;
  /** What the relay knows of the call; `undefined` when it has no such call. */
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
