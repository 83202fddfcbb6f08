import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { CallMedia, Directory, MediaTerms } from '../ports.js';

/** The media properties in the settings of a trunk. */
export const mediaTerms = (trunk: Pick<Trunk, 'mediaEncryption' | 'codecs' | 'digits'> | undefined): MediaTerms => ({
  encryption: trunk?.mediaEncryption ?? 'off',
  codecs: trunk?.codecs,
  ...(trunk?.digits === 'tones' ? { tones: true } : {}),
});

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
