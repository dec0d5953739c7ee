import { defineConfig } from 'vite';

// The output is committed: fixed names, no source map, nothing of the machine in it.
export default defineConfig({
  base: '/tuppence/app/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../src/Tuppence/Dashboard/app',
    emptyOutDir: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    sourcemap: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: 'dashboard.js',
        chunkFileNames: '[name].js',
        assetFileNames: 'dashboard[extname]',
      },
    },
  },
});
