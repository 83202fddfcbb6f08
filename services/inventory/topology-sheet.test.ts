import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { exampleShapes, exampleSites, type ExampleShape } from '../../test/support/centre/example-sites.js';
import { speak, type Language } from '../shared/domain/language.js';
import { textWidth } from '../shared/domain/text-width.js';
import { inThread, layOutTopology, remembering } from './adapters/elk-layout.js';
import { layOutHere } from './adapters/layout-engine.js';
import { reconcileEquipment } from './equipment.js';
import { createInventory } from './index.js';
import type { Box, Placed, Point } from './topology-layout.js';
import { scaleOnSheet } from './topology-page.js';
import { sheetOf } from './topology-sheet.js';
import { BOLD, FONT_PX, SMALL_PX } from './topology-size.js';
import { drawTopology } from './topology.js';
import type { Topology } from '../shared/domain/licence/topology.js';

const layOut = layOutTopology(layOutHere);

const many: ExampleShape = {
  ...exampleShapes[500],
  halls: Array.from({ length: 30 }, (_, i) => ({ id: `H${i}`, name: `第 ${i + 1} 坐席大厅`, address: '示例市示例区示例路', seats: 5 + i })),
  trunks: Array.from({ length: 14 }, (_, i) => ({
    id: `T${i}`,
    carrier: '示例电信',
    accessPoint: '局端',
    channels: 30,
    numbers: [`40010${10 + i}`],
  })),
};
/** A shape whose machine room has no switch of its own: seats lead straight to the platform. */
const bare: ExampleShape = { ...exampleShapes[50], room: exampleShapes[50].room.filter(([, , category]) => category !== 'network') };

const shapes = {
  '5 seats': exampleShapes[5],
  '50 seats': exampleShapes[50],
  '500 seats': exampleShapes[500],
  '30 halls and 14 trunks': many,
  'no core switch': bare,
};
const cases = Object.entries(shapes).flatMap(([name, shape]) =>
  (['zh-CN', 'en'] as const).map((language) => [name, language, shape] as const),
);

const topologyOf = (shape: ExampleShape, language: Language = 'zh-CN'): Topology => {
  const say = speak(language);
  const { file, probes } = exampleSites(shape, language === 'en' ? 'en' : 'zh');
  return drawTopology(file, reconcileEquipment(file, probes, say), probes, say);
};

const inside = (a: Box, b: Box): boolean =>
  a.x >= b.x - 1 && a.y >= b.y - 1 && a.x + a.width <= b.x + b.width + 1 && a.y + a.height <= b.y + b.height + 1;
const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
/** What a stretch of a line covers, without its two ends. */
const covered = ([from, to]: readonly [Point, Point]): Box => ({
  x: Math.min(from.x, to.x),
  y: Math.min(from.y, to.y),
  width: Math.abs(from.x - to.x),
  height: Math.abs(from.y - to.y),
});
const shrunk = ({ x, y, width, height }: Box): Box => ({ x: x + 1, y: y + 1, width: width - 2, height: height - 2 });
const stretches = (points: readonly Point[]): [Point, Point][] => points.slice(1).map((to, i) => [points[i]!, to]);

/** In words, everything that would make the sheet hard to read. */
function faults({ nodes, frames, edges }: Placed): string[] {
  const found: string[] = [];
  for (const node of nodes) {
    const frame = frames.find(({ id }) => id === node.frame);
    if (frame === undefined || !inside(node.box, frame.box)) found.push(`${node.id} is outside its frame`);
    const right = node.number === '' ? 12 : 6 + textWidth(node.number, SMALL_PX);
    if (12 + textWidth(node.lines[0] ?? '', FONT_PX * BOLD) > node.box.width - right) found.push(`the name of ${node.id} is too long`);
  }
  for (const [i, one] of nodes.entries())
    for (const other of nodes.slice(i + 1)) if (!apart(one.box, other.box)) found.push(`${one.id} lies on ${other.id}`);
  const tops = frames.filter(({ parent }) => parent === undefined);
  for (const [i, one] of tops.entries())
    for (const other of tops.slice(i + 1)) if (!apart(one.box, other.box)) found.push(`${one.id} lies on ${other.id}`);
  const top = (id: string): string => nodes.find((node) => node.id === id)?.frame.split('/')[0] ?? '';
  for (const { from, to, points } of edges) {
    const name = `${from} to ${to}`;
    if (points.length < 2) found.push(`${name} is not drawn`);
    for (const stretch of stretches(points)) {
      const box = covered(stretch);
      if (Math.min(box.width, box.height) > 1) found.push(`${name} leans`);
      for (const node of nodes) if (!apart(box, shrunk(node.box))) found.push(`${name} crosses ${node.id}`);
      for (const frame of tops)
        if (frame.id !== top(from) && frame.id !== top(to) && !apart(box, shrunk(frame.box))) found.push(`${name} crosses ${frame.id}`);
    }
  }
  const labels = edges.flatMap(({ label, lines }) => (label === undefined ? [] : [{ label, name: lines.join() }]));
  for (const [i, { label, name }] of labels.entries()) {
    for (const other of labels.slice(i + 1)) if (!apart(label, other.label)) found.push(`${name} lies on ${other.name}`);
    for (const node of nodes) if (!apart(label, node.box)) found.push(`${name} lies on ${node.id}`);
  }
  return found;
}

