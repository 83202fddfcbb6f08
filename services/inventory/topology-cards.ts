import type { Box, Placed, Point } from './topology-layout.js';
import type { SiteCard } from './topology-sheet.js';
import { BOLD, FONT_PX, onOneLine, SMALL_PX, shorten, sizeOf, wrapped } from './topology-size.js';
import { textWidth } from '../shared/domain/text-width.js';
import type { TopologyEdge } from '../shared/domain/licence/topology.js';

/** The space between cards, in which lines run. */
export const GUTTER = 18;
const PADDING = 10;
const BETWEEN = 10;
const SMALLEST = 170;
/** The right end of a card's header stays free for the line that enters it. */
const HEAD_FREE = 34;
const MOST_ADDRESS_LINES = 3;
/** A longer name of a site is cut, so that its card does not become wider. */
const MOST_NAME = 240;
const LANE = 8;

type Size = Pick<Box, 'width' | 'height'>;
const moved = (box: Box, x: number, y: number): Box => ({ ...box, x: box.x + x, y: box.y + y });
const along = (points: readonly Point[], x: number, y: number): Point[] => points.map((point) => ({ x: point.x + x, y: point.y + y }));

/** A card with its content laid out from its own top left corner. */
export interface LaidCard extends Size {
  readonly frames: Placed['frames'];
  readonly nodes: Placed['nodes'];
  readonly edges: Placed['edges'];
  /** Where a line may begin at a node of the card, so that it leaves over the edge of the card without crossing anything. */
  readonly doors: ReadonlyMap<string, Point>;
}

/**
 * A site as a card: its name, the switch that leads out, the seats behind it, then unconnected devices. A line leaves through the right end
 * of the header.
 */
export function layOutCard({ frame, nodes }: SiteCard, within: readonly TopologyEdge[], outward: readonly TopologyEdge[]): LaidCard {
  const own = new Set(nodes.map(({ id }) => id));
  const inner = within.filter(({ from, to }) => own.has(from) && own.has(to));
  const leads = new Set(outward.map(({ from }) => from));
  const linked = new Set([...leads, ...inner.flatMap(({ from, to }) => [from, to])]);
  const [door, behind, loose] = [
    nodes.filter(({ id }) => leads.has(id)),
    nodes.filter(({ id }) => linked.has(id) && !leads.has(id)),
    nodes.filter(({ id }) => !linked.has(id)),
  ];
  const stacked = [...door, ...behind, ...loose].map(onOneLine);
  const [name = '', ...rest] = frame.title.split('\n');
  const inside = Math.max(
    SMALLEST,
    ...stacked.map((node) => sizeOf(node).width),
    Math.min(MOST_NAME, textWidth(name, FONT_PX * BOLD) + HEAD_FREE),
  );
  const head = [
    shortenTo(name, inside - HEAD_FREE),
    ...rest.flatMap((line) => wrapped(line, SMALL_PX, inside - HEAD_FREE)).slice(0, MOST_ADDRESS_LINES),
  ];
  let y = 14 + head.length * 18;
  const placed: Placed['nodes'][number][] = [];
  for (const node of stacked) {
    const { height } = sizeOf(node);
    placed.push({ ...node, box: { x: PADDING, y, width: inside, height } });
    y += height + BETWEEN;
  }
  const size = { width: inside + 2 * PADDING, height: y - BETWEEN + PADDING };
  const boxOf = new Map(placed.map(({ id, box }) => [id, box]));
  return {
    ...size,
    frames: [{ ...frame, title: head.join('\n'), box: { x: 0, y: 0, ...size } }],
    nodes: placed,
    edges: inner.map((edge) => ({ ...edge, lines: [], points: upright(boxOf.get(edge.from), boxOf.get(edge.to)) })),
    doors: new Map(placed.filter(({ id }) => leads.has(id)).map(({ id, box }) => [id, { x: size.width - PADDING - 12, y: box.y }])),
  };
}

function shortenTo(text: string, width: number): string {
  let most = Array.from(text).length;
  while (most > 4 && textWidth(shorten(text, most), FONT_PX * BOLD) > width) most -= 1;
  return shorten(text, most);
}

