/** One place in the source: `find` stands once in `file` and becomes `replace`. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A fault that is put back for a moment. */
export interface Mutant {
  readonly name: string;
  /** The profile in which it shows soonest. */
  readonly profile: string;
  /** It needs a class of events that is left out of the usual run (not-yet.ts). */
  readonly all?: true;
  /** More than one where the product guards against the fault in more than one place. */
  readonly edits: readonly [Edit, ...Edit[]];
}

export const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });

/** A fault in one place. */
export const mutant = (name: string, profile: string, file: string, find: string, replace: string): Mutant => ({
  name,
  profile,
  edits: [edit(file, find, replace)],
});

/** The text of a source with the edits that concern it. */
export function edited(file: string, text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { find, replace } of edits.filter((each) => file.endsWith(`/${each.file}`))) {
    if (result.split(find).length !== 2) throw new Error(`the fault does not fit ${file}`);
    result = result.replace(find, () => replace);
  }
  return result;
}
