import type { Reads } from '../../shared/records/reads.js';
import { missingElements, proofOf, type ConsentProof } from './four-elements.js';
import type { Attempt, ConsentStore, OriginalStore } from '../ports.js';

/** The number of calls for one query: a month of a large centre does not fit into one. */
const AT_ONCE = 500;
/** The number of originals that are looked up at once. In sequence, a month of them would take minutes. */
const LOOKED_FOR = 16;

interface Judged {
  readonly attempt: Attempt;
  readonly proof: ConsentProof | undefined;
  readonly missing: ReturnType<typeof missingElements>;
}

/** Finds which of the four elements are missing from answered outbound calls, from the current content of the stores. */
export function createElementJudge({
  consents,
  originals,
  reads,
}: {
  readonly consents: Pick<ConsentStore, 'byIds'>;
  readonly originals: Pick<OriginalStore, 'has'>;
  readonly reads: Pick<Reads, 'recordings'>;
}): (found: readonly Attempt[]) => Promise<readonly Judged[]> {
  async function judgeSome(found: readonly Attempt[]): Promise<readonly Judged[]> {
    const ids = found.flatMap(({ consentId = '' }) => (consentId === '' || consentId.startsWith('call:') ? [] : [consentId]));
    const known = new Map((await consents.byIds([...new Set(ids)])).map((consent) => [consent.id, consent]));
    const proofs = found.map(({ consentId }) => proofOf(consentId, known.get(consentId ?? '')));
    const calls = [...found.map(({ callId }) => callId), ...proofs.flatMap((proof) => (proof?.kind === 'call' ? [proof.callId] : []))];
    const recordings = await reads.recordings.find(
      { _id: { $in: [...new Set(calls)] }, deletion: null, objectKey: { $ne: null } },
      { fields: ['objectKey'] },
    );
    const recorded = new Set(recordings.map(({ _id }) => _id));
    const kept = new Set<string>();
    const files = new Map(proofs.flatMap((proof) => (proof?.kind === 'file' ? [[proof.consentId, proof.sha256] as const] : [])));
    for (const some of inParts([...files], LOOKED_FOR))
      await Promise.all(some.map(async ([consentId, sha256]) => (await originals.has(consentId, sha256)) && kept.add(consentId)));
    return found.map((attempt, i) => {
      const proof = proofs[i];
      return { attempt, proof, missing: missingElements({ attempt, proof, recorded, kept, callId: attempt.callId }) };
    });
  }

  return async function judge(found) {
    const judged: Judged[] = [];
    for (const some of inParts(found, AT_ONCE)) judged.push(...(await judgeSome(some)));
    return judged;
  };
}

const inParts = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, place) => all.slice(place * size, (place + 1) * size));
