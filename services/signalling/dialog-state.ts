import { z } from 'zod';
import { asSipCallId } from '../shared/contracts/ids.js';

/**
 * The state, from the far end's point of view, for sending requests in a dialog that the SIP server does not know, or keeps for nobody (RFC
 * 3261 section 12.2.1.1).
 */
export const DialogState = z.object({
  callId: asSipCallId(z.string().min(1)),
  /** From of our requests, with our tag. */
  ours: z.string().min(1),
  /** To of our requests, with their tag. */
  theirs: z.string().min(1),
  /** The remote target: the URI of their Contact. */
  target: z.string().min(1),
  /** The first destination of requests if it is not the target: the proxy in front of us, or the address behind a NAT. */
  nextHop: z.string().optional(),
  /** Our last description. Repeating it changes nothing (RFC 3264 section 8). */
  sdp: z.string(),
  /** Where they want media, from their last description. */
  heard: z.string(),
});
export type DialogState = z.infer<typeof DialogState>;

/** The lines of a description that say where media goes and in which codec. */
export const soundLines = (sdp: string): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => /^(?:c=|m=|a=crypto:)/.test(line))
    .join('\n');

/** The first URI in a header that is a list of addresses. */
const uris = (header: string): string[] => [...header.matchAll(/<([^>]+)>/g)].map(([, uri]) => uri ?? '');

const hostOf = (uri: string): string => /^sips?:(?:[^@]*@)?(\[[^\]]+\]|[^:;>]+)/i.exec(uri)?.[1]?.replace(/^\[|\]$/g, '') ?? '';

/**
 * The next hop towards the far end: the nearest proxy that recorded its route, otherwise the source address of the far end when its Contact
 * names another host.
 */
export function nextHopOf({
  recordRoute,
  weAsked,
  target,
  source,
}: {
  readonly recordRoute: string | undefined;
  /** Whether the INVITE was ours: then the nearest proxy is last in the list. */
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
/** Above any number that a SIP server starts a dialog with: drachtio-server begins below 2^27. */
const ABOVE_ALL = 2 ** 29;

/**
 * A CSeq that none of our requests in the dialog has used: it grows by one every half second, from a height that no server reaches by
 * itself.
 */
export const nextSequence = (nowMs: number): number => ABOVE_ALL + Math.floor((nowMs - EPOCH_MS) / 500);
