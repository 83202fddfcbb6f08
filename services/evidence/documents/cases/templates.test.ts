import { expect, test } from '@jest/globals';
import { languages, speak } from '../../../shared/domain/language.js';
import { templateIds } from '../../../shared/domain/licence/licence-template.js';
import { toBeConfirmed } from '../../checks/open-points.js';
import type { LicenceFile } from '../../../shared/domain/licence/licence-file.js';
import { templateDocument } from './templates.js';

const filled: LicenceFile = {
  company: { title: { zh: '公司', en: 'Company' }, columns: [], rows: [{ key: 'c', values: { name: '示例甲公司' }, shown: [] }] },
};

test.each(templateIds.flatMap((id) => languages.map((language) => [id, language] as const)))(
  'the paper %s (%s) is there before anything is filled in, to be edited, without a remark of ours or a word that stands for nothing',
  (id, language) => {
    const say = speak(language);
    const { blocks, forms, title } = templateDocument(id, { file: {} }, say);
    expect(forms).toEqual(['docx']);
    expect(blocks.length).toBeGreaterThan(4);
    const words = JSON.stringify({ blocks, title });
    expect(words).not.toMatch(/undefined|NaN|Infinity|\[object/);
    expect(words).not.toContain(toBeConfirmed(say));
    expect(words).toContain('______');
  },
);

test('what the registers hold is in it, and what was measured is left open', () => {
  const say = speak('zh-CN');
  expect(JSON.stringify(templateDocument('business-plan', { file: filled }, say))).toContain('示例甲公司');
  expect(JSON.stringify(templateDocument('pledge-lawful', { file: filled }, say))).toContain('示例甲公司');
  const plan = templateDocument('technical-plan', { file: filled }, say);
  const measured = plan.blocks.flatMap((block) => (block.kind === 'pairs' ? block.rows.map(([, value]) => value) : []));
  expect(measured.length).toBeGreaterThan(5);
  expect([...new Set(measured)]).toEqual(['____________________']);
  expect(plan.blocks.some(({ kind }) => kind === 'drawing')).toBe(false);
});

test('company, holders and what shareholders resolve are filled in as far as the registers go, with lines to write on where they do not', () => {
  const say = speak('zh-CN');
  const rows = (values: readonly Readonly<Record<string, string | number>>[]) => ({
    title: { zh: '', en: '' },
    columns: [],
    rows: values.map((each, i) => ({ key: String(i), values: each, shown: [] })),
  });
  const file: LicenceFile = {
    ...filled,
    shareholders: rows([
      { name: '王五', sharePercent: 60, kind: 'person' },
      { name: '乙公司', sharePercent: 40, kind: 'company' },
      { name: '赵六', of: '乙公司', sharePercent: 100, kind: 'person' },
    ]),
    staff: rows([{ name: '李四', job: 'technical' }]),
  };
  const tableOf = (id: 'shareholding' | 'resolution', of: LicenceFile): readonly (readonly string[])[] =>
    templateDocument(id, { file: of }, say).blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
  expect(tableOf('shareholding', file).map(([name, of, percent]) => [name, of, percent])).toEqual([
    ['王五', '本公司', '60'],
    ['乙公司', '本公司', '40'],
    ['赵六', '乙公司', '100'],
  ]);
  // The voters are the company's own shareholders.
  expect(tableOf('resolution', file)).toEqual([
    ['王五', '60', ''],
    ['乙公司', '40', ''],
  ]);
  expect(tableOf('resolution', {})).toEqual(Array.from({ length: 4 }, () => ['', '', '']));
  expect(templateDocument('resolution', { file }, say).title).toBe('示例甲公司股东会决议');
  expect(templateDocument('resolution', { file: {} }, say).title).toBe('股东会决议');
  const pairs = Object.fromEntries(
    templateDocument('company-overview', { file }, say).blocks.flatMap((block) => (block.kind === 'pairs' ? block.rows : [])),
  );
  expect(pairs).toMatchObject({
    公司名称: '示例甲公司',
    在岗人员: '1',
    技术人员: '1',
    坐席人员: '____________________',
    设备: '____________________',
  });
});
