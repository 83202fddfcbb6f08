import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

export default defineConfig({
  plugins: [
    react(),
    compression({ algorithms: [defineAlgorithm('gzip', { level: 9 })], include: /\.(js|css|svg|json)$/, threshold: 1_024 }),
  ],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1_600 },
  server: {
    proxy: {
      '/api': { target: 'http://127.0.0.1:8443', changeOrigin: false },
      '/socket.io': { target: 'http://127.0.0.1:8443', ws: true },
      '/sip': { target: 'http://127.0.0.1:8443', ws: true },
    },
  },
});
