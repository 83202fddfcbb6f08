import { headKey } from '../list-heads.js';
import { campaignHeads, type CampaignField } from './campaign.js';

/** A stretch of a script: its own words, or the place of a column of the list, written as `{column}`. */
export type ScriptPart = { readonly words: string } | { readonly place: string };

/** What the list says about the person to whom a script is read. */
export interface ScriptPerson {
  readonly name: string;
  readonly note: string;
  readonly fields?: readonly CampaignField[] | undefined;
}

const PLACE = /\{([^{}\r\n]{1,60})\}/gu;

/** The words and places of a script, in order. Braces that enclose no name are words. */
export function scriptParts(script: string): ScriptPart[] {
  const parts: ScriptPart[] = [];
  let from = 0;
  for (const match of script.matchAll(PLACE)) {
    const place = (match[1] ?? '').trim();
    if (place === '') continue;
    if (match.index > from) parts.push({ words: script.slice(from, match.index) });
    parts.push({ place });
    from = match.index + match[0].length;
  }
  if (from < script.length) parts.push({ words: script.slice(from) });
  return parts;
}

/** The names of the places of a script, each once. */
export const placesOfScript = (script: string): readonly string[] => [
  ...new Map(scriptParts(script).flatMap((part) => ('place' in part ? [[headKey(part.place), part.place] as const] : []))).values(),
];

/** `name` or `note`, by any header under which a list may give it. */
function ownColumn(place: string): 'name' | 'note' | undefined {
  const head = headKey(place);
  return (['name', 'note'] as const).find((column) => column === head || campaignHeads[column].includes(head));
}

/** What stands at a place for this person; undefined when the list says nothing. A number has no place: the agent sees it masked. */
export function valueAt(place: string, { name, note, fields = [] }: ScriptPerson): string | undefined {
  const own = ownColumn(place);
  const value = own === undefined ? fields.find((field) => headKey(field.name) === headKey(place))?.value : { name, note }[own];
  return value === '' ? undefined : value;
}

/** Places of a script that no column of a list fills. */
export const unfilledPlaces = (
  script: string,
  list: { readonly columns: readonly string[]; readonly fields: readonly string[] },
): readonly string[] =>
  placesOfScript(script).filter((place) => {
    const own = ownColumn(place);
    return own === undefined ? !list.fields.some((field) => headKey(field) === headKey(place)) : !list.columns.includes(own);
  });
