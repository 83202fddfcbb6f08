import { expect, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { createStrangers, type StrangerAlarm } from './strangers.js';

test('a sweep is one alarm, the next comes ten minutes later with all that came between; a few late packets are none', () => {
  let nowMs = 0;
  const alarms: StrangerAlarm[] = [];
  const strangers = createStrangers({ raise: (alarm) => alarms.push(alarm), nowMs: () => nowMs, log: silentLogger });
  strangers.seen('a', 24);
  expect(alarms).toEqual([]);
  strangers.seen('a', 25);
  strangers.seen('b', 40);
  strangers.seen('a', 100);
  expect(alarms).toEqual([{ legs: 1, packets: 25 }]);
  nowMs = 600_000;
  strangers.seen('c', 60);
  expect(alarms[1]).toEqual({ legs: 3, packets: 200 });
});
