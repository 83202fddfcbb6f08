import { textWidth } from '../shared/domain/text-width.js';
import type { TopologyNode } from '../shared/domain/licence/topology.js';

export const FONT_PX = 13;
export const SMALL_PX = 11;
export const LINE_PX = 17;
export const DOT_PX = 9;
export const DOTS_PER_ROW = 20;
/** The factor by which bold letters are wider. */
export const BOLD = 1.1;
const MOST_ON_ONE_LINE = 240;
/** A label of a line may be longer than the text of a box. */
export const MOST_BESIDE_LINE = 72;

/** Between the name of a node and its number, which stands in the upper right corner of the box. */
const BESIDE_NUMBER = 6;

/** The box of a node with its text and its number, and its dots for a group of seats. */
export function sizeOf(node: TopologyNode): { width: number; height: number } {
  const number = node.number === '' ? 0 : textWidth(node.number, SMALL_PX) + BESIDE_NUMBER;
  const widths = node.lines.map((line, i) => (i === 0 ? textWidth(line, FONT_PX * BOLD) + number : textWidth(line, SMALL_PX)));
  const dots = node.seats?.length ?? 0;
  const columns = Math.min(dots, DOTS_PER_ROW);
  const rows = Math.ceil(dots / DOTS_PER_ROW);
  return {
    width: Math.max(84, ...widths, columns * DOT_PX) + 22,
    height: node.lines.length * LINE_PX + 16 + (rows === 0 ? 0 : rows * DOT_PX + 8),
  };
}

/** A device with its model on one line, for narrow places. */
export function onOneLine(node: TopologyNode): TopologyNode {
  const line = node.lines.join(' ');
  return node.lines.length === 2 && textWidth(line, FONT_PX * BOLD) <= MOST_ON_ONE_LINE ? { ...node, lines: [line] } : node;
}

/** A text as lines that fit into a width, broken after a space or a Chinese character. */
export function wrapped(text: string, px: number, width: number): string[] {
  const lines: string[] = [''];
  for (const piece of text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && textWidth(line + piece, px) > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines;
}

/** Shortens a label so that no box grows out of the sheet. */
export const shorten = (text: string, most = 42): string =>
  Array.from(text).length > most
    ? `${Array.from(text)
        .slice(0, most - 1)
        .join('')}…`
    : text;
