import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

/** Fetches the page beside the core that starts it, not after the core has run. */
const preloadPage = {
  name: 'preload-page',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const names = new Set();
      const add = (chunk) => {
        if (chunk?.type !== 'chunk' || html.includes(chunk.fileName) || names.has(chunk.fileName)) return;
        names.add(chunk.fileName);
        for (const name of chunk.imports) add(bundle[name]);
      };
      const page = Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId?.endsWith('/src/draw.tsx'));
      add(page);
      return [
        ...[...names].map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
          injectTo: 'head',
        })),
        ...[...(page?.viteMetadata?.importedCss ?? [])].map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'style', crossorigin: true, href: `/${name}` },
          injectTo: 'head',
        })),
      ];
    },
  },
};

export default defineConfig({
  plugins: [
    react(),
    preloadPage,
    compression({ algorithms: [defineAlgorithm('gzip', { level: 9 })], include: /\.(js|css|svg|json)$/, threshold: 1_024 }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1_600,
    // A lazy part asks for its scripts itself: their names, listed in the first page for each part, would be a part of its size.
    modulePreload: {
      resolveDependencies: (_file, names, { hostType }) => (hostType === 'js' ? names.filter((name) => name.endsWith('.css')) : names),
    },
  },
  server: {
    proxy: {
      '/api': { target: 'http://127.0.0.1:8443', changeOrigin: false },
      '/socket.io': { target: 'http://127.0.0.1:8443', ws: true },
      '/sip': { target: 'http://127.0.0.1:8443', ws: true },
    },
  },
});
