import { createHash } from 'node:crypto';
import { HISTORY, HOLDS_HISTORY, type EarlierPack, type PackHistory, type Restore } from '../../../services/evidence/pack/history.js';
import type { PackKind } from '../../../services/evidence/documents/pack-facts.js';
import { MANIFEST } from '../../../services/evidence/pack/manifest.js';
import { plantedPack, type Plant } from './planted-packs.js';

/** A pack of a chain: made at an hour, after those whose names it gives, and with what somebody planted. */
interface Link {
  readonly hour: number;
  readonly after?: readonly string[];
  readonly kind?: PackKind;
  readonly restores?: readonly Restore[];
  /** As packs were before they listed those before them. */
  readonly isOld?: boolean;
  readonly inHistory?: (history: { packs: EarlierPack[]; restores: Restore[] }) => void;
  readonly plant?: Plant;
}

export interface PlantedChain {
  readonly packs: Readonly<Record<string, Link>>;
  /** What the inspector chooses, in this order. */
  readonly given: readonly string[];
  readonly expected: 'green' | 'amber' | 'red' | 'no-pack';
  readonly codes?: readonly string[];
  readonly fingerprint?: 'none';
}

/** The time of making in that hour: on the day after the period. */
export const madeAtOf = (hour: number): string => `2026-10-06T${String(hour).padStart(2, '0')}:00:00.000Z`;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Makes the packs in the order in which they are named, and gives the paths of the ones that the inspector chooses. */
export async function plantedChain(
  folder: string,
  name: string,
  { packs, given }: PlantedChain,
): Promise<{ readonly paths: string[]; readonly fingerprint: string }> {
  const made = new Map<string, EarlierPack & { readonly path: string }>();
  let fingerprint = '';
  for (const [id, link] of Object.entries(packs)) {
    const before = (link.after ?? []).map((each) => made.get(each)).filter((each) => each !== undefined);
    const kind = link.kind ?? 'inspection';
    const packId = `${kind}-${id}`;
    const history = {
      packs: before.map(({ packId: earlier, kind: its, sha256 }, i) => ({ number: i + 1, packId: earlier, kind: its, sha256 })),
      restores: [...(link.restores ?? [])],
    } satisfies PackHistory;
    link.inHistory?.(history);
    let sha256 = '';
    const { path, ...key } = await plantedPack(folder, `${name}-${id}`, {
      ...link.plant,
      inFiles(files) {
        if (link.isOld !== true) files.set(HISTORY, utf8(JSON.stringify(history)));
        link.plant?.inFiles?.(files);
      },
      inManifest(manifest) {
        Object.assign(manifest, {
          number: before.length + 1,
          packId,
          kind,
          madeAt: madeAtOf(link.hour),
          previous: before.at(-1)?.sha256 ?? null,
        });
        if (link.isOld !== true) manifest.holds = [...(manifest.holds ?? []), HOLDS_HISTORY];
        link.plant?.inManifest?.(manifest);
      },
      inArchive(files) {
        sha256 = createHash('sha256')
          .update(files.get(MANIFEST) ?? '')
          .digest('hex');
        link.plant?.inArchive?.(files);
      },
    });
    fingerprint = key.fingerprint;
    made.set(id, { number: before.length + 1, packId, kind, sha256, path });
  }
  return { paths: given.map((id) => made.get(id)?.path ?? ''), fingerprint };
}
