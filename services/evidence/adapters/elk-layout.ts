import ElkBundled from 'elkjs/lib/elk.bundled.js';
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Box, LayOut, Point } from '../inventory/topology-layout.js';
import { LINE_PX, MOST_BESIDE_LINE, SMALL_PX, shorten, sizeOf, textWidth } from '../inventory/topology-size.js';
import type { Topology, TopologyNode } from '../inventory/topology.js';

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '10',
  'elk.spacing.componentComponent': '30',
  'elk.aspectRatio': '1.414',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.edgeLabels.inline': 'false',
  // The same topology must give the same drawing: what was filed is compared with it.
  'elk.randomSeed': '1',
};
const paddingOf = (lines: number): string => `[top=${16 + lines * 18},left=14,bottom=14,right=14]`;

/** Lays out with the Eclipse Layout Kernel's layered algorithm, frames as compound nodes. */
export const layOutTopology: LayOut = async (topology) => {
  const Elk = ElkBundled as unknown as new () => ELK;
  const graph = await new Elk().layout(toElk(topology));
  const boxes = new Map<string, Box>();
  collectBoxes(graph, 0, 0, boxes);
  const edges = new Map<string, { points: Point[]; label?: Box }>();
  collectEdges(graph, boxes, edges);
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    nodes: topology.nodes.map((node) => ({ ...node, box: boxOf(boxes, node.id) })),
    frames: topology.frames.map((frame) => ({ ...frame, box: boxOf(boxes, frame.id) })),
    edges: topology.edges.map((edge, i) => ({ ...edge, ...(edges.get(`e${i}`) ?? { points: [] }) })),
  };
};

const boxOf = (boxes: ReadonlyMap<string, Box>, id: string): Box => boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };

function toElk({ nodes, edges, frames }: Topology): ElkNode {
  const leaf = (node: TopologyNode): ElkNode => ({ id: node.id, ...sizeOf({ ...node, lines: node.lines.map((line) => shorten(line)) }) });
  const rows = rowsOfSites(nodes, frames);
  const children = (parent: string | undefined): ElkNode[] => [
    ...frames
      .filter((frame) => frame.parent === parent)
      .map((frame) => ({
        id: frame.id,
        layoutOptions: {
          ...(parent === undefined && rows !== undefined ? { 'elk.partitioning.partition': String(rows.get(frame.id) ?? 0) } : {}),
          'elk.padding': paddingOf(frame.title.split('\n').length),
          'elk.nodeSize.constraints': 'MINIMUM_SIZE',
          'elk.nodeSize.minimum': `(${Math.max(...frame.title.split('\n').map((line) => textWidth(line, SMALL_PX))) + 40},60)`,
        },
        children: children(frame.id),
      })),
    ...(parent === undefined ? [] : nodes.filter((node) => node.frame === parent).map(leaf)),
  ];
  return {
    id: 'root',
    layoutOptions: rows === undefined ? options : { ...options, 'elk.partitioning.activate': 'true' },
    children: children(undefined),
    edges: edges.map(({ from, to, lines }, i): ElkExtendedEdge => ({
      id: `e${i}`,
      sources: [from],
      targets: [to],
      labels:
        lines.length === 0
          ? []
          : [
              {
                text: lines.join('\n'),
                width: Math.max(...lines.map((line) => textWidth(shorten(line, MOST_BESIDE_LINE), SMALL_PX))) + 8,
                height: lines.length * LINE_PX,
              },
            ],
    })),
  };
}

const SITES_A_ROW = 3;

/** Many seat sites beside each other would make the sheet so wide that nobody can read it: they stand in rows, the machine room below. */
function rowsOfSites(nodes: Topology['nodes'], frames: Topology['frames']): ReadonlyMap<string, number> | undefined {
  const top = frames.filter(({ parent }) => parent === undefined);
  const holds = (frameId: string, seatsOnly: boolean): boolean =>
    nodes.some(({ frame, category }) => frame.startsWith(`${frameId}/`) && (!seatsOnly || category === 'terminal'));
  const machineRooms = top.filter(({ id }) => nodes.some(({ frame, part }) => part !== undefined && frame.startsWith(`${id}/`)));
  const seatSites = top.filter((frame) => holds(frame.id, true) && !machineRooms.includes(frame));
  if (seatSites.length <= SITES_A_ROW) return undefined;
  const rows = Math.ceil(seatSites.length / SITES_A_ROW);
  return new Map([
    ...seatSites.map(({ id }, i) => [id, Math.floor(i / SITES_A_ROW)] as const),
    ...machineRooms.map(({ id }) => [id, rows] as const),
  ]);
}

function collectBoxes(node: ElkNode, x: number, y: number, boxes: Map<string, Box>): void {
  const left = x + (node.x ?? 0);
  const top = y + (node.y ?? 0);
  boxes.set(node.id, { x: left, y: top, width: node.width ?? 0, height: node.height ?? 0 });
  for (const child of node.children ?? []) collectBoxes(child, left, top, boxes);
}

/** ELK gives an edge in the coordinates of its container, which it names. */
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
