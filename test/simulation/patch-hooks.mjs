import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

let patch = null;

export function initialize(data) {
  patch = data;
}

export async function load(url, context, next) {
  const path = url.startsWith('file:') ? fileURLToPath(url.split('?')[0]) : '';
  if (patch === null || !path.endsWith(patch.file)) return next(url, context);
  const source = await readFile(path, 'utf8');
  if (source.split(patch.find).length !== 2) throw new Error(`the patch does not fit ${patch.file}`);
  const { code } = await transform(
    source.replace(patch.find, () => patch.replace),
    {
      filename: path,
      sourceMaps: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    },
  );
  return { format: 'module', source: code, shortCircuit: true };
}
