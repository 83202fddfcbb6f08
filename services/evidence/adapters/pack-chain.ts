import type { ContentFinding, PackVerdict } from '../pack/manifest.js';
import { examineChain, type Told } from './pack-content.js';
import { verifyPack, type VerifiedPack } from './pack-verifier.js';

export interface VerifiedPacks {
  readonly colour: PackVerdict['colour'];
  readonly packs: readonly VerifiedPack[];
  /** What the packs say of each other. */
  readonly chain: readonly ContentFinding[];
}

/** Verifies each pack and how they follow one another. `told` belongs to one pack, but for the fingerprint. */
export async function verifyPacks(
  paths: readonly string[],
  told: Told & { readonly trustedFingerprint?: string } = {},
): Promise<VerifiedPacks> {
  const packs: VerifiedPack[] = [];
  for (const path of paths) packs.push(await verifyPack(path, told));
  const chain =
    packs.length < 2
      ? []
      : await examineChain(packs.map(({ manifest, manifestSha256, history }) => ({ manifest, sha256: manifestSha256, history })));
  const levels: readonly string[] = [...packs.map(({ colour }) => colour), ...chain.map(({ level }) => level)];
  return { packs, chain, colour: levels.includes('red') ? 'red' : levels.includes('amber') ? 'amber' : 'green' };
}
