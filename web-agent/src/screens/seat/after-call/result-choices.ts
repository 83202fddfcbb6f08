import type { Briefing, Disposition, Worksheet } from '../../../../../services/shared/contracts/workspace.js';

export interface ResultChoice {
  /** The path through the tree by codes, as it is stored. */
  readonly way: readonly string[];
  /** The names along the path, as they are read and searched. */
  readonly label: string;
}

const nameIn = (name: Disposition['name'], language: string): string => (language === 'en' ? name.en : name['zh-CN']);

/** Every result of a tree, in its order: only an entry with nothing below it is one. */
export function resultChoices(tree: readonly Disposition[], language: string): ResultChoice[] {
  const below = (entries: readonly Disposition[], way: readonly string[], names: readonly string[]): ResultChoice[] =>
    entries.flatMap(({ code, name, children }) => {
      const [here, called] = [
        [...way, code],
        [...names, nameIn(name, language)],
      ];
      return children.length === 0 ? [{ way: here, label: called.join(' › ') }] : below(children, here, called);
    });
  return below(tree, [], []);
}

/** A result in words; its last code when this worksheet does not know it (from another queue, or removed). */
export function resultText(worksheet: Pick<Worksheet, 'dispositions'> | null, way: readonly string[], language: string): string {
  if (way.length === 0) return '';
  const known = resultChoices(worksheet?.dispositions ?? [], language).find((choice) => choice.way.join() === way.join());
  return known?.label ?? way.at(-1) ?? '';
}

/** What the worksheet requires and the entry does not have yet: `disposition`, and the required fields by id. */
export function missingParts(
  worksheet: Briefing['worksheet'],
  entry: { readonly disposition: readonly string[]; readonly fields: Readonly<Record<string, string>> },
): string[] {
  if (worksheet === null) return [];
  const results = resultChoices(worksheet.dispositions, 'en');
  const chosen = results.length === 0 || results.some(({ way }) => way.join() === entry.disposition.join());
  const fields = worksheet.fields.filter(({ id, required }) => required && (entry.fields[id]?.trim() ?? '') === '').map(({ id }) => id);
  return [...(chosen ? [] : ['disposition']), ...fields];
}
