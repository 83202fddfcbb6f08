import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const source = join(import.meta.dirname, '..');

/** The opening tag that begins at this place, without what stands in its braces. */
function tagAt(text: string, from: number): string {
  let tag = '';
  let depth = 0;
  for (const letter of text.slice(from)) {
    if (letter === '}') depth -= 1;
    if (depth === 0) tag += letter;
    if (letter === '{') depth += 1;
    if (letter === '>' && depth === 0 && !tag.endsWith('=>')) break;
  }
  return tag;
}

test('every menu opens by a press, also of Enter, and takes the focus; the kit would open it under the mouse alone', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  const tags = files.flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return [...text.matchAll(/<Dropdown(?:\.Button)?[\s>]/g)].map(({ index }) => ({ file, tag: tagAt(text, index) }));
  });
  expect(tags.length).toBeGreaterThan(5);
  expect(tags.filter(({ tag }) => !/\btrigger=/.test(tag) || !/\bautoFocus\b/.test(tag)).map(({ file }) => file)).toEqual([]);
});
