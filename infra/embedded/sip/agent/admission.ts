/** The limits of one source. */
export interface AdmissionLimits {
  /** New requests (those that start something) per second, sustained and at once. */
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly connectionsPerSource: number;
  /** How long a scanner, or a source that keeps flooding, is ignored. */
  readonly blockMs: number;
  /** Addresses that are never limited, in addition to the peers. UDP sources can be forged, so a trunk must not be blockable. */
  readonly trusted: readonly string[];
  /**
   * Texts in a User-Agent, in upper or lower case, whose requests are answered 603. Known scanners get no answer and are blocked; these
   * senders are not.
   */
  readonly spammers: readonly string[];
}

export const DEFAULT_ADMISSION: AdmissionLimits = {
  requestsPerSecond: 50,
  burst: 200,
  connectionsPerSource: 200,
  blockMs: 10 * 60_000,
  trusted: [],
  spammers: [],
};

// The names that scanners give themselves. No phone uses them.
const SCANNERS =
  /friendly-scanner|sipvicious|sundayddr|sipcli|sip-scan|sipsak|iwar|sivus|gulp|smap|friendly-request|vaxsipuseragent|pplsip|eyebeamsip|scanner|siparmyknife|test agent/i;

const MAX_SOURCES = 20_000;

interface Source {
  tokens: number;
  refilledAtMs: number;
  blockedUntilMs: number;
  refused: number;
  connections: number;
}

/** Decides which sources are served: a token bucket each, a limit on connections, and a block list whose entries expire. */
export class Admission {
  private readonly sources = new Map<string, Source>();
  private readonly trusted: ReadonlySet<string>;

  constructor(
    private readonly limits: AdmissionLimits,
    private readonly isPeer: (address: string) => boolean = () => false,
    private readonly now: () => number = Date.now,
  ) {
    this.trusted = new Set(limits.trusted);
  }

  get blockedCount(): number {
    const now = this.now();
    let count = 0;
    for (const source of this.sources.values()) if (source.blockedUntilMs > now) count += 1;
    return count;
  }

  /** Whether messages from this address are read at all. */
  admits(address: string): boolean {
    const source = this.sources.get(address);
    return !source || source.blockedUntilMs <= this.now() || this.exempt(address);
  }

  /** Returns whether the address may open another connection; `closed` releases it. */
  opened(address: string): boolean {
    if (this.exempt(address)) return true;
    const source = this.source(address);
    if (source.blockedUntilMs > this.now() || source.connections >= this.limits.connectionsPerSource) return false;
    source.connections += 1;
    return true;
  }

  closed(address: string): void {
    const source = this.sources.get(address);
    if (source && source.connections > 0) source.connections -= 1;
  }

  /** Whether a request that starts something is served. A `cost` above 1 is for requests that a well-behaved peer does not send. */
  request(address: string, cost = 1): boolean {
    if (this.exempt(address)) return true;
    const source = this.source(address);
    const now = this.now();
    source.tokens = Math.min(this.limits.burst, source.tokens + ((now - source.refilledAtMs) / 1_000) * this.limits.requestsPerSecond);
    source.refilledAtMs = now;
    if (source.tokens >= cost) {
      source.tokens -= cost;
      source.refused = 0;
      return true;
    }
    source.refused += 1;
    // No phone, however busy, exceeds the limit by ten bursts without a pause.
    if (source.refused > this.limits.burst * 10) source.blockedUntilMs = now + this.limits.blockMs;
    return false;
  }

  /** Recognises a scanner by the name it gives itself and blocks it; a trusted address is never blocked. */
  isScanner(address: string, userAgent: string | undefined): boolean {
    if (userAgent === undefined || !SCANNERS.test(userAgent) || this.exempt(address)) return false;
    this.source(address).blockedUntilMs = this.now() + this.limits.blockMs;
    return true;
  }

  /** Whether a User-Agent is on the site's own list. */
  isSpammer(userAgent: string | undefined): boolean {
    const text = userAgent?.toLowerCase() ?? '';
    return this.limits.spammers.some((spammer) => text.includes(spammer.toLowerCase()));
  }

  private exempt(address: string): boolean {
    return this.trusted.has(address) || this.isPeer(address);
  }

  private source(address: string): Source {
    let source = this.sources.get(address);
    if (!source) {
      if (this.sources.size >= MAX_SOURCES) this.forgetIdle();
      source = { tokens: this.limits.burst, refilledAtMs: this.now(), blockedUntilMs: 0, refused: 0, connections: 0 };
      this.sources.set(address, source);
    }
    return source;
  }

  /** Makes room: sources without a state first, then the oldest. */
  private forgetIdle(): void {
    const now = this.now();
    for (const [address, source] of this.sources) {
      const idle = source.blockedUntilMs <= now && source.connections === 0 && now - source.refilledAtMs > 60_000;
      if (idle) this.sources.delete(address);
    }
    for (const address of this.sources.keys()) {
      if (this.sources.size < MAX_SOURCES * 0.9) return;
      this.sources.delete(address);
    }
  }
}
