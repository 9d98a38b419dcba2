/**
 * Tests start real workers and a real engine process, so their entries are built before the first test. While code is being written a
 * broken entry must not keep the tests of other rooms from running; in CI it ends the run.
 */
export async function setup(): Promise<void> {
  const { build } = (await import('./build.mjs' as string)) as { build(options: { targets: string[]; quiet: boolean }): Promise<void> };
  try {
    await build({ targets: ['node'], quiet: true });
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    console.error('The entries could not be built; tests that need a worker or the engine will fail.', error);
  }
}
