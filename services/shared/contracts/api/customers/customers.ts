import { z } from 'zod';
import { customerRowFaults } from '../../../domain/customer.js';
import { Customer, CustomerEntry, CustomerField, CustomerFields, CustomerReferences, CustomerRow } from '../../customer.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { asCallId } from '../../ids.js';

const callParams = z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) });
const idParams = z.object({ id: z.string().max(64) });
const reason = z.string().trim().min(3).max(300);
const unit = z.string().trim().min(1).max(40);
/** The version that was read before the change; left out for a new customer. */
const version = z.number().int().min(1).optional();
const card = z.object({ customer: Customer, fields: z.array(CustomerField), ...CustomerReferences.shape });
const ofCall = ['not-found', 'service-unavailable', 'timed-out'] as const;

export const customersApi = {
  'GET /calls/:callId/customer': {
    right: 'customers.of-call',
    summary:
      'The customer behind the number of a call, for those at whom it rings, who were in it, or who read calls; a withheld number is nobody.',
    params: callParams,
    answer: z.object({
      /** False when the caller withheld the number. */
      known: z.boolean(),
      customer: Customer.nullable(),
      fields: z.array(CustomerField),
      ...CustomerReferences.shape,
    }),
    failures: [...ofCall, 'too-many-requests'],
  },
  'PUT /calls/:callId/customer': {
    right: 'customers.own',
    summary: 'Creates the customer for the number of a call, or changes the existing one.',
    params: callParams,
    body: CustomerEntry.extend({
      version,
      /** The customer that was read: since then, the number may have moved to another one. */
      customerId: z.string().max(64).optional(),
    }),
    answer: Customer,
    failures: [...ofCall, 'already-exists', 'changed-meanwhile', 'invalid-request', 'not-supported'],
  },
  'GET /calls/:callId/customer-candidates': {
    right: 'customers.own',
    summary: 'At most ten customers of a call’s client unit, by name, number or tag: possible owners of the number.',
    params: callParams,
    query: z.object({ search: z.string().trim().min(2).max(80) }),
    answer: z.object({ customers: z.array(CustomerRow) }),
    failures: [...ofCall, 'too-many-requests'],
  },
  'POST /calls/:callId/customer-number': {
    right: 'customers.own',
    summary: 'Adds the number of a call to an existing customer.',
    params: callParams,
    body: z.object({ customerId: z.string().max(64) }),
    answer: Customer,
    failures: [...ofCall, 'already-exists', 'changed-meanwhile', 'invalid-request', 'not-supported'],
  },
  'GET /customers': {
    right: 'customers.read',
    summary:
      'Customers within the caller’s scope, the last changed first; `search` is the start of a name or of a word in it, a whole number or a tag.',
    query: z.object({
      search: z.string().trim().max(80).optional(),
      skip: z.coerce.number().int().min(0).max(100_000).default(0),
      limit: z.coerce.number().int().min(1).max(50).default(50),
    }),
    answer: z.object({ customers: z.array(CustomerRow), total: z.number() }),
    failures: ['too-many-requests'],
  },
  'POST /customers': {
    right: 'customers.edit',
    summary: 'Makes a customer.',
    body: CustomerEntry.extend({ clientUnit: unit.optional(), numbers: z.array(z.string().trim().min(1).max(32)).max(20).default([]) }),
    answer: Customer,
    failures: ['already-exists', 'invalid-request', 'too-many-requests'],
  },
  'GET /customers/:id': {
    right: 'customers.read',
    summary:
      'One customer with calls, consents and complaints of all numbers. Each record that is opened is in the audit log, and one person opens a limited number within an hour.',
    params: idParams,
    answer: card,
    failures: ['not-found', 'too-many-requests'],
  },
  'PUT /customers/:id': {
    right: 'customers.edit',
    summary: 'Changes the data of a customer.',
    params: idParams,
    body: CustomerEntry.extend({ version: z.number().int().min(1) }),
    answer: Customer,
    failures: ['changed-meanwhile', 'invalid-request', 'not-found'],
  },
  'POST /customers/:id/numbers': {
    right: 'customers.edit',
    summary: 'Gives a customer another number; a number belongs to one customer of a client unit.',
    params: idParams,
    body: z.object({ number: z.string().trim().min(1).max(32) }),
    answer: Customer,
    failures: ['already-exists', 'changed-meanwhile', 'invalid-request', 'not-found', 'too-many-requests'],
  },
  'DELETE /customers/:id/numbers/:numberId': {
    right: 'customers.edit',
    summary: 'Takes a number from a customer.',
    params: idParams.extend({ numberId: z.string().max(64) }),
    answer: Customer,
    failures: ['changed-meanwhile', 'not-found'],
  },
  'POST /customers/:id/merge': {
    right: 'customers.edit',
    summary: 'Merges another customer of the same client unit into this one, which takes over its numbers and their history.',
    params: idParams,
    body: z.object({ otherId: z.string().max(64), reason }),
    answer: Customer,
    failures: ['changed-meanwhile', 'invalid-request', 'not-found', 'wrong-state'],
  },
  'POST /customers/:id/separate': {
    right: 'customers.edit',
    summary: 'Undoes a merge: the other customer is restored, with those of its numbers that this one still has.',
    params: idParams,
    body: z.object({ otherId: z.string().max(64), reason }),
    answer: Customer,
    failures: ['changed-meanwhile', 'not-found', 'wrong-state'],
  },
  'POST /customers/import': {
    right: 'customers.edit',
    summary:
      'Checks a CSV or XLSX list of customers of a client unit, at most 100,000 rows, and names each row that is refused with its fault; `commit=yes` imports the others.',
    query: z.object({
      fileName: z.string().trim().min(1).max(200),
      commit: z.enum(['yes', 'no']).default('no'),
      clientUnit: unit.optional(),
    }),
    uploadBytes: 20 * 1024 * 1024,
    answer: z.object({
      rows: z.number(),
      good: z.number(),
      refused: z.array(
        z.object({
          /** Line number in the sheet; the headings are line 1. */
          line: z.number(),
          fault: z.enum(customerRowFaults),
        }),
      ),
      /** Hash of the file. */
      sha256: z.string(),
      committed: z.boolean(),
    }),
    failures: ['invalid-request', 'not-a-sheet', 'not-found', 'too-large', 'too-many-requests'],
  },
  'GET /customer-units': {
    right: 'customers.read',
    summary: 'The client units whose customers the caller can see; an empty id stands for numbers without a client unit.',
    answer: z.object({ units: z.array(z.string()) }),
    failures: [],
  },
  'GET /customer-fields': {
    right: 'customers.read',
    summary: 'The fields that the site has defined for customers.',
    answer: CustomerFields,
    failures: [],
  },
  'PUT /customer-fields': {
    right: 'customers.edit',
    summary: 'Defines the fields of customers; values of a removed field stay stored and come back with it.',
    body: CustomerFields,
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type CustomersApi = typeof customersApi;
