import { expect, test } from '@jest/globals';
import { changedPages, compare } from '../../looks/compare.js';
import { launch } from '../../looks/draw.js';

// Every page has pictures in two languages, two themes and two widths. Here those whose sources changed are drawn; `npm run looks` draws all.

test('pages whose sources changed look as in their pictures', async () => {
  const pages = await changedPages();
  if (pages.length === 0) return;
  const browser = await launch();
  const { isComparable, faults } = await compare(browser, pages, false, () => undefined);
  await browser.close();
  // Another machine has other fonts: then there is nothing to compare, and that is said instead of a difference.
  if (!isComparable) process.stderr.write('letters are drawn differently on this machine: no picture was compared\n');
  expect(faults).toEqual([]);
}, 600_000);
