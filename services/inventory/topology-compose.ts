import { atPlace, gridOf, layOutCard, wayOut, type Grid, type LaidCard } from './topology-cards.js';
import type { Placed, Point } from './topology-layout.js';
import { scaleOnSheet } from './topology-page.js';
import { CARRIERS, type Sheet } from './topology-sheet.js';
import { BOLD, FONT_PX, sizeOf } from './topology-size.js';
import { textWidth } from '../shared/domain/text-width.js';
import type { Frame, TopologyEdge } from '../shared/domain/licence/topology.js';

/** The laid-out core, with the way of each line from outside: from its entry to its end. */
export interface PlacedCore extends Placed {
  readonly ways: ReadonlyMap<string, readonly Point[]>;
}

/** Lines from outside with the same end and kind run together. */
export const lineOf = ({ to, kind }: TopologyEdge): string => `${kind}>${to}`;

const FRAME_HEAD = 10;
const APART = 14;
/** The room above and below the core for the outer ends of lines. Parts around the core may reach into it. */
const ENDS = 19;
const MOST_COLUMNS = 10;

interface Block {
  readonly cards: readonly LaidCard[];
  readonly grid: Grid;
}

/** Carriers above, the core below them, other sites below or beside it: in the layout and number of columns that shows them largest. */
export function composeSheet(sheet: Sheet, carriersFrame: Frame | undefined, core: PlacedCore): Placed {
  const carriers = carrierCards(sheet);
  const cards = sheet.cards.map((card) => layOutCard(card, sheet.within, sheet.inward));
  const most = (laid: readonly LaidCard[]): number => Math.min(laid.length, MOST_COLUMNS);
  // One row first: of two equally large layouts the flatter one is simpler.
  const blocks = (laid: readonly LaidCard[], side: Grid['side']): (Block | undefined)[] =>
    laid.length === 0
      ? [undefined]
      : Array.from({ length: most(laid) }, (_, i) => ({ cards: laid, grid: gridOf(laid, most(laid) - i, side) }));
  let best: Placed | undefined;
  for (const above of blocks(carriers, 'below'))
    for (const around of blocks(cards, 'above'))
      for (const beside of around === undefined ? [false] : [false, true]) {
        const made = compose(sheet, { core, above, around, beside, carriersFrame });
        if (best === undefined || scaleOnSheet(made) > scaleOnSheet(best)) best = made;
      }
  return best ?? core;
}

const carrierCards = ({ carriers }: Sheet): LaidCard[] =>
  carriers.map((node) => {
    const size = sizeOf(node);
    return {
      ...size,
      frames: [],
      nodes: [{ ...node, box: { x: 0, y: 0, ...size } }],
      edges: [],
      doors: new Map([[node.id, { x: size.width / 2, y: size.height }]]),
    };
  });

interface Arrangement {
  readonly core: PlacedCore;
  readonly above: Block | undefined;
  readonly around: Block | undefined;
  readonly beside: boolean;
  readonly carriersFrame: Frame | undefined;
}

