/** One place in the source: `find` stands once in `file` and becomes `replace`. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The test that must fail. */
export interface Held {
  readonly file: string;
  /** The title of the test, as its file has it. */
  readonly test: string;
  /** Part of the failure: a test that fails because the product did not start, or for another reason, proves nothing. */
  readonly shows: string;
}

/** A wall of the product that is taken out for a moment. */
export interface Mutant {
  /** The finding of the attack of 27 November 2026. */
  readonly finding: string;
  /** Without it other tests fail too, so no other wall is taken out beside it. */
  readonly alone?: true;
  /** What the product does without the wall. */
  readonly without: string;
  /** More than one where the product has more than one wall against the same thing: with any of them left, the attack fails. */
  readonly edits: readonly [Edit, ...Edit[]];
  readonly held: Held;
}

export const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
/** A test of this tier. */
export const attack = (name: string, test: string, shows: string): Held => ({ file: `test/attacks/${name}.test.ts`, test, shows });
export const unit = (file: string, test: string, shows: string): Held => ({ file, test, shows });
