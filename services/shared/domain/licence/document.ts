import type { Language } from '../language.js';

/** A document as data: its content, not its layout. Each renderer (PDF, DOCX, XLSX) prints the same blocks. */
export interface Document {
  readonly id: string;
  /** The file name without its extension: `03-设备清单`. */
  readonly fileName: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly landscape?: boolean;
  readonly forms: readonly Form[];
}

export type Form = 'pdf' | 'docx' | 'xlsx';

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  /** A paragraph. `flush` leaves out the first-line indent, as for an addressee. */
  | { readonly kind: 'text'; readonly text: string; readonly flush?: true }
  /** Small print: formulas, reservations, "to be confirmed". */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'pairs'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | Table
  | { readonly kind: 'drawing'; readonly svg: string; readonly widthPt: number; readonly caption: string }
  | { readonly kind: 'signature'; readonly lines: readonly string[] };

/**
 * What a column of a workbook holds: `text` as it is printed; `figure`, a number that can be summed, with its decimals and unit; `date` and
 * `time`, by the site's clock. Printed documents show the words in either case.
 */
export type ColumnKind = 'text' | 'figure' | 'date' | 'time';
export interface Head {
  readonly words: string;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly kind: 'table';
  readonly title?: string;
  readonly heads: readonly string[];
  /** As the heads; a column without one is text. */
  readonly kinds: readonly ColumnKind[];
  /** The first cells of rows whose second cell is a figure, in a table of items that hold text otherwise. */
  readonly figuresOf?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Relative widths; equal when left out. */
  readonly widths?: readonly number[];
}

export const heading = (text: string): Block => ({ kind: 'heading', text });
export const text = (words: string): Block => ({ kind: 'text', text: words });
export const addressee = (words: string): Block => ({ kind: 'text', text: words, flush: true });
export const small = (words: string): Block => ({ kind: 'note', text: words });
export const pairs = (...rows: (readonly [string, string])[]): Block => ({ kind: 'pairs', rows });
export const ofFigures = (words: string): Head => ({ words, kind: 'figure' });
export const ofDates = (words: string): Head => ({ words, kind: 'date' });
export const ofTimes = (words: string): Head => ({ words, kind: 'time' });
export const table = (
  heads: readonly (string | Head)[],
  rows: readonly (readonly string[])[],
  more: Pick<Table, 'title' | 'widths' | 'figuresOf'> = {},
): Table => ({
  kind: 'table',
  heads: heads.map((head) => (typeof head === 'string' ? head : head.words)),
  kinds: heads.map((head) => (typeof head === 'string' ? 'text' : head.kind)),
  rows,
  ...more,
});

/** The header and footer of every page. */
export interface Letterhead {
  readonly company: string;
  readonly licence: string;
  readonly version: string;
  readonly date: string;
  /** The zone of the times in the document, where it has such. */
  readonly zone?: string;
  /** The number of the pack, the test call or the case. */
  readonly reference: string;
  readonly language: Language;
  /** SHA-256 of the facts behind the document; for a document of a pack, of all facts of the pack. */
  readonly dataSha256: string;
  /** The company submits the document to an authority as its own: the footer shows page numbers only, without number, version and hash. */
  readonly handedIn?: true;
}