test.each(cases)(
  '%s in %s: nothing lies on anything else, and no line crosses a box or a site that is not its own',
  async (_name, language, shape) => {
    const topology = topologyOf(shape, language);
    const placed = await layOut(topology);
    expect(faults(placed)).toEqual([]);
    expect(placed.nodes.map(({ id }) => id).sort()).toEqual(topology.nodes.map(({ id }) => id).sort());
    expect(placed.edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(
      topology.edges.map(({ from, to }) => `${from} ${to}`).sort(),
    );
  },
);

test.each([
  [5, 'zh-CN'],
  [5, 'en'],
  [50, 'zh-CN'],
  [50, 'en'],
  [500, 'zh-CN'],
  [500, 'en'],
] as const)('the smallest words of the sheet of %i seats in %s are printed on A3 at about 7 points', async (seats, language) => {
  const placed = await layOut(topologyOf(exampleShapes[seats], language));
  // 96 px of the sheet are an inch, 72 points are an inch.
  expect((SMALL_PX * scaleOnSheet(placed) * 72) / 96).toBeGreaterThan(6.8);
});

test('laid out in a thread it is the same drawing', async () => {
  const topology = topologyOf(exampleShapes[50]);
  expect(await layOutTopology(inThread)(topology)).toEqual(await layOut(topology));
}, 30_000);

test('what was laid out is kept, the newest graphs only, and no failure', async () => {
  const asked: string[] = [];
  let fails = true;
  const layOutGraph = remembering((graph) => {
    asked.push(graph.id);
    return fails ? Promise.reject(new Error('no thread')) : Promise.resolve({ ...graph, x: asked.length });
  }, 2);
  await expect(layOutGraph({ id: 'a' })).rejects.toThrow('no thread');
  fails = false;
  expect(await layOutGraph({ id: 'a' })).toEqual({ id: 'a', x: 2 });
  expect(await layOutGraph({ id: 'a' })).toEqual({ id: 'a', x: 2 });
  for (const id of ['b', 'a', 'c', 'a', 'b']) await layOutGraph({ id });
  expect(asked).toEqual(['a', 'a', 'b', 'c', 'b']);
});

test('the process that draws goes on with its other work meanwhile', async () => {
  const { draw } = createInventory({ mongo: mongoose.createConnection() });
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  const say = speak('zh-CN');
  await draw(topologyOf(exampleShapes[50]), { company: '示例', licence: '', date: '2026-11-01', version: '0', note: '' }, say);
  clearInterval(turning);
  // In this thread the layout takes as long as some hundred turns, and lets fewer than ten pass.
  expect(turns).toBeGreaterThan(30);
}, 30_000);

test('the same topology gives the same drawing', async () => {
  const [one, other] = [await layOut(topologyOf(exampleShapes[500])), await layOut(topologyOf(exampleShapes[500]))];
  expect(one).toEqual(other);
});

test('a carrier says its channels, direction, numbers and permitted callers in its box', () => {
  const [carrier] = sheetOf(topologyOf(exampleShapes[50])).carriers;
  expect(carrier?.lines).toEqual([
    '示例电信',
    '接入位置：北京示例局端—一号机房',
    '合同 HT-2024-BJ-01',
    'BJ-01 · SIP 中继 · 60 路 · 仅呼入',
    '号码 4001000、4001001',
    '允许主叫 4001000、4001001',
  ]);
});

test('a second machine room hangs on the core by its own switch, dashed', () => {
  const { nodes, edges } = topologyOf(exampleShapes[500]);
  const node = (name: string): string => nodes.find(({ lines }) => lines[0] === name)?.id ?? '';
  expect(edges.filter(({ from }) => from === node('灾备核心交换机'))).toEqual([
    { from: node('灾备核心交换机'), to: node('核心交换机（主）'), lines: [], kind: 'data', observed: false },
  ]);
});

test('each hall is one box with the count of its seats, as many dots as seats', () => {
  const halls = topologyOf(exampleShapes[500]).nodes.filter(({ category }) => category === 'terminal');
  expect(halls.map(({ seats }) => seats?.length)).toEqual(exampleShapes[500].halls.map(({ seats }) => seats));
});

test('more unknown peers than a few are one box that counts them', async () => {
  const say = speak('zh-CN');
  const { file, probes } = exampleSites(exampleShapes[5]);
  const strangers = Array.from({ length: 40 }, (_, i) => ({
    ...probes[0]!,
    kind: 'connection' as const,
    subject: `c${i}`,
    facts: { process: 'api', incoming: true, localPort: 8443, remoteAddress: `203.0.113.${i}` },
  }));
  const all = [...probes, ...strangers];
  const topology = drawTopology(file, reconcileEquipment(file, all, say), all, say);
  expect(topology.findings.filter(({ rule }) => rule === 'peer-undeclared')).toHaveLength(40);
  const placed = await layOut(topology);
  expect(faults(placed)).toEqual([]);
  expect(placed.nodes.filter(({ category }) => category === 'unknown').map(({ lines }) => lines[0])).toEqual(['未登记 ×40']);
});

test('before any probe has answered the sites are drawn all the same', async () => {
  const say = speak('zh-CN');
  const { file } = exampleSites(exampleShapes[50]);
  const placed = await layOut(drawTopology(file, reconcileEquipment(file, [], say), [], say));
  expect(faults(placed)).toEqual([]);
  expect(placed.frames.filter(({ parent }) => parent === undefined)).toHaveLength(5);
});
