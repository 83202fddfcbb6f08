import type { Contact, ContactEntry, Disposition, Worksheet } from '../shared/contracts/workspace.js';

/** The entries on the way, or undefined when a code is not where the way says. */
export function dispositionsOn(tree: readonly Disposition[], way: readonly string[]): Disposition[] | undefined {
  const [first, ...rest] = way;
  if (first === undefined) return [];
  const entry = tree.find(({ code }) => code === first);
  if (entry === undefined) return undefined;
  const below = dispositionsOn(entry.children, rest);
  return below === undefined ? undefined : [entry, ...below];
}

export interface EntryFault {
  readonly at: string;
  readonly message: string;
}

/** What keeps an entry from being finished: a way that is no result of the queue, or a required field that is empty. */
export function entryFaults(worksheet: Worksheet | undefined, { disposition, fields }: ContactEntry): EntryFault[] {
  if (worksheet === undefined) return [];
  const faults: EntryFault[] = [];
  const way = dispositionsOn(worksheet.dispositions, disposition);
  const last = way?.at(-1);
  if (worksheet.dispositions.length > 0 && (last === undefined || last.children.length > 0))
    faults.push({ at: 'disposition', message: 'a result of this queue is to be chosen' });
  for (const { id, required, kind, choices } of worksheet.fields) {
    const value = fields[id]?.trim() ?? '';
    if (required && value === '') faults.push({ at: `fields.${id}`, message: 'is required' });
    if (value === '') continue;
    if (kind === 'choice' && !choices.includes(value)) faults.push({ at: `fields.${id}`, message: 'is not one of the choices' });
    if (kind === 'number' && !Number.isFinite(Number(value))) faults.push({ at: `fields.${id}`, message: 'is not a number' });
    if (kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) faults.push({ at: `fields.${id}`, message: 'is not a date' });
  }
  return faults;
}

const SHOWN_OF_SENSITIVE = 4;

/** What others than its writer see of a contact: of a sensitive field only the end, and of a short one nothing. */
export function forOthers(contact: Contact, worksheet: Worksheet | undefined): Contact {
  const sensitive = new Set((worksheet?.fields ?? []).flatMap((field) => (field.sensitive ? [field.id] : [])));
  const shown = (value: string): string => `****${value.length >= 3 * SHOWN_OF_SENSITIVE ? value.slice(-SHOWN_OF_SENSITIVE) : ''}`;
  return {
    ...contact,
    fields: Object.fromEntries(
      Object.entries(contact.fields).map(([id, value]) => [id, sensitive.has(id) && value !== '' ? shown(value) : value]),
    ),
  };
}
