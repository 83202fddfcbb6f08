import { expect, test } from '@jest/globals';
import { digitOf } from './info-digits.js';

test.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160', '5'],
  ['application/dtmf-relay', 'Signal= *\r\nDuration= 250\r\n', '*'],
  ['Application/DTMF-Relay; charset=utf-8', 'duration=100\nsignal=11\n', '#'],
  ['application/dtmf', '9', '9'],
  ['application/dtmf', ' 10\r\n', '*'],
  ['application/dtmf', 'A', undefined],
  ['application/dtmf', '12', undefined],
  ['application/dtmf-relay', 'Signal=55', undefined],
  ['application/dtmf-relay', 'x'.repeat(300), undefined],
  ['text/plain', '5', undefined],
  [undefined, '5', undefined],
])('%s %j is %s', (type, body, digit) => {
  expect(digitOf(type, body)).toBe(digit);
});