/** The line between two boxes, one of which is below the other. */
function upright(from: Box | undefined, to: Box | undefined): Point[] {
  if (from === undefined || to === undefined) return [];
  const x = PADDING + 24;
  return from.y > to.y
    ? [
        { x, y: from.y },
        { x, y: to.y + to.height },
      ]
    : [
        { x, y: from.y + from.height },
        { x, y: to.y },
      ];
}

/** Cards in rows and columns, with a line above (sites) or below (carriers) each row, and one beside them that joins the rows. */
export interface Grid extends Size {
  readonly boxes: readonly Box[];
  readonly side: 'above' | 'below';
  /** The level of each row's line. */
  readonly levels: readonly number[];
  readonly rowOf: (card: number) => number;
  /** Where a line between the rows can run: between columns and outside them. */
  readonly alleys: readonly number[];
}

export function gridOf(cards: readonly Size[], columns: number, side: Grid['side']): Grid {
  const rows = Math.ceil(cards.length / columns);
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(0, ...cards.filter((__, i) => i % columns === c).map(({ width }) => width)),
  );
  const heights = Array.from({ length: rows }, (_, r) =>
    Math.max(...cards.slice(r * columns, (r + 1) * columns).map(({ height }) => height)),
  );
  const before = (sizes: readonly number[], n: number): number => sizes.slice(0, n).reduce((sum, size) => sum + size + GUTTER, GUTTER);
  const lefts = widths.map((_, c) => before(widths, c));
  const tops = heights.map((_, r) => before(heights, r));
  return {
    width: before(widths, columns),
    height: before(heights, rows),
    side,
    boxes: cards.map((card, i) => ({ ...card, x: lefts[i % columns] ?? 0, y: tops[Math.floor(i / columns)] ?? 0 })),
    levels: tops.map((top, r) => (side === 'above' ? top - GUTTER / 2 : top + (heights[r] ?? 0) + GUTTER / 2)),
    rowOf: (card) => Math.floor(card / columns),
    alleys: [...lefts.map((left) => left - GUTTER / 2), before(widths, columns) - GUTTER / 2],
  };
}

/**
 * The route from a door of a card, along the line of its row and the alley, to above or below the point where it enters the core. All in
 * coordinates of the sheet.
 */
export function wayOut(
  { levels, rowOf, side }: Grid,
  {
    card,
    door,
    alley,
    entry,
    lane,
    turn,
  }: {
    readonly card: number;
    readonly door: Point;
    readonly alley: number;
    readonly entry: Point;
    readonly lane: number;
    /** The level at which the line leaves the alley; by default that of the row next to the core. */
    readonly turn?: number;
  },
): Point[] {
  const row = rowOf(card);
  const next = side === 'above' ? 0 : levels.length - 1;
  const shift = lane * LANE * (side === 'above' ? -0.5 : 0.5);
  const level = (levels[row] ?? 0) + shift;
  const last = turn ?? (levels[next] ?? 0) + shift;
  const x = door.x - lane * LANE;
  const spine = alley + lane * LANE * 0.5;
  return turn === undefined && row === next
    ? [
        { x, y: door.y },
        { x, y: level },
        { x: entry.x, y: level },
      ]
    : [
        { x, y: door.y },
        { x, y: level },
        { x: spine, y: level },
        { x: spine, y: last },
        { x: entry.x, y: last },
      ];
}

/** Moves a part that was laid out from its own corner to its place. */
export const atPlace = (
  { frames, nodes, edges }: Pick<LaidCard, 'frames' | 'nodes' | 'edges'>,
  x: number,
  y: number,
): Pick<LaidCard, 'frames' | 'nodes' | 'edges'> => ({
  frames: frames.map((frame) => ({ ...frame, box: moved(frame.box, x, y) })),
  nodes: nodes.map((node) => ({ ...node, box: moved(node.box, x, y) })),
  edges: edges.map((edge) => ({
    ...edge,
    points: along(edge.points, x, y),
    ...(edge.label === undefined ? {} : { label: moved(edge.label, x, y) }),
  })),
});
