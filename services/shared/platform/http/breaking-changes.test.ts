import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Endpoint } from '../../contracts/api/endpoint.js';
import { breakingChanges } from './breaking-changes.js';
import { openApiOf } from './open-api.js';

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
