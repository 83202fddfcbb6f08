import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { StoredFigures } from '../quality/stored-figures.js';
import type { PackFacts } from './pack-facts.js';
import { storedBlocks } from './stored-figures.js';

const month = (period: string, figures: StoredFigures['figures']): PackFacts['stored'][number] => ({
  ...{ what: 'complaints', period, fromMs: 0, untilMs: 0, asOfMs: 0, formulaVersion: 4, by: 'system', figures },
});

test('months before the first one with records are not printed as months without complaints; later ones are', () => {
  const stored = [
    month('2026-04', { received: 2, calls: 90 }),
    month('2026-01', { received: 0, calls: 0 }),
    month('2026', { received: 2, calls: 170 }),
    month('2026-05', { received: 0, calls: 0 }),
    month('2026-03', { received: 0, calls: 80 }),
    month('2026-02', { received: 0, calls: 0 }),
  ];
  const periods = (rows: PackFacts['stored']): string[] =>
    storedBlocks({ stored: rows, zone: 'Asia/Shanghai' }, speak('zh-CN'))
      .flatMap((block) => (block.kind === 'table' ? block.rows : []))
      .map(([period = '']) => period);
  expect(periods(stored)).toEqual(['2026', '2026-03', '2026-04', '2026-05']);
  expect(periods(stored.slice(1, 2))).toEqual([]);
});
