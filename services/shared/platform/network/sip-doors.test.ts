import { expect, test } from '@jest/globals';
import { readSeatOrigin, signSeatOrigin } from './sip-doors.js';

const origin = { sessionId: 's1', address: '192.0.2.7' };

test('the origin of a seat is believed for its call alone, and only as it was signed', () => {
  const value = signSeatOrigin('key', origin, 'call-1');
  expect(readSeatOrigin('key', value, 'call-1')).toEqual(origin);
  expect(readSeatOrigin('key', value, 'call-2')).toBeUndefined();
  expect(readSeatOrigin('another', value, 'call-1')).toBeUndefined();
  expect(readSeatOrigin('key', value.replace('s1', 's2'), 'call-1')).toBeUndefined();
  expect(readSeatOrigin('key', value.replace('192.0.2.7', '192.0.2.8'), 'call-1')).toBeUndefined();
  expect(readSeatOrigin('key', `${value} more`, 'call-1')).toBeUndefined();
  expect(readSeatOrigin('key', undefined, 'call-1')).toBeUndefined();
});
