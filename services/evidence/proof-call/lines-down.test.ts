import { expect, test } from '@jest/globals';
import { linesDown } from './lines-down.js';

const way = (state: 'up' | 'down' | 'unknown') => ({ uri: 'sip:192.0.2.1', place: 0, state, since: '2026-11-30T00:00:00Z', history: [] });

test('a line is down when none of its addresses answers, or the carrier refuses the registration', () => {
  expect(
    linesDown([
      { trunkId: 'z-dead', ways: [way('down'), way('down')] },
      { trunkId: 'half', ways: [way('down'), way('up')] },
      { trunkId: 'well', ways: [way('up')], registration: 'registered' },
      { trunkId: 'refused', ways: [way('up')], registration: 'not-allowed' },
    ]),
  ).toEqual(['refused', 'z-dead']);
});

test('what nobody has asked yet is not down', () => {
  expect(
    linesDown([
      { trunkId: 'first', ways: [way('unknown'), way('down')] },
      { trunkId: 'inbound-only', ways: [] },
      { trunkId: 'new', ways: [], registration: 'new' },
    ]),
  ).toEqual([]);
});
