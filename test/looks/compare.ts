import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { z } from 'zod';
import { draw, lettersOf } from './draw.js';
import { drawnPages, languages, people, pictureName, plainPath, themes, type DrawnPage } from './pages.js';
import { sourcesOf } from './sources.js';

const folder = join(import.meta.dirname, 'pictures');
const left = join(import.meta.dirname, '..', '..', '.cache', 'looks');
const indexFile = join(import.meta.dirname, 'pictures.json');
/** Of a picture's pixels: less than a comma is no difference. */
const MOST_DIFFERENT = 12;

const Index = z.object({
  /** How the machine draws letters on which the pictures were taken. */
  letters: z.string(),
  /** What each page was made of then. */
  sources: z.record(z.string(), z.string()),
});

export type PictureIndex = z.infer<typeof Index>;
export const readIndex = (): PictureIndex => Index.parse(JSON.parse(readFileSync(indexFile, 'utf8')));

/** The pages whose sources are not those of their pictures. */
export async function changedPages(): Promise<readonly DrawnPage[]> {
  const [kept, now] = [readIndex().sources, await sourcesOf(drawnPages)];
  return drawnPages.filter((page) => {
    const plain = plainPath(page);
    // Of a page without noted sources nobody knows whether it changed: the whole run judges it.
    return kept[plain] !== undefined && kept[plain] !== now.get(plain);
  });
}

/** At most so many of these, spread evenly: after a change of what all pages share, the rest is left to `npm run looks`. */
export const spread = <T>(pages: readonly T[], most: number): readonly T[] => {
  const step = Math.max(1, Math.ceil(pages.length / most));
  return pages.filter((_page, i) => i % step === 0);
};

/** The index after pictures of these pages were kept: what the others were made of stays as it was noted. */
export function indexAfter(
  before: PictureIndex,
  letters: string,
  kept: readonly DrawnPage[],
  now: ReadonlyMap<string, string>,
): PictureIndex {
  const isWhole = (plain: string): boolean => drawnPages.every((page) => plainPath(page) !== plain || kept.includes(page));
  const fresh = [...now].filter(([plain]) => isWhole(plain));
  const sources = { ...(before.letters === letters ? before.sources : {}), ...Object.fromEntries(fresh) };
  return { letters, sources: Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Why this picture is not as the one that is kept; the kept one, the new one and their difference are then left in `.cache/looks`. */
function differenceOf(name: string, now: Buffer): string | undefined {
  const file = join(folder, name);
  if (!existsSync(file)) return `${name}: no picture is kept; npm run looks -- --keep`;
  const [before, after] = [PNG.sync.read(readFileSync(file)), PNG.sync.read(now)];
  const { width, height } = before;
  const isSameSize = width === after.width && height === after.height;
  const difference = new PNG({ width, height });
  const count = isSameSize ? pixelmatch(before.data, after.data, difference.data, width, height, { threshold: 0.15 }) : width * height;
  if (count <= MOST_DIFFERENT) return undefined;
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, name.replace('.png', '.kept.png')), readFileSync(file));
  writeFileSync(join(left, name.replace('.png', '.now.png')), now);
  writeFileSync(join(left, name.replace('.png', '.difference.png')), PNG.sync.write(difference));
  return `${name}: ${String(count)} of ${String(width * height)} pixels differ, see .cache/looks`;
}

/** Smaller than the browser writes it. */
const packed = (picture: Buffer): Buffer => PNG.sync.write(PNG.sync.read(picture), { colorType: 2, deflateLevel: 9 });

export interface Compared {
  /** False: this machine draws letters differently, and nothing was compared. */
  readonly isComparable: boolean;
  readonly pictures: number;
  readonly faults: readonly string[];
}

/** Draws pages in both languages, both themes and both widths, and compares or keeps the pictures. */
export async function compare(
  browser: Browser,
  pages: readonly DrawnPage[],
  keep: boolean,
  said: (line: string) => void,
): Promise<Compared> {
  const letters = await lettersOf(browser);
  const before = readIndex();
  const isComparable = keep || letters === before.letters;
  // Pictures of two machines beside each other could be compared on neither.
  if (keep && letters !== before.letters && pages.length < drawnPages.length)
    return {
      isComparable: false,
      pictures: 0,
      faults: ['this machine draws letters differently: keep the pictures of all pages, or of none'],
    };
  const faults: string[] = [];
  let pictures = 0;
  if (keep) mkdirSync(folder, { recursive: true });
  for (const person of people) {
    const own = pages.filter((page) => page.person === person);
    for (const language of languages) {
      for (const theme of themes) {
        if (own.length === 0 || !isComparable) continue;
        const { drawn, faults: found } = await draw(browser, own, language, theme);
        faults.push(...found);
        for (const { page, width, picture } of drawn) {
          const name = pictureName(page, language, theme, width);
          pictures += 1;
          if (keep) writeFileSync(join(folder, name), packed(picture));
          const fault = keep ? undefined : differenceOf(name, picture);
          if (fault !== undefined) faults.push(fault);
        }
        said(`${person}, ${language}, ${theme}: ${String(drawn.length)} pictures`);
      }
    }
  }
  if (keep) {
    writeFileSync(indexFile, `${JSON.stringify(indexAfter(before, letters, pages, await sourcesOf(pages)), null, 2)}\n`);
  }
  return { isComparable, pictures, faults: [...new Set(faults)] };
}
