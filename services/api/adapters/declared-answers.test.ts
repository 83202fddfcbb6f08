import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { file, fileOr, nothing, type EndpointAnswer } from '../../shared/contracts/api/endpoint.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { refuseUndeclared, undeclaredFailure } from './declared-answers.js';

const declaredAs = (answer: EndpointAnswer) =>
  ({ method: 'get', path: '/calls', right: 'calls.read', reach: { kind: 'filtered' }, failures: ['wrong-state'], answer }) as const;
const calls = declaredAs(
  z.object({ calls: z.array(z.object({ callId: z.string(), at: z.iso.datetime(), queueId: z.string().optional() })) }),
);

test('an answer as the contract declares it passes, dates as the text that is sent', () => {
  refuseUndeclared(calls, { calls: [{ callId: 'c1', at: new Date(0), queueId: undefined }] });
  refuseUndeclared(declaredAs(nothing), undefined);
  refuseUndeclared(declaredAs(file('audio/ogg')), undefined);
  refuseUndeclared(declaredAs(fileOr(z.object({ statement: z.string() }), 'application/pdf')), { statement: 'ok' });
});

test.each([
  [
    'a field that is missing',
    calls,
    { calls: [{ callId: 'c1' }] },
    'GET /calls answers otherwise than its contract: calls.0.at (invalid_type)',
  ],
  [
    'a field that the contract does not name',
    calls,
    { calls: [{ callId: 'c1', at: new Date(0), callerNumber: 'x' }] },
    'GET /calls answers what its contract does not name: calls.0.callerNumber',
  ],
  [
    'a null where only a text may stand',
    calls,
    { calls: [{ callId: 'c1', at: new Date(0), queueId: null }] },
    'calls.0.queueId (invalid_type)',
  ],
  ['no answer', calls, undefined, 'GET /calls answers nothing, and its contract has an answer'],
  ['an answer of a route that has none', declaredAs(nothing), { ok: true }, 'GET /calls answers JSON, and its contract has no answer'],
])('%s is refused, and the place named', (_what, declared, answered, message) => {
  expect(() => refuseUndeclared(declared, answered)).toThrow(message);
});

test('a failure that the contract does not name becomes an error that says so; others stay what they are', () => {
  const named = new CallCentreError('wrong-state', 'no');
  expect(undeclaredFailure(calls, named)).toBe(named);
  const common = new CallCentreError('not-allowed', 'no');
  expect(undeclaredFailure(calls, common)).toBe(common);
  expect(undeclaredFailure(calls, new CallCentreError('disk-full', 'no'))).toMatchObject({
    message: 'GET /calls fails with disk-full, which its contract does not name',
  });
  const detailed = new CallCentreError('too-large', 'no', { details: { limit: 'rows', most: 5 } });
  expect(undeclaredFailure(calls, detailed)).toBe(detailed);
  // @ts-expect-error A limit that no page knows.
  expect(undeclaredFailure(calls, new CallCentreError('too-large', 'no', { details: { limit: 'pages', most: 5 } }))).toMatchObject({
    message: 'GET /calls fails with too-large and details of another shape than its contract',
  });
  const bug = new TypeError('a bug');
  expect(undeclaredFailure(calls, bug)).toBe(bug);
});
