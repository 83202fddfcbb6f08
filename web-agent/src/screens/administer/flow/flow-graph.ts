import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { outlineOf, type Lead } from './flow-outline.js';

/** A step's box, or the words of a way between two steps; its middle, in pixels. */
export interface GraphBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphStep extends GraphBox {
  readonly id: string;
  readonly reached: boolean;
}

/** A way from one step to another: one line, with all that leads along it. */
export interface GraphWay {
  readonly from: string;
  readonly to: string;
  readonly leads: readonly Lead[];
  /** Where the words stand. */
  readonly words: GraphBox;
  /** From the edge of one box to the edge of the other. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Leads to a step that the caller has met already. */
  readonly isBack: boolean;
}

export interface FlowGraph {
  readonly steps: readonly GraphStep[];
  readonly ways: readonly GraphWay[];
  readonly width: number;
  readonly height: number;
}

const STEP = { width: 172, height: 58 };
const WORDS = { width: 116, height: 22 };
const THIN = { width: 14, height: 0 };
const GAP_X = 20;
const GAP_Y = 18;
const EDGE = 12;
/** How far from the boxes a way back runs. */
const BESIDE = 8;
const SWEEPS = 6;

/** What stands in a row: a step (even rows), or a way that passes the row; its words stand in the row below the step that it leaves. */
interface Cell {
  readonly step?: string;
  readonly width: number;
  above: Cell[];
  below: Cell[];
  x: number;
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly leads: Lead[];
  isBack: boolean;
  cells: Cell[];
}

/**
 * The drawing of a flow: steps in rows, each below all that lead to it, so that a caller goes downwards; ways back run at the right. Words of
 * ways have places of their own in rows between, so that nothing lies on anything.
 */
export function graphOf(flow: Pick<Flow, 'start' | 'steps' | 'onClosed'>): FlowGraph {
  const outline = outlineOf(flow);
  const links = linksOf(outline);
  const rowOf = rowsOf(
    outline.map(({ id }) => id),
    links,
  );
  const rows = cellsOf(rowOf, links);
  order(rows);
  place(rows);
  return drawn(outline, rows, rowOf, links);
}

function linksOf(outline: ReturnType<typeof outlineOf>): Link[] {
  const ids = new Set(outline.map(({ id }) => id));
  const links = new Map<string, Link>();
  for (const { id: from, leads } of outline)
    for (const lead of leads.filter(({ to }) => ids.has(to))) {
      const link = links.get(`${from} ${lead.to}`) ?? { from, to: lead.to, leads: [], isBack: false, cells: [] };
      link.leads.push(lead);
      links.set(`${from} ${lead.to}`, link);
    }
  markBack(
    outline.map(({ id }) => id),
    [...links.values()],
  );
  return [...links.values()];
}

/** A link to a step on the way to which the caller still is leads back. */
function markBack(ids: readonly string[], links: readonly Link[]): void {
  const [open, done] = [new Set<string>(), new Set<string>()];
  const visit = (id: string): void => {
    if (done.has(id)) return;
    open.add(id);
    for (const link of links.filter(({ from }) => from === id)) {
      link.isBack = open.has(link.to);
      if (!link.isBack) visit(link.to);
    }
    open.delete(id);
    done.add(id);
  };
  ids.forEach(visit);
}

/** The row of each step: below every step that leads to it. */
function rowsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const rows = new Map<string, number>();
  const rowOf = (id: string): number => {
    const known = rows.get(id);
    if (known !== undefined) return known;
    const above = links.filter(({ to, isBack }) => to === id && !isBack).map(({ from }) => rowOf(from) + 1);
    const row = Math.max(0, ...above);
    rows.set(id, row);
    return row;
  };
  ids.forEach(rowOf);
  return rows;
}

/** Rows of steps, with rows of words between; a way that passes a row has a thin cell there. */
function cellsOf(rowOf: ReadonlyMap<string, number>, links: readonly Link[]): Cell[][] {
  const last = Math.max(0, ...rowOf.values());
  const rows: Cell[][] = Array.from({ length: last * 2 + 1 }, () => []);
  const cellOf = new Map<string, Cell>();
  const add = (row: number, cell: Omit<Cell, 'above' | 'below' | 'x'>): Cell => {
    const made: Cell = { ...cell, above: [], below: [], x: 0 };
    rows[row]?.push(made);
    return made;
  };
  for (const [step, row] of rowOf) cellOf.set(step, add(row * 2, { step, width: STEP.width }));
  for (const link of links.filter(({ isBack }) => !isBack)) {
    const [top, foot] = [(rowOf.get(link.from) ?? 0) * 2, (rowOf.get(link.to) ?? 0) * 2];
    for (let row = top + 1; row < foot; row += 1) link.cells.push(add(row, { width: row === top + 1 ? WORDS.width : THIN.width }));
    const [from, to] = [cellOf.get(link.from), cellOf.get(link.to)];
    const chain = [from, ...link.cells, to].filter((cell) => cell !== undefined);
    chain.forEach((cell, at) => {
      const next = chain[at + 1];
      if (next === undefined) return;
      cell.below.push(next);
      next.above.push(cell);
    });
  }
  return rows;
}

