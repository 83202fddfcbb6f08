import { checkChain, firstKeptOf, type Anchor, type ChainVerdict, type Sha256Hex } from './chain.js';
import type { AnchorStore, AuditStore } from './ports.js';

export interface CheckDependencies {
  readonly store: AuditStore;
  readonly anchors: AnchorStore;
  /** Heads that are also stored elsewhere, in the sealed sheets of the days. */
  readonly sealedHeads: () => Promise<readonly Anchor[]>;
  readonly sha256Hex: Sha256Hex;
}

/** Checks the whole chain against everything that was stored about it outside the database. */
export async function checkWhole({ store, anchors, sealedHeads, sha256Hex }: CheckDependencies): Promise<ChainVerdict> {
  const [written, sealed, marks] = await Promise.all([anchors.all(), sealedHeads(), anchors.firstKept()]);
  const firstKept = firstKeptOf(marks, written);
  return checkChain(store.links(firstKept), [...written, ...sealed], { sha256Hex, firstKept });
}
