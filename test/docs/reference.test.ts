import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { referencePages } from '../../infra/tools/reference.js';

test.each(Object.entries(referencePages()))('docs/reference/%s is what the code says (npm run reference)', async (file, text) => {
  expect(await readFile(join(import.meta.dirname, '..', '..', 'docs', 'reference', file), 'utf8')).toBe(text);
});
