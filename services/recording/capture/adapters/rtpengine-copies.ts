import { randomBytes } from 'node:crypto';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { isOfThisMachine } from '../../../shared/platform/own-addresses.js';
import { createNgClient, NgRefused, type NgClient, type NgReply } from '../../../shared/platform/rtpengine-ng.js';
import { encryptedCopyOf, type CopyEncryption, type EncryptedCopy } from './copy-encryption.js';
import type { CallMedia, RelayCopies, RelayView, Source, Subscription, Tap } from '../ports.js';

const ORDER_TIMEOUT_MS = 2_000;
const TAG_PREFIX = 'rec-';
/** The relay's interface that no party is met on. */
const INNER = 'inner';
/** A copy goes to the socket that asked for it: whoever sends to the relay's port of it, nothing is learned. */
const OUR_SOCKET_ALONE = { 'endpoint-learning': 'off', flags: ['strict source'] } as const;

export interface CopyOptions {
  readonly srtp?: CopyEncryption;
  /** How a relay is reached; tests may count commands. */
  readonly connect?: ((url: string) => NgClient) | undefined;
  /** Whether what comes from this address never left the machine. */
  readonly isLocal?: (address: string) => boolean;
}

interface Offer {
  readonly subscription: string;
  readonly sdp: string;
  readonly source: Source;
}

/** Copies of one side each by subscription on the caller's own call of rtpengine, PCMA to our socket, encrypted by `srtp`. */
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

  async function requested(media: CallMedia, tag: string, transport: 'RTP/AVP' | 'RTP/SAVP'): Promise<Offer> {
    // A tag of its own each time: the daemon keeps the old source for a tag that it has seen.
    const subscription = `${TAG_PREFIX}${randomBytes(6).toString('hex')}`;
    const { sdp } = await relay(media.relay).send(subscribeRequest(media, tag, subscription, transport), order);
    // An answer with another number of media lines than the request kills the daemon, and every call on it.
    if (sdp === undefined || sdp.split(/\r?\n/).filter((line) => line.startsWith('m=')).length !== 1)
      throw new CallCentreError('media-relay-unavailable', 'the relay offered a copy with other than one medium');
    return { subscription, sdp, source: sourceOf(sdp) };
  }

  async function subscribe(media: CallMedia, tag: string, tap: Tap): Promise<Subscription> {
    const plain = srtp === 'never' || (srtp === 'auto' && !remote.has(media.relay));
    const offer = await requested(media, tag, plain ? 'RTP/AVP' : 'RTP/SAVP');
    if (plain && srtp === 'auto' && !isLocal(offer.source.address)) {
      // Where the relay sends from is known by its offer alone. Nothing is sent before the answer.
      remote.add(media.relay);
      await unsubscribe(media, offer.subscription);
      return subscribe(media, tag, tap);
    }
    const copy = plain ? undefined : encryptedCopyOf(offer.sdp);
    if (!plain && copy === undefined) {
      await unsubscribe(media, offer.subscription);
      throw new CallCentreError('media-relay-unavailable', 'the relay offered a copy without a key of the suite that is asked for');
    }
    await relay(media.relay).send(
      {
        command: 'subscribe answer',
        'call-id': media.mediaCallId,
        'to-tag': offer.subscription,
        sdp: receiveOnly(tap, copy),
        ...OUR_SOCKET_ALONE,
        flags: ['allow transcoding', ...OUR_SOCKET_ALONE.flags],
      },
      order,
    );
    return { tag: offer.subscription, source: offer.source, open: copy?.open };
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

const subscribeRequest = (media: CallMedia, tag: string, subscription: string, transport: 'RTP/AVP' | 'RTP/SAVP') => ({
  command: 'subscribe request' as const,
  'call-id': media.mediaCallId,
  'from-tag': tag,
  'to-tag': subscription,
  'transport-protocol': transport,
  // Keys of the description: the recorder makes no DTLS handshake.
  ...(transport === 'RTP/SAVP' ? { DTLS: 'off' as const } : {}),
  ICE: 'remove' as const,
  'rtcp-mux': ['demux' as const],
  codec: { mask: ['all'], transcode: ['PCMA'] },
  interface: INNER,
  ...OUR_SOCKET_ALONE,
});

/** The relay's own address and port in what it offers. */
function sourceOf(sdp: string): Source {
  return { address: /^c=IN IP[46] (\S+)/m.exec(sdp)?.[1] ?? '', port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1]) };
}

function receiveOnly({ address, port }: Tap, encrypted: EncryptedCopy | undefined): string {
  const family = address.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=- 1 1 IN ${family} ${address}`,
    's=-',
    `c=IN ${family} ${address}`,
    't=0 0',
    `m=audio ${port} ${encrypted === undefined ? 'RTP/AVP' : 'RTP/SAVP'} 8`,
    'a=rtpmap:8 PCMA/8000',
    ...(encrypted === undefined ? [] : [encrypted.answerLine]),
    'a=recvonly',
    'a=ptime:20',
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
