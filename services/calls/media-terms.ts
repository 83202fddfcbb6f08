import type { Trunk } from '../shared/contracts/flow.js';
import type { MediaTerms } from './ports.js';

/** What the sheet of a trunk says of its sound. */
export const mediaTerms = (trunk: Pick<Trunk, 'mediaEncryption' | 'codecs'> | undefined): MediaTerms => ({
  encryption: trunk?.mediaEncryption ?? 'off',
  codecs: trunk?.codecs,
});

/** Whether an offer that was made for nobody in particular will do. */
export const isUsual = ({ encryption, codecs }: MediaTerms): boolean => encryption === 'off' && codecs === undefined;
