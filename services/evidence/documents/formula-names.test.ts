import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { formulas, type FormulaKey } from '../quality/formulas.js';
import type { PackFacts } from './pack-facts.js';
import { qualityDocument } from './quality-documents.js';

const keys = Object.keys(formulas) as FormulaKey[];
const figures = keys.map((formula) => ({
  ...{ formula, month: '2026-10', group: 'all', numerator: 1, denominator: 2, value: 50 },
  version: 3,
}));
const facts = {
  ...{ figures, queueNames: {}, proofs: [], zone: 'Asia/Shanghai', from: '2026-10-01', to: '2026-10-31' },
  totals: { calls: 0, inbound: 0, outbound: 0, handled: 0, talkMs: 0, recordings: 0, opened: 0, lastOpenedMs: undefined },
} as unknown as PackFacts;

test.each(['zh-CN', 'en'] as const)(
  'in %s the document on service quality names formulas in both languages, and prints no id',
  (language) => {
    const { blocks } = qualityDocument(facts, speak(language));
    const cells = blocks.flatMap((block) => (block.kind === 'table' ? block.rows.flat().map(String) : []));
    const ids = keys.map((key) => formulas[key].id);
    expect(cells.filter((cell) => ids.some((id) => cell === id || cell.includes(`${id} v`)))).toEqual([]);
    for (const key of keys) {
      const { zh, en } = formulas[key].name;
      expect(cells.filter((cell) => cell.includes(zh) && cell.includes(en))).not.toEqual([]);
    }
    expect(cells).toContain(language === 'en' ? 'version 3' : '第 3 版');
  },
);

test('no two formulas have the same name, by which the verifiers find a figure in a document', () => {
  for (const language of ['zh', 'en'] as const) expect(new Set(keys.map((key) => formulas[key].name[language])).size).toBe(keys.length);
});
