import type { Plant } from './planted-packs.js';

/** A plant with what every verifier must say of it; `fingerprint: 'none'` is an inspector who types none, `sm2` one who types that of the SM2 key. */
export type Planted = Plant & {
  readonly expected: 'green' | 'amber' | 'red' | 'no-pack';
  readonly codes?: readonly string[];
  readonly fingerprint?: 'none' | 'sm2';
  /** The inspector types the hash of the last sheet as somebody outside kept it. */
  readonly told?: 'last-sheet';
  /** The inspector types the seed that they named for the draw of recordings. */
  readonly seed?: string;
  /** The inspector types how many recordings they asked for. */
  readonly count?: number;
};
