import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { RelayCopies, RelayPorts, RelayView, Source, SpoolFile, Subscription, Tap, Taps } from './ports.js';
import type { StrangePackets } from './strange-packets.js';
import { aliveRecord, channels, markRecord, packetRecord, type Channel, type Mark } from './records.js';

/** After this long without packets the relay is asked about a side: its copy may be gone. */
const SILENT_MS = 2_000;
const ASK_AGAIN_MS = 5_000;

export interface Clock {
  /** Monotonic, ms; not the time of day. */
  readonly steadyMs: () => number;
  readonly wallMs: () => number;
}

interface Tapped {
  readonly tap: Tap;
  subscription: Subscription | undefined;
  /** The newest packet of the copy could not be decrypted: the relay uses another key. */
  unreadable: boolean;
}

/** A call that is being recorded: its two copies, its file, its pause. */
export class LiveCall {
  readonly #originMs: number;
  readonly #taps = new Map<Channel, Tapped>();
  readonly #lastPacketMs: Record<Channel, number>;
  #paused: boolean;
  #closed = false;
  #lastRecordMs: number;
  #askedMs = -Infinity;
  /** Set while copies are being requested. A second request meanwhile would give a side two copies, and nobody would end one of them. */
  #asking = false;
  #knowsPorts = false;

  /** `resumeFromMs`: the last time in the file, when an earlier process began it. */
  constructor(
    readonly file: SpoolFile,
    private readonly deps: {
      readonly taps: Taps;
      readonly copies: RelayCopies;
      readonly clock: Clock;
      readonly log: Logger;
      readonly strange: StrangePackets;
    },
    { paused, resumeFromMs }: { readonly paused: boolean; readonly resumeFromMs: number },
  ) {
    const { clock } = deps;
    // The monotonic clock restarts with each process. UTC bridges the two, and never backwards.
    const elapsed = Math.max(clock.wallMs() - file.header.originWallMs, resumeFromMs);
    this.#originMs = clock.steadyMs() - elapsed;
    this.#paused = paused;
    this.#lastRecordMs = elapsed;
    this.#lastPacketMs = { caller: elapsed, agent: elapsed };
  }

