import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontBytes, fontFiles } from './fonts.js';

const require = createRequire(import.meta.url);
let fonts: Promise<Uint8Array[]> | undefined;

/** The module, loaded once for the process, and both fonts in memory: file-backed ones are mapped again for every glyph. */
function prepare(): Promise<Uint8Array[]> {
  fonts ??= (async () => {
    await initWasm(await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return [fontBytes(fontFiles.regular), fontBytes(fontFiles.bold)];
  })();
  return fonts;
}

/** An SVG as PNG, `widthPx` wide, with our fonts only: the same picture on every machine. */
export async function rasterise(svg: string, widthPx: number): Promise<Uint8Array> {
  const fontBuffers = await prepare();
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'width', value: widthPx },
    font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Noto Sans SC' },
  });
  const image = renderer.render();
  const png = image.asPng();
  image.free();
  renderer.free();
  return png;
}
