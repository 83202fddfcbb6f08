import type { NgReply } from '../../shared/platform/network/rtpengine-ng.js';

/** The fields that are read from a `query`, `delete` or `statistics` reply. */
export interface RelayCounts extends NgReply {
  readonly tags?: Readonly<Record<string, NgTag>>;
  readonly SSRC?: Readonly<Record<string, NgSsrc>>;
  /** The counts in the reply to `statistics`. */
  readonly statistics?: {
    readonly totalstatistics?: { readonly uptime?: string | number };
    /** How many `statistics` the relay had answered before this one. */
    readonly controlstatistics?: { readonly totalstatscount?: string | number };
  };
}

export interface NgTag {
  readonly tag: string;
  readonly medias?: readonly { readonly streams?: readonly NgStream[] }[];
}

export interface NgStream {
  readonly 'local port': number;
  /** The address of its party, as described or learned. */
  readonly endpoint?: { readonly address: string; readonly port: number };
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
