import { edit, mutant, type Mutant } from './mutant.js';

export const customers: readonly Mutant[] = [
  {
    name: 'two agents overwrite each other’s changes of a customer',
    profile: 'beside',
    edits: [
      edit('services/customers/customer-service.ts', '      if (before.version !== version) throw stale(before.changedBy);\n', ''),
      edit(
        'services/customers/customer-service.ts',
        "        version: version + 1,\n      };\n      return noting({ what: 'customer.changed'",
        "        version: before.version + 1,\n      };\n      return noting({ what: 'customer.changed'",
      ),
    ],
  },
  mutant(
    'what an agent wrote ends up at the customer that another was merged into',
    'beside',
    'services/customers/call-http.ts',
    '        if (customerId !== undefined && customerId !== known.id) throw stale(known.changedBy);\n',
    '',
  ),
  mutant(
    'a separation takes the numbers away',
    'beside',
    'services/customers/customer.ts',
    '{ ...each, numberIds, leaving: true }',
    '{ ...each, numberIds: [], leaving: true }',
  ),
  mutant(
    'a merge into an erased customer leaves the other hidden',
    'beside',
    'services/customers/customer-service.ts',
    "if (error instanceof CallCentreError && error.code === 'not-found') await",
    "if (error instanceof CallCentreError && error.code === 'internal') await",
  ),
  mutant(
    'an erasure that another change interrupted counts as done',
    'beside',
    'services/customers/erasure.ts',
    'if (await store.erase([...before, root, ...asked])) return rest;',
    'await store.erase([...before, root, ...asked]);\n      return rest;',
  ),
  mutant(
    'whoever is separated from one that was erased stays half separated',
    'beside',
    'services/customers/customer-service.ts',
    "          if (failureOf(error) !== 'not-found') throw error;\n        });",
    '          throw error;\n        });',
  ),
  mutant(
    'notes on calls remain when the customer is erased',
    'beside',
    'services/customers/erasure.ts',
    '      await forgetCallNotes({ unit: root.unit, hashes });\n',
    '',
  ),
  mutant(
    'what was noted during calls goes after the customer, whose numbers nobody knows then',
    'beside',
    'services/customers/erasure.ts',
    '      await forgetCallNotes({ unit: root.unit, hashes });\n',
    '      void Promise.resolve().then(() => now()).then(async () => references.rest({ unit: root.unit, hashes }, now())).then(async () => forgetCallNotes({ unit: root.unit, hashes }));\n',
  ),
  mutant(
    'a customer of another client unit is shown at a call',
    'beside',
    'services/customers/call-http.ts',
    'callerHash === undefined ? undefined : store.ofNumber(unit, callerHash),',
    'callerHash === undefined ? undefined : store.list({ units: undefined, hash: callerHash, skip: 0, limit: 1 }).then(({ customers: [found] }) => found),',
  ),
];
