import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { trunkPlaces } from '../../shared/platform/network/trunk-hosts.js';
import type { CallMedia, Directory, MediaTerms, PartyPlace } from '../ports.js';

/** The media properties in the settings of a trunk. */
export const mediaTerms = (trunk: Pick<Trunk, 'mediaEncryption' | 'codecs' | 'digits'> | undefined): MediaTerms => ({
  encryption: trunk?.mediaEncryption ?? 'off',
  codecs: trunk?.codecs,
  ...(trunk?.digits === 'tones' ? { tones: true } : {}),
});

/** Where the parties of a trunk are. Those of a trunk that is gone are nowhere on this machine. */
export const partyPlace = (trunk: Pick<Trunk, 'addresses' | 'outboundUri' | 'furtherUris' | 'mediaBehindNat'> | undefined): PartyPlace => ({
  door: { door: 'trunk', addresses: trunk === undefined ? [] : trunkPlaces(trunk) },
  behindNat: trunk?.mediaBehindNat ?? false,
});

/** Telephones of test and practice calls. */
export const TEST_PLACE: PartyPlace = { door: { door: 'test' }, behindNat: false };

/** Whether the offer that was made for no trunk in particular will do. */
export const isUsual = ({ encryption, codecs, tones = false }: MediaTerms): boolean =>
  encryption === 'off' && codecs === undefined && !tones;

/**
 * Our description for each trunk that is tried, by its encryption, codecs and digits. `plain` is the description for no trunk in particular; any
 * other is made for the trunk.
 */
export function describing(
  { media, directory }: { readonly media: Pick<CallMedia, 'offerFor'>; readonly directory: Pick<Directory, 'trunk'> },
  id: string,
  plain: string,
): (permit: Pick<DialPermit, 'trunkId'>) => Promise<string> {
  let isPlain = true;
  return async ({ trunkId }) => {
    const terms = mediaTerms(directory.trunk(trunkId));
    // The offer to the previous trunk is void, even if this trunk needs none of its own.
    if (isPlain && isUsual(terms)) return plain;
    isPlain = false;
    return media.offerFor(id, terms);
  };
}
