import { Doc, type Value } from '../bson/document.js';
import type { SortKey } from '../query/sort.js';
import type { CollectionInfo } from './catalog.js';
import type { Plan } from './planner.js';

export interface ExecutionCount {
  readonly keys: number;
  readonly documents: number;
  readonly returned: number;
  readonly elapsedMs: number;
}

/** The reply of `explain`, in the shape tools read: queryPlanner.winningPlan and executionStats. */
export function describePlan(
  collection: CollectionInfo | undefined,
  plan: Plan | undefined,
  sort: readonly SortKey[],
  count: ExecutionCount,
): Doc {
  let winning = plan === undefined ? Doc.of({ stage: 'EOF' }) : describeStage(plan);
  if (plan?.sorted === false) {
    const pattern = Doc.fromEntries(sort.map((key): [string, Value] => [key.path, key.descending ? -1 : 1]));
    winning = Doc.of({ stage: 'SORT', sortPattern: pattern, inputStage: winning });
  }
  return Doc.of({
    queryPlanner: Doc.of({ namespace: collection?.namespace ?? '', winningPlan: winning, rejectedPlans: [] }),
    executionStats: Doc.of({
      executionSuccess: true,
      nReturned: count.returned,
      executionTimeMillis: count.elapsedMs,
      totalKeysExamined: plan?.kind === 'records' && plan.full ? 0 : count.keys,
      totalDocsExamined: count.documents,
    }),
    ok: 1,
  });
}

function describeStage(plan: Plan): Doc {
  if (plan.kind === 'union')
    return Doc.of({ stage: 'FETCH', inputStage: Doc.of({ stage: 'OR', inputStages: plan.branches.map(describeStage) }) });
  const direction = plan.reverse ? 'backward' : 'forward';
  if (plan.index === undefined) return Doc.of({ stage: 'COLLSCAN', direction });
  const { index } = plan;
  if (index.id === 0) return Doc.of({ stage: plan.full ? 'COLLSCAN' : 'IDHACK', indexName: '_id_', direction });
  return Doc.of({
    stage: 'FETCH',
    inputStage: Doc.of({
      stage: 'IXSCAN',
      indexName: index.name,
      keyPattern: Doc.fromEntries(index.fields.map((field): [string, Value] => [field.path, field.descending ? -1 : 1])),
      isMultiKey: index.multikey,
      isUnique: index.unique,
      isSparse: index.sparse,
      isPartial: index.partial !== undefined,
      direction,
      ranges: plan.ranges.length,
    }),
  });
}
