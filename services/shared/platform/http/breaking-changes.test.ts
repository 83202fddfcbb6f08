import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Endpoint } from '../../contracts/api/endpoint.js';
import { breakingChanges } from './breaking-changes.js';
import { openApiOf, type JsonSchema, type OpenApi } from './open-api.js';

const call: Endpoint = {
  right: 'calls.read',
  summary: 'A call.',
  params: z.object({ callId: z.string() }),
  query: z.object({ limit: z.coerce.number().default(50) }),
  body: z.object({ reason: z.string(), note: z.string().optional() }),
  answer: z.object({ calls: z.array(z.object({ callId: z.string(), at: z.iso.datetime(), queueId: z.string().optional() })) }),
  failures: ['wrong-state'],
};
const of = (changed: Partial<Endpoint>) => openApiOf({ 'POST /calls/:callId': { ...call, ...changed } });
const before = of({});

test('what only adds breaks nobody', () => {
  expect(breakingChanges(before, before)).toEqual([]);
  const more = z.object({
    calls: z.array(z.object({ callId: z.string(), at: z.iso.datetime(), queueId: z.string(), agentId: z.string() })),
    total: z.number(),
  });
  expect(
    breakingChanges(before, of({ answer: more, query: z.object({ limit: z.coerce.number().default(50), skip: z.string().optional() }) })),
  ).toEqual([]);
});

/** The interface with different details for one failure. */
const withDetails = (code: string, details: JsonSchema | undefined): OpenApi => ({
  ...before,
  components: {
    ...before.components,
    schemas: {
      ...before.components.schemas,
      [`Problem.${code}`]: { properties: { code: { const: code }, ...(details === undefined ? {} : { details }) } },
    },
  },
});
const waits = { type: 'object', properties: { waitMs: { type: 'number' } }, required: ['waitMs'] };
const over = { type: 'object', properties: { limit: { type: 'string' }, most: { type: 'number' } }, required: ['limit', 'most'] };

test('the details of a failure may get a further shape or field', () => {
  expect(breakingChanges(before, withDetails('disk-full', waits))).toEqual([]);
  const more = { ...waits, properties: { ...waits.properties, at: { type: 'string' } } };
  expect(breakingChanges(before, withDetails('too-many-requests', { anyOf: [over, more] }))).toEqual([]);
});

test.each([
  ['a shape of details that goes', withDetails('too-many-requests', over), 'waitMs'],
  [
    'a field of details that goes',
    withDetails('too-many-requests', { anyOf: [waits, { ...over, properties: { limit: { type: 'string' } } }] }),
    'limit, most',
  ],
  ['a field of details that may be missing', withDetails('too-many-requests', { anyOf: [{ ...waits, required: [] }, over] }), 'waitMs'],
  ['details that go', withDetails('too-many-requests', undefined), 'waitMs'],
])('%s breaks clients', (_what, after, fields) => {
  expect(breakingChanges(before, after)).toContain(`Problem.too-many-requests: no details have the fields ${fields} any more`);
});

test('a code that goes breaks clients', () => {
  const { 'Problem.busy': _gone, ...schemas } = before.components.schemas;
  expect(breakingChanges(before, { ...before, components: { ...before.components, schemas } })).toEqual(['Problem.busy is gone']);
});

test.each([
  ['a route that goes', openApiOf({ 'GET /other': call }), 'POST /calls/{callId} is gone'],
  [
    'a field of an answer that goes',
    of({ answer: z.object({ calls: z.array(z.object({ callId: z.string() })) }) }),
    'POST /calls/{callId}: answer.calls[].at is gone',
  ],
  [
    'a field of an answer that may be missing',
    of({
      answer: z.object({
        calls: z.array(z.object({ callId: z.string().optional(), at: z.iso.datetime(), queueId: z.string().optional() })),
      }),
    }),
    'POST /calls/{callId}: answer.calls[].callId may be missing',
  ],
  [
    'a type that changes',
    of({ answer: z.object({ calls: z.array(z.object({ callId: z.number(), at: z.iso.datetime(), queueId: z.string().optional() })) }) }),
    'POST /calls/{callId}: answer.calls[].callId is of another type',
  ],
  [
    'an input that is newly required',
    of({ body: z.object({ reason: z.string(), note: z.string() }) }),
    'POST /calls/{callId}: body.note is newly required',
  ],
  [
    'a filter that is newly required',
    of({ query: z.object({ limit: z.coerce.number().default(50), from: z.iso.date() }) }),
    'POST /calls/{callId}: query from is newly required',
  ],
  ['an answer that becomes none', of({ answer: { kind: 'nothing' } }), 'POST /calls/{callId}: answers no application/json'],
])('%s is named', (_what, after, message) => {
  expect(breakingChanges(before, after)).toContain(message);
});
