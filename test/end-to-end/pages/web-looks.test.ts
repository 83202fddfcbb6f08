import { expect, test } from '@jest/globals';
import { changedPages, compare, indexAfter, spread } from '../../looks/compare.js';
import { launch } from '../../looks/draw.js';
import { drawnPages } from '../../looks/pages.js';
import { layoutFaultsOf } from '../web-layout.js';

// Every page has pictures in two languages, two themes and two widths. Here those whose sources changed are drawn; `npm run looks` draws all.

/** Eight pictures of each; more would take longer than everything else here. */
const MOST_PAGES = 12;

test('pages whose sources changed look as in their pictures', async () => {
  const pages = spread(await changedPages(), MOST_PAGES);
  if (pages.length === 0) return;
  const browser = await launch();
  const { isComparable, faults } = await compare(browser, pages, false, () => undefined);
  await browser.close();
  // Another machine has other fonts: then there is nothing to compare, and that is said instead of a difference.
  if (!isComparable) process.stderr.write('letters are drawn differently on this machine: no picture was compared\n');
  expect(faults).toEqual([]);
}, 600_000);

test('of many changed pages some are drawn, of every part', () => {
  const [few, many] = [[1, 2, 3], Array.from({ length: 50 }, (_each, i) => i)];
  expect(spread(few, MOST_PAGES)).toEqual(few);
  expect(spread(many, MOST_PAGES)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
});

test('keeping the pictures of some pages notes what those were made of, and nothing of the others', () => {
  const before = { letters: 'a', sources: { '/calls': 'old', '/queues': 'old' } };
  const now = new Map([
    ['/queues', 'new'],
    ['/calling-out', 'new'],
  ]);
  const some = drawnPages.filter(({ path }) => path === '/queues' || path === '/calling-out');
  // Of /calling-out four tabs keep their old pictures.
  expect(indexAfter(before, 'a', some, now)).toEqual({ letters: 'a', sources: { '/calls': 'old', '/queues': 'new' } });
  // On a machine with other letters nothing of before holds.
  expect(indexAfter(before, 'b', drawnPages, now)).toEqual({ letters: 'b', sources: { '/calling-out': 'new', '/queues': 'new' } });
});

test('words that a box cuts and words that lie on each other are found; what scrolls, is folded or says itself in full is not', async () => {
  const browser = await launch();
  const page = await browser.newPage();
  const box = 'position: relative; width: 60px; height: 20px; white-space: nowrap;';
  await page.setContent(`
    <div style="${box} overflow: hidden">cut at its side</div>
    <div style="${box} overflow: hidden" title="said in full">said in full</div>
    <div style="${box} overflow: auto">can be scrolled to</div>
    <div style="${box} overflow: hidden"><p style="position: absolute; top: 40px">folded away</p></div>
    <div style="${box}"><button style="width: 60px">one</button><button style="margin-left: -30px; width: 60px">other</button></div>
    <div style="${box}"><span>words</span><span style="margin-left: -20px">upon words</span></div>`);
  expect(await layoutFaultsOf(page)).toEqual(['cut: cut at its side', 'overlap: <one> / <other>', 'overlap: words / upon words']);
  await browser.close();
}, 60_000);
