import { expect, test } from '@jest/globals';
import { idFrom, userNameFrom } from './ids.js';

test.each([
  ['After sales', [], 'after-sales'],
  ['  Après-vente (VIP) ', [], 'apre-s-vente-vip'],
  ['售后服务', [], 'queue'],
  ['售后服务', ['queue', 'queue-2'], 'queue-3'],
  ['After sales', ['after-sales'], 'after-sales-2'],
  ['售后 2 组', [], 'queue-2'],
  ['5 号', ['queue-5'], 'queue-5-2'],
  ['', [], 'queue'],
])('%s beside %j is %s', (name, taken, id) => {
  expect(idFrom(name, 'queue', taken)).toBe(id);
});

test('an id of a long name is one that the server takes, also with a number behind it', () => {
  const first = idFrom('x'.repeat(200), 'queue', []);
  const ids = [first, idFrom('x'.repeat(200), 'queue', [first])];
  expect(ids.every((id) => /^[a-z0-9-]{1,40}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ['王芳', 'agent', [], 'agent1'],
  ['王芳', 'agent', ['agent1', 'agent2'], 'agent3'],
  ['王芳', 'supervisor', ['agent1'], 'supervisor1'],
  ['王芳 8001', 'agent', [], '8001'],
  ['Wang Fang', 'agent', [], 'wang-fang'],
  ['', 'agent', [], 'agent1'],
])('the account of %s, %s, beside %j is named %s', (name, role, taken, made) => {
  expect(userNameFrom(name, role, taken)).toBe(made);
});
