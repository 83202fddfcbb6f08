import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { portNames, portRules } from '../../infra/supervisor/plan/ports.js';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const page = read('docs', 'reference', 'configuration.md');

test.each(['services/shared/platform/settings/config.ts', 'infra/supervisor/plan/settings.ts'])(
  'every variable that %s reads is documented',
  (file) => {
    const names = [...read(file).matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name}_FILE\``))).toEqual([]);
  },
);

test('every port is documented with its default and its place after the base', () => {
  for (const name of portNames) {
    const { variable, usual, offset } = portRules[name];
    const row = page.split('\n').find((line) => line.startsWith('| ') && line.includes(`\`${variable}\``) && line.includes(String(usual)));
    expect(row).toBeDefined();
    expect(row).toMatch(new RegExp(`[|,] ${offset}[ ,]`));
  }
});
