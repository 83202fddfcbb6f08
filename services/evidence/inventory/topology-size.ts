import type { TopologyNode } from './topology.js';

export const FONT_PX = 13;
export const SMALL_PX = 11;
export const LINE_PX = 17;
export const DOT_PX = 9;
export const DOTS_PER_ROW = 25;
/** Bold letters are so much wider. */
const BOLD = 1.1;
/** What is said beside a line may be longer than what stands in a box. */
export const MOST_BESIDE_LINE = 72;

/** Width of a text in pixels: a Chinese character is as wide as the font is high, the others about half. */
export function textWidth(text: string, px: number): number {
  let ems = 0;
  for (const character of text) ems += /[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f·]/.test(character) ? 1 : 0.58;
  return Math.ceil(ems * px);
}

/** The box of a node with its text, and its dots when it is a group of seats. */
export function sizeOf(node: TopologyNode): { width: number; height: number } {
  const widest = Math.max(...node.lines.map((line, i) => textWidth(line, i === 0 ? FONT_PX * BOLD : SMALL_PX)), 90);
  const dots = node.seats?.length ?? 0;
  const columns = Math.min(dots, DOTS_PER_ROW);
  const rows = Math.ceil(dots / DOTS_PER_ROW);
  return {
    width: Math.max(widest + 24 + (node.number === '' ? 0 : 30), columns * DOT_PX + 24),
    height: node.lines.length * LINE_PX + 16 + (rows === 0 ? 0 : rows * DOT_PX + 8),
  };
}

/** A text as lines that fit into a width, broken after a blank or a Chinese character. */
export function wrapped(text: string, px: number, width: number): string[] {
  const lines: string[] = [''];
  for (const piece of text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && textWidth(line + piece, px) > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines;
}

/** Cuts a label so that no box grows out of the sheet. */
export const shorten = (text: string, most = 42): string =>
  Array.from(text).length > most
    ? `${Array.from(text)
        .slice(0, most - 1)
        .join('')}…`
    : text;
