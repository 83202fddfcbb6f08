import type { Placed } from './topology-layout.js';

/** A3 at 96 dpi. The sheet has the orientation of the drawing, which is scaled to fit and never cut. */
const LONG_PX = 1_587;
const SHORT_PX = 1_123;
export const MARGIN = 28;
export const TITLE_HEIGHT = 124;
/** A small drawing is not enlarged beyond this. */
const LARGEST_SCALE = 1.35;

type Size = Pick<Placed, 'width' | 'height'>;
export interface Fit {
  readonly page: Size;
  readonly area: Size;
  readonly scale: number;
}

export function fit({ width, height }: Size, upright: boolean): Fit {
  const page = upright ? { width: SHORT_PX, height: LONG_PX } : { width: LONG_PX, height: SHORT_PX };
  const area = { width: page.width - 2 * MARGIN, height: page.height - 2 * MARGIN - TITLE_HEIGHT };
  return { page, area, scale: Math.min(area.width / Math.max(1, width), area.height / Math.max(1, height), LARGEST_SCALE) };
}

/** Whether the sheet is portrait: the orientation in which the drawing becomes larger. */
export const standsUpright = (size: Size): boolean => fit(size, true).scale > fit(size, false).scale;

export const scaleOnSheet = (size: Size): number => Math.max(fit(size, true).scale, fit(size, false).scale);
