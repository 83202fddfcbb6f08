import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const source = join(process.cwd(), 'web-agent', 'src');
/** The kit's colours; its own text on them is too pale (WCAG 2.2, 1.4.3). */
const ofTheKit = /["'](magenta|pink|volcano|orange|yellow|gold|lime|green|cyan|blue|geekblue|purple|red)["']/g;

test('each colour of a tag has a text that can be read on it', () => {
  const corrected = [...readFileSync(join(source, 'app.css'), 'utf8').matchAll(/\.ant-tag-(\w+) \{/g)].map(([, colour]) => colour);
  expect(corrected).toContain('gold');
  const pale = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => [...readFileSync(join(source, name), 'utf8').matchAll(ofTheKit)].map(([, colour]) => ({ name, colour })))
    .filter(({ colour }) => !corrected.includes(colour));
  expect(pale).toEqual([]);
});
