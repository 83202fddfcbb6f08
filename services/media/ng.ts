/** What the daemon answers; only what is read here. */
export interface NgReply {
  readonly result: 'ok' | 'pong';
  readonly sdp?: string;
  /** Of `play media`. */
  readonly duration?: number;
  readonly tags?: Readonly<Record<string, NgTag>>;
  readonly SSRC?: Readonly<Record<string, NgSsrc>>;
  /** Of `statistics`. */
  readonly statistics?: { readonly totalstatistics?: { readonly uptime?: string | number } };
}

export interface NgTag {
  readonly tag: string;
  readonly medias?: readonly { readonly streams?: readonly NgStream[] }[];
}

export interface NgStream {
  readonly 'local port': number;
  readonly 'last packet'?: number;
  readonly 'ingress SSRCs'?: readonly { readonly SSRC: number; readonly packets: number }[];
  readonly stats?: NgCounts;
  readonly stats_out?: NgCounts;
}

export interface NgCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly errors: number;
}

/** Averages over the report intervals that the daemon saw. */
export interface NgSsrc {
  readonly 'cumulative loss'?: number;
  readonly 'average jitter'?: number;
  readonly 'average packet loss'?: number;
  readonly 'average round-trip time'?: number;
}

/** The commands that are used, with their keys spelt as the daemon reads them: it ignores an unknown key without a word. */
export interface NgCommand {
  readonly command: 'ping' | 'offer' | 'answer' | 'delete' | 'query' | 'statistics' | 'play media' | 'stop media' | 'play DTMF';
  readonly 'call-id'?: string;
  readonly 'from-tag'?: string;
  readonly 'to-tag'?: string;
  readonly sdp?: string;
  readonly flags?: readonly string[];
  readonly 'transport-protocol'?: 'RTP/AVP';
  readonly ICE?: 'remove' | 'force';
  readonly 'rtcp-mux'?: readonly string[];
  readonly replace?: readonly string[];
  readonly direction?: readonly string[];
  readonly codec?: {
    readonly mask?: readonly string[];
    readonly strip?: readonly string[];
    readonly except?: readonly string[];
    readonly consume?: readonly string[];
    readonly transcode?: readonly string[];
  };
  readonly 'record call'?: 'yes';
  readonly metadata?: string;
  readonly file?: string;
  readonly 'repeat-times'?: number;
  readonly code?: string;
  readonly duration?: number;
  readonly 'delete-delay'?: number;
  readonly 'media-echo'?: 'backwards';
}

export interface NgClient {
  /** Fails with `media-relay-unavailable` when the daemon is silent or refuses. */
  send(command: NgCommand): Promise<NgReply>;
  close(): void;
}
