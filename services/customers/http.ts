import { CallCentreError } from '../shared/domain/failure.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { withinScope } from '../shared/domain/people/rights.js';
import type { NumberLookUps } from '../shared/platform/reach/number-look-ups.js';
import type { ReachOf } from '../shared/platform/reach/reach.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { searchText } from './customer.js';
import { keptNumber, shownCustomer, shownRow, type Asker, type CustomerNeeds, type CustomerService } from './customer-service.js';
import type { createListImport } from './list-import.js';
import type { CustomerLookUps } from './look-ups.js';
import type { Units } from './ports.js';
import type { References } from './references.js';

export interface CustomersHttp extends CustomerNeeds {
  readonly service: CustomerService;
  readonly references: References;
  readonly importList: ReturnType<typeof createListImport>;
  readonly unitsOf: (principal: Principal) => Promise<Units>;
  /** The client units of our numbers; empty for numbers without one. */
  readonly allUnits: () => Promise<readonly string[]>;
  readonly reachOf: ReachOf;
  readonly lookUps: CustomerLookUps;
  readonly numberLookUps: NumberLookUps;
}

/** Reads a search text that looks like a whole number, in the form that is hashed. */
export const SHORTEST_NUMBER = 5;
export const wholeNumber = (text: string): string | undefined => {
  const number = normaliseNumber(text);
  return number !== undefined && number.replace(/\D/g, '').length >= SHORTEST_NUMBER ? number : undefined;
};

export const createCustomerRoutes = (deps: CustomersHttp): Route[] => [
  ...listRoutes(deps),
  ...recordRoutes(deps),
  ...numberRoutes(deps),
  ...mergeRoutes(deps),
  importRoute(deps),
  ...fieldRoutes(deps),
];

const asker = ({ principal, from }: { readonly principal: Principal; readonly from: string }): Asker => ({ principal, from });
const customerReach = { kind: 'object', of: 'customer', param: 'id' } as const;

/** The client unit of a new customer. Without a scope it may be any, or none. */
async function unitOfNew({ unitsOf }: Pick<CustomersHttp, 'unitsOf'>, principal: Principal, clientUnit = ''): Promise<string> {
  const units = await unitsOf(principal);
  // An empty list means nobody, not everybody.
  if (units !== undefined && (units.length === 0 || !withinScope(units, clientUnit)))
    throw new CallCentreError('not-found', 'There is no such client unit.');
  return clientUnit;
}

function listRoutes(deps: CustomersHttp): Route[] {
  const { store, service, unitsOf, hashNumber, lookUps, allUnits } = deps;
  return [
    route('GET /customers', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => wholeNumber(query.search ?? ''),
      handle: async ({ principal, query: { search = '', skip, limit } }) => {
        const units = await unitsOf(principal);
        const number = wholeNumber(search);
        // Each further page counts too, because turning all pages copies the list. The first page without a search is free.
        if (skip > 0 || (search !== '' && number === undefined)) await lookUps(principal, `search:${searchText(search)}:${skip}`);
        const found = await store.list({
          units,
          skip,
          limit,
          ...(number === undefined ? {} : { hash: hashNumber(number) ?? '' }),
          ...(number !== undefined || search === '' ? {} : { text: searchText(search) }),
        });
        return { customers: found.customers.map(shownRow), total: found.total };
      },
    }),
    route('POST /customers', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body: { clientUnit, numbers, ...entry }, from }) => {
        const unit = await unitOfNew(deps, principal, clientUnit);
        // The answer whether a number is taken reveals as much as a search for it.
        for (const number of numbers) await deps.numberLookUps.take(principal, number);
        return shownCustomer(
          await service.make(
            entry,
            unit,
            numbers.map((number) => keptNumber(number, deps)),
            asker({ principal, from }),
          ),
        );
      },
    }),
    route('GET /customer-units', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const units = await unitsOf(principal);
        return { units: [...(units ?? (await allUnits()))].sort() };
      },
    }),
  ];
}

function recordRoutes({ store, service, references, reachOf, lookUps, audit, now }: CustomersHttp): Route[] {
  return [
    route('GET /customers/:id', {
      reach: customerReach,
      handle: async ({ principal, params, from }) => {
        const customer = await service.present(params.id);
        await lookUps(principal, `customer:${customer.id}`);
        await audit({ who: principal.userId, what: 'customer.opened', object: `customer:${customer.id}`, from, success: true });
        const hashes = customer.numbers.map(({ hash }) => hash);
        const [fields, found] = await Promise.all([
          store.fields(),
          references.of({ unit: customer.unit, hashes }, await reachOf(principal), now()),
        ]);
        return { customer: shownCustomer(customer), fields, ...found };
      },
    }),
    route('PUT /customers/:id', {
      reach: customerReach,
      handle: async ({ principal, params, body, from }) => shownCustomer(await service.change(params.id, body, asker({ principal, from }))),
    }),
  ];
}

function numberRoutes(deps: CustomersHttp): Route[] {
  const { service } = deps;
  return [
    route('POST /customers/:id/numbers', {
      reach: customerReach,
      looksUp: ({ body }) => body.number,
      handle: async ({ principal, params, body, from }) =>
        shownCustomer(await service.addNumber(params.id, keptNumber(body.number, deps), asker({ principal, from }))),
    }),
    route('DELETE /customers/:id/numbers/:numberId', {
      reach: customerReach,
      handle: async ({ principal, params, from }) =>
        shownCustomer(await service.removeNumber(params.id, params.numberId, asker({ principal, from }))),
    }),
  ];
}

function mergeRoutes({ service }: CustomersHttp): Route[] {
  const reach = {
    kind: 'object',
    of: 'customer',
    param: 'id',
    also: ({ body }: { readonly body: { readonly otherId: string } }) => [{ of: 'customer', id: body.otherId }] as const,
  } as const;
  return [
    route('POST /customers/:id/merge', {
      reach,
      handle: async ({ principal, params, body, from }) =>
        shownCustomer(await service.merge(params.id, body.otherId, body.reason, asker({ principal, from }))),
    }),
    route('POST /customers/:id/separate', {
      reach,
      handle: async ({ principal, params, body, from }) =>
        shownCustomer(await service.separate(params.id, body.otherId, body.reason, asker({ principal, from }))),
    }),
  ];
}

const importRoute = (deps: CustomersHttp): Route =>
  route('POST /customers/import', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, query: { fileName, commit, clientUnit }, from, upload }) => {
      const unit = await unitOfNew(deps, principal, clientUnit);
      const bytes = await upload.bytes();
      return deps.importList({ bytes, fileName, unit, commit: commit === 'yes' }, asker({ principal, from }));
    },
  });

const fieldRoutes = ({ store, audit }: CustomersHttp): Route[] => [
  route('GET /customer-fields', {
    reach: { kind: 'common' },
    handle: async () => ({ fields: await store.fields() }),
  }),
  route('PUT /customer-fields', {
    reach: { kind: 'site' },
    handle: async ({ principal, body, from }) => {
      const before = await store.fields();
      await audit({ who: principal.userId, what: 'customer.fields-changed', from, success: true, before, after: body.fields });
      await store.setFields(body.fields);
    },
  }),
];