const middleOf = (cells: readonly Cell[]): number | undefined =>
  cells.length === 0 ? undefined : cells.reduce((sum, { x }) => sum + x, 0) / cells.length;

/** Sorts each row by the middle of what it hangs on, downwards and upwards in turn, so that few ways cross. */
function order(rows: readonly Cell[][]): void {
  const number = (row: readonly Cell[]): void => row.forEach((cell, at) => (cell.x = at - row.length / 2));
  rows.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? rows : [...rows].reverse()) {
      const wished = new Map(row.map((cell) => [cell, middleOf(isDown ? cell.above : cell.below) ?? cell.x]));
      row.sort((a, b) => (wished.get(a) ?? 0) - (wished.get(b) ?? 0));
      number(row);
    }
  }
}

/** Moves each cell towards the middle of what it hangs on, as far as its neighbours leave room. */
function place(rows: readonly Cell[][]): void {
  for (const row of rows) {
    let x = 0;
    for (const cell of row) {
      cell.x = x + cell.width / 2;
      x += cell.width + GAP_X;
    }
    for (const cell of row) cell.x -= (x - GAP_X) / 2;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? rows : [...rows].reverse()) settle(row, isDown);
  }
}

/** Neighbours that wish for one place become a block, which stands where all of them wish on the average. */
function settle(row: readonly Cell[], isDown: boolean): void {
  const blocks: { cells: Cell[]; wish: number; width: number }[] = [];
  for (const cell of row) {
    const wish = (middleOf(isDown ? cell.above : cell.below) ?? middleOf(isDown ? cell.below : cell.above) ?? cell.x) - cell.width / 2;
    blocks.push({ cells: [cell], wish, width: cell.width + GAP_X });
    for (;;) {
      const [one, two] = blocks.slice(-2);
      if (one === undefined || two === undefined || one.wish + one.width <= two.wish) break;
      const sum = one.wish * one.cells.length + (two.wish - one.width) * two.cells.length;
      blocks.splice(-2, 2, {
        cells: [...one.cells, ...two.cells],
        wish: sum / (one.cells.length + two.cells.length),
        width: one.width + two.width,
      });
    }
  }
  for (const { cells, wish } of blocks) {
    let x = wish;
    for (const cell of cells) {
      cell.x = x + cell.width / 2;
      x += cell.width + GAP_X;
    }
  }
}

const yOf = (row: number): number => EDGE + STEP.height / 2 + (row / 2) * (STEP.height + WORDS.height + 2 * GAP_Y);

function drawn(
  outline: ReturnType<typeof outlineOf>,
  rows: readonly Cell[][],
  rowOf: ReadonlyMap<string, number>,
  links: readonly Link[],
): FlowGraph {
  const all = rows.flat();
  const left = Math.min(0, ...all.map(({ x, width }) => x - width / 2));
  for (const cell of all) cell.x += EDGE - left;
  const inner = Math.max(0, ...all.map(({ x, width }) => x + width / 2));
  const xOf = new Map(all.map(({ step, x }) => [step, x]));
  const boxOf = (id: string): { readonly x: number; readonly y: number } => ({ x: xOf.get(id) ?? 0, y: yOf((rowOf.get(id) ?? 0) * 2) });
  const back = links.filter(({ isBack }) => isBack);
  const ways = links.map((link) => {
    const { from, to, leads, isBack } = link;
    const [a, b] = [boxOf(from), boxOf(to)];
    if (isBack) return { from, to, leads, isBack, ...wayBack(a, b, inner, back.indexOf(link)) };
    const row = (rowOf.get(from) ?? 0) * 2 + 1;
    const passes = link.cells.map((cell, at) => [cell.x, yOf(row + at)] as const);
    const [first] = link.cells;
    return {
      from,
      to,
      leads,
      isBack,
      words: { x: first?.x ?? a.x, y: yOf(row), ...WORDS },
      points: [[a.x, a.y + STEP.height / 2] as const, ...passes, [b.x, b.y - STEP.height / 2] as const],
    };
  });
  return {
    steps: outline.map(({ id, reached }) => ({ id, reached, ...boxOf(id), ...STEP })),
    ways,
    width: inner + EDGE + back.length * (WORDS.width + GAP_X),
    height: yOf(rows.length - 1) + STEP.height / 2 + EDGE,
  };
}

/** At the right of all steps, each way back in a lane of its own; to its right and left it runs between the rows. */
function wayBack(
  a: { x: number; y: number },
  b: { x: number; y: number },
  inner: number,
  lane: number,
): Pick<GraphWay, 'words' | 'points'> {
  const x = inner + GAP_X + WORDS.width / 2 + lane * (WORDS.width + GAP_X);
  const side = STEP.width / 4;
  const [foot, head] = [a.y + STEP.height / 2, b.y - STEP.height / 2];
  return {
    words: { x, y: (foot + head) / 2, ...WORDS },
    points: [
      [a.x + side, foot],
      [a.x + side, foot + BESIDE],
      [x, foot + BESIDE],
      [x, head - BESIDE],
      [b.x + side, head - BESIDE],
      [b.x + side, head],
    ],
  };
}
