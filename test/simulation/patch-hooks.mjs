import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

let edits = [];

export function initialize(data) {
  edits = data;
}

export async function load(url, context, next) {
  const path = url.startsWith('file:') ? fileURLToPath(url.split('?')[0]) : '';
  const ofFile = edits.filter(({ file }) => path.endsWith(`/${file}`));
  if (ofFile.length === 0) return next(url, context);
  let source = await readFile(path, 'utf8');
  for (const { file, find, replace } of ofFile) {
    if (source.split(find).length !== 2) throw new Error(`the patch does not fit ${file}`);
    source = source.replace(find, () => replace);
  }
  const { code } = await transform(source, {
    filename: path,
    sourceMaps: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
