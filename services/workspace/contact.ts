import type { Contact, ContactEntry, Disposition, Worksheet } from '../shared/contracts/workspace.js';

/** The entries along the path, or undefined when a code is not on the path it claims. */
export function dispositionsOn(tree: readonly Disposition[], way: readonly string[]): Disposition[] | undefined {
  const [first, ...rest] = way;
  if (first === undefined) return [];
  const entry = tree.find(({ code }) => code === first);
  if (entry === undefined) return undefined;
  const below = dispositionsOn(entry.children, rest);
  return below === undefined ? undefined : [entry, ...below];
}

/** The names of results and of the groups on the way to them, by their codes with a slash between. Queues that call one way differently are both named. */
export function resultNames(worksheets: readonly Pick<Worksheet, 'dispositions'>[]): Map<string, Disposition['name']> {
  const names = new Map<string, Disposition['name']>();
  const both = (one: string, other: string, between: string): string => (one.split(between).includes(other) ? one : one + between + other);
  const walk = (tree: readonly Disposition[], way: string, above: Disposition['name'] | undefined): void => {
    for (const { code, name: own, children } of tree) {
      const path = `${way}${code}`;
      const name = above === undefined ? own : { 'zh-CN': `${above['zh-CN']} / ${own['zh-CN']}`, en: `${above.en} / ${own.en}` };
      const known = names.get(path);
      names.set(
        path,
        known === undefined ? name : { 'zh-CN': both(known['zh-CN'], name['zh-CN'], '；'), en: both(known.en, name.en, '; ') },
      );
      walk(children, `${path}/`, name);
    }
  };
  for (const { dispositions } of worksheets) walk(dispositions, '', undefined);
  return names;
}

export interface EntryFault {
  readonly at: string;
  readonly message: string;
}

/** What prevents an entry from being completed: a path that is not a result of the queue, or an empty required field. */
export function entryFaults(worksheet: Worksheet | undefined, { disposition, fields }: ContactEntry): EntryFault[] {
  if (worksheet === undefined) return [];
  const faults: EntryFault[] = [];
  const way = dispositionsOn(worksheet.dispositions, disposition);
  const last = way?.at(-1);
  if (worksheet.dispositions.length > 0 && (last === undefined || last.children.length > 0))
    faults.push({ at: 'disposition', message: 'choose a result of this queue' });
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

/** A contact as people other than its writer see it: of a sensitive field only the last characters, and of a short one nothing. */
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
