import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { majorOf, openApiText, referencePages } from '../../infra/tools/reference.js';
import { breakingChanges } from '../../services/shared/platform/http/breaking-changes.js';
import type { OpenApi } from '../../services/shared/platform/http/open-api.js';

test.each(Object.entries(referencePages()))('docs/reference/%s is what the code says (npm run reference)', async (file, text) => {
  expect(await readFile(join(import.meta.dirname, '..', '..', 'docs', 'reference', file), 'utf8')).toBe(text);
});

test('docs/reference/openapi.json is the contract (npm run reference), and breaks no client without a new version', async () => {
  const stored = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'openapi.json'), 'utf8');
  const [before, after] = [JSON.parse(stored) as OpenApi, JSON.parse(openApiText()) as OpenApi];
  expect(majorOf(before) === majorOf(after) ? breakingChanges(before, after) : []).toEqual([]);
  expect(openApiText()).toBe(stored);
});
