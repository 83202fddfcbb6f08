import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { newId } from '../shared/platform/stores/new-id.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { createValkeyLookUpCounter, type NumberLookUps } from '../shared/platform/reach/number-look-ups.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isOfTeams, isScoped, type ReachesObject, type ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { readCustomerFile } from './adapters/customer-file.js';
import { createMongoCustomers } from './adapters/mongo-customers.js';
import { createCallCustomerRoutes } from './call-http.js';
import { createCustomerService } from './customer-service.js';
import { createErasure } from './erasure.js';
import { createCustomerRoutes as routesOf, type CustomersHttp } from './http.js';
import { createListImport } from './list-import.js';
import { createCustomerLookUps, CUSTOMERS_AN_HOUR } from './look-ups.js';
import type { Units } from './ports.js';
import { createReferences, type ReferenceReads } from './references.js';
import type { CallId } from '../shared/domain/ids.js';

type NumbersOf = () => Promise<readonly Parameters<Awaited<ReturnType<PlaceReach['numbers']>>>[0][]>;

interface Scoping {
  readonly numbersOf: NumbersOf;
  readonly places: Pick<PlaceReach, 'numbers'>;
}

/** The client units whose customers a person reaches: those of the scope and of the numbers that the scope leads to; undefined for all. */
const unitsOf =
  ({ numbersOf, places }: Scoping) =>
  async (principal: Principal): Promise<Units> => {
    if (!isScoped(principal)) return undefined;
    // A customer belongs to no team: people with teams reach one only through a call.
    if (isOfTeams(principal)) return [];
    const [numbers, own] = await Promise.all([numbersOf(), places.numbers(principal, 'read')]);
    return [...new Set([...principal.scope.clientUnits, ...numbers.filter(own).map(({ clientUnit = '' }) => clientUnit)])];
  };

/** Whether a person reaches a customer, including one that was merged into another. */
export function createCustomerReach({ mongo, ...scoping }: Scoping & { readonly mongo: Connection }): ReachesObject['customer'] {
  const store = createMongoCustomers(mongo);
  const units = unitsOf(scoping);
  return async (principal, id) => {
    const [customer, own] = await Promise.all([store.one(id), units(principal)]);
    return customer !== undefined && (own === undefined || own.includes(customer.unit));
  };
}

interface Dependencies {
  readonly mongo: Connection;
  readonly reads: ReferenceReads;
  readonly commands: CommandBus;
  readonly hashNumber: NumberHash;
  readonly audit: Audit;
}

const now = (): Date => new Date();

export function createCustomerRoutes(
  deps: Dependencies &
    Scoping & {
      readonly valkey: Redis;
      readonly bus: Pick<EventBus, 'publish'>;
      readonly reachOf: ReachOf;
      readonly lookUps: NumberLookUps;
    },
): Route[] {
  const { mongo, reads, commands, hashNumber, audit, numbersOf, valkey, bus, reachOf } = deps;
  const needs = { store: createMongoCustomers(mongo), hashNumber, audit, now, newId };
  const http: CustomersHttp = {
    ...needs,
    service: createCustomerService(needs),
    references: createReferences(reads, commands),
    importList: createListImport({ ...needs, readCustomerFile }),
    unitsOf: unitsOf(deps),
    allUnits: async () => [...new Set(['', ...(await numbersOf()).map(({ clientUnit = '' }) => clientUnit)])],
    reachOf,
    lookUps: createCustomerLookUps({ counter: createValkeyLookUpCounter(valkey, CUSTOMERS_AN_HOUR), bus, now }),
    numberLookUps: deps.lookUps,
  };
  return [...routesOf(http), ...createCallCustomerRoutes(http)];
}

/** The hashes under which the caller of a call is known: those of all numbers of the customer, or only the caller's own. */
export type HashesOfCaller = (call: { readonly called: string; readonly callerHash: string }) => Promise<readonly string[]>;

export function createHashesOfCaller({ mongo, reads, commands }: Pick<Dependencies, 'mongo' | 'reads' | 'commands'>): HashesOfCaller {
  const store = createMongoCustomers(mongo);
  const references = createReferences(reads, commands);
  return async ({ called, callerHash }) => {
    const customer = await store.ofNumber(await references.unitOf(called), callerHash);
    return customer?.numbers.map(({ hash }) => hash) ?? [callerHash];
  };
}

/** Erasure of a customer at a person's request. */
export function createCustomerErasure(
  deps: Dependencies & {
    readonly forgetNote: (callerHash: string) => Promise<void>;
    readonly forgetCallNotes: (callIds: readonly CallId[]) => Promise<void>;
  },
) {
  const { mongo, reads, commands, hashNumber, audit, forgetNote, forgetCallNotes } = deps;
  const store = createMongoCustomers(mongo);
  const service = createCustomerService({ store, hashNumber, audit, now, newId });
  const references = createReferences(reads, commands);
  return createErasure({
    ...{ store, service, references, audit, forgetNote, now },
    forgetCallNotes: async (whose) => forgetCallNotes(await references.callIds(whose)),
  });
}
