import { defineConfig } from 'vitest/config';

/** Tests lie beside the code; what needs two rooms lies in tests/. The built entries (workers, engine process) are made once before. */
export default defineConfig({
  test: {
    include: ['electron/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}', 'test-data/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'tests/e2e/**'],
    globalSetup: ['electron/setup/vitest-global-setup.ts'],
    // Bounds against hanging, not promises of speed: a busy machine is no fault.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
