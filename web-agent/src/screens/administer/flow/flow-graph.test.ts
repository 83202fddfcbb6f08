import { expect, test } from '@jest/globals';
import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { graphOf, type GraphBox } from './flow-graph.js';

const queue = (queueId: string, onTimeout?: string): Flow['steps'][string] => ({
  kind: 'queue',
  queueId,
  priority: 0,
  skills: {},
  maxWaitMs: 1_000,
  ...(onTimeout === undefined ? {} : { onTimeout }),
});
const menu = (keys: readonly string[], otherwise: string): Flow['steps'][string] => ({
  kind: 'menu',
  promptId: 'hello',
  keys: Object.fromEntries(keys.map((goTo, at) => [String(at + 1), { goTo, label: goTo }])),
  waitMs: 1_000,
  tries: 1,
  wrongKeyPromptId: 'w',
  otherwise,
});

/** A menu with a menu below it, ways that pass a row, a way back, and a step that nothing leads to. */
const wide: Pick<Flow, 'start' | 'steps' | 'onClosed'> = {
  start: 'welcome',
  onClosed: 'closed',
  steps: {
    welcome: { kind: 'play', promptId: 'welcome', then: 'main' },
    main: menu(['sales', 'service', 'more', 'message', 'message'], 'service'),
    more: menu(['bills', 'main'], 'message'),
    sales: queue('sales', 'service'),
    service: queue('service', 'message'),
    bills: queue('bills', 'message'),
    message: { kind: 'message', promptId: 'm', maxMs: 1_000 },
    closed: { kind: 'hang-up', promptId: 'closed', cause: 'closed' },
    lost: { kind: 'play', promptId: 'p', then: 'main' },
  },
};

const touch = (a: GraphBox, b: GraphBox): boolean =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

test('no box of a step or of words lies on another one, and all lie inside the drawing', () => {
  const { steps, ways, width, height } = graphOf(wide);
  const boxes = [...steps, ...ways.map(({ words }) => words)];
  expect(boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => touch(a, b)))).toEqual([]);
  const isInside = ({ x, y, width: w, height: h }: GraphBox): boolean =>
    x >= w / 2 && y >= h / 2 && x + w / 2 <= width && y + h / 2 <= height;
  expect(boxes.filter((box) => !isInside(box))).toEqual([]);
});

test('a caller goes downwards, but for ways to a step that was met already', () => {
  const { steps, ways } = graphOf(wide);
  const yOf = new Map(steps.map(({ id, y }) => [id, y]));
  for (const { from, to, isBack } of ways) expect([from, to, (yOf.get(to) ?? 0) > (yOf.get(from) ?? 0)]).toEqual([from, to, !isBack]);
  expect(ways.filter(({ isBack }) => isBack).map(({ from, to }) => `${from} ${to}`)).toEqual(['more main']);
});

test('keys that lead to one step are one line; a step that leads to none, or to one that does not exist, has no line', () => {
  const { ways } = graphOf(wide);
  expect(ways.find(({ from, to }) => from === 'main' && to === 'message')?.leads.map(({ key }) => key)).toEqual(['4', '5']);
  expect(graphOf({ start: 'a', steps: { a: { kind: 'play', promptId: 'p', then: 'gone' } } }).ways).toEqual([]);
});

test('a line begins at the edge of its step and ends at the edge of the next', () => {
  const { steps, ways } = graphOf(wide);
  for (const { from, to, points } of ways) {
    const [a, b] = [steps.find(({ id }) => id === from), steps.find(({ id }) => id === to)];
    expect(points[0]?.[1]).toBe((a?.y ?? 0) + (a?.height ?? 0) / 2);
    expect(points.at(-1)?.[1]).toBe((b?.y ?? 0) - (b?.height ?? 0) / 2);
  }
});

test('a step that leads to itself, and a flow of one step, are drawn', () => {
  const alone = graphOf({ start: 'main', steps: { main: menu(['main'], 'main') } });
  expect(alone.ways.map(({ isBack }) => isBack)).toEqual([true]);
  expect(alone.width).toBeGreaterThan(alone.steps[0]?.width ?? 0);
});
