import { expect, test } from '@jest/globals';
import { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { firstQueue, flowInto, placeOf, renamed, stepKinds, withNewStep, withOptional, withoutStep } from './flow-edit.js';

const flow = Flow.parse({
  start: 'menu',
  onClosed: 'late',
  steps: {
    menu: { kind: 'menu', promptId: 'menu-main', keys: { '1': { goTo: 'sales', label: 'Sales' } }, otherwise: 'sales' },
    sales: { kind: 'queue', queueId: 'sales', onTimeout: 'late', onFull: 'out' },
    late: { kind: 'play', promptId: 'closed', then: 'out' },
    out: { kind: 'transfer', number: '10000', otherwise: 'late' },
  },
});

test('a new step has an id of its own and the shape of its kind', () => {
  for (const kind of stepKinds) {
    const first = withNewStep(flow, kind, 'service');
    const second = withNewStep(first.flow, kind, 'service');
    expect(second.flow.steps[second.id]?.kind).toBe(kind);
    expect(second.id).not.toBe(first.id);
    expect(Object.keys(second.flow.steps)).toHaveLength(6);
    // Only the number to dial has no sensible first value.
    expect(Flow.safeParse(second.flow).success).toBe(kind !== 'transfer');
  }
});

test('a new number leads into the first queue of the site, and is sound also while there is none', () => {
  expect(firstQueue([{ id: 'proof' }, { id: 'service' }])).toEqual({ id: 'service' });
  expect(firstQueue([{ id: 'proof' }])).toBeUndefined();
  expect(flowInto('service')).toMatchObject({ start: 'queue', steps: { queue: { kind: 'queue', queueId: 'service' } } });
  for (const queueId of ['service', undefined]) expect(Flow.safeParse(flowInto(queueId)).success).toBe(true);
});

test('whatever leads to a renamed step follows', () => {
  const after = renamed(renamed(flow, 'late', 'after-hours'), 'sales', 'selling');
  expect(Object.keys(after.steps)).toEqual(['menu', 'selling', 'after-hours', 'out']);
  expect(after.onClosed).toBe('after-hours');
  expect(after.steps['menu']).toMatchObject({ keys: { '1': { goTo: 'selling' } }, otherwise: 'selling' });
  expect(after.steps['selling']).toMatchObject({ queueId: 'sales', onTimeout: 'after-hours', onFull: 'out' });
  expect(after.steps['out']).toMatchObject({ otherwise: 'after-hours' });
  expect(renamed(flow, 'menu', 'front').start).toBe('front');
  expect(renamed(flow, 'late', 'sales')).toBe(flow);
  expect(renamed(flow, 'late', 'Late night')).toBe(flow);
});

test('a step that is taken away is no longer where closed callers go', () => {
  const after = withoutStep(flow, 'late');
  expect(Object.keys(after.steps)).toEqual(['menu', 'sales', 'out']);
  expect(after).not.toHaveProperty('onClosed');
  expect(withoutStep(flow, 'out').onClosed).toBe('late');
});

test('problems are shown at their step or at their part', () => {
  expect(['menu', 'hours', 'survey', 'start', 'flow'].map((where) => placeOf(flow, where))).toEqual([
    'menu',
    'hours',
    'survey',
    'flow',
    'flow',
  ]);
});

test('an optional field is there or is not there, never undefined', () => {
  const step: { kind: string; promptId?: string } = { kind: 'hang-up', promptId: 'x' };
  expect(Object.keys(withOptional(step, 'promptId', undefined))).toEqual(['kind']);
  expect(withOptional(step, 'promptId', 'y')).toEqual({ kind: 'hang-up', promptId: 'y' });
});
