import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Noto Sans SC (SIL Open Font License), from npm so that a new machine draws the same glyphs without a font of its own. */
export const fontFiles = {
  regular: require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
} as const;

const read = new Map<string, Uint8Array>();

/** The bytes of a font: 10 MB, which are read once and shared by all that draw. Read for each document, they fill the memory of a pack. */
export function fontBytes(path: string): Uint8Array {
  let bytes = read.get(path);
  if (bytes === undefined) read.set(path, (bytes = readFileSync(path)));
  return bytes;
}