  get callId(): string {
    return this.file.header.callId;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** A time on the clock of the call. */
  nowMs(): number {
    return this.deps.clock.steadyMs() - this.#originMs;
  }

  mark(mark: Mark): void {
    this.#lastRecordMs = this.nowMs();
    this.file.append(markRecord(this.#lastRecordMs, mark));
  }

  /** Opens the sockets and requests both copies. Resolves when both exist. */
  async listen(): Promise<void> {
    await this.#askOnce(async () => {
      await Promise.all(channels.map((channel) => this.#open(channel)));
      await this.#subscribe(channels);
    });
    this.mark({ kind: 'listening', wallMs: this.deps.clock.wallMs() });
  }

  async #askOnce(work: () => Promise<void>): Promise<void> {
    this.#asking = true;
    try {
      await work();
    } finally {
      this.#asking = false;
    }
  }

  /** From here on nothing that arrives touches the disk. */
  pause(reason: string): void {
    if (this.#paused) throw new CallCentreError('wrong-state', 'the recording is paused already');
    this.#paused = true;
    this.mark({ kind: 'paused', reason });
  }

  resume(): void {
    if (!this.#paused) throw new CallCentreError('wrong-state', 'the recording is not paused');
    this.#paused = false;
    this.mark({ kind: 'resumed' });
  }

  /** Once a second: records that the recorder is running, and checks copies that fell silent. */
  async tick(): Promise<void> {
    if (this.#closed) return;
    const now = this.nowMs();
    const open = channels.every((channel) => this.#taps.get(channel)?.subscription !== undefined);
    if (open && now - this.#lastRecordMs >= 900) {
      this.#lastRecordMs = now;
      this.file.append(aliveRecord(now));
    }
    const silent = channels.some((channel) => now - this.#lastPacketMs[channel] > SILENT_MS);
    if ((silent || !open) && !this.#asking && now - this.#askedMs > ASK_AGAIN_MS) {
      this.#askedMs = now;
      await this.#askOnce(() => this.#lookAfter());
    }
  }

  /** Where the relay receives the two sides, so that its capture can be read later. Reported before the answer and with it. */
  notePorts({ caller, far, farAddress }: RelayPorts): void {
    if (!this.#knowsPorts) this.#markPorts({ ports: { caller: [caller], agent: [far] }, farAddress });
  }

  /**
   * Asks the relay for these addresses, unless they were reported. The reply contains the whole state of the call, which is expensive for
   * the relay.
   */
  async askPorts(): Promise<void> {
    if (this.#knowsPorts) return;
    const view = await this.deps.copies.look(this.file.header);
    if (view !== undefined && !this.#closed) this.#markPorts(view);
  }

  #markPorts({ ports: { caller, agent }, farAddress }: Pick<RelayView, 'ports' | 'farAddress'>): void {
    this.#knowsPorts ||= caller.length > 0 && agent.length > 0;
    this.mark({ kind: 'relay-ports', caller, agent, agentAddress: farAddress });
  }

  /** The end as telephony reported it, to a recorder that was running until now. */
  end(at: string): void {
    this.file.append(aliveRecord(this.nowMs()));
    this.mark({ kind: 'ended', at });
    this.#closeTaps();
  }

  /** Stops recording a call that may go on. The relay is asked to end its copies. */
  close(): void {
    const tags = new Set([...this.#taps.values()].flatMap(({ subscription }) => subscription?.tag ?? []));
    for (const tag of tags) this.deps.copies.unsubscribe(this.file.header, tag).catch(() => undefined);
    this.#closeTaps();
  }

  /** Telephony deletes an ended call at the relay together with its copies, so nobody has to end them. */
  #closeTaps(): void {
    this.#closed = true;
    for (const { tap } of this.#taps.values()) tap.close();
    this.#taps.clear();
  }

  async #open(channel: Channel): Promise<void> {
    if (this.#taps.has(channel)) return;
    const tap = await this.deps.taps.open((packet, from) => this.#receive(channel, packet, from));
    this.#taps.set(channel, { tap, subscription: undefined, unreadable: false });
  }

  #receive(channel: Channel, packet: Uint8Array, from: Source): void {
    // A copy that another call left to an earlier owner of this port must never get into this recording.
    const tapped = this.#taps.get(channel);
    const subscription = tapped?.subscription;
    // Before the relay has said where the copy comes from, no packet is foreign.
    if (tapped === undefined || subscription === undefined) return;
    const { source, open } = subscription;
    if (source.port !== from.port || source.address !== from.address) {
      this.deps.strange.seen(this.callId);
      return;
    }
    const plain = open === undefined ? packet : open(packet);
    tapped.unreadable = plain === undefined;
    if (plain === undefined) {
      this.deps.strange.seen(this.callId);
      return;
    }
    const now = this.nowMs();
    this.#lastPacketMs[channel] = now;
    if (this.#paused || this.#closed) return;
    this.#lastRecordMs = now;
    this.file.append(packetRecord(channel, now, plain));
  }

  async #subscribe(asked: readonly Channel[]): Promise<void> {
    const { callerTag, farTag } = this.file.header;
    const open = asked.flatMap((channel) => {
      const tapped = this.#taps.get(channel);
      return tapped === undefined ? [] : [{ tapped, tag: channel === 'caller' ? callerTag : farTag }];
    });
    if (open.length === 0) return;
    const subscriptions = await this.deps.copies.subscribe(
      this.file.header,
      open.map(({ tapped, tag }) => ({ tag, tap: tapped.tap })),
    );
    for (const [index, { tapped }] of open.entries()) {
      tapped.subscription = subscriptions[index];
      tapped.unreadable = false;
    }
  }

  async #lookAfter(): Promise<void> {
    const view = await this.deps.copies.look(this.file.header);
    // Without a call at the relay there is nothing to copy. Telephony will report its end.
    if (view === undefined || this.#closed) return;
    const missing = new Set<Channel>();
    /** Subscriptions with an unreadable copy. All copies of such a subscription end. */
    const useless = new Set<string>();
    for (const channel of channels) {
      await this.#open(channel);
      const { subscription, unreadable = false } = this.#taps.get(channel) ?? {};
      if (subscription === undefined || !view.tags.has(subscription.tag)) missing.add(channel);
      else if (unreadable) useless.add(subscription.tag);
    }
    for (const channel of channels) if (useless.has(this.#taps.get(channel)?.subscription?.tag ?? '')) missing.add(channel);
    for (const tag of useless) await this.deps.copies.unsubscribe(this.file.header, tag);
    if (missing.size === 0) return;
    await this.#subscribe([...missing]);
    this.deps.log.warn({ callId: this.callId }, 'a copy was lost or could not be decrypted, and was requested again');
    this.mark({ kind: 'listening', wallMs: this.deps.clock.wallMs() });
    this.#markPorts(view);
  }
}
