/** A finding that a person must check. `rule` is stable, so that a finding can be followed from day to day. */
export interface Finding {
  readonly rule: string;
  readonly severity: 'breach' | 'warning' | 'note';
  /** The object: a row of a register, a node, a number. */
  readonly subject: string;
  readonly text: string;
  /** The rule behind it, in the reader's language (`rules/rule-book.ts`). */
  readonly basis: string;
}

export const breach = (rule: string, subject: string, text: string, basis: string): Finding => ({
  rule,
  severity: 'breach',
  subject,
  text,
  basis,
});
export const warning = (rule: string, subject: string, text: string, basis: string): Finding => ({
  rule,
  severity: 'warning',
  subject,
  text,
  basis,
});
export const note = (rule: string, subject: string, text: string, basis: string): Finding => ({
  rule,
  severity: 'note',
  subject,
  text,
  basis,
});
