import { expect, test } from '@jest/globals';
import { decode, nameIn } from './event-stream.js';
import { silentLogger } from '../processes/logger.js';

const wanted = (): boolean => true;

test.each([
  ['a body that is no JSON', ['name', 'message.queued', 'body', '{', 'id', 'e']],
  ['a body of another shape', ['name', 'message.queued', 'body', '7', 'id', 'e']],
  ['no body', ['name', 'message.queued']],
  ['a name that every object has', ['name', 'constructor', 'body', '{}', 'id', 'e']],
  ['a removed entry', null],
])('%s is passed over, and stops nobody who reads', (_what, fields) => {
  expect(decode(['1-0', fields], wanted, silentLogger)).toBeUndefined();
});

test('names of the catalogue alone are names', () => {
  expect(['message.queued', 'constructor', 'nothing.such'].map((name) => nameIn(['1-0', ['name', name]]))).toEqual([
    'message.queued',
    undefined,
    undefined,
  ]);
});
