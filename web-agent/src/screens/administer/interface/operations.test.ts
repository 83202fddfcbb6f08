import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { summariesZh } from './summaries-zh.js';
import { fieldsOf, isFound, operationsOf, typeText, type Schema } from './operations.js';

const openApi = JSON.parse(readFileSync(join(process.cwd(), 'docs', 'reference', 'openapi.json'), 'utf8')) as Parameters<
  typeof operationsOf
>[0];

test.each<[Schema, string]>([
  [{ type: 'integer', minimum: 0, maximum: 100 }, 'integer 0..100'],
  [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
  [{ type: 'string', maxLength: 32 }, 'string ..32'],
  [{ enum: ['asc', 'desc'], type: 'string' }, '"asc" | "desc"'],
  [{ type: 'array', items: { enum: ['a', 'b'] } }, '("a" | "b")[]'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, '{ [key]: number }'],
  [{}, 'any'],
])('what a value is reads in one line: %j', (schema, text) => {
  expect(typeText(schema)).toBe(text);
});

test('fields stand below the object or the list that they are of, each once', () => {
  const schema: Schema = {
    type: 'object',
    required: ['steps'],
    properties: {
      steps: { type: 'array', items: { type: 'object', required: ['label'], properties: { label: { type: 'string' } } } },
      to: {
        anyOf: [{ properties: { queue: { type: 'string' } } }, { properties: { queue: { type: 'string' }, number: { type: 'string' } } }],
      },
    },
  };
  expect(fieldsOf(schema).map(({ name, required }) => `${name}${required ? '!' : ''}`)).toEqual([
    'steps!',
    'steps[].label!',
    'to',
    'to.queue',
    'to.number',
  ]);
});

test('every route of the contract is a row with its path parameters, and is found by its words', () => {
  const rows = operationsOf(openApi);
  expect(rows).toHaveLength(Object.values(openApi.paths).flatMap((methods) => Object.keys(methods)).length);
  for (const { path, params } of rows) expect(params.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
  expect(rows.filter((row) => isFound(row, 'PUT flow numbers')).map(({ key }) => key)).toContain('put /numbers/{number}/flow');
  expect(rows.filter((row) => isFound(row, 'no-such-word-anywhere'))).toEqual([]);
});

test('summaries are shown in Chinese, found in both languages, and none is of a route that has gone', () => {
  const rows = operationsOf(openApi, summariesZh);
  const queue = rows.find(({ key }) => key === 'delete /queues/{queueId}');
  expect(queue).toMatchObject({ summary: expect.stringMatching(/队列/), summaryLanguage: 'zh-CN' });
  expect(rows.filter((row) => isFound(row, 'not the overflow'))).toContain(queue);
  const chinese = rows.filter(({ summaryLanguage }) => summaryLanguage === 'zh-CN');
  expect(chinese).toHaveLength(Object.keys(summariesZh).length);
  // A new route is shown in English until its summary is written.
  expect(chinese.length / rows.length).toBeGreaterThan(0.9);
});
