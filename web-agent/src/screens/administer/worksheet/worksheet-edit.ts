import type { Disposition, Worksheet, WorksheetField } from '../../../../../services/shared/contracts/workspace.js';

export type Sheet = Omit<Worksheet, 'queueId'>;

export const emptySheet: Sheet = { script: { 'zh-CN': '', en: '' }, fields: [], dispositions: [] };
/** The largest depth of the tree of results. */
export const LEVELS = 4;
const LONGEST_CODE = 36;

const newName = { 'zh-CN': '', en: '' };
export const newField: WorksheetField = { id: '', label: newName, kind: 'text', choices: [], required: false, sensitive: false };
const newResult: Disposition = { code: '', name: newName, children: [] };

/** The place of a result: its index in each level. */
export type Way = readonly number[];

/** The tree after `change` has replaced one level's list; `way` leads to the entry above the list. */
function changeBelow(
  tree: readonly Disposition[],
  way: Way,
  change: (list: readonly Disposition[]) => readonly Disposition[],
): Disposition[] {
  const [first, ...rest] = way;
  if (first === undefined) return [...change(tree)];
  return tree.map((entry, at) => (at === first ? { ...entry, children: changeBelow(entry.children, rest, change) } : entry));
}

/** Adds a new result as the last one below `way`; the empty way is the top. */
export const withResult = (tree: readonly Disposition[], way: Way): Disposition[] => changeBelow(tree, way, (list) => [...list, newResult]);

export const renamed = (tree: readonly Disposition[], way: Way, name: Disposition['name']): Disposition[] =>
  changeBelow(tree, way.slice(0, -1), (list) => list.map((entry, at) => (at === way.at(-1) ? { ...entry, name } : entry)));

/** Removes the result and everything below it. */
export const withoutResult = (tree: readonly Disposition[], way: Way): Disposition[] =>
  changeBelow(tree, way.slice(0, -1), (list) => list.filter((_entry, at) => at !== way.at(-1)));

/** Moves it one place up among its siblings. */
export const raised = (tree: readonly Disposition[], way: Way): Disposition[] =>
  changeBelow(tree, way.slice(0, -1), (list) => {
    const at = way.at(-1) ?? 0;
    const [before, here] = [list[at - 1], list[at]];
    if (before === undefined || here === undefined) return list;
    return list.map((entry, place) => (place === at - 1 ? here : place === at ? before : entry));
  });

/** A code from an English name that is not taken: `Return or exchange` is `return-or-exchange`. */
function codeFor(name: string, taken: Set<string>, otherwise: string): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-/, '')
      .replace(/-$/, '')
      .slice(0, LONGEST_CODE) || otherwise;
  let code = plain;
  for (let turn = 2; taken.has(code); turn += 1) code = `${plain}-${turn}`;
  taken.add(code);
  return code;
}

const codesOf = (tree: readonly Disposition[]): string[] => tree.flatMap(({ code, children }) => [code, ...codesOf(children)]);

/** New entries get their code. Existing codes stay, because written notes must be found by them. */
export function coded(sheet: Sheet): Sheet {
  const ids = new Set(sheet.fields.map(({ id }) => id));
  const codes = new Set(codesOf(sheet.dispositions));
  const results = (tree: readonly Disposition[]): Disposition[] =>
    tree.map(({ code, name, children }) => ({
      code: code === '' ? codeFor(name.en, codes, 'result') : code,
      name,
      children: results(children),
    }));
  return {
    script: sheet.script,
    fields: sheet.fields.map((field) => ({ ...field, id: field.id === '' ? codeFor(field.label.en, ids, 'field') : field.id })),
    dispositions: results(sheet.dispositions),
  };
}

const nameless = (name: Disposition['name']): boolean => name['zh-CN'].trim() === '' || name.en.trim() === '';

/** Why a worksheet cannot be saved. */
export function faultsOf({ fields, dispositions }: Sheet): ('fieldName' | 'choices' | 'resultName')[] {
  const anyNameless = (tree: readonly Disposition[]): boolean => tree.some(({ name, children }) => nameless(name) || anyNameless(children));
  return [
    ...(fields.some(({ label }) => nameless(label)) ? (['fieldName'] as const) : []),
    ...(fields.some(({ kind, choices }) => kind === 'choice' && choices.length === 0) ? (['choices'] as const) : []),
    ...(anyNameless(dispositions) ? (['resultName'] as const) : []),
  ];
}
