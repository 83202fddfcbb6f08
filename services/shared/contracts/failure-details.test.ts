import { expect, test } from '@jest/globals';
import { CallCentreError, type FailureArguments, type FailureCode } from '../domain/failure.js';
import { failureCodes, failureDetails, isDetailed, problemOf } from './failure-details.js';

/** Never called: the compiler is the test. */
export const wrongDetails = (code: FailureCode): Error[] => [
  // @ts-expect-error A field that this code does not have.
  new CallCentreError('too-large', '', { details: { waitMs: 5 } }),
  // @ts-expect-error A field too few.
  new CallCentreError('too-large', '', { details: { limit: 'rows' } }),
  // @ts-expect-error A value that no page has words for.
  new CallCentreError('not-signed-in', '', { details: { need: 'patience' } }),
  // @ts-expect-error Details of a code that has none.
  new CallCentreError('disk-full', '', { details: { limit: 'rows', most: 5 } }),
  // @ts-expect-error Details that belong to one code, with a code that may be any.
  new CallCentreError(code, '', { details: { waitMs: 5 } }),
];

test.each<[FailureArguments]>([
  [['too-large', '', { details: { limit: 'rows', most: 5 } }]],
  [['invalid-request', '', { details: [{ at: 'number' }] }]],
  [['invalid-request', '', { details: [] }]],
  [['wrong-state', '']],
  [['disk-full', '']],
])('the Problem of %j is what its schema says', (given) => {
  const { code, message, details } = new CallCentreError(...given);
  expect(problemOf(code).safeParse(JSON.parse(JSON.stringify({ code, message, details }))).success).toBe(true);
});

test.each([
  ['too-large', { limit: 'rows', most: 5, number: '13800138000' }],
  ['too-large', { limit: 'pages', most: 5 }],
  ['too-large', 'rows'],
  ['disk-full', { most: 5 }],
  ['invalid-request', [{ at: 'number', where: 'step' }]],
  ['not-signed-in', null],
] as const)('no schema takes a Problem of %s with the details %j', (code, details) => {
  expect(problemOf(code).safeParse({ code, message: '', details }).success).toBe(false);
});

test('details are read by the code that they belong to', () => {
  const failure = new CallCentreError('too-many-requests', 'later', { details: { waitMs: 5 } });
  expect(failure.detailsOf('too-many-requests')).toEqual({ waitMs: 5 });
  expect(failure.detailsOf('too-large')).toBeUndefined();
  expect(new CallCentreError('too-large', 'large').detailsOf('too-large')).toBeUndefined();
});

test('every code with details is a code of a failure', () => {
  expect(Object.keys(failureDetails).filter((code) => !(failureCodes as readonly string[]).includes(code))).toEqual([]);
  expect(isDetailed('too-large')).toBe(true);
  expect(isDetailed('disk-full')).toBe(false);
});
