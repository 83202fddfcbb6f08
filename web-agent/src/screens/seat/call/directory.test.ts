import { expect, test } from '@jest/globals';
import type { AgentSnapshot, QueueSnapshot } from '../../../../../services/shared/contracts/calls/commands.js';
import { boardFiguresOf } from '../../../../../services/shared/domain/figures/board.js';
import { zeroFacts } from '../../../../../services/shared/domain/figures/count.js';
import { enterDoes, findTargets, forConference } from './directory.js';

const noFigures = boardFiguresOf(zeroFacts());
const seat = (agentId: string, name: string, state: AgentSnapshot['state']): AgentSnapshot => ({
  agentId,
  name,
  state,
  since: '2026-03-01T08:00:00.000Z',
  queues: [],
});
const queue: QueueSnapshot = {
  queueId: 'support',
  name: { 'zh-CN': '客服', en: 'Support' },
  waiting: 2,
  longestWaitMs: 0,
  states: {},
  today: noFigures,
  lately: noFigures,
  serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' },
  callbacks: 0,
  internal: false,
};
const known = {
  agents: [seat('me', 'Me', 'on-call'), seat('a', 'Ann', 'away'), seat('b', 'Bo', 'ready'), seat('c', 'Cy', 'signed-out')],
  queues: [queue],
  self: 'me',
  language: 'en',
};

test('ready seats come first; the own seat and those that are not there are left out', () => {
  expect(findTargets('', known).map(({ key }) => key)).toEqual(['seat:b', 'seat:a', 'queue:support']);
});

test('a queue of test calls, where nobody answers, is not offered', () => {
  const proof = { ...queue, queueId: 'proof', internal: true };
  expect(findTargets('', { ...known, queues: [queue, proof] }).map(({ key }) => key)).not.toContain('queue:proof');
});

test('a queue is found by its name in the page language', () => {
  expect(findTargets('客', { ...known, language: 'zh-CN' }).map(({ key }) => key)).toEqual(['queue:support']);
});

test('a registered number outside is found by its name or its digits, and what is typed is not offered twice', () => {
  const outside = [
    { number: '02160000001', name: '总行客服' },
    { number: '02160000002', name: 'Claims' },
  ];
  expect(findTargets('总行', { ...known, outside })).toEqual([
    {
      key: 'number:02160000001',
      target: { to: 'number', number: '02160000001' },
      label: '总行客服 02160000001',
      favourite: 'outside:总行客服',
    },
  ]);
  expect(findTargets('02160000002', { ...known, outside }).map(({ key }) => key)).toEqual(['number:02160000002']);
  expect(findTargets('', { ...known, outside }).map(({ key }) => key)).toEqual([
    'seat:b',
    'seat:a',
    'queue:support',
    'number:02160000001',
    'number:02160000002',
  ]);
});

test('what can be dialled is offered as a number', () => {
  expect(findTargets('138 0000-0002', known)).toEqual([
    { key: 'number', target: { to: 'number', number: '13800000002' }, label: '13800000002' },
  ]);
  expect(findTargets('zzz', known)).toEqual([]);
});

test('those that are marked stand first, whatever they are; a mark of somebody who is not there changes nothing', () => {
  const outside = [{ number: '4001234', name: 'Repairs' }];
  const favourites = ['outside:Repairs', 'seat:c', 'seat:a'];
  expect(findTargets('', { ...known, outside, favourites }).map(({ key }) => key)).toEqual([
    'seat:a',
    'number:4001234',
    'seat:b',
    'queue:support',
  ]);
});

test('Enter never sends the caller into a queue unasked, and nobody is invited to a conference from a queue', () => {
  const line = { target: { to: 'queue', queueId: queue.queueId } } as const;
  const colleague = { target: { to: 'seat', agentId: 'b' } } as const;
  expect(enterDoes(line, { shift: false, conference: false })).toBeUndefined();
  expect(enterDoes(line, { shift: true, conference: false })).toBe('call:transfer');
  expect(enterDoes(line, { shift: true, conference: true })).toBeUndefined();
  expect(enterDoes(colleague, { shift: false, conference: false })).toBe('call:consult');
  expect(enterDoes(colleague, { shift: true, conference: false })).toBe('call:transfer');
  expect(enterDoes(colleague, { shift: true, conference: true })).toBe('call:consult');
  expect(forConference(findTargets('', known)).map(({ key }) => key)).toEqual(['seat:b', 'seat:a']);
});
