import { expect, test } from '@jest/globals';
import { nextStep, setUpOf, type Centre, type SetUpStep } from './set-up.js';

const zhang = { id: 'u1', displayName: '张三', roles: ['agent'], disabled: false };
const queue = { id: 'queue', name: { 'zh-CN': '售后', en: '售后' }, members: 'everyone' as const, skills: {} };
const flow = { start: 'queue', steps: { queue: { kind: 'queue' as const, queueId: 'queue', priority: 0, skills: {}, maxWaitMs: 1 } } };
const whole = {
  licence: '京B2-1',
  people: [zhang],
  queues: [queue],
  skills: {},
  trunks: [{ id: 'carrier', name: '电信', enabled: true }],
  ways: [{ trunkId: 'carrier', ways: [{ state: 'up' }] }],
  numbers: [{ number: '4001234', status: 'in-service', flow }],
  sound: ['4001234'],
  ready: 1,
  answered: 1,
} satisfies Centre;
const of = (step: SetUpStep, part: Partial<Centre>) => setUpOf({ ...whole, ...part }).find((line) => line.step === step);

test('an empty centre begins with its licence, and nothing of it is green', () => {
  const lines = setUpOf({});
  expect(lines.filter(({ state }) => state === 'done')).toEqual([]);
  expect(nextStep(lines)).toBe('licence');
});

test('a step that another person takes is the next one only when nothing else is open', () => {
  expect(nextStep(setUpOf({}), ['licence'])).toBe('people');
  expect(nextStep(setUpOf({ ...whole, licence: undefined }), ['licence'])).toBe('licence');
});

test('a centre that answers calls has nothing open', () => {
  const lines = setUpOf(whole);
  expect(nextStep(lines)).toBeUndefined();
  expect(lines.filter(({ state }) => state === 'spare').map(({ step }) => step)).toEqual(['skills']);
});

test.each<[SetUpStep, string, Partial<Centre>]>([
  ['people', 'none', { people: [{ ...zhang, disabled: true }] }],
  ['people', 'none', { people: [{ ...zhang, roles: ['admin'] }] }],
  ['queue', 'none', { queues: [{ ...queue, id: 'proof', members: ['system:proof-seat'] }] }],
  ['queue', 'nobody', { queues: [{ ...queue, members: ['u9'] }] }],
  ['queue', 'nobody', { people: [] }],
  ['skills', 'missing', { queues: [{ ...queue, skills: { english: 5 } }], skills: { u1: { english: 4 } } }],
  ['skills', 'missing', { queues: [{ ...queue, members: ['u1'], skills: { english: 5 } }], skills: { u2: { english: 9 } } }],
  ['trunk', 'off', { trunks: [{ id: 'carrier', name: '电信', enabled: false }] }],
  ['trunk', 'silent', { ways: [{ trunkId: 'carrier', ways: [{ state: 'down' }] }] }],
  ['trunk', 'silent', { ways: [{ trunkId: 'carrier', registration: '403', ways: [{ state: 'up' }] }] }],
  ['trunk', 'not-asked', { ways: [] }],
  ['number', 'none', { numbers: [{ number: '9990', status: 'in-service', flow }] }],
  [
    'number',
    'draft',
    { numbers: [...whole.numbers.map((each) => ({ ...each, status: 'draft' })), { number: '9990', status: 'in-service', flow }] },
  ],
  ['flow', 'unsound', { sound: [] }],
  ['flow', 'nowhere', { queues: [{ ...queue, id: 'other' }] }],
  ['ready', 'none', { ready: 0 }],
  ['call', 'none', { answered: 0 }],
])('%s is open, in the words of "%s"', (step, seen, part) => {
  expect(of(step, part)).toMatchObject({ state: 'open', seen });
});

test('a skill is held by whoever has the level, in the same queue', () => {
  expect(of('skills', { queues: [{ ...queue, skills: { english: 5 } }], skills: { u1: { english: 5 } } })).toMatchObject({ state: 'done' });
});
