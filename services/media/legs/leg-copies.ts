import { CallCentreError } from '../../shared/domain/failure.js';
import { newId } from '../../shared/platform/stores/new-id.js';
import { isDone, type NgReply } from '../../shared/platform/network/rtpengine-ng.js';
import { INNER, TAGS, type Anchor, type Anchors } from '../anchor.js';
import { originOf } from '../negotiation.js';
import type { Endpoint } from '../sdp/description.js';
import { readDescription } from '../sdp/reader.js';
import { innerAudio, writeAudio } from '../sdp/writer.js';
import type { LegBook } from './leg-book.js';

/** Tells these copies from those of the recorder. */
const TAG_PREFIX = 'ear-';
/** A copy goes where its answer says, and nothing that comes back is taken. */
const THERE_ALONE = { 'endpoint-learning': 'off', flags: ['strict source'] } as const;

/** Copies of what a party sends, by subscriptions at its relay. The leg itself, and whoever is joined to it, are not touched. */
export function createLegCopies({ anchors, get, inTurn, command }: LegBook): Pick<Anchors, 'copy' | 'endCopy' | 'endOtherCopies'> {
  /** The names of the copies that this process has asked for. */
  const own = new WeakMap<Anchor, Set<string>>();

  async function requested(anchor: Anchor): Promise<{ readonly name: string; readonly from: Endpoint }> {
    // A new name each time: for a name that it has seen, the relay keeps the old source.
    const name = `${TAG_PREFIX}${newId()}`;
    own.set(anchor, (own.get(anchor) ?? new Set()).add(name));
    // A copy that this process does not count as its own is ended with those of an earlier one: the answer to a lost request comes too late.
    const { sdp = '' } = await command(anchor, {
      command: 'subscribe request',
      'from-tags': [TAGS[anchor.kind].outer],
      'to-tag': name,
      'transport-protocol': 'RTP/AVP',
      ICE: 'remove',
      'rtcp-mux': ['demux'],
      codec: { mask: ['all'], transcode: ['PCMA'] },
      interface: INNER,
      ...THERE_ALONE,
    }).catch((error: unknown) => {
      own.get(anchor)?.delete(name);
      throw error;
    });
    const { audio, others } = readDescription(sdp);
    // An answer with another number of media lines than the offer crashes the relay, with every call on it.
    if (audio.endpoint === undefined || others.length > 0) {
      await end(anchor, name);
      throw new CallCentreError('media-relay-unavailable', 'The media relay offered no copy of one side');
    }
    return { name, from: audio.endpoint };
  }

  async function end(anchor: Anchor, name: string): Promise<void> {
    own.get(anchor)?.delete(name);
    await isDone(command(anchor, { command: 'unsubscribe', 'to-tag': name }));
    // Without this the relay keeps the ports of the copy as long as the leg, and a seat's leg may last for a day. Only after the first
    // command nothing but the copy has this name.
    await isDone(command(anchor, { command: 'delete', 'from-tag': name, 'delete-delay': 0 }));
  }

  return {
    async copy(id, openFor) {
      const anchor = get(id);
      const { name, from } = await inTurn(anchor, () => requested(anchor));
      try {
        // Not within the turn: whoever receives the copy may be slow, and the leg's own commands do not wait for it.
        const towards = await openFor(from);
        await inTurn(anchor, () =>
          command(anchor, {
            command: 'subscribe answer',
            'to-tag': name,
            sdp: writeAudio({ ...innerAudio(towards, 0, 'recvonly'), digitsPayloadType: undefined }, originOf(anchor, 0)),
            ...THERE_ALONE,
            flags: ['allow transcoding', ...THERE_ALONE.flags],
          }),
        );
      } catch (error) {
        if (anchors.get(id) === anchor) await inTurn(anchor, () => end(anchor, name)).catch(() => undefined);
        throw error;
      }
      return name;
    },
    async endCopy(id, name) {
      const anchor = anchors.get(id);
      if (anchor !== undefined) await inTurn(anchor, () => end(anchor, name));
    },
    async endOtherCopies(id) {
      const anchor = anchors.get(id);
      if (anchor === undefined) return;
      await inTurn(anchor, async () => {
        const { tags = {} }: CopiedReply = await command(anchor, { command: 'query' });
        for (const [name, copy] of Object.entries(tags))
          if (name.startsWith(TAG_PREFIX) && own.get(anchor)?.has(name) !== true && hasPorts(copy)) await end(anchor, name);
      });
    },
  };
}

interface CopiedSide {
  readonly medias?: readonly { readonly streams?: readonly { readonly 'local port'?: number }[] }[];
}
interface CopiedReply extends NgReply {
  readonly tags?: Readonly<Record<string, CopiedSide>>;
}

/** The relay goes on naming a copy that was deleted. */
const hasPorts = ({ medias = [] }: CopiedSide): boolean =>
  medias.some(({ streams = [] }) => streams.some((stream) => stream['local port'] !== undefined));
