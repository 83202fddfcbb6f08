import { expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { checkDraft, checkFlow, numbersOutside } from './flow-check.js';

const surroundings = {
  queueIds: ['service', 'empty', 'proof'],
  unserved: ['empty'],
  hasPrompt: (promptId: string) => promptId !== 'no-such-prompt',
};
const queue = { kind: 'queue', queueId: 'service' };
const problems = (flow: unknown): string[] =>
  checkFlow(Flow.parse(flow), surroundings).map(({ where, problem, detail }) => `${where} ${problem} ${detail}`.trim());

test.each<[string, unknown, string[]]>([
  ['a queue alone is sound', { start: 'a', steps: { a: queue } }, []],
  ['a start that does not exist', { start: 'z', steps: { a: queue } }, ['start missing-step z', 'a unreachable']],
  ['a dead end', { start: 'a', steps: { a: { kind: 'play', promptId: 'welcome', then: 'b' } } }, ['a missing-step b']],
  [
    'prompts that turn for ever',
    { start: 'a', steps: { a: { kind: 'play', promptId: 'welcome', then: 'b' }, b: { kind: 'play', promptId: 'welcome', then: 'a' } } },
    ['a loop-without-wait', 'b loop-without-wait'],
  ],
  [
    'a menu that a silent caller never leaves',
    {
      start: 'a',
      steps: { a: { kind: 'menu', promptId: 'menu-main', keys: { '1': { goTo: 'b', label: 'x' } }, otherwise: 'a' }, b: queue },
    },
    ['a loop-without-wait'],
  ],
  [
    'a menu that goes back by a key is sound',
    {
      start: 'a',
      steps: {
        a: { kind: 'menu', promptId: 'menu-main', keys: { '1': { goTo: 'c', label: 'x' } }, otherwise: 'b' },
        b: queue,
        c: { kind: 'menu', promptId: 'menu-main', keys: { '*': { goTo: 'a', label: 'back' } }, otherwise: 'b' },
      },
    },
    [],
  ],
  ['a queue that does not exist', { start: 'a', steps: { a: { kind: 'queue', queueId: 'vip' } } }, ['a unknown-queue vip']],
  ['the queue of test calls', { start: 'a', steps: { a: { kind: 'queue', queueId: 'proof' } } }, ['a unknown-queue proof']],
  [
    'callbacks into the queue of test calls',
    { start: 'a', steps: { a: { kind: 'callback', queueId: 'proof', promptId: 'x' } } },
    ['a unknown-queue proof'],
  ],
  ['a queue that nobody serves', { start: 'a', steps: { a: { kind: 'queue', queueId: 'empty' } } }, ['a unserved-queue empty']],
  [
    'hours that contradict themselves',
    { start: 'a', steps: { a: queue }, hours: { weekly: [{ days: [1, 2], opens: '18:00', closes: '09:00' }] } },
    ['hours hours-backwards 1', 'hours hours-backwards 2'],
  ],
  [
    'a prompt that is not there',
    { start: 'a', musicPromptId: 'no-such-prompt', steps: { a: queue } },
    ['flow missing-prompt no-such-prompt'],
  ],
])('%s', (_name, flow, found) => {
  expect(problems(flow)).toEqual(found);
});

test.each<[string, unknown, string[]]>([
  ['a number that nobody can dial', { start: 'a', steps: { a: { kind: 'transfer', number: '' } } }, ['a field number']],
  [
    'hours that are no time',
    { start: 'a', steps: {}, hours: { weekly: [{ days: [1], opens: '9', closes: '18:00' }] } },
    ['hours field weekly.0.opens'],
  ],
  [
    'hours that contradict themselves beside a step that is not filled in yet',
    {
      start: 'a',
      steps: { a: { kind: 'transfer', number: '' } },
      hours: { weekly: [{ days: [7], opens: '18:00', closes: '09:00' }] },
    },
    ['a field number', 'hours hours-backwards 7'],
  ],
  [
    'half an hour after midnight at the end of a day',
    { start: 'a', steps: {}, hours: { weekly: [{ days: [1], opens: '09:00', closes: '24:30' }] } },
    ['hours field weekly.0.closes'],
  ],
  ['no flow at all', 'x', ['flow field flow']],
])('a draft that is not a flow yet is told at its place: %s', (_name, draft, found) => {
  expect(checkDraft(draft, surroundings).map(({ where, problem, detail }) => `${where} ${problem} ${detail}`)).toEqual(found);
});

test('a number outside that is on no register of destinations keeps a flow from going live', () => {
  const flow = Flow.parse({ start: 'out', steps: { out: { kind: 'transfer', number: '02160000001' } } });
  expect(numbersOutside(flow)).toEqual(['02160000001']);
  const around = { queueIds: [], hasPrompt: () => true };
  expect(checkFlow(flow, { ...around, unregistered: ['02160000001'] })).toEqual([
    { where: 'out', problem: 'unregistered-destination', detail: '021****0001' },
  ]);
  expect(checkFlow(flow, { ...around, unregistered: [] })).toEqual([]);
});

test('the queue of test calls is refused also while routing does not say which queues there are', () => {
  const flow = Flow.parse({ start: 'a', steps: { a: { kind: 'queue', queueId: 'proof' } } });
  expect(checkFlow(flow, { ...surroundings, queueIds: undefined }).map(({ problem }) => problem)).toEqual(['unknown-queue']);
});
