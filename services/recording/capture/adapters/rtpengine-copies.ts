import { randomBytes } from 'node:crypto';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { isOfThisMachine } from '../../../shared/platform/network/own-addresses.js';
import { createNgClient, NgRefused, type NgClient, type NgReply } from '../../../shared/platform/network/rtpengine-ng.js';
import { encryptedCopyOf, type CopyEncryption, type EncryptedCopy } from './copy-encryption.js';
import type { CallMedia, CopiedSide, RelayCopies, RelayView, Source, Subscription, Tap } from '../ports.js';

const ORDER_TIMEOUT_MS = 2_000;
const TAG_PREFIX = 'rec-';
/** The relay's interface that no party reaches. */
const INNER = 'inner';
/** A copy goes to the socket that asked for it. Nothing is learned from packets sent to the relay's port of the copy. */
const OUR_SOCKET_ALONE = { 'endpoint-learning': 'off', flags: ['strict source'] } as const;

export interface CopyOptions {
  readonly srtp?: CopyEncryption;
  /** How a relay is reached; tests may count commands. */
  readonly connect?: ((url: string) => NgClient) | undefined;
  /** Whether packets from this address never left the machine. */
  readonly isLocal?: (address: string) => boolean;
}

interface Offer {
  readonly subscription: string;
  /** The sides, in the order in which they were requested. */
  readonly media: readonly OfferedCopy[];
}

interface OfferedCopy {
  /** The lines of its medium. */
  readonly lines: string;
  readonly source: Source;
}

/**
 * Copies by a subscription to the caller's own rtpengine call: a medium for each side, PCMA to our sockets, encrypted by `srtp`. One
 * subscription copies both sides, because the relay stores the whole call in the live state with each request and each answer.
 */
