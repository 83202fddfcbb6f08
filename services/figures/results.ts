import type { Reads } from '../shared/records/reads.js';
import type { CallId } from '../shared/domain/ids.js';
import { chunksOf } from './lists/list-reads.js';
import type { CallResult, VisitStore } from './ports.js';
import type { Span } from './report.js';

/** A result as one text: the codes of the way through the tree with a slash between. Undefined where none was chosen. */
export const resultText = (disposition: readonly string[]): string | undefined =>
  disposition.length === 0 ? undefined : disposition.join('/');

/** The results of calls. A call in which several agents gave one has the last of them. */
export async function resultsOf({ contacts }: Pick<Reads, 'contacts'>, callIds: readonly CallId[]): Promise<Map<CallId, CallResult>> {
  const found = new Map<CallId, CallResult>();
  for (const some of chunksOf([...new Set(callIds)]))
    for (const { callId, disposition, completedAt } of await contacts.find(
      { callId: { $in: some } },
      { fields: ['callId', 'disposition', 'completedAt'] },
    )) {
      const result = resultText(disposition);
      if (result === undefined || completedAt === undefined) continue;
      const [at, before] = [new Date(completedAt), found.get(callId)];
      if (before === undefined || before.at <= at) found.set(callId, { result, at });
    }
  return found;
}

/** Gives the visits of a time the results that their calls have: those of earlier versions, and those of which no event came. */
export async function fillResults(
  { reads, visits }: { readonly reads: Pick<Reads, 'contacts' | 'visits'>; readonly visits: Pick<VisitStore, 'gaveResult'> },
  { fromMs, untilMs }: Span,
): Promise<void> {
  const during = { enteredAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } };
  for await (const batch of reads.visits.batches(during, { fields: ['callId', 'result'] })) {
    const results = await resultsOf(
      reads,
      batch.map(({ callId }) => callId),
    );
    for (const { callId, result } of batch) {
      const given = results.get(callId);
      if (given !== undefined && given.result !== result) await visits.gaveResult(callId, given);
    }
  }
}
