import type { Plant } from './planted-packs.js';

/** A plant with what every verifier must say of it; `fingerprint: 'none'` is an inspector who types none. */
export type Planted = Plant & {
  readonly expected: 'green' | 'amber' | 'red' | 'no-pack';
  readonly codes?: readonly string[];
  readonly fingerprint?: 'none';
  /** The inspector types the hash of the last sheet as somebody outside kept it. */
  readonly told?: 'last-sheet';
};
