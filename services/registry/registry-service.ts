import { CallCentreError } from '../shared/domain/failure.js';
import type { Audit } from '../shared/platform/http/route.js';
import { createEntryBatch, type EntryBatchResult, type EntryBatchRow } from './batch.js';
import type { FieldValue, Values } from './field.js';
import type { BadLine, ReadImport } from './import.js';
import type { EntryStore, IdentityCipher, ImportBatch, ImportStore, Person } from './ports.js';
import { checkValues, type Entry, type Register } from './register.js';
import { registerNamed } from './registers.js';

export interface RegistryDependencies {
  readonly entries: EntryStore;
  readonly imports: ImportStore;
  readonly cipher: IdentityCipher;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface ImportReport {
  readonly imported: number;
  readonly bad: readonly BadLine[];
}

export interface Registry {
  list(register: string): Promise<Entry[]>;
  read(register: string, key: string): Promise<Entry>;
  write(person: Person, register: string, values: unknown, revision: number, key?: string): Promise<Entry>;
  /** A second person approves the current state of a row. */
  approve(person: Person, register: string, key: string, revision: number): Promise<void>;
  remove(person: Person, register: string, key: string): Promise<void>;
  /** Imports a sheet, completely or not at all. */
  importRows(person: Person, register: string, sheet: ReadImport, dryRun: boolean): Promise<ImportReport>;
  /** Changes the same fields of several rows, all of them or none. Without `commit` it only says what would be refused. */
  batch(person: Person, register: string, rows: readonly EntryBatchRow[], commit: boolean): Promise<EntryBatchResult>;
  /** Completes what a stopped process had staged. */
  resumeImports(): Promise<void>;
  /** One identity number in clear; the audit log keeps the reason. */
  reveal(person: Person, register: string, key: string, field: string, reason: string): Promise<string>;
}

/** A row of a register, with identity numbers masked: `110***********0012`. */
const maskIdentity = (plain: string): string => plain.slice(0, 3) + '*'.repeat(Math.max(0, plain.length - 7)) + plain.slice(-4);

export const SEALED = /^sealed:/;

const registerOf = (name: string): Register => {
  const register = registerNamed(name);
  if (register === undefined) throw new CallCentreError('not-found', 'There is no such register.');
  return register;
};
const ONLY_ONE = {
  zh: '此台账只登记一行，已有一行；请修改该行，或先删除该行',
  en: 'This register holds one row, and it has one: change it, or remove it first.',
};
const identityFields = (register: Register): string[] => register.fields.filter(({ kind }) => kind === 'identity').map(({ key }) => key);
const rowName = (register: string, key: string): string => `${register}/${key}`;

/** Identity numbers of a row: sealed in the store, masked on a page. */
function createIdentities(cipher: RegistryDependencies['cipher']) {
  function mapIdentities(name: string, key: string, values: Values, change: (text: string, row: string) => string): Values {
    const changed: Record<string, FieldValue> = { ...values };
    for (const field of identityFields(registerOf(name))) {
      const value = changed[field];
      if (typeof value === 'string') changed[field] = change(value, rowName(name, key));
    }
    return changed;
  }
  const sealed = (name: string, key: string, values: Values): Values =>
    mapIdentities(name, key, values, (text, row) => (SEALED.test(text) ? text : cipher.seal(text, row)));
  const masked = (entry: Entry): Entry => ({
    ...entry,
    values: mapIdentities(entry.register, entry.key, entry.values, (text, row) => maskIdentity(cipher.open(text, row))),
  });

  /** A form sends back what it was shown: a masked identity number means "unchanged". */
  function unmasked(name: string, key: string, values: unknown, before: Entry | undefined): unknown {
    if (typeof values !== 'object' || values === null) return values;
    const given: Record<string, unknown> = { ...values };
    for (const field of identityFields(registerOf(name))) {
      const [value, kept] = [given[field], before?.values[field]];
      if (typeof value === 'string' && value.includes('*') && typeof kept === 'string')
        given[field] = cipher.open(kept, rowName(name, key));
    }
    return given;
  }

  const inClear = ({ register, key, values }: Entry): Values =>
    mapIdentities(register, key, values, (text, row) => (SEALED.test(text) ? cipher.open(text, row) : text));

  return { sealed, masked, unmasked, inClear };
}

/** Rows of a file: staged as a whole first, so that an interruption loses none. */
function createImports({
  entries,
  imports,
  audit,
  now,
  newId,
  sealed,
}: Pick<RegistryDependencies, 'entries' | 'imports' | 'audit' | 'now' | 'newId'> &
  Pick<ReturnType<typeof createIdentities>, 'sealed'>): Pick<Registry, 'importRows' | 'resumeImports'> & {
  readonly write: (batch: ImportBatch) => Promise<void>;
} {
  async function apply(batch: ImportBatch): Promise<void> {
    for (const { key, values } of batch.rows) {
      const before = await entries.one(batch.register, key);
      // If the import was already applied before the interruption, the second run must not add a revision.
      if (before?.updatedBy === batch.by && before.updatedAt.getTime() === batch.at.getTime()) continue;
      await entries.put(
        { register: batch.register, key, values, revision: (before?.revision ?? 0) + 1, updatedAt: batch.at, updatedBy: batch.by },
        before?.revision ?? 0,
      );
    }
    await imports.applied(batch.importId, now());
  }

  return {
    async write(batch) {
      await imports.stage(batch);
      await apply(batch);
    },
    async importRows(person, name, { rows, bad }, dryRun) {
      if (bad.length > 0) return { imported: 0, bad };
      const { single, keyField } = registerOf(name);
      if (single === true && new Set([...(await entries.all(name)), ...rows].map(({ key }) => key)).size > 1)
        return { imported: 0, bad: [{ line: rows.length + 1, field: keyField, message: ONLY_ONE }] };
      if (dryRun) return { imported: 0, bad };
      const batch: ImportBatch = {
        importId: newId(),
        register: name,
        at: now(),
        by: person.userId,
        rows: rows.map(({ key, values }) => ({ key, values: sealed(name, key, values) })),
      };
      await audit({
        who: person.userId,
        what: 'registry.imported',
        object: `${name} (${rows.length})`,
        from: person.from,
        success: true,
        after: batch.rows,
      });
      await imports.stage(batch);
      await apply(batch);
      return { imported: rows.length, bad };
    },
    async resumeImports() {
      for (const batch of await imports.unfinished()) await apply(batch);
    },
  };
}

export function createRegistry({ entries, imports, cipher, audit, now, newId }: RegistryDependencies): Registry {
  const { sealed, masked, unmasked, inClear } = createIdentities(cipher);
  const { write, ...ofSheets } = createImports({ entries, imports, audit, now, newId, sealed });
  const changeTogether = createEntryBatch({ entries, audit, now, newId, sealed, inClear, write });

  return {
    ...ofSheets,
    batch: (person, name, rows, commit) => changeTogether(person, { name, register: registerOf(name) }, rows, commit),
    async list(name) {
      registerOf(name);
      return (await entries.all(name)).map(masked);
    },
    async read(name, key) {
      registerOf(name);
      const found = await entries.one(name, key);
      if (found === undefined) throw new CallCentreError('not-found', 'There is no such row.');
      return masked(found);
    },
    async write(person, name, values, revision, key) {
      const register = registerOf(name);
      const before = key === undefined ? undefined : await entries.one(name, key);
      const checked = checkValues(register, unmasked(name, key ?? '', values, before));
      if ('problems' in checked)
        throw new CallCentreError('invalid-request', 'Some fields are not right.', { details: { problems: checked.problems } });
      if (key !== undefined && key !== checked.key)
        throw new CallCentreError('invalid-request', 'The field that names the row cannot be changed.', {
          details: { problems: [{ field: register.keyField, message: { zh: '不能修改', en: 'This cannot be changed.' } }] },
        });
      if (register.single === true && key === undefined && (await entries.all(name)).length > 0)
        throw new CallCentreError('invalid-request', 'This register holds one row.', {
          details: { problems: [{ field: register.keyField, message: ONLY_ONE }] },
        });
      const entry: Entry = {
        register: name,
        key: checked.key,
        values: sealed(name, checked.key, checked.values),
        revision: revision + 1,
        updatedAt: now(),
        updatedBy: person.userId,
      };
      await audit({
        who: person.userId,
        what: 'registry.written',
        object: rowName(name, checked.key),
        from: person.from,
        success: true,
        before: before?.values,
        after: entry.values,
      });
      await entries.put(entry, revision);
      return masked(entry);
    },
    async approve(person, name, key, revision) {
      const register = registerOf(name);
      const entry = await entries.one(name, key);
      if (entry === undefined || register.approval !== true) throw new CallCentreError('not-found', 'There is no such row to approve.');
      if (entry.updatedBy === person.userId)
        throw new CallCentreError('not-allowed', 'Whoever wrote a row does not approve it: a second person does.');
      if (entry.revision === revision && entry.approval?.revision === revision)
        throw new CallCentreError('wrong-state', 'This row is approved already, as it stands.');
      const object = rowName(name, key);
      await audit({ who: person.userId, what: 'registry.approved', object, from: person.from, success: true, after: entry.values });
      if (!(await entries.approve(name, key, { by: person.userId, at: now(), revision })))
        throw new CallCentreError('changed-meanwhile', 'Somebody has changed this row in the meantime. Please load it again.');
    },
    async remove(person, name, key) {
      registerOf(name);
      const before = await entries.one(name, key);
      if (before === undefined) throw new CallCentreError('not-found', 'There is no such row.');
      await audit({
        who: person.userId,
        what: 'registry.removed',
        object: rowName(name, key),
        from: person.from,
        success: true,
        before: before.values,
      });
      await entries.remove(name, key, person.userId, now());
    },
    async reveal(person, name, key, field, reason) {
      const found = await entries.one(name, key);
      const value = found?.values[field];
      if (!identityFields(registerOf(name)).includes(field) || typeof value !== 'string')
        throw new CallCentreError('not-found', 'There is no such number.');
      await audit({
        who: person.userId,
        what: 'identity.revealed',
        object: `${rowName(name, key)}.${field}`,
        from: person.from,
        success: true,
        reason,
      });
      return cipher.open(value, rowName(name, key));
    },
  };
}
