import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { CallMedia, Directory, MediaTerms } from '../ports.js';

/** What the sheet of a trunk says of its sound. */
export const mediaTerms = (trunk: Pick<Trunk, 'mediaEncryption' | 'codecs'> | undefined): MediaTerms => ({
  encryption: trunk?.mediaEncryption ?? 'off',
  codecs: trunk?.codecs,
});

/** Whether an offer that was made for nobody in particular will do. */
export const isUsual = ({ encryption, codecs }: MediaTerms): boolean => encryption === 'off' && codecs === undefined;

/**
 * Our description for each trunk that is tried, by what it encrypts and in which codecs. `plain` is the one that was made for nobody in
 * particular; any other is made anew.
 */
export function describing(
  { media, directory }: { readonly media: Pick<CallMedia, 'offerFor'>; readonly directory: Pick<Directory, 'trunk'> },
  id: string,
  plain: string,
): (permit: Pick<DialPermit, 'trunkId'>) => Promise<string> {
  let isPlain = true;
  return async ({ trunkId }) => {
    const terms = mediaTerms(directory.trunk(trunkId));
    // What the trunk before was offered no longer stands, also where this one wants nothing of its own.
    if (isPlain && isUsual(terms)) return plain;
    isPlain = false;
    return media.offerFor(id, terms);
  };
}
