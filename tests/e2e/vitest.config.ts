import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Browser tests: the built page on the built loopback host in a real Chromium. One file after the other; steps of a file build on each other. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.e2e.ts'],
    root: path.resolve(import.meta.dirname, '..', '..'),
    globalSetup: ['tests/e2e/build-first.ts'],
    testTimeout: 960_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
    bail: 0,
  },
});
