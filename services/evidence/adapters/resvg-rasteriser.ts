import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './fonts.js';

/** An SVG as PNG, `widthPx` wide, with our fonts only: the same picture on every machine. */
export function rasterise(svg: string, widthPx: number): Uint8Array {
  return new Resvg(svg, {
    fitTo: { mode: 'width', value: widthPx },
    font: { fontFiles: [fontFiles.regular, fontFiles.bold], loadSystemFonts: false, defaultFontFamily: 'Noto Sans SC' },
  })
    .render()
    .asPng();
}
