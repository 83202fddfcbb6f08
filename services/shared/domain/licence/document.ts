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

export interface Table {
  readonly kind: 'table';
  readonly title?: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Relative widths; equal when left out. */
  readonly widths?: readonly number[];
}

export const heading = (text: string): Block => ({ kind: 'heading', text });
export const text = (words: string): Block => ({ kind: 'text', text: words });
export const addressee = (words: string): Block => ({ kind: 'text', text: words, flush: true });
export const small = (words: string): Block => ({ kind: 'note', text: words });
export const pairs = (...rows: (readonly [string, string])[]): Block => ({ kind: 'pairs', rows });
export const table = (
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  more: { title?: string; widths?: readonly number[] } = {},
): Table => ({
  kind: 'table',
  heads,
  rows,
  ...more,
});

/** The header and footer of every page. */
export interface Letterhead {
  readonly company: string;
  readonly licence: string;
  readonly version: string;
  readonly date: string;
  /** The number of the pack, the test call or the case. */
  readonly reference: string;
  readonly language: Language;
  /** SHA-256 of the facts behind the document; for a document of a pack, of all facts of the pack. */
  readonly dataSha256: string;
  /** The company submits the document to an authority as its own: the footer shows page numbers only, without number, version and hash. */
  readonly handedIn?: true;
}
