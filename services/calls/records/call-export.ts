import type { ExportKind, ExportQuery } from '../../shared/platform/reach/export-kind.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { callSheet } from '../adapters/call-sheet.js';
import { createMongoNotes } from '../adapters/mongo-notes.js';
import { callModel, countCalls, findCalls, type CallFilter } from '../adapters/mongo-calls.js';

const EXPORT_ROWS = 50_000;

/** The calls of a period, as CSV with masked numbers, within the reach of the person who asks. */
export function createCallExport({
  mongo,
  reachOf,
}: {
  readonly mongo: Parameters<typeof callModel>[0];
  readonly reachOf: ReachOf;
}): ExportKind {
  const model = callModel(mongo);
  const notes = createMongoNotes(mongo);
  async function filterOf(query: ExportQuery, principal: Principal, limit: number): Promise<CallFilter> {
    return { ...query, reach: await reachOf(principal), skip: 0, limit };
  }
  return {
    name: 'calls',
    title: { zh: '通话清单', en: 'List of calls' },
    right: 'calls.read',
    maxRows: EXPORT_ROWS,
    count: async (query, principal) => countCalls(model, await filterOf(query, principal, 1)),
    async send(query, { principal, exportId, response }) {
      const calls = await findCalls(model, await filterOf(query, principal, EXPORT_ROWS));
      response
        .attachment(`calls_${exportId}.csv`)
        .type('text/csv')
        .end(callSheet(calls, await notes.ofCalls(calls.map(({ _id }) => _id))));
    },
  };
}