export function createRtpengineCopies({
  srtp = 'auto',
  connect = createNgClient,
  isLocal = isOfThisMachine,
}: CopyOptions = {}): RelayCopies {
  const clients = new Map<string, NgClient>();
  const relay = (url: string): NgClient => {
    const known = clients.get(url);
    if (known !== undefined) return known;
    const client = connect(url);
    clients.set(url, client);
    return client;
  };
  const order = { timeoutMs: ORDER_TIMEOUT_MS };
  /** Relays that were seen to send from elsewhere than this machine. */
  const remote = new Set<string>();

  async function unsubscribe(media: CallMedia, subscription: string): Promise<void> {
    await relay(media.relay).send({ command: 'unsubscribe', 'call-id': media.mediaCallId, 'to-tag': subscription }, order);
  }

  async function requested(media: CallMedia, tags: readonly string[], transport: 'RTP/AVP' | 'RTP/SAVP'): Promise<Offer> {
    // A new tag each time: for a tag that it has seen, the daemon keeps the old source.
    const subscription = `${TAG_PREFIX}${randomBytes(6).toString('hex')}`;
    const { sdp = '' } = await relay(media.relay).send(subscribeRequest(media, tags, subscription, transport), order);
    const offered = offeredCopies(sdp);
    // An answer with another number of media lines than the offer crashes the daemon, with every call on it.
    if (offered.length !== tags.length) {
      await unsubscribe(media, subscription);
      throw new CallCentreError('media-relay-unavailable', `the relay offered ${offered.length} copies for ${tags.length} sides`);
    }
    return { subscription, media: offered };
  }

  async function subscribe(media: CallMedia, sides: readonly CopiedSide[]): Promise<readonly Subscription[]> {
    const plain = srtp === 'never' || (srtp === 'auto' && !remote.has(media.relay));
    const tags = sides.map(({ tag }) => tag);
    const offer = await requested(media, tags, plain ? 'RTP/AVP' : 'RTP/SAVP');
    if (plain && srtp === 'auto' && offer.media.some(({ source }) => !isLocal(source.address))) {
      // Only the relay's offer tells where it sends from. Nothing is sent before the answer.
      remote.add(media.relay);
      await unsubscribe(media, offer.subscription);
      return subscribe(media, sides);
    }
    const copies = offer.media.map(({ lines }) => (plain ? undefined : encryptedCopyOf(lines)));
    if (!plain && copies.includes(undefined)) {
      await unsubscribe(media, offer.subscription);
      throw new CallCentreError('media-relay-unavailable', 'the relay offered a copy without a key of the suite that is asked for');
    }
    const answer = {
      command: 'subscribe answer',
      'call-id': media.mediaCallId,
      'to-tag': offer.subscription,
      sdp: receiveOnly(sides.map(({ tap }, index) => ({ tap, encrypted: copies[index] }))),
      ...OUR_SOCKET_ALONE,
      flags: ['allow transcoding', ...OUR_SOCKET_ALONE.flags],
    } as const;
    await relay(media.relay)
      .send(answer, order)
      .catch(async (error: unknown) => {
        // The relay may have accepted the request: these copies would go on beside the ones that are requested next.
        await unsubscribe(media, offer.subscription).catch(() => undefined);
        throw error;
      });
    return offer.media.map(({ source }, index) => ({ tag: offer.subscription, source, open: copies[index]?.open }));
  }

  return {
    subscribe,
    async dropStale(media) {
      const reply = (await relay(media.relay).send({ command: 'query', 'call-id': media.mediaCallId }, order)) as QueryTags;
      for (const tag of Object.keys(reply.tags ?? {})) if (tag.startsWith(TAG_PREFIX)) await unsubscribe(media, tag);
    },
    unsubscribe,
    async look(media) {
      try {
        return viewOf(await relay(media.relay).send({ command: 'query', 'call-id': media.mediaCallId }, order), media);
      } catch (error) {
        if (error instanceof NgRefused) return undefined;
        throw error;
      }
    },
    async startCapture(media) {
      await relay(media.relay).send({ command: 'start recording', 'call-id': media.mediaCallId }, order);
    },
    async stopCapture(media) {
      await relay(media.relay).send({ command: 'stop recording', 'call-id': media.mediaCallId }, order);
    },
    close() {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
  };
}

const subscribeRequest = (media: CallMedia, tags: readonly string[], subscription: string, transport: 'RTP/AVP' | 'RTP/SAVP') => ({
  command: 'subscribe request' as const,
  'call-id': media.mediaCallId,
  'from-tags': tags,
  'to-tag': subscription,
  'transport-protocol': transport,
  // Keys in the description: the recorder makes no DTLS handshake.
  ...(transport === 'RTP/SAVP' ? { DTLS: 'off' as const } : {}),
  ICE: 'remove' as const,
  'rtcp-mux': ['demux' as const],
  codec: { mask: ['all'], transcode: ['PCMA'] },
  interface: INNER,
  ...OUR_SOCKET_ALONE,
});

/** Each medium that the relay offers, with its address and port, given for the medium or for the whole session. */
function offeredCopies(sdp: string): readonly OfferedCopy[] {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  const addressIn = (lines: string): string | undefined => /^c=IN IP[46] (\S+)/m.exec(lines)?.[1];
  return media.map((lines) => ({
    lines,
    source: { address: addressIn(lines) ?? addressIn(session) ?? '', port: Number(/^m=audio (\d+)/.exec(lines)?.[1]) },
  }));
}

function receiveOnly(copies: readonly { readonly tap: Tap; readonly encrypted: EncryptedCopy | undefined }[]): string {
  const at = ({ address }: Tap): string => `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
  const [first] = copies;
  return [
    'v=0',
    `o=- 1 1 ${first === undefined ? 'IN IP4 0.0.0.0' : at(first.tap)}`,
    's=-',
    't=0 0',
    ...copies.flatMap(({ tap, encrypted }) => [
      `m=audio ${tap.port} ${encrypted === undefined ? 'RTP/AVP' : 'RTP/SAVP'} 8`,
      `c=${at(tap)}`,
      'a=rtpmap:8 PCMA/8000',
      ...(encrypted === undefined ? [] : [encrypted.answerLine]),
      'a=recvonly',
      'a=ptime:20',
    ]),
    '',
  ].join('\r\n');
}

interface QueryTags extends NgReply {
  readonly tags?: Readonly<
    Record<
      string,
      {
        readonly medias?: readonly {
          readonly streams?: readonly { readonly 'local port'?: number; readonly 'local address'?: string }[];
        }[];
      }
    >
  >;
}

function viewOf(reply: NgReply, media: CallMedia): RelayView {
  const tags = (reply as QueryTags).tags ?? {};
  const ports = (tag: string): number[] =>
    (tags[tag]?.medias ?? []).flatMap(({ streams }) => (streams ?? []).flatMap((stream) => stream['local port'] ?? []));
  return {
    tags: new Set(Object.keys(tags)),
    ports: { caller: ports(media.callerTag), agent: ports(media.farTag) },
    farAddress: tags[media.farTag]?.medias?.[0]?.streams?.[0]?.['local address'],
  };
}
