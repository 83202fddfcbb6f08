import { expect, test } from '@jest/globals';
import { CallCentreError } from '../../domain/failure.js';
import { endsProcess } from './unexpected.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const reset = withCode('ECONNRESET');
const cases: readonly (readonly [string, unknown, exception: boolean, rejection: boolean])[] = [
  ['a client that went away', reset, false, false],
  ['an answer that was cut', withCode('ERR_STREAM_PREMATURE_CLOSE'), false, false],
  ['a refusal', new CallCentreError('too-large', 'x'), false, false],
  ['a store that does not answer', Object.assign(new Error('x'), { name: 'MongoServerSelectionError' }), true, false],
  ['an error of the code', new TypeError('x'), true, true],
  ['a port that is taken', withCode('EADDRINUSE'), true, false],
  ['something that is no error', 'x', true, true],
];

test.each(cases)('%s: what it ends', (_name, error, exception, rejection) => {
  expect([endsProcess('exception', error), endsProcess('rejection', error)]).toEqual([exception, rejection]);
});
