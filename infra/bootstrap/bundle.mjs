#!/usr/bin/env node
// Builds the server: `node infra/bootstrap/bundle.mjs [MORE PROGRAMS]`. Types are checked elsewhere (`tsc -b`).
import { readFile, rm } from 'node:fs/promises';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is started by its name: a process, a thread, a tool. Each becomes `dist/<the same path>.js`; what several need lies in `dist/chunks`. */
export const programs = [
  'infra/backup/backup.ts',
  'infra/backup/restore-home.ts',
  'infra/site-check/check-site.ts',
  'infra/supervisor/main.ts',
  'infra/embedded/documents/main.ts',
  'infra/embedded/documents/engine/reader-thread.ts',
  'infra/embedded/objects/main.ts',
  'infra/embedded/objects/copy.ts',
  'infra/embedded/sip/main.ts',
  'infra/tools/audit.ts',
  'infra/tools/events.ts',
  'infra/tools/evidence.ts',
  'infra/tools/keys.ts',
  'infra/tools/ledger.ts',
  'infra/tools/proof-call.ts',
  'infra/tools/reference.ts',
  'infra/tools/verify-pack.ts',
  'services/main.ts',
  'services/main/finishing-main.ts',
  'services/campaigns/adapters/rows-process.ts',
  'services/complaints/adapters/lines-process.ts',
  'services/complaints/adapters/mail-process.ts',
  'services/customers/adapters/customers-process.ts',
  'services/figures/adapters/form-thread.ts',
  'services/identity/adapters/accounts-process.ts',
  'services/inventory/adapters/layout-thread.ts',
  'services/inventory/adapters/probes/host-thread.ts',
  'services/outbound/adapters/consents-process.ts',
  'services/recording/archive/adapters/opus-thread.ts',
  'services/registry/adapters/import-file-process.ts',
];

/** They bring compiled code or files of their own, which no bundle can hold. */
const external = ['lmdb', '@evan/opus', '@node-rs/argon2', '@resvg/resvg-wasm'];

/** First lines of each file: `require` for packages of CommonJS, and where `dist` lies. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  "const __dist = import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + '/dist/'.length);",
].join('\n');

/** A source map of a package's file names the file and no line: a stack needs our lines, and maps are held in memory. */
function fileAlone(path) {
  const map = JSON.stringify({ version: 3, sources: [basename(path)], names: [], mappings: 'AAAA' });
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
}

/** Code that asks for its own location gets the location it would have if each source were a file of `dist`. */
const ownPlace = (root) => ({
  name: 'own-place',
  setup(build) {
    build.onLoad({ filter: /\.(ts|mjs)$/, namespace: 'file' }, async ({ path }) => {
      if (path.includes('/node_modules/')) return packageFile(path);
      const text = await readFile(path, 'utf8');
      const place = relative(root, path).replace(/\.(ts|mjs)$/, '.js');
      return {
        contents: text.replaceAll('import.meta.url', `(__dist + ${JSON.stringify(place)})`),
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      };
    });
    build.onLoad({ filter: /\.c?js$/, namespace: 'file' }, ({ path }) => packageFile(path));
  },
});

/** A file of a package, which may ask for its folder. */
async function packageFile(path) {
  const text = await readFile(path, 'utf8');
  const from = path.lastIndexOf('/node_modules/');
  if (from < 0) return undefined;
  const place = (name, value) =>
    new RegExp(`\\b${name}\\b`).test(text) ? `var ${name} = __fileURLToPath(__dist + ${JSON.stringify(value)});` : '';
  const file = `..${path.slice(from)}`;
  return { contents: `${place('__dirname', dirname(file))}${place('__filename', file)}${text}${fileAlone(path)}`, loader: 'default' };
}

/**
 * Bundles the programs into `dist`. What the last build made stays until the next one, because processes that run load parts of it later.
 * @param root the repository
 */
export async function bundle(root, entryPoints = programs) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outbase: '.',
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Less to read at each start and to hold in memory; names stay, because errors and models are distinguished by them.
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    plugins: [ownPlace(root)],
    banner: { js: banner },
    external,
  });
  const made = Object.keys(metafile.outputs);
  await removeOlder(root, made);
  return made;
}

const listFile = (root) => join(root, 'dist', 'built.json');

/** Removes what neither this build nor the one before it made. */
async function removeOlder(root, made) {
  const { last = [], older = [] } = lastBuilds(root);
  const kept = new Set([...made, ...last]);
  await Promise.all(older.filter((file) => !kept.has(file)).map((file) => rm(join(root, file), { force: true })));
  writeFileSync(listFile(root), `${JSON.stringify({ last: made, older: last })}\n`);
}

function lastBuilds(root) {
  try {
    return JSON.parse(readFileSync(listFile(root), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await bundle(join(dirname(fileURLToPath(import.meta.url)), '..', '..'), [...programs, ...process.argv.slice(2)]);
