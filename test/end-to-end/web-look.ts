import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Names a folder into which every page that is judged is also drawn, for people to look at; then all four looks are taken. */
export const pictures = process.env['PROOFLINE_PICTURES'];

const looks = [
  ['zh-CN', 'light'],
  ['en', 'dark'],
  ['zh-CN', 'dark'],
  ['en', 'light'],
] as const;
export const judgedLooks = pictures === undefined ? looks.slice(0, 2) : looks;

/**
 * Waits until nothing moves in the page. A dialog that was just asked for begins to move some frames later, so several frames in a row must
 * be quiet; what moves for ever (a spinner, the ring) is not waited for.
 */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let quietFrames = 0; quietFrames < 10; quietFrames += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const passing = document
        .getAnimations()
        .filter(({ effect, playState }) => playState === 'running' && effect?.getTiming().iterations !== Infinity);
      if (passing.length > 0) quietFrames = 0;
      await Promise.allSettled(passing.map(({ finished }) => finished));
    }
  });
}

/** The faults of the page as it stands, against WCAG 2.2 AA and a screen of 1366 x 768. */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  // Colours at rest are judged: a button that is just being enabled is between two.
  await page.addStyleTag({ content: '*, *::before, *::after { transition: none !important; }' });
  // The same goes for a dialog that is still fading in.
  await atRest(page);
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    const look = await page.evaluate(() => `${document.documentElement.lang}-${localStorage.getItem('proofline.theme') ?? ''}`);
    await page.screenshot({ path: join(pictures, `${name.replaceAll(/[^\w-]+/g, '_')}.${look}.png`) });
  }
  // A document that was judged before has it already.
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(root: Document, options: object): Promise<AxeResult> } };
    // Every violation is reported whole; what is in order needs no report of each element.
    const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] };
    const { violations: found } = await axe.run(document, options);
    return { violations: found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })) };
  });
  const found = violations.map(({ id, nodes }) => `${name} ${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) found.push(`${name} is wider than the screen`);
  return found;
}

/** The faults of the page on a telephone: wider than its screen, or the same against WCAG where pictures of all looks are taken. */
export async function narrowFaultsOf(page: Page, name: string): Promise<string[]> {
  const before = page.viewportSize() ?? { width: 1_366, height: 768 };
  await page.setViewportSize({ width: 390, height: 844 });
  await atRest(page);
  const narrow = `${name} at 390`;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  const found = pictures === undefined ? (wide ? [`${narrow} is wider than the screen`] : []) : await faultsOf(page, narrow);
  await page.setViewportSize(before);
  return found;
}

/** Those of the selected elements that a person would have to scroll to. */
export async function outOfSight(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const seen = top >= 0 && left >= 0 && bottom <= window.innerHeight && right <= window.innerWidth;
      return seen ? [] : [`${element.getAttribute('data-testid') ?? element.tagName} is at ${Math.round(bottom)}`];
    }),
  );
}
