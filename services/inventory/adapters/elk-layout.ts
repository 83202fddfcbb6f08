import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import { workOfThread } from '../../shared/platform/threads/thread.js';
import { composeSheet, frameOfCarriers, lineOf, type PlacedCore } from '../topology-compose.js';
import type { Box, LayOut, Point } from '../topology-layout.js';
import { sheetOf, type Sheet } from '../topology-sheet.js';
import { LINE_PX, MOST_BESIDE_LINE, onOneLine, SMALL_PX, shorten, sizeOf } from '../topology-size.js';
import { textWidth } from '../../shared/domain/text-width.js';
import type { TopologyEdge, TopologyNode } from '../../shared/domain/licence/topology.js';
import type { LayOutGraph } from './layout-engine.js';

/** Every compound node needs these options; they are not inherited. */
const spacing = {
  'elk.layered.spacing.nodeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
  'elk.layered.spacing.edgeNodeBetweenLayers': '4',
  'elk.spacing.nodeNode': '14',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '10',
};
const options = {
  ...spacing,
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=0,left=2,bottom=0,right=2]',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.edgeLabels.inline': 'false',
  // The same topology must give the same drawing, because it is compared with the filed one.
  'elk.randomSeed': '1',
};
const paddingOf = (lines: number): string => `[top=${14 + lines * 18},left=12,bottom=12,right=12]`;

/** Lays out in a thread of its own, because the process that draws may carry calls. */
export const inThread: LayOutGraph = (graph) => workOfThread<ElkNode>(import.meta.url, 'layout-thread', { workerData: graph });

/**
 * Keeps the places of the newest graphs: a round of the probes draws in both languages, and nearly always finds the equipment of the round
 * before. The same graph always gets the same places. A failure is not kept.
 */
export function remembering(layOutGraph: LayOutGraph, most = 4): LayOutGraph {
  const kept = new Map<string, Promise<ElkNode>>();
  return async (graph) => {
    const key = JSON.stringify(graph);
    const placed = kept.get(key) ?? layOutGraph(graph);
    kept.delete(key);
    kept.set(key, placed);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    try {
      return structuredClone(await placed);
    } catch (error) {
      if (kept.get(key) === placed) kept.delete(key);
      throw error;
    }
  };
}

/**
 * Lays out the core with the Eclipse Layout Kernel's layered algorithm, with frames as compound nodes. Everything around the core is placed
 * as cards.
 */
export const layOutTopology =
  (layOutGraph: LayOutGraph): LayOut =>
  async (topology) => {
    const sheet = sheetOf(topology);
    return composeSheet(sheet, frameOfCarriers(topology.frames), await layOutCore(sheet, layOutGraph));
  };

async function layOutCore({ core, carriers, inward }: Sheet, layOutGraph: LayOutGraph): Promise<PlacedCore> {
  if (core.nodes.length === 0) return { width: 0, height: 0, nodes: [], frames: [], edges: [], ways: new Map() };
  const above = new Set(carriers.map(({ id }) => id));
  const lines = new Map(inward.map((edge) => [lineOf(edge), { edge, fromAbove: above.has(edge.from) }]));
  const stacks = stacksOf(core, inward);
  const graph = await layOutGraph(toElk(core, lines, stacks));
  const boxes = new Map<string, Box>();
  collectBoxes(graph, 0, 0, boxes);
  const edges = new Map<string, { points: Point[]; label?: Box }>();
  collectEdges(graph, boxes, edges);
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    nodes: core.nodes.map((node) => {
      const at = stacks.get(node.id);
      return at === undefined ? { ...node, box: boxOf(boxes, node.id) } : { ...at.node, box: inStack(at, boxOf(boxes, at.stack)) };
    }),
    frames: core.frames.map((frame) => ({ ...frame, box: boxOf(boxes, frame.id) })),
    edges: core.edges.map((edge, i) => {
      const found = edges.get(`e${i}`) ?? { points: [] };
      return { ...edge, ...found, points: isTurned(edge, core.nodes) ? found.points.toReversed() : found.points };
    }),
    ways: new Map([...lines].map(([line, { fromAbove }]) => [line, straight(edges.get(`line:${line}`)?.points ?? [], fromAbove)])),
  };
}

/** From the outer end inwards. The outer end is so small that it is rounded, which would make the line slanted. */
function straight(points: readonly Point[], fromAbove: boolean): readonly Point[] {
  const [outer, next, ...rest] = fromAbove ? points : points.toReversed();
  return outer === undefined || next === undefined ? [] : [{ x: next.x, y: outer.y }, next, ...rest];
}

const boxOf = (boxes: ReadonlyMap<string, Box>, id: string): Box => boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };

/** Voice comes from above, and seats are below: lines from their side are laid out from the other end. */
const isTurned = ({ from }: TopologyEdge, nodes: readonly TopologyNode[]): boolean =>
  ['network', 'terminal'].includes(nodes.find(({ id }) => id === from)?.category ?? '');

/** The place of an unconnected device in the stack of its zone. */
interface InStack extends Box {
  readonly node: TopologyNode;
  readonly stack: string;
  readonly whole: { readonly width: number; readonly height: number };
}
const STACK_ROWS = 2;
const STACK_GAP = 10;

