import { expect, test } from '@jest/globals';
import { callbackSaid } from './callback-said.js';

test('the agent reads whose callback it is when the person was promised one before', () => {
  expect(callbackSaid({ callId: 'c1', agentId: 'anna' }, 'c1', 'anna')).toBe('saved');
  expect(callbackSaid({ callId: 'c1' }, 'c1', 'anna')).toBe('saved');
  expect(callbackSaid({ callId: 'c0', agentId: 'anna' }, 'c1', 'anna')).toBe('joinedOwn');
  expect(callbackSaid({ callId: 'c0', agentId: 'bert' }, 'c1', 'anna')).toBe('joinedColleague');
  expect(callbackSaid({ callId: 'c0' }, 'c1', 'anna')).toBe('joinedQueue');
});
