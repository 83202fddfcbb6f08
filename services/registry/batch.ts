import type { Audit } from '../shared/platform/http/route.js';
import type { FieldValue, Values, Words } from './field.js';
import type { EntryStore, ImportBatch, Person } from './ports.js';
import { checkValues, type Entry, type Register } from './register.js';

/** Some fields of a row; null: empty. */
export type RowFields = Readonly<Record<string, FieldValue | null>>;

export interface EntryBatchRow {
  readonly id: string;
  /** As the page read them. */
  readonly before: RowFields;
  readonly after: RowFields;
}
export interface EntryBatchResult {
  readonly done: boolean;
  readonly rows: readonly { readonly id: string; readonly refused?: 'out-of-reach' | 'changed' | 'field'; readonly why?: Words }[];
}

interface Judged {
  readonly id: string;
  readonly refused?: 'out-of-reach' | 'changed' | 'field';
  readonly why?: Words | undefined;
  readonly write?: { readonly entry: Entry; readonly values: Values };
}

export interface EntryBatchNeeds {
  readonly entries: Pick<EntryStore, 'one'>;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sealed: (register: string, key: string, values: Values) => Values;
  /** The values with identity numbers in clear, as the rules of the fields read them. */
  readonly inClear: (entry: Entry) => Values;
  /** Writes all rows: staged as a whole first, so that an interruption loses none. */
  readonly write: (batch: ImportBatch) => Promise<void>;
}

/** Whether a row has these values. */
const hasAlready = ({ values }: Entry, fields: RowFields): boolean =>
  Object.entries(fields).every(([field, value]) => JSON.stringify(values[field] ?? null) === JSON.stringify(value));

const NOT_TOGETHER: Words = { zh: '此栏不能批量修改', en: 'This column cannot be changed for several rows.' };

/** Changes the same fields of several rows of a register: all of them, or none. Each row has a row of its own in the audit log. */
export function createEntryBatch({ entries, audit, now, newId, sealed, inClear, write }: EntryBatchNeeds) {
  /** What becomes of one row: why it is refused, or what is written. */
  async function judge(name: string, register: Register, { id, before, after }: EntryBatchRow): Promise<Judged> {
    const entry = await entries.one(name, id);
    if (entry === undefined) return { id, refused: 'out-of-reach' };
    if (!hasAlready(entry, before)) return { id, refused: 'changed' };
    const fixed = [register.keyField, ...register.fields.filter(({ kind }) => kind === 'identity').map(({ key }) => key)];
    if (Object.keys(after).some((field) => fixed.includes(field))) return { id, refused: 'field', why: NOT_TOGETHER };
    const given = Object.fromEntries(Object.entries({ ...inClear(entry), ...after }).filter(([, value]) => value !== null));
    const checked = checkValues(register, given);
    if ('problems' in checked) return { id, refused: 'field', why: checked.problems[0]?.message };
    return { id, write: { entry, values: sealed(name, id, checked.values) } };
  }

  return async (
    person: Person,
    { name, register }: { readonly name: string; readonly register: Register },
    rows: readonly EntryBatchRow[],
    commit: boolean,
  ): Promise<EntryBatchResult> => {
    const judged = await Promise.all(rows.map((row) => judge(name, register, row)));
    const answer = judged.map(({ id, refused, why }) => ({
      id,
      ...(refused === undefined ? {} : { refused }),
      ...(why === undefined ? {} : { why }),
    }));
    const changes = judged.flatMap(({ id, write: asked }, place) =>
      asked === undefined || hasAlready(asked.entry, rows[place]?.after ?? {}) ? [] : [{ id, ...asked }],
    );
    if (!commit || answer.some(({ refused }) => refused !== undefined)) return { done: false, rows: answer };
    for (const { id, entry, values } of changes)
      await audit({
        who: person.userId,
        what: 'registry.written',
        object: `${name}/${id}`,
        from: person.from,
        success: true,
        before: entry.values,
        after: values,
        reason: `${String(changes.length)} together`,
      });
    if (changes.length > 0)
      await write({
        ...{ importId: newId(), register: name, at: now(), by: person.userId },
        rows: changes.map(({ id, values }) => ({ key: id, values })),
      });
    return { done: true, rows: answer };
  };
}
