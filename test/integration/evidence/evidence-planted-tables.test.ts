import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { verifierFolder } from '../../../services/evidence/adapters/workshop.js';
import { tablePlants } from '../../support/planted/plants-tables.js';
import { openThreeVerifiers } from '../../support/planted/three-verifiers.js';

jest.setTimeout(300_000);

let verifiers: Awaited<ReturnType<typeof openThreeVerifiers>>;
beforeAll(async () => {
  verifiers = await openThreeVerifiers();
});
afterAll(() => (verifiers as typeof verifiers | undefined)?.close());

test.each(Object.entries(tablePlants))('%s', (name, planted) => verifiers.judge(name, planted));

test('the three verifiers read out the same sentences', async () => {
  const [page, script] = await Promise.all(
    ['verify.html', 'recompute.py'].map(
      async (name) => /SENTENCES = \{\n(.*?)\n\}/s.exec(await readFile(join(verifierFolder, name), 'utf8'))?.[1],
    ),
  );
  const inPage = [...(page ?? '').matchAll(/^ {2}'([a-z0-9-]+)': \['(.*)', '(.*)'\],$/gm)].map((found) => found.slice(1));
  const inScript = [...(script ?? '').matchAll(/^ {4}"([a-z0-9-]+)": \("(.*)", "(.*)"\),$/gm)].map((found) => found.slice(1));
  expect(inScript.length).toBeGreaterThan(40);
  // Only the page can find a browser too old.
  expect(inScript).toEqual(inPage.filter(([code]) => code !== 'browser-old'));
});
