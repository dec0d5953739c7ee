import { defineConfig } from 'vite';

// The tests as one file for `node --test`: Node 20 does not read TypeScript itself.
export default defineConfig({
  ssr: { noExternal: true },
  build: {
    ssr: 'test/all.ts',
    outDir: '../artifacts/web',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'tests.js' } },
  },
});
