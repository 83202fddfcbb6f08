import { z } from 'zod';
import { createLockedObjects, type LockedObjectsOptions } from '../../shared/platform/stores/locked-objects.js';
import type { AnchorStore } from '../ports.js';
import type { Anchor } from '../chain.js';

const ANCHORS = 'audit-anchors/';
const FIRST_KEPT = 'audit-first-kept/';
const StoredAnchors = z.array(z.object({ number: z.number().int(), hash: z.string(), at: z.string() }));

/** Heads of the chain as small objects, each locked for as long as rows are kept. */
export function createS3AnchorStore(options: LockedObjectsOptions): AnchorStore {
  const locked = createLockedObjects(options);
  const put = (prefix: string, anchor: Anchor): Promise<void> =>
    locked.put(`${prefix}${anchor.at.slice(0, 19)}-${anchor.number}.json`, anchor, anchor.at);
  const every = async (prefix: string): Promise<Anchor[]> => StoredAnchors.parse(await locked.every(prefix));
  return {
    write: (anchor) => put(ANCHORS, anchor),
    all: () => every(ANCHORS),
    writeFirstKept: (anchor) => put(FIRST_KEPT, anchor),
    firstKept: () => every(FIRST_KEPT),
  };
}
