import type { TrunkCodec } from '../shared/domain/calls/trunk-codecs.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { AudioDescription, Codec } from './sdp/description.js';

/** The names under which the relay adds codecs to our offer. The inner side already speaks PCMA; G.729 is never offered. */
const ADDED: Readonly<Partial<Record<TrunkCodec, string>>> = { PCMU: 'PCMU', G722: 'G722', OPUS: 'opus' };
/** The codecs to offer when the trunk sets none. */
const USUAL: readonly TrunkCodec[] = ['PCMA', 'PCMU'];

/** The codecs that the relay is asked to offer in addition to PCMA. */
export const addedBy = (codecs: readonly TrunkCodec[] = USUAL): string[] => codecs.flatMap((name) => ADDED[name] ?? []);

function inOrder(offered: readonly Codec[], codecs: readonly TrunkCodec[]): readonly Codec[] {
  const known = codecs.flatMap((name) => offered.filter((each) => each.name === name));
  if (known.length === 0) throw new CallCentreError('no-common-codec', 'The far side has no codec that its trunk uses');
  return known;
}

/** A description without telephone-event, for a leg whose digits are tones. */
export const withoutEvents = (audio: AudioDescription, tones: boolean | undefined): AudioDescription =>
  tones === true ? { ...audio, digitsPayloadType: undefined } : audio;

/** Our offer: the trunk's codecs, in its order. */
export const offeredIn = (audio: AudioDescription, codecs: readonly TrunkCodec[] | undefined): AudioDescription =>
  codecs === undefined ? audio : { ...audio, codecs: inOrder(audio.codecs, codecs) };

/**
 * The party's description for the relay. When the trunk has an order of codecs, only the first one that the party supports is left, so that
 * the relay cannot choose another. Fails with `no-common-codec` when the party supports none of them.
 */
export const chosenFrom = (audio: AudioDescription, codecs: readonly TrunkCodec[] | undefined): AudioDescription =>
  codecs === undefined ? audio : { ...audio, codecs: inOrder(audio.codecs, codecs).slice(0, 1) };
