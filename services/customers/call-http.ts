import { CallCentreError } from '../shared/domain/failure.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { searchText } from './customer.js';
import { noCustomer, shownCustomer, shownRow, stale } from './customer-service.js';
import { wholeNumber, type CustomersHttp } from './http.js';
import type { CallFacts } from './ports.js';
import { noReferences } from './references.js';
import type { CallId } from '../shared/domain/ids.js';

const MOST_CANDIDATES = 10;
const callReach = { kind: 'object', of: 'call', param: 'callId' } as const;

/**
 * The customer at the seat. The client unit is that of the number that was called, so
 * that the customers of another unit are neither shown nor found.
 */
export function createCallCustomerRoutes(deps: CustomersHttp): Route[] {
  const { store, service, references, reachOf, lookUps, hashNumber, newId, now } = deps;

  /**
   * The call, when this person may see it: it rang at their seat, they were in it, or they read calls, within a scope that the authorisation
   * point has checked.
   */
  async function callOf(principal: Principal, callId: CallId): Promise<CallFacts & { readonly unit: string }> {
    const call = await references.callFacts(callId);
    const isOwn = call?.agentIds.includes(principal.userId) === true || mayUse(principal, 'calls.read');
    if (call === undefined || !isOwn) throw new CallCentreError('not-found', 'No such call.');
    return { ...call, unit: await references.unitOf(call.called) };
  }

  async function numberedCall(
    principal: Principal,
    callId: CallId,
  ): Promise<CallFacts & { readonly unit: string; readonly callerHash: string }> {
    const call = await callOf(principal, callId);
    if (call.callerHash === undefined) throw new CallCentreError('not-supported', 'The caller has withheld the number.');
    return { ...call, callerHash: call.callerHash };
  }

  const numberOf = ({ callerHash, callerMasked }: { readonly callerHash: string; readonly callerMasked: string }) => ({
    id: newId(),
    hash: callerHash,
    masked: callerMasked,
  });

  return [
    route('GET /calls/:callId/customer', {
      reach: callReach,
      handle: async ({ principal, params }) => {
        const { unit, callerHash } = await callOf(principal, params.callId);
        const [fields, customer] = await Promise.all([
          store.fields(),
          callerHash === undefined ? undefined : store.ofNumber(unit, callerHash),
        ]);
        if (customer === undefined) return { known: callerHash !== undefined, customer: null, fields, ...noReferences };
        await lookUps(principal, `customer:${customer.id}`);
        const hashes = customer.numbers.map(({ hash }) => hash);
        const found = await references.of({ unit, hashes }, await reachOf(principal), now());
        return { known: true, customer: shownCustomer(customer), fields, ...found };
      },
    }),
    route('PUT /calls/:callId/customer', {
      reach: callReach,
      handle: async ({ principal, params, body: { version, customerId, ...entry }, from }) => {
        const call = await numberedCall(principal, params.callId);
        const known = await store.ofNumber(call.unit, call.callerHash);
        if (known === undefined) {
          if (version !== undefined) throw noCustomer();
          return shownCustomer(await service.make(entry, call.unit, [numberOf(call)], { principal, from }));
        }
        if (customerId !== undefined && customerId !== known.id) throw stale(known.changedBy);
        // No customer has version 0: a page without a version found no customer, but somebody has created one since, so the change fails as
        // stale.
        return shownCustomer(await service.change(known.id, { ...entry, version: version ?? 0 }, { principal, from }));
      },
    }),
    route('GET /calls/:callId/customer-candidates', {
      reach: callReach,
      looksUp: ({ query }) => wholeNumber(query.search),
      handle: async ({ principal, params, query: { search } }) => {
        const { unit } = await callOf(principal, params.callId);
        const number = wholeNumber(search);
        if (number === undefined) await lookUps(principal, `search:${searchText(search)}`);
        const { customers } = await store.list({
          units: [unit],
          skip: 0,
          limit: MOST_CANDIDATES,
          ...(number === undefined ? { text: searchText(search) } : { hash: hashNumber(number) ?? '' }),
        });
        return { customers: customers.map(shownRow) };
      },
    }),
    route('POST /calls/:callId/customer-number', {
      reach: callReach,
      handle: async ({ principal, params, body, from }) => {
        const call = await numberedCall(principal, params.callId);
        const customer = await service.present(body.customerId);
        if (customer.unit !== call.unit) throw noCustomer();
        await lookUps(principal, `customer:${customer.id}`);
        return shownCustomer(await service.addNumber(customer.id, numberOf(call), { principal, from }));
      },
    }),
  ];
}
