import { expect, test } from '@jest/globals';
import { languages, speak } from '../../../shared/domain/language.js';
import { templateIds } from '../../../shared/domain/licence/licence-template.js';
import { toBeConfirmed } from '../../checks/open-points.js';
import type { LicenceFile } from '../../licence-file.js';
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
