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
  /** The newest first; at most four. */
  readonly 'ingress SSRCs'?: readonly { readonly SSRC: number; readonly packets: number; readonly 'last RTP seq'?: number }[];
  readonly stats?: NgCounts;
  readonly stats_out?: NgCounts;
}

export interface NgCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly errors: number;
}

/** What the receiver that sends under this SSRC has reported by RTCP; missing until the relay took a report of both directions. */
export interface NgSsrc {
  /** What its last report says is lost, and the gaps in its own packets since then (12.5.1.31). */
  readonly 'cumulative loss'?: number;
  /** Over its reports: jitter in milliseconds, round trip in microseconds. */
  readonly 'average MOS'?: { readonly jitter?: number; readonly 'round-trip time'?: number; readonly samples?: number };
}

/** Of the answer to `query`: what nobody needs who only counts packets. */
export const UNCOUNTED: ReadonlySet<string> = new Set([
  ...['advertised endpoint', 'endpoint', 'egress SSRCs', 'flags', 'local address', 'protocol', 'family', 'recording', 'totals', 'VSC'],
  ...['highest MOS', 'lowest MOS', 'MOS progression', 'subscribers', 'subscriptions'],
]);
