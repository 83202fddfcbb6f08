import react from '@vitejs/plugin-react';
import { build, defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

/** Fetches the page beside the core that starts it, not after the core has run. */
const preloadPage = {
  name: 'preload-page',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const [names, styles] = [new Set(), new Set()];
      const add = (chunk) => {
        if (chunk?.type !== 'chunk' || html.includes(chunk.fileName) || names.has(chunk.fileName)) return;
        names.add(chunk.fileName);
        for (const name of chunk.viteMetadata?.importedCss ?? []) styles.add(name);
        for (const name of chunk.imports) add(bundle[name]);
      };
      add(Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId?.endsWith('/src/draw.tsx')));
      return [
        ...[...names].map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
          injectTo: 'head',
        })),
        ...[...styles].map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'style', crossorigin: true, href: `/${name}` },
          injectTo: 'head',
        })),
      ];
    },
  },
};

const shared = {
  outDir: 'dist',
  target: 'es2022',
  chunkSizeWarningLimit: 1_600,
  // A lazy part asks for its scripts itself: their names, listed in the first page for each part, would be a part of its size.
  modulePreload: {
    resolveDependencies: (_file, names, { hostType }) => (hostType === 'js' ? names.filter((name) => name.endsWith('.css')) : names),
  },
};

/** What is loaded together, in the order in which a page needs it: whoever signs in loads all three, a seat the first two. */
const TOGETHER = [
  ['core', '/index.html'],
  ['page', '/src/draw.tsx'],
  ['sign-in', '/src/screens/account/sign-in-page.tsx'],
  ['sign-in', '/src/shell/notice-holders.tsx'],
];

/** The start waits for the page, which needs what the start needs: in one file with that, each would wait for the other for ever. */
const STARTS = /\/(?:index\.html|src\/main\.ts)$/;

/**
 * Puts what is loaded together into one file each. By itself the bundler makes a file of each set of modules that the same parts use: seventy
 * small ones for the first page, six at a time over a connection, each compressed by itself. Which modules those are only a build can tell,
 * because it leaves out what nobody uses: so it is built twice, and the first result is thrown away.
 */
async function filesOfTogether() {
  const { output } = await build({
    configFile: false,
    root: import.meta.dirname,
    plugins: [react()],
    logLevel: 'silent',
    build: { ...shared, write: false },
  });
  const byName = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const groupOf = new Map();
  for (const [group, start] of TOGETHER) {
    const seen = new Set();
    const add = (chunk) => {
      if (chunk === undefined || seen.has(chunk.fileName)) return;
      seen.add(chunk.fileName);
      for (const id of chunk.moduleIds) if (!groupOf.has(id) && !STARTS.test(id)) groupOf.set(id, group);
      for (const name of chunk.imports) add(byName.get(name));
    };
    const first = [...byName.values()].find(({ facadeModuleId }) => facadeModuleId?.endsWith(start));
    if (first === undefined) throw new Error(`no part of the page starts at ${start}`);
    add(first);
  }
  return groupOf;
}

export default defineConfig(async ({ command }) => {
  const groupOf = command === 'build' ? await filesOfTogether() : new Map();
  return {
    plugins: [
      react(),
      preloadPage,
      compression({ algorithms: [defineAlgorithm('gzip', { level: 9 })], include: /\.(js|css|svg|json)$/, threshold: 1_024 }),
    ],
    build: {
      ...shared,
      emptyOutDir: true,
      rolldownOptions: {
        output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: (id) => groupOf.get(id) ?? null }] } },
      },
    },
    server: {
      proxy: {
        '/api': { target: 'http://127.0.0.1:8443', changeOrigin: false },
        '/socket.io': { target: 'http://127.0.0.1:8443', ws: true },
        '/sip': { target: 'http://127.0.0.1:8443', ws: true },
      },
    },
  };
});
