import type { CallSearch } from '../../shared/contracts/api/calls/calls.js';
import { CALL_LIST_ROWS } from '../../shared/contracts/api/calls/calls.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import { callSheet, callWorkbook } from '../adapters/call-sheet.js';
import { countCalls, findCalls, type CallFilter, type callModel } from '../adapters/mongo-calls.js';
import type { createMongoNotes } from '../adapters/mongo-notes.js';

/** A call id is longer than any number; a search text that is neither finds nothing. */
export function searched(hashNumber: NumberHash, search: string | undefined): Pick<CallFilter, 'callerHash' | 'callId'> {
  if (search === undefined || search === '') return {};
  const number = normaliseNumber(search);
  const callerHash = number === undefined ? undefined : hashNumber(number);
  return callerHash === undefined ? { callId: search } : { callerHash };
}

/** The list of calls as a file, as somebody has filtered it: numbers are masked as on the page, and each export is in the audit log. */
export function createListExportRoutes({
  model,
  notes,
  audit,
  hashNumber,
  reachOf,
}: {
  readonly model: ReturnType<typeof callModel>;
  readonly notes: Pick<ReturnType<typeof createMongoNotes>, 'ofCalls'>;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly reachOf: ReachOf;
}): Route[] {
  async function chosen(principal: Principal, { search, ...filter }: CallSearch, from: string, form: 'csv' | 'xlsx') {
    const scoped = { ...filter, ...searched(hashNumber, search), reach: await reachOf(principal), skip: 0, limit: CALL_LIST_ROWS };
    const rows = await countCalls(model, scoped);
    if (rows > CALL_LIST_ROWS)
      throw new CallCentreError('too-large', `At most ${CALL_LIST_ROWS} calls are exported from the list.`, {
        details: { rows, max: CALL_LIST_ROWS },
      });
    await audit({ who: principal.userId, what: 'call.exported', object: form, from, success: true, after: { rows } });
    const calls = await findCalls(model, scoped);
    return [calls, await notes.ofCalls(calls.map(({ _id }) => _id))] as const;
  }
  const looksUp = ({ query: { search } }: { readonly query: CallSearch }): string | undefined =>
    search === undefined ? undefined : normaliseNumber(search);
  return [
    route('GET /calls/export.csv', {
      reach: { kind: 'filtered' },
      looksUp,
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('calls.csv')
          .type('text/csv')
          .end(callSheet(...(await chosen(principal, query, from, 'csv'))));
        return handled;
      },
    }),
    route('GET /calls/export.xlsx', {
      reach: { kind: 'filtered' },
      looksUp,
      handle: async ({ principal, query, from, response }) => {
        const workbook = await callWorkbook(...(await chosen(principal, query, from, 'xlsx')));
        response.attachment('calls.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
  ];
}
