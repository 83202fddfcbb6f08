import type { TrunkCodec } from '../shared/domain/calls/trunk-codecs.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { AudioDescription, Codec } from './sdp/description.js';

/** As the relay names what it adds to an offer of ours. The inner side speaks PCMA, which is there already; G.729 is never offered. */
const ADDED: Readonly<Partial<Record<TrunkCodec, string>>> = { PCMU: 'PCMU', G722: 'G722', OPUS: 'opus' };
/** What is offered where the trunk's sheet says nothing. */
const USUAL: readonly TrunkCodec[] = ['PCMA', 'PCMU'];

/** What the relay is asked to offer beside PCMA. */
export const addedBy = (codecs: readonly TrunkCodec[] = USUAL): string[] => codecs.flatMap((name) => ADDED[name] ?? []);

function inOrder(offered: readonly Codec[], codecs: readonly TrunkCodec[]): readonly Codec[] {
  const known = codecs.flatMap((name) => offered.filter((each) => each.name === name));
  if (known.length === 0) throw new CallCentreError('no-common-codec', 'The far side has no codec that its trunk uses');
  return known;
}

/** Our offer: what the trunk uses, in its order. */
export const offeredIn = (audio: AudioDescription, codecs: readonly TrunkCodec[] | undefined): AudioDescription =>
  codecs === undefined ? audio : { ...audio, codecs: inOrder(audio.codecs, codecs) };

/**
 * What a party describes, as the relay is given it: of a trunk with an order of codecs the first that the party has alone, so that the relay
 * chooses no other. Fails with `no-common-codec` when the party has none of them.
 */
export const chosenFrom = (audio: AudioDescription, codecs: readonly TrunkCodec[] | undefined): AudioDescription =>
  codecs === undefined ? audio : { ...audio, codecs: inOrder(audio.codecs, codecs).slice(0, 1) };