function compose(sheet: Sheet, { core, above, around, beside, carriersFrame }: Arrangement): Placed {
  const lines = (kinds: (edge: TopologyEdge) => boolean): string[] =>
    [...new Set(sheet.inward.filter(kinds).map(lineOf))].filter((line) => core.ways.has(line));
  const ofCarrier = (edge: TopologyEdge): boolean => above?.cards.some(({ doors }) => doors.has(edge.from)) ?? false;
  const [trunkLines, siteLines] = [lines(ofCarrier), lines((edge) => !ofCarrier(edge))];
  const entryX = (line: string | undefined): number => (line === undefined ? undefined : core.ways.get(line)?.[0]?.x) ?? core.width / 2;

  const headWidth = carriersFrame === undefined ? 0 : textWidth(carriersFrame.title, FONT_PX * BOLD) + 30;
  const top = above === undefined ? undefined : { width: Math.max(above.grid.width, headWidth), height: above.grid.height + FRAME_HEAD };
  const topX = top === undefined ? 0 : within(entryX(trunkLines[0]) - top.width / 2, core.width - top.width);
  const coreY = top === undefined ? 0 : top.height;
  const coreBottom = coreY + core.height;
  const gridWidth = around?.grid.width ?? 0;
  const gridX = beside ? Math.min(0, topX) - gridWidth - APART : within(entryX(siteLines[0]) - gridWidth / 2, core.width - gridWidth);
  const gridY = beside ? 0 : coreBottom - ENDS;

  const left = Math.min(0, topX, around === undefined ? 0 : gridX);
  const right = Math.max(core.width, topX + (top?.width ?? 0), gridX + gridWidth);
  const coreX = -left;
  const ways = new Map([...core.ways].map(([line, points]) => [line, points.map(({ x, y }) => ({ x: x + coreX, y: y + coreY }))]));

  const parts = [atPlace(core, coreX, coreY)];
  const led: (TopologyEdge & { readonly points: readonly Point[] })[] = [];
  if (above !== undefined && top !== undefined) {
    const place = { x: topX - left + (top.width - above.grid.width) / 2, y: FRAME_HEAD };
    parts.push(...atCards(above, place));
    led.push(...leadOut(sheet, { block: above, place, ways, order: trunkLines, turn: undefined }));
  }
  if (around !== undefined) {
    const place = { x: gridX - left, y: gridY };
    parts.push(...atCards(around, place));
    led.push(...leadOut(sheet, { block: around, place, ways, order: siteLines, turn: beside ? coreBottom - 2 : undefined }));
  }
  return {
    width: right - left,
    height: Math.max(coreBottom, gridY + (around?.grid.height ?? 0)) + (beside && siteLines.length > 0 ? APART : 0),
    nodes: parts.flatMap(({ nodes }) => nodes),
    frames: [
      ...(carriersFrame === undefined || top === undefined ? [] : [{ ...carriersFrame, box: { x: topX - left, y: 0, ...top } }]),
      ...parts.flatMap(({ frames }) => frames),
    ],
    edges: [...parts.flatMap(({ edges }) => edges), ...led],
  };
}

/** A position between 0 and the remaining width; something too wide extends equally on both sides. */
const within = (wanted: number, spare: number): number => Math.min(Math.max(wanted, Math.min(0, spare)), Math.max(0, spare));

const atCards = ({ cards, grid }: Block, place: Point): ReturnType<typeof atPlace>[] =>
  cards.map((card, i) => atPlace(card, place.x + (grid.boxes[i]?.x ?? 0), place.y + (grid.boxes[i]?.y ?? 0)));

interface Lead {
  readonly block: Block;
  readonly place: Point;
  readonly ways: ReadonlyMap<string, readonly Point[]>;
  readonly order: readonly string[];
  readonly turn: number | undefined;
}

function leadOut(
  { inward }: Sheet,
  { block: { cards, grid }, place, ways, order, turn }: Lead,
): (TopologyEdge & { readonly points: Point[] })[] {
  const onSheet: Grid = { ...grid, levels: grid.levels.map((level) => level + place.y) };
  const alleys = grid.alleys.map((alley) => alley + place.x);
  return cards.flatMap((card, i) =>
    inward.flatMap((edge) => {
      const door = card.doors.get(edge.from);
      const way = ways.get(lineOf(edge));
      const [entry] = way ?? [];
      const box = grid.boxes[i];
      if (door === undefined || way === undefined || entry === undefined || box === undefined) return [];
      const nearest = alleys.reduce((one, other) => (Math.abs(other - entry.x) < Math.abs(one - entry.x) ? other : one));
      const out = wayOut(onSheet, {
        card: i,
        door: { x: door.x + box.x + place.x, y: door.y + box.y + place.y },
        alley: turn === undefined ? nearest : (alleys.at(-1) ?? nearest),
        entry,
        lane: order.indexOf(lineOf(edge)),
        ...(turn === undefined ? {} : { turn }),
      });
      return [{ ...edge, points: [...out, ...way.slice(1)] }];
    }),
  );
}

export const frameOfCarriers = (frames: readonly Frame[]): Frame | undefined => frames.find(({ id }) => id === CARRIERS);
