import writeXlsx, { type CellObject } from 'write-excel-file/node';
import { insertElementMarkupAccordingToOrderOfSiblings } from 'write-excel-file/utility';
import { wantedOf, type Field } from '../field.js';
import type { Register } from '../register.js';
import { sampleCell, sampleValues } from '../sample.js';

/**
 * The number of prepared lines below the example. They are formatted as text, so that Excel does not round long numbers, and have their
 * lists.
 */
const PREPARED_LINES = 200;
/** Each list in the sheet `选项` has the name of its column. The elements of a sheet have this order (ECMA-376, 18.3.1.99). */
const ORDER = [
  ...['sheetPr', 'dimension', 'sheetViews', 'sheetFormatPr', 'cols', 'sheetData', 'sheetCalcPr', 'sheetProtection', 'protectedRanges'],
  ...['scenarios', 'autoFilter', 'sortState', 'dataConsolidate', 'customSheetViews', 'mergeCells', 'phoneticPr', 'conditionalFormatting'],
  ...['dataValidations', 'hyperlinks', 'printOptions', 'pageMargins', 'pageSetup'],
];
const YES_NO = ['是', '否'];

/** `AB` for column 27, counted from 0. */
const letters = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + String.fromCharCode(65 + (column % 26));

const choicesOf = ({ kind, choices }: Field): readonly string[] =>
  kind === 'yes-no' ? YES_NO : choices === undefined ? [] : Object.values(choices).map(({ zh }) => zh);

/** A workbook to fill in: Chinese headers, an example row, lists to choose from, and what each column accepts. */
export async function sampleSheet(name: string, register: Register): Promise<Uint8Array> {
  const { fields } = register;
  const sample = sampleValues(name, register);
  const listed = fields.filter((field) => choicesOf(field).length > 0);
  const bold = (value: string): CellObject => ({
    ...{ value, fontWeight: 'bold', backgroundColor: '#E5E7EB', borderStyle: 'thin', wrap: true },
  });
  const asText = (value?: string, textColor?: string): CellObject => ({
    ...{ type: String, format: '@' },
    ...(value === undefined ? {} : { value }),
    ...(textColor === undefined ? {} : { textColor }),
  });
  const rows = [
    fields.map(({ label, required }) => bold(`${label.zh}${required ? '*' : ''}`)),
    fields.map((field) => asText(sampleCell(field, sample[field.key]), '#9CA3AF')),
    ...Array.from({ length: PREPARED_LINES }, () => fields.map(() => asText())),
  ];
  const longest = Math.max(0, ...listed.map((field) => choicesOf(field).length));
  const words = [
    ['栏目', '必填', '填写要求', '示例', '可选内容（多项以“、”隔开）'].map(bold),
    ...fields.map((field) =>
      [
        field.label.zh,
        field.required ? '是' : '',
        wantedOf(field).zh,
        sampleCell(field, sample[field.key]),
        field.kind === 'list' ? choicesOf(field).join('、') : '',
      ].map((value): CellObject => ({ value, type: String, wrap: true })),
    ),
  ];
  const lists = [
    listed.map(({ label }) => bold(label.zh)),
    ...Array.from({ length: longest }, (_, line) => listed.map((field) => asText(choicesOf(field)[line]))),
  ];
  const width = ({ label }: Field) => ({ width: Math.max(12, label.zh.length * 2 + 4) });
  return writeXlsx(
    [
      { data: rows, sheet: register.title.zh.slice(0, 27), columns: fields.map(width), stickyRowsCount: 1 },
      {
        data: words,
        sheet: '填写说明',
        columns: [{ width: 24 }, { width: 8 }, { width: 44 }, { width: 28 }, { width: 60 }],
        stickyRowsCount: 1,
      },
      ...(listed.length === 0 ? [] : [{ data: lists, sheet: '选项', columns: listed.map(width), stickyRowsCount: 1 }]),
    ],
    { fontFamily: 'Microsoft YaHei', fontSize: 10, features: [withLists(fields, listed)] },
  ).toBuffer();
}

/** Lists to choose from in the first sheet. A column with several values has none, because Excel would accept only one. */
function withLists(fields: readonly Field[], listed: readonly Field[]) {
  const rules = listed
    .filter(({ kind }) => kind !== 'list')
    .map((field) => {
      const column = letters(fields.indexOf(field));
      const source = letters(listed.indexOf(field));
      return (
        `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${column}2:${column}${PREPARED_LINES + 2}">` +
        `<formula1>选项!$${source}$2:$${source}$${choicesOf(field).length + 1}</formula1></dataValidation>`
      );
    });
  const markup = `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`;
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml: string, _options: unknown, { sheetIndex }: { readonly sheetIndex: number }) =>
            sheetIndex === 0 && rules.length > 0 ? insertElementMarkupAccordingToOrderOfSiblings(xml, markup, ORDER, 'worksheet') : xml,
        },
      },
    },
  };
}
