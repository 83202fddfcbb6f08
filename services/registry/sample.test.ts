import { expect, test } from '@jest/globals';
import { unzipSync, strFromU8 } from 'fflate';
import { readSheet } from '../shared/platform/files/sheet-reader.js';
import { sampleSheet } from './adapters/sample-sheet.js';
import { readImport } from './import.js';
import { checkValues, type Register } from './register.js';
import { registers } from './registers.js';
import { SAMPLE_REFUSED, sampleValues } from './sample.js';

const all: readonly (readonly [string, Register])[] = Object.entries(registers);
const read = async (name: string, register: Register): Promise<string[][]> =>
  readSheet(await sampleSheet(name, register), { rows: 20_001, columns: register.fields.length + 20 });

test.each(all)(
  '%s: the example passes the checks of the register, and the sheet is refused for its example alone',
  async (name, register) => {
    expect(checkValues(register, sampleValues(name, register))).not.toHaveProperty('problems');
    const rows = await read(name, register);
    expect(rows[0]).toEqual(register.fields.map(({ label, required }) => `${label.zh}${required ? '*' : ''}`));
    expect(readImport(register, rows, name)).toEqual({ rows: [], bad: [{ line: 2, field: register.keyField, message: SAMPLE_REFUSED }] });
  },
);

test('a row of the sheet that people have filled in is taken, without the example above it', async () => {
  const [heads = [], example = []] = await read('shareholders', registers.shareholders);
  const own = example.map((cell, i) => (heads[i] === '股东*' ? '李四' : cell));
  expect(readImport(registers.shareholders, [heads, own], 'shareholders')).toMatchObject({ rows: [{ key: '李四' }], bad: [] });
});

test('a material that is chosen from the list is a row of its own, as long as anything in it differs from the example', async () => {
  const [heads = [], example = []] = await read('materials', registers.materials);
  const own = example.map((cell, i) => (cell.startsWith('示例') && i > 0 ? '' : cell));
  expect(own).not.toEqual(example);
  expect(readImport(registers.materials, [heads, own], 'materials').bad).toEqual([]);
});

test('choices are lists of the workbook that hold every word the column takes, and long numbers stay text', async () => {
  const files = unzipSync(await sampleSheet('numbers', registers.numbers));
  const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
  const rules = [...sheet.matchAll(/sqref="([A-Z]+)2:(?:\1)202"><formula1>选项!\$([A-Z]+)\$2:\$\2\$(\d+)<\/formula1>/g)];
  expect(rules.map(([, column, source, last]) => [column, source, last])).toEqual([
    ['B', 'A', '5'],
    ['N', 'C', '3'],
    ['O', 'D', '3'],
    ['S', 'E', '4'],
  ]);
  expect(strFromU8(files['xl/workbook.xml'] ?? new Uint8Array())).toMatch(/码号登记.*填写说明.*选项/s);
  expect(strFromU8(files['xl/styles.xml'] ?? new Uint8Array())).toMatch(/numFmtId="49"|formatCode="@"/);
});
