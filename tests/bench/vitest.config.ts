import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Benchmarks print tables and assert no time, so they stay out of `npm test`: `npx vitest run --config tests/bench/vitest.config.ts`. One file at a time. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '..', '..'),
  test: {
    include: ['tests/bench/**/*.bench.ts'],
    globalSetup: ['electron/setup/vitest-global-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
