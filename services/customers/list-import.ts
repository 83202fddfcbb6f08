import type { CustomerField } from '../shared/contracts/customer.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { maskNumber } from '../shared/domain/numbers/phone-number.js';
import type { Asker, CustomerNeeds } from './customer-service.js';
import type { ListedCustomer, ReadCustomers, RefusedRow } from './customer-list.js';
import type { StoredCustomer } from './ports.js';

/** The number of rows that are compared with the store, and written, at a time. */
const PORTION = 1_000;

export interface ListImportNeeds extends CustomerNeeds {
  readonly readCustomerFile: (bytes: Uint8Array, fields: readonly CustomerField[]) => Promise<ReadCustomers & { readonly sha256: string }>;
}

export interface ImportReport {
  readonly rows: number;
  readonly good: number;
  readonly refused: readonly RefusedRow[];
  readonly sha256: string;
  readonly committed: boolean;
}

const portions = <T>(rows: readonly T[]): (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / PORTION) }, (_, i) => rows.slice(i * PORTION, (i + 1) * PORTION));

/** Imports a list of customers of a client unit. Rows with a number that a customer has already are refused. */
export function createListImport({ store, hashNumber, audit, now, newId, readCustomerFile }: ListImportNeeds) {
  const toCustomer = ({ line: _line, numbers, ...entry }: ListedCustomer, unit: string, by: string, at: string): StoredCustomer => ({
    ...entry,
    id: newId(),
    unit,
    numbers: numbers.map((number) => ({ id: newId(), hash: hashNumber(number) ?? '', masked: maskNumber(number) })),
    version: 1,
    madeAt: at,
    madeBy: by,
    changedAt: at,
    changedBy: by,
    merged: [],
  });

  return async (
    {
      bytes,
      fileName,
      unit,
      commit,
    }: { readonly bytes: Uint8Array; readonly fileName: string; readonly unit: string; readonly commit: boolean },
    { principal, from }: Asker,
  ): Promise<ImportReport> => {
    const list = await readCustomerFile(bytes, await store.fields());
    if (list.missing.length > 0)
      throw new CallCentreError('invalid-request', `Columns are missing: ${list.missing.join(', ')}.`, {
        details: { columns: list.missing },
      });
    const at = now().toISOString();
    const refused = [...list.refused];
    const good: { readonly line: number; readonly customer: StoredCustomer }[] = [];
    for (const portion of portions(list.rows)) {
      const made = portion.map((row) => ({ line: row.line, customer: toCustomer(row, unit, principal.name, at) }));
      const hashes = made.flatMap(({ customer }) => customer.numbers.map(({ hash }) => hash));
      const taken = await store.taken(unit, hashes);
      for (const row of made)
        if (row.customer.numbers.some(({ hash }) => taken.has(hash))) refused.push({ line: row.line, fault: 'known' });
        else good.push(row);
    }
    let added = good.length;
    // A dry run has its audit row too, because it reveals which numbers belong to customers.
    await audit({
      who: principal.userId,
      what: commit ? 'customer.list-imported' : 'customer.list-tried',
      object: `customer-list:${newId()}`,
      from,
      success: true,
      after: { fileName, sha256: list.sha256, unit, rows: list.rows.length + list.refused.length, good: good.length },
    });
    if (commit)
      for (const portion of portions(good)) {
        const lost = await store.addMany(portion.map(({ customer }) => customer));
        added -= lost.size;
        // Somebody created a customer with this number at the same moment.
        for (const place of lost) refused.push({ line: portion[place]?.line ?? 0, fault: 'known' });
      }
    return {
      rows: list.rows.length + list.refused.length,
      good: added,
      refused: refused.sort((a, b) => a.line - b.line),
      sha256: list.sha256,
      committed: commit,
    };
  };
}