/** Unconnected devices of a zone would make it wide beside the connected ones, so they are stacked two high. */
function stacksOf({ nodes, edges, frames }: Sheet['core'], inward: Sheet['inward']): ReadonlyMap<string, InStack> {
  const touched = new Set([...edges, ...inward].flatMap(({ from, to }) => [from, to]));
  return new Map(
    frames.flatMap(({ id }) => {
      const loose = nodes.filter((node) => node.frame === id && !touched.has(node.id)).map(onOneLine);
      if (loose.length < STACK_ROWS) return [];
      const columns = Math.ceil(loose.length / STACK_ROWS);
      const width = Math.max(...loose.map((node) => sizeOf(node).width));
      const height = Math.max(...loose.map((node) => sizeOf(node).height));
      const whole = { width: columns * (width + STACK_GAP) - STACK_GAP, height: STACK_ROWS * (height + STACK_GAP) - STACK_GAP };
      return loose.map((node, i): [string, InStack] => [
        node.id,
        {
          node,
          stack: `stack:${id}`,
          whole,
          width,
          height,
          x: (i % columns) * (width + STACK_GAP),
          y: Math.floor(i / columns) * (height + STACK_GAP),
        },
      ]);
    }),
  );
}

const inStack = ({ x, y, width, height }: InStack, stack: Box): Box => ({ x: stack.x + x, y: stack.y + y, width, height });

function toElk(
  { nodes, edges, frames }: Sheet['core'],
  lines: ReadonlyMap<string, { readonly edge: TopologyEdge; readonly fromAbove: boolean }>,
  stacks: ReadonlyMap<string, InStack>,
): ElkNode {
  const leaf = (node: TopologyNode): ElkNode => ({ id: node.id, ...sizeOf(node) });
  const stacksIn = (frame: string): ElkNode[] =>
    [...new Map([...stacks.values()].filter(({ node }) => node.frame === frame).map(({ stack, whole }) => [stack, whole]))].map(
      ([id, whole]) => ({ id, ...whole }),
    );
  const children = (parent: string | undefined): ElkNode[] => [
    ...frames
      .filter((frame) => frame.parent === parent)
      .map((frame) => ({
        id: frame.id,
        layoutOptions: {
          'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
          'elk.layered.spacing.edgeNodeBetweenLayers': '4',
          'elk.padding': paddingOf(frame.title.split('\n').length),
          'elk.nodeSize.constraints': 'MINIMUM_SIZE',
          'elk.nodeSize.minimum': `(${Math.max(...frame.title.split('\n').map((line) => textWidth(line, SMALL_PX))) + 40},60)`,
        },
        children: children(frame.id),
      })),
    ...(parent === undefined
      ? []
      : [...nodes.filter((node) => node.frame === parent && !stacks.has(node.id)).map(leaf), ...stacksIn(parent)]),
  ];
  return {
    id: 'root',
    layoutOptions: options,
    children: [...children(undefined), ...[...lines.keys()].map((line) => ({ id: `end:${line}`, width: 1, height: 1 }))],
    edges: [
      ...edges.map((edge, i): ElkExtendedEdge => {
        const [source, target] = isTurned(edge, nodes) ? [edge.to, edge.from] : [edge.from, edge.to];
        return { id: `e${i}`, sources: [source], targets: [target], labels: labelsOf(edge) };
      }),
      ...[...lines].map(([line, { edge, fromAbove }]): ElkExtendedEdge => {
        const [source, target] = fromAbove ? [`end:${line}`, edge.to] : [edge.to, `end:${line}`];
        return { id: `line:${line}`, sources: [source], targets: [target], labels: labelsOf(edge) };
      }),
    ],
  };
}

const labelsOf = ({ lines }: TopologyEdge): NonNullable<ElkExtendedEdge['labels']> =>
  lines.length === 0
    ? []
    : [
        {
          text: lines.join('\n'),
          width: Math.max(...lines.map((line) => textWidth(shorten(line, MOST_BESIDE_LINE), SMALL_PX))) + 8,
          height: lines.length * LINE_PX,
        },
      ];

function collectBoxes(node: ElkNode, x: number, y: number, boxes: Map<string, Box>): void {
  const left = x + (node.x ?? 0);
  const top = y + (node.y ?? 0);
  boxes.set(node.id, { x: left, y: top, width: node.width ?? 0, height: node.height ?? 0 });
  for (const child of node.children ?? []) collectBoxes(child, left, top, boxes);
}

/** ELK gives the coordinates of an edge relative to its container, which it names. */
function collectEdges(node: ElkNode, boxes: ReadonlyMap<string, Box>, found: Map<string, { points: Point[]; label?: Box }>): void {
  for (const edge of node.edges ?? []) {
    const container = (edge as ElkExtendedEdge & { container?: string }).container ?? node.id;
    const origin = boxOf(boxes, container);
    const points = (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
    const [label] = edge.labels ?? [];
    found.set(edge.id, {
      points: points.map(({ x, y }) => ({ x: x + origin.x, y: y + origin.y })),
      ...(label?.x === undefined || label.y === undefined
        ? {}
        : { label: { x: label.x + origin.x, y: label.y + origin.y, width: label.width ?? 0, height: label.height ?? 0 } }),
    });
  }
  for (const child of node.children ?? []) collectEdges(child, boxes, found);
}
