import type { Words } from '../../shared/domain/language.js';

/**
 * How a cell of the machine rows is written: `moment` as milliseconds since 1970 UTC, `milliseconds` as a duration, `json` as JSON text.
 * Sheets for people have moments as site time and durations as seconds.
 */
export type RowFieldKind = 'text' | 'moment' | 'milliseconds' | 'number' | 'yes-no' | 'json';

export interface RowField {
  readonly kind: RowFieldKind;
  /** The heading in sheets for people. */
  readonly name: Words;
  /** What the column means, when the name does not say it. */
  readonly text?: Words;
  /** Names that earlier packs were sealed with: the verifiers know them too. */
  readonly former?: readonly Words[];
}

/** A column that used to have other names. */
export const renamed = (column: RowField, ...former: readonly Words[]): RowField => ({ ...column, former });

export const field = (kind: RowFieldKind, zh: string, en: string, textZh?: string, textEn = ''): RowField => ({
  kind,
  name: { zh, en },
  ...(textZh === undefined ? {} : { text: { zh: textZh, en: textEn } }),
});

export interface RowFile<Column extends string> {
  readonly name: Words;
  readonly fields: Readonly<Record<Column, RowField>>;
}

interface MissingColumns<Names> {
  readonly missing: Names;
}

/** The columns of a kind of row, in the order of the file. A field of the row that has no column does not compile. */
export const columnsOf =
  <Row>() =>
  <const Columns extends readonly (keyof Row)[]>(
    columns: Columns &
      ([Exclude<keyof Row, Columns[number]>] extends [never] ? unknown : MissingColumns<Exclude<keyof Row, Columns[number]>>),
  ): Columns =>
    columns;
