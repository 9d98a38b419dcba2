import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page. Node-side bundles are made by electron/setup/build.mjs. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/page', emptyOutDir: true, assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 2000 },
});
