import { z } from 'zod';

/**
 * What it takes to speak in a dialog that the SIP server knows nothing of, or keeps for nobody (RFC 3261 section 12.2.1.1): the state of the
 * dialog as the far side has it.
 */
export const DialogState = z.object({
  callId: z.string().min(1),
  /** From of our requests, with our tag. */
  ours: z.string().min(1),
  /** To of our requests, with theirs. */
  theirs: z.string().min(1),
  /** The remote target: the URI of their Contact. */
  target: z.string().min(1),
  /** Where requests go first when that is not the target: the proxy in front of us, or the address behind a NAT. */
  nextHop: z.string().optional(),
  /** What we described last: said again it changes nothing (RFC 3264 section 8). */
  sdp: z.string(),
  /** Where they want sound, in what they described last. */
  heard: z.string(),
});
export type DialogState = z.infer<typeof DialogState>;

/** The lines of a description that say where sound goes and in which coding. */
export const soundLines = (sdp: string): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => /^(?:c=|m=|a=crypto:)/.test(line))
    .join('\n');

/** The first URI of a header that is a list of addresses. */
const uris = (header: string): string[] => [...header.matchAll(/<([^>]+)>/g)].map(([, uri]) => uri ?? '');

const hostOf = (uri: string): string => /^sips?:(?:[^@]*@)?(\[[^\]]+\]|[^:;>]+)/i.exec(uri)?.[1]?.replace(/^\[|\]$/g, '') ?? '';

/**
 * The next hop towards the far side: the proxy that recorded its route nearest to us; else the address that the far side speaks from, when its
 * Contact names another host.
 */
export function nextHopOf({
  recordRoute,
  weAsked,
  target,
  source,
}: {
  readonly recordRoute: string | undefined;
  /** Whether the INVITE was ours: then the nearest proxy stands last. */
  readonly weAsked: boolean;
  readonly target: string;
  readonly source: { readonly address: string; readonly port: number; readonly transport: string };
}): string | undefined {
  const routes = uris(recordRoute ?? '');
  const nearest = weAsked ? routes.at(-1) : routes[0];
  if (nearest !== undefined) return nearest;
  const { address, port, transport } = source;
  if (hostOf(target) === address) return undefined;
  const host = address.includes(':') ? `[${address}]` : address;
  return `sip:${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);
/** Above whatever a SIP server counts in a dialog from: drachtio-server begins below 2^27. */
const ABOVE_ALL = 2 ** 29;

/** A CSeq that no request of ours in the dialog has had: one each half second from a height that no server reaches by itself. */
export const nextSequence = (nowMs: number): number => ABOVE_ALL + Math.floor((nowMs - EPOCH_MS) / 500);
