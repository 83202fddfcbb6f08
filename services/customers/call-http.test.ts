import { expect, test } from '@jest/globals';
import { CallCentreError } from '../shared/domain/failure.js';
import { rights, type Role } from '../shared/domain/people/rights.js';
import type { RouteInput } from '../shared/platform/http/route.js';
import { createCallCustomerRoutes } from './call-http.js';
import { createCustomerService } from './customer-service.js';
import type { CustomersHttp } from './http.js';
import type { CustomerStore, StoredCustomer } from './ports.js';

const customerOf = (id: string, version: number): StoredCustomer => ({
  ...{ id, unit: 'north', name: `name of ${id}`, fields: {}, tags: [], note: '', version, merged: [] },
  ...{ madeAt: '', madeBy: 'Anna', changedAt: '', changedBy: 'Bert' },
  numbers: [{ id: `n-${id}`, hash: 'hash1', masked: '138****0001' }],
});
const entry = { name: 'Wang', note: 'wants a receipt', fields: {}, tags: [] };

/** A centre with a call whose number now belongs to this customer. */
function centre(known: StoredCustomer | undefined) {
  const rows = new Map(known === undefined ? [] : [[known.id, known]]);
  const store: Partial<CustomerStore> = {
    one: async (id) => rows.get(id),
    ofNumber: async () => [...rows.values()][0],
    replace: async (next) => {
      if (rows.get(next.id)?.version !== next.version - 1) return 'stale';
      rows.set(next.id, next);
      return 'done';
    },
    add: async (customer) => rows.set(customer.id, customer).has(customer.id),
    fields: async () => [],
  };
  const needs = { store, hashNumber: (number: string) => number, audit: async () => undefined, now: () => new Date(0), newId: () => 'new' };
  const around = { lookUps: async () => undefined, reachOf: async () => ({}) };
  const deps = {
    ...needs,
    ...around,
    service: createCustomerService(needs as unknown as Parameters<typeof createCustomerService>[0]),
    references: {
      callFacts: async () => ({ callerHash: 'hash1', callerMasked: '138****0001', called: '4001000', agentIds: ['anna'] }),
      unitOf: async () => 'north',
      of: async () => ({ consents: [], complaints: [] }),
    },
  };
  const routes = createCallCustomerRoutes(deps as unknown as CustomersHttp);
  const put = routes.find(({ method, path }) => method === 'put' && path === '/calls/:callId/customer');
  async function write(body: object): Promise<string> {
    const principal = { userId: 'anna', name: 'Anna', sessionId: '', roles: ['agent'], scope: { queues: [], sites: [], clientUnits: [] } };
    const input = { principal, params: { callId: 'c1' }, query: {}, body: { ...entry, ...body }, from: '' };
    try {
      await put?.handle(input as unknown as RouteInput<unknown, unknown, unknown>);
      return 'done';
    } catch (error) {
      if (error instanceof CallCentreError) return error.code;
      throw error;
    }
  }
  const get = routes.find(({ method, path }) => method === 'get' && path === '/calls/:callId/customer');
  const read = async (role: Role): Promise<unknown> => {
    const principal = { userId: 'carla', name: 'Carla', sessionId: '', roles: [role], scope: { queues: [], sites: [], clientUnits: [] } };
    return get?.handle({ principal, params: { callId: 'c1' }, query: {}, body: {}, from: '' } as unknown as RouteInput<
      unknown,
      unknown,
      unknown
    >);
  };
  return { rows, write, read, right: get?.right };
}

test('what an agent wrote of one customer is not written over the one to whom the number belongs meanwhile, also of the same version', async () => {
  const { rows, write } = centre(customerOf('b', 4));
  expect(await write({ version: 4, customerId: 'a' })).toBe('changed-meanwhile');
  expect(rows.get('b')).toEqual(customerOf('b', 4));
  expect(await write({ version: 4, customerId: 'b' })).toBe('done');
  expect(rows.get('b')).toMatchObject({ name: 'Wang', version: 5 });
});

test('a customer who was made or erased since the look is neither written over nor made again', async () => {
  const made = centre(customerOf('b', 1));
  expect(await made.write({})).toBe('changed-meanwhile');
  expect(made.rows.get('b')).toMatchObject({ name: 'name of b' });
  const gone = centre(undefined);
  expect(await gone.write({ version: 2, customerId: 'a' })).toBe('not-found');
  expect(gone.rows.size).toBe(0);
  expect(await gone.write({})).toBe('done');
  expect(gone.rows.get('new')).toMatchObject({ name: 'Wang', unit: 'north' });
});

test('compliance staff read the customer of a call in which they were not; an inspector has no right to it', async () => {
  const { read, right } = centre(customerOf('b', 4));
  expect(await read('compliance')).toMatchObject({ known: true, customer: { name: 'name of b' } });
  expect(right).toBe('customers.of-call');
  expect(rights['customers.of-call']).toEqual(['agent', 'supervisor', 'compliance']);
  // An agent sees it only where they were in the call.
  await expect(read('agent')).rejects.toThrow('No such call.');
});
